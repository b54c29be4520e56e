use serde_json::{Value as Json, json};
use tierkeeper::criteria::value_json;
use tierkeeper::diagnostic::findings_json;
use tierkeeper::explain::Criterion;
use tierkeeper::suite::{Mismatch, Played};

use super::Report;
use super::entries::{Status, entries, stopped, under_limits};
use super::quality::Killed;

/// `{"ok", "passed", "failed", "skipped", "findings": […], "cases": […], "unused_snapshots": […],
/// "limits": […]}`, with `coverage` and `mutants` where they are asked for. `cases` are cases and
/// snapshots.
pub(super) fn report(report: &Report) -> Json {
    let texts = &report.tested.texts;
    let findings = findings_json(&report.findings, texts, false);
    let entries = match report.is_broken() {
        true => Vec::new(),
        false => entries(report),
    };
    let cases = entries.iter().map(|entry| {
        let mut page = json!({
            "name": entry.name,
            "file": texts.file(entry.span.file).name,
            "line": texts.position(entry.span).line,
            "status": entry.status.name(),
        });
        match (&entry.status, entry.played) {
            (Status::Passed, _) => {}
            (Status::Skipped(why), _) => page["reason"] = json!(why),
            (Status::Failed { .. }, Some(played)) => {
                page["mismatches"] = mismatches(report, played);
                page["stopped"] = json!(played.result.stopped.as_ref().map(stopped));
            }
            (Status::Failed { words, .. }, None) => page["difference"] = json!(words),
        }
        page
    });
    let cases: Vec<Json> = cases.collect();
    let (passed, failed) = report.counts();
    let unused = report.snapshots.unused.iter().map(|path| path.display().to_string());
    let mut page = json!({
        "ok": report.passed(),
        "passed": passed,
        "failed": failed,
        "skipped": report.skipped(),
        "findings": findings["findings"],
        "cases": cases,
        "unused_snapshots": unused.collect::<Vec<_>>(),
        "limits": under_limits(report),
    });
    if let Some(covered) = &report.coverage {
        page["coverage"] = covered.report.json();
    }
    if let Some(Killed::Refused) = &report.mutants {
        page["mutants"] = Json::Null;
    }
    if let Some(Killed::Played { mutants, .. }) = &report.mutants {
        let survivors = mutants.survivors().map(|mutant| {
            let position = texts.position(mutant.span);
            json!({
                "file": texts.file(mutant.span.file).name,
                "line": position.line,
                "column": position.column,
                "operator": mutant.operator.name(),
                "place": mutant.place,
                "before": mutant.before,
                "after": mutant.after,
            })
        });
        page["mutants"] = json!({
            "played": mutants.played.len(),
            "killed": mutants.killed(),
            "not_viable": mutants.not_viable,
            "same": mutants.same,
            "survivors": survivors.collect::<Vec<_>>(),
        });
    }
    page
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
                "gap": criterion.gap.map(tierkeeper::criteria::number_json),
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
