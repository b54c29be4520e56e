use annotate_snippets::renderer::DecorStyle;
use annotate_snippets::{Annotation, AnnotationKind, Group, Level, Renderer, Snippet};

use super::{Diagnostic, Severity};
use crate::source::{FileId, Sources, Span};

/// Findings as people read them: each with its line of text, then how many there are.
/// Empty without findings. `color`: with terminal colours.
pub fn findings_text(findings: &[Diagnostic], sources: &Sources, color: bool) -> String {
    let Some(first) = findings.first() else { return String::new() };
    let renderer = if color { Renderer::styled() } else { Renderer::plain() };
    let renderer = renderer.decor_style(DecorStyle::Ascii);
    let mut text = String::new();
    for finding in findings {
        text.push_str(&renderer.render(&[group(finding, sources)]));
        text.push_str("\n\n");
    }
    let code = first.code.slug();
    text.push_str(&format!("`tierkeeper explain-code {code}` says what it means\n"));
    text.push_str(&count(findings));
    text.push('\n');
    text
}

fn group<'a>(finding: &'a Diagnostic, sources: &'a Sources) -> Group<'a> {
    let level = match finding.severity {
        Severity::Error => Level::ERROR,
        Severity::Warning => Level::WARNING,
    };
    let title = level.primary_title(finding.message.as_str()).id(finding.code.slug());
    let file = finding.span.file;
    let mut own = vec![AnnotationKind::Primary.span(range(finding.span, sources))];
    let mut others: Vec<(FileId, Vec<Annotation<'a>>)> = Vec::new();
    for place in &finding.related {
        let annotation =
            AnnotationKind::Context.span(range(place.span, sources)).label(place.value.as_str());
        if place.span.file == file {
            own.push(annotation);
        } else if let Some((_, list)) = others.iter_mut().find(|(id, _)| *id == place.span.file) {
            list.push(annotation);
        } else {
            others.push((place.span.file, vec![annotation]));
        }
    }
    let mut group = title.element(snippet(file, own, sources));
    for (file, annotations) in others {
        group = group.element(snippet(file, annotations, sources));
    }
    match &finding.help {
        Some(help) => group.element(Level::HELP.message(help.as_str())),
        None => group,
    }
}

fn snippet<'a>(
    file: FileId,
    annotations: Vec<Annotation<'a>>,
    sources: &'a Sources,
) -> Snippet<'a, Annotation<'a>> {
    let file = sources.file(file);
    Snippet::source(file.text.as_str()).path(file.name.as_str()).annotations(annotations)
}

/// The bytes of a place, kept within its text.
fn range(span: Span, sources: &Sources) -> std::ops::Range<usize> {
    let length = sources.file(span.file).text.len();
    let start = (span.start as usize).min(length);
    start..(span.end as usize).clamp(start, length)
}

/// "2 errors, 1 warning".
fn count(findings: &[Diagnostic]) -> String {
    let errors = findings.iter().filter(|finding| finding.is_error()).count();
    let part = |count: usize, word: &str| match count {
        0 => None,
        1 => Some(format!("1 {word}")),
        _ => Some(format!("{count} {word}s")),
    };
    let parts = [part(errors, "error"), part(findings.len() - errors, "warning")];
    parts.into_iter().flatten().collect::<Vec<_>>().join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diagnostic::Code;

    #[test]
    fn shows_lines_help_related_places_and_the_count() {
        let mut sources = Sources::default();
        let pack = sources.add("pack.yaml", "pack: x\nmetrics:\n  spend: { count: orders }\n");
        let more = sources.add("more.yaml", "metrics:\n  # müşteri\n  spend: { sum: orders.x }\n");
        let findings = [
            Diagnostic::new(
                Code::DuplicateEntry,
                Span::new(pack, 19, 24),
                "`spend` is already in `more.yaml`, line 3",
            )
            .help("keep one of them")
            .related(Span::new(more, 25, 30), "the first one"),
            Diagnostic::new(Code::UnknownKey, Span::new(more, 34, 37), "a metric has no key `sum`"),
            Diagnostic::new(Code::UnusedMetric, Span::new(pack, 19, 24), "nothing uses `spend`"),
        ];
        insta::assert_snapshot!(findings_text(&findings, &sources, false));
        assert!(findings_text(&findings, &sources, true).contains("\u{1b}["));
    }

    #[test]
    fn an_empty_text_can_have_a_finding() {
        let mut sources = Sources::default();
        let file = sources.add("pack.yaml", "");
        let missing = Diagnostic::new(
            Code::MissingManifest,
            Span::new(file, 0, 0),
            "there is no `pack.yaml`",
        );
        insta::assert_snapshot!(findings_text(&[missing], &sources, false));
        assert_eq!(findings_text(&[], &sources, false), "");
    }
}
