//! One mistake is one finding: leaves out what only follows from another.

use crate::diagnostic::{Code, Diagnostic};
use crate::pack;
use crate::source::{Sources, Span};

/// Leaves out
/// - names that are unknown only because the name itself is written in a way that it cannot
///   have: `vip`, where the tier is called `VIP`;
/// - what nothing uses, where lines with an error in them name it.
pub(super) fn keep(findings: &mut Vec<Diagnostic>, sources: &Sources) {
    let meant: Vec<String> = findings
        .iter()
        .filter(|finding| finding.code == Code::InvalidName)
        .filter_map(|finding| pack::valid_form(sources.text(finding.span)))
        .collect();
    let faulty: Vec<Span> = findings
        .iter()
        .filter(|finding| finding.is_error())
        .map(|finding| lines_of(finding.span, sources))
        .collect();
    findings.retain(|finding| match finding.code {
        Code::UnknownName => !meant.iter().any(|name| name == sources.text(finding.span)),
        Code::UnusedMetric | Code::UnusedParameter | Code::UnusedFunction => {
            !faulty.iter().any(|lines| names(*lines, finding.span, sources))
        }
        _ => true,
    });
}

/// The lines of a place, and those below that are indented deeper.
fn lines_of(span: Span, sources: &Sources) -> Span {
    let text = &sources.file(span.file).text;
    let start = text[..span.start as usize].rfind('\n').map_or(0, |newline| newline + 1);
    let indent = |line: &str| line.len() - line.trim_start_matches([' ', '-']).len();
    let own = indent(&text[start..]);
    let mut end = start;
    for line in text[start..].split_inclusive('\n') {
        let is_below = end >= span.end as usize && end > start;
        if is_below && !line.trim().is_empty() && indent(line) <= own {
            break;
        }
        end += line.len();
    }
    Span::new(span.file, start, end)
}

/// Whether lines hold the word that stands at `place`, elsewhere than there.
fn names(lines: Span, place: Span, sources: &Sources) -> bool {
    let word = sources.text(place);
    let text = sources.text(lines);
    let is_part = |c: char| c.is_alphanumeric() || c == '_';
    !word.is_empty()
        && text.match_indices(word).any(|(at, _)| {
            let own = lines.file == place.file && lines.start as usize + at == place.start as usize;
            let before = text[..at].chars().next_back();
            let after = text[at + word.len()..].chars().next();
            !own && !before.is_some_and(is_part) && !after.is_some_and(is_part)
        })
}
