use serde_json::{Value, json};

use super::Diagnostic;
use crate::source::Sources;

/// Findings as `check --format json` prints them. `ok` is false where there is an error, or,
/// with `deny_warnings`, anything at all.
pub fn findings_json(findings: &[Diagnostic], sources: &Sources, deny_warnings: bool) -> Value {
    let ok = !findings.iter().any(|finding| deny_warnings || finding.is_error());
    let findings: Vec<Value> = findings.iter().map(|finding| one(finding, sources)).collect();
    json!({ "ok": ok, "findings": findings })
}

fn one(finding: &Diagnostic, sources: &Sources) -> Value {
    let place = sources.position(finding.span);
    json!({
        "code": finding.code.slug(),
        "severity": finding.severity,
        "message": finding.message,
        "help": finding.help,
        "file": sources.file(finding.span.file).name,
        "line": place.line,
        "column": place.column,
        "end_line": place.end_line,
        "end_column": place.end_column,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diagnostic::Code;
    use crate::source::Span;

    #[test]
    fn has_the_documented_shape() {
        let mut sources = Sources::default();
        let file = sources.add("tiers.yaml", "ş: spnd > 1\n");
        let findings = [
            Diagnostic::new(Code::UnknownName, Span::new(file, 4, 8), "nothing is named `spnd`")
                .help("did you mean `spend`?"),
            Diagnostic::new(Code::UnusedMetric, Span::new(file, 0, 2), "unused"),
        ];
        let expected = json!({"ok": false, "findings": [
            {"code": "unknown-name", "severity": "error", "message": "nothing is named `spnd`",
             "help": "did you mean `spend`?", "file": "tiers.yaml",
             "line": 1, "column": 4, "end_line": 1, "end_column": 8},
            {"code": "unused-metric", "severity": "warning", "message": "unused", "help": null,
             "file": "tiers.yaml", "line": 1, "column": 1, "end_line": 1, "end_column": 2},
        ]});
        assert_eq!(findings_json(&findings, &sources, false), expected);
        assert_eq!(findings_json(&findings[1..], &sources, false)["ok"], true);
        assert_eq!(findings_json(&findings[1..], &sources, true)["ok"], false);
        assert_eq!(findings_json(&[], &sources, true), json!({"ok": true, "findings": []}));
    }
}
