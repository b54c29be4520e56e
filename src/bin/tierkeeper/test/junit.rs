use std::fmt::Write;
use std::time::Duration;

use tierkeeper::source::FileId;
use tierkeeper::suite::{CaseResult, Played};

use super::Report;

/// JUnit's XML: a suite per file, a case per case.
pub(super) fn report(report: &Report, took: Duration) -> String {
    let mut xml = String::from("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n");
    let broken = usize::from(report.is_broken());
    let tests = report.played.len() + report.skipped() + broken;
    let _ = writeln!(
        xml,
        "<testsuites name=\"tierkeeper\" tests=\"{tests}\" failures=\"{}\" skipped=\"{}\" errors=\"{broken}\" time=\"{}\">",
        report.failed(),
        report.skipped(),
        seconds(took),
    );
    if report.is_broken() {
        findings(report, &mut xml);
    }
    for (id, file) in report.tested.texts.iter() {
        let cases = cases(report, id);
        if !cases.is_empty() {
            suite(report, &file.name, &cases, &mut xml);
        }
    }
    xml.push_str("</testsuites>\n");
    xml
}

/// A case, and what came of it; `None`: skipped.
type Entry<'a> = (usize, Option<&'a Played>);

fn cases(report: &Report, file: FileId) -> Vec<Entry<'_>> {
    let cases = report.suite.cases.iter().enumerate();
    cases
        .filter(|(id, case)| case.span.file == file && report.asked.get(*id) == Some(&true))
        .filter_map(|(id, case)| {
            let played = report.played.iter().find(|played| played.case == id);
            (played.is_some() || case.skip.is_some()).then_some((id, played))
        })
        .collect()
}

fn suite(report: &Report, name: &str, cases: &[Entry<'_>], xml: &mut String) {
    let failed = |played: &&Played| !played.result.passed();
    let failures = cases.iter().filter_map(|(_, played)| *played).filter(failed).count();
    let skipped = cases.iter().filter(|(_, played)| played.is_none()).count();
    let time: Duration = cases.iter().filter_map(|(_, played)| *played).map(|it| it.took).sum();
    let _ = writeln!(
        xml,
        "  <testsuite name=\"{}\" tests=\"{}\" failures=\"{failures}\" skipped=\"{skipped}\" errors=\"0\" time=\"{}\">",
        escaped(name),
        cases.len(),
        seconds(time),
    );
    for (id, played) in cases {
        let case = &report.suite.cases[*id];
        let line = report.tested.texts.position(case.span).line;
        let time = played.map_or_else(|| "0.000".to_owned(), |played| seconds(played.took));
        let class = name.trim_end_matches(".yaml").replace('/', ".");
        let _ = write!(
            xml,
            "    <testcase classname=\"{}\" name=\"{}\" file=\"{}\" line=\"{line}\" time=\"{time}\"",
            escaped(&class),
            escaped(&case.name),
            escaped(name),
        );
        match (played, &case.skip) {
            (Some(played), _) if !played.result.passed() => {
                let words = words(report, &played.result);
                let first = words.lines().next().unwrap_or_default();
                let _ = writeln!(
                    xml,
                    ">\n      <failure message=\"{}\">{}</failure>\n    </testcase>",
                    escaped(first),
                    escaped(&words),
                );
            }
            (_, Some(why)) => {
                let why = escaped(why);
                let _ = writeln!(xml, ">\n      <skipped message=\"{why}\"/>\n    </testcase>");
            }
            _ => xml.push_str("/>\n"),
        }
    }
    xml.push_str("  </testsuite>\n");
}

/// A suite with one case that could not be run: the pack or a test file has errors.
fn findings(report: &Report, xml: &mut String) {
    let texts = &report.tested.texts;
    let mut words = String::new();
    for finding in &report.findings {
        let position = texts.position(finding.span);
        let _ = writeln!(
            words,
            "{}:{}:{}: {}{}",
            texts.file(finding.span.file).name,
            position.line,
            position.column,
            finding.message,
            finding.help.as_ref().map_or(String::new(), |help| format!("; {help}")),
        );
    }
    let _ = writeln!(
        xml,
        "  <testsuite name=\"findings\" tests=\"1\" failures=\"0\" skipped=\"0\" errors=\"1\" time=\"0.000\">\n    \
         <testcase classname=\"findings\" name=\"the pack and its tests can be read\" time=\"0.000\">\n      \
         <error message=\"{}\">{}</error>\n    </testcase>\n  </testsuite>",
        escaped(words.lines().next().unwrap_or_default()),
        escaped(&words),
    );
}

/// A line for each thing that differs.
pub(super) fn words(report: &Report, result: &CaseResult) -> String {
    let texts = &report.tested.texts;
    let mut words = String::new();
    for mismatch in &result.mismatches {
        let _ = writeln!(
            words,
            "{} on {}: expected {}, found {} ({}:{})",
            mismatch.what,
            mismatch.on,
            mismatch.expected,
            mismatch.found,
            texts.file(mismatch.span.file).name,
            texts.position(mismatch.span).line,
        );
    }
    if let Some(why) = &result.stopped {
        let _ = writeln!(words, "it stopped: {why}");
    }
    words
}

fn seconds(time: Duration) -> String {
    let millis = time.as_millis();
    format!("{}.{:03}", millis / 1000, millis % 1000)
}

/// Text as XML takes it; characters that XML cannot have become `?`.
fn escaped(text: &str) -> String {
    let mut xml = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => xml.push_str("&amp;"),
            '<' => xml.push_str("&lt;"),
            '>' => xml.push_str("&gt;"),
            '"' => xml.push_str("&quot;"),
            '\n' => xml.push_str("&#10;"),
            '\t' => xml.push_str("&#9;"),
            '\u{fffe}' | '\u{ffff}' => xml.push('?'),
            c if c.is_control() => xml.push('?'),
            c => xml.push(c),
        }
    }
    xml
}
