use std::fmt::Write;
use std::time::Duration;

use super::Report;
use super::entries::{Entry, Status, entries, under_limits};

/// JUnit's XML: a suite per file with its cases and snapshots, and one for limits.
pub(super) fn report(report: &Report, took: Duration) -> String {
    let broken = report.is_broken();
    let entries = if broken { Vec::new() } else { entries(report) };
    let limits = if broken { Vec::new() } else { under_limits(report) };
    let failed = entries.iter().filter(|entry| is_failed(entry)).count() + limits.len();
    let skipped = entries.iter().filter(|entry| is_skipped(entry)).count();
    let mut xml = String::from("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n");
    let _ = writeln!(
        xml,
        "<testsuites name=\"tierkeeper\" tests=\"{}\" failures=\"{failed}\" skipped=\"{skipped}\" errors=\"{}\" time=\"{}\">",
        entries.len() + limits.len() + usize::from(broken),
        usize::from(broken),
        seconds(took),
    );
    if broken {
        findings(report, &mut xml);
    }
    for (id, file) in report.tested.texts.iter() {
        let of_file: Vec<&Entry<'_>> =
            entries.iter().filter(|entry| entry.span.file == id).collect();
        if !of_file.is_empty() {
            suite(report, &file.name, &of_file, &mut xml);
        }
    }
    if !limits.is_empty() {
        let count = limits.len();
        let _ = writeln!(
            xml,
            "  <testsuite name=\"limits\" tests=\"{count}\" failures=\"{count}\" skipped=\"0\" errors=\"0\" time=\"0.000\">"
        );
        for words in limits {
            let words = escaped(&words);
            let _ = writeln!(
                xml,
                "    <testcase classname=\"limits\" name=\"{words}\" time=\"0.000\">\n      \
                 <failure message=\"{words}\">{words}</failure>\n    </testcase>"
            );
        }
        xml.push_str("  </testsuite>\n");
    }
    xml.push_str("</testsuites>\n");
    xml
}

fn is_failed(entry: &Entry<'_>) -> bool {
    matches!(entry.status, Status::Failed { .. })
}

fn is_skipped(entry: &Entry<'_>) -> bool {
    matches!(entry.status, Status::Skipped(_))
}

fn suite(report: &Report, name: &str, entries: &[&Entry<'_>], xml: &mut String) {
    let failures = entries.iter().filter(|entry| is_failed(entry)).count();
    let skipped = entries.iter().filter(|entry| is_skipped(entry)).count();
    let time: Duration = entries.iter().map(|entry| entry.took).sum();
    let _ = writeln!(
        xml,
        "  <testsuite name=\"{}\" tests=\"{}\" failures=\"{failures}\" skipped=\"{skipped}\" errors=\"0\" time=\"{}\">",
        escaped(name),
        entries.len(),
        seconds(time),
    );
    let class = escaped(&name.trim_end_matches(".yaml").replace('/', "."));
    for entry in entries {
        let line = report.tested.texts.position(entry.span).line;
        let _ = write!(
            xml,
            "    <testcase classname=\"{class}\" name=\"{}\" file=\"{}\" line=\"{line}\" time=\"{}\"",
            escaped(entry.name),
            escaped(name),
            seconds(entry.took),
        );
        match &entry.status {
            Status::Passed => xml.push_str("/>\n"),
            Status::Skipped(why) => {
                let why = escaped(why);
                let _ = writeln!(xml, ">\n      <skipped message=\"{why}\"/>\n    </testcase>");
            }
            Status::Failed { words, .. } => {
                let first = escaped(words.lines().next().unwrap_or_default());
                let words = escaped(words);
                let _ = writeln!(
                    xml,
                    ">\n      <failure message=\"{first}\">{words}</failure>\n    </testcase>"
                );
            }
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
