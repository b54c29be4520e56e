//! Whatever a file holds, reading it ends with findings at places that exist.

use proptest::prelude::*;

use crate::pack::{PackFiles, parse};

const EXAMPLE: &str = include_str!("example.yaml");

/// What makes YAML something else.
const SPLICES: &[&str] = &[
    "", " ", "\n", "\t", "\r\n", "\r", ":", ": ", "- ", "#", " #", "'", "\"", "[", "]", "{", "}",
    ",", "|\n", ">\n", "|2\n ", "!", "!x ", "&a ", "*a", "\\", "\\u00e9", "é", "\u{feff}",
    "\u{85}", "\u{2028}", "? ", "---\n", "...\n", "%", "@", "`", "<<: ", "~", "(", ")", "\u{0}",
    "ğ\n  ", "\n\n   ",
];

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, ..ProptestConfig::default() })]
    #[test]
    fn parsing_spliced_packs(
        splices in prop::collection::vec((0..EXAMPLE.len(), 0..6usize, 0..SPLICES.len()), 1..4),
        start in 0..EXAMPLE.len(),
        length in 1..900usize,
    ) {
        let mut text = EXAMPLE.to_owned();
        for (at, cut, splice) in splices {
            let at = (0..=at.min(text.len())).rev().find(|at| text.is_char_boundary(*at)).unwrap();
            let end = (at + cut..).find(|end| *end >= text.len() || text.is_char_boundary(*end)).unwrap();
            text.replace_range(at..end.min(text.len()), SPLICES[splice]);
        }
        let part: String = text.chars().skip(start).take(length).collect();
        for text in [text, part] {
            let parsed = parse(&PackFiles::embedded([("pack.yaml", text)]));
            for finding in parsed.findings.iter() {
                prop_assert!(finding.span.start <= finding.span.end);
                let _ = parsed.sources.text(finding.span);
                for place in &finding.related {
                    let _ = parsed.sources.text(place.span);
                }
            }
            for metric in &parsed.pack.metrics {
                if let Some(filter) = &metric.filter {
                    filter.value.visit(&mut |text| {
                        let _ = parsed.sources.text(text.whole());
                        let _ = parsed.sources.text(text.span(0, text.text.len()));
                    });
                }
            }
        }
    }
}
