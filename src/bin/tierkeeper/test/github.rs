use std::fmt::Write;

use tierkeeper::source::Span;

use super::{Report, junit};

/// Workflow commands: an annotation for each case that failed and for each finding.
pub(super) fn report(report: &Report) -> String {
    let mut text = String::new();
    for finding in &report.findings {
        let help = finding.help.as_ref().map_or(String::new(), |help| format!("; {help}"));
        let level = if finding.is_error() { "error" } else { "warning" };
        let message = format!("{}{help}", finding.message);
        annotate(report, level, finding.span, finding.code.slug(), &message, &mut text);
    }
    for played in report.played.iter().filter(|played| !played.result.passed()) {
        let case = &report.suite.cases[played.case];
        let place = played.result.mismatches.first().map_or(case.span, |first| first.span);
        let words = junit::words(report, &played.result);
        annotate(report, "error", place, &case.name, words.trim_end(), &mut text);
    }
    let failed = report.failed();
    let passed = report.played.len() - failed;
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
    let _ = writeln!(
        text,
        "::{level} file={},line={},col={},title={}::{}",
        property(&file.to_string_lossy()),
        position.line,
        position.column,
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
