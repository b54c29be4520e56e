use serde_json::{Value as Json, json};
use tierkeeper::criteria::value_json;
use tierkeeper::diagnostic::findings_json;
use tierkeeper::explain::Criterion;
use tierkeeper::suite::{Mismatch, Played};

use super::Report;

/// `{"ok", "passed", "failed", "skipped", "findings": […], "cases": […]}`
pub(super) fn report(report: &Report) -> Json {
    let texts = &report.tested.texts;
    let findings = findings_json(&report.findings, texts, false);
    let cases = report
        .suite
        .cases
        .iter()
        .enumerate()
        .filter(|(id, _)| report.asked.get(*id) == Some(&true));
    let cases = cases.filter_map(|(id, case)| {
        let played = report.played.iter().find(|played| played.case == id);
        let status = match (played, &case.skip) {
            (_, Some(_)) => "skipped",
            (Some(played), _) if played.result.passed() => "passed",
            (Some(_), _) => "failed",
            // Not reached.
            (None, None) => return None,
        };
        let mut page = json!({
            "name": case.name,
            "file": texts.file(case.span.file).name,
            "line": texts.position(case.span).line,
            "status": status,
        });
        if let Some(why) = &case.skip {
            page["reason"] = json!(why);
        }
        if let Some(played) = played.filter(|played| !played.result.passed()) {
            page["mismatches"] = mismatches(report, played);
            page["stopped"] = json!(played.result.stopped);
        }
        Some(page)
    });
    let cases: Vec<Json> = cases.collect();
    let failed = report.failed();
    json!({
        "ok": report.passed(),
        "passed": report.played.len() - failed,
        "failed": failed,
        "skipped": report.skipped(),
        "findings": findings["findings"],
        "cases": cases,
    })
}

fn mismatches(report: &Report, played: &Played) -> Json {
    let case = &report.suite.cases[played.case];
    let program = &report.tested.programs[case.parameters];
    let texts = &report.tested.texts;
    let mismatches = played.result.mismatches.iter().map(|mismatch| {
        let Mismatch { span, on, what, expected, found, criteria } = mismatch;
        let position = texts.position(*span);
        let ladder = what.split_once('.').map_or("", |(ladder, _)| ladder);
        let ladder = program.ladders.iter().find(|it| it.name == ladder);
        let criteria = criteria.iter().map(|criterion: &Criterion| {
            json!({
                "tier": ladder.map(|ladder| &ladder.tiers[criterion.tier].name),
                "slot": criterion.slot.name(),
                "text": criterion.text,
                "met": criterion.met,
                "measured": value_json(&criterion.measured),
                "asked": value_json(&criterion.asked),
            })
        });
        json!({
            "on": on.to_string(),
            "what": what,
            "expected": expected,
            "found": found,
            "line": position.line,
            "column": position.column,
            "criteria": criteria.collect::<Vec<_>>(),
        })
    });
    mismatches.collect()
}
