use std::fmt::Write;

use tierkeeper::source::Span;

use super::Report;
use super::entries::{Status, entries, under_limits};
use super::quality::Killed;

/// Workflow commands: an annotation for each finding, for what failed, and for what the tests miss.
pub(super) fn report(report: &Report) -> String {
    let mut text = String::new();
    for finding in &report.findings {
        let help = finding.help.as_ref().map_or(String::new(), |help| format!("; {help}"));
        let level = if finding.is_error() { "error" } else { "warning" };
        let message = format!("{}{help}", finding.message);
        annotate(report, level, finding.span, finding.code.slug(), &message, &mut text);
    }
    if report.is_broken() {
        return text;
    }
    for entry in entries(report) {
        if let Status::Failed { words, place } = &entry.status {
            annotate(report, "error", *place, entry.name, words.trim_end(), &mut text);
        }
    }
    if let Some(covered) = &report.coverage {
        for point in &covered.report.uncovered {
            let file = report.tested.pack.join(&point.file);
            let place = (point.place.line, point.place.column);
            let message = format!("{}; {}", point.message, point.help);
            command("notice", &file.to_string_lossy(), place, "not covered", &message, &mut text);
        }
    }
    if let Some(Killed::Played { mutants, .. }) = &report.mutants {
        for mutant in mutants.survivors() {
            let message = mutant.description();
            annotate(report, "notice", mutant.span, "no case notices", &message, &mut text);
        }
    }
    for words in under_limits(report) {
        let _ = writeln!(text, "::error title=under the limit::{}", data(&words));
    }
    let (passed, failed) = report.counts();
    let _ = writeln!(text, "{passed} passed, {failed} failed, {} skipped", report.skipped());
    text
}

fn annotate(
    report: &Report,
    level: &str,
    span: Span,
    title: &str,
    message: &str,
    text: &mut String,
) {
    let texts = &report.tested.texts;
    let position = texts.position(span);
    let file = report.tested.pack.join(&texts.file(span.file).name);
    let place = (position.line, position.column);
    command(level, &file.to_string_lossy(), place, title, message, text);
}

fn command(
    level: &str,
    file: &str,
    (line, column): (usize, usize),
    title: &str,
    message: &str,
    text: &mut String,
) {
    let _ = writeln!(
        text,
        "::{level} file={},line={line},col={column},title={}::{}",
        property(file),
        property(title),
        data(message),
    );
}

fn data(text: &str) -> String {
    text.replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A")
}

fn property(text: &str) -> String {
    data(text).replace(':', "%3A").replace(',', "%2C")
}
