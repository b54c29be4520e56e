//! What is wrong with what was sent.

use serde_json::{Value as Json, json};

use crate::diagnostic::Diagnostic;
use crate::source::Sources;

/// Findings that one answer tells; whoever gets so many has sent something else altogether.
const MOST_FINDINGS: usize = 50;

/// Why nobody was decided: everything that is wrong with the body.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DecideFault {
    /// In their order in the body, the first 50.
    pub findings: Vec<Finding>,
    /// How many more there are.
    pub more: usize,
}

/// One thing that is wrong, and where. Lines and columns count from 1, columns in characters; ends
/// are exclusive.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    pub code: &'static str,
    pub message: String,
    pub help: Option<String>,
    pub line: usize,
    pub column: usize,
    pub end_line: usize,
    pub end_column: usize,
}

impl DecideFault {
    pub(super) fn new(findings: &[Diagnostic], texts: &Sources) -> Self {
        let shown = findings.iter().take(MOST_FINDINGS).map(|finding| {
            let place = texts.position(finding.span);
            Finding {
                code: finding.code.slug(),
                message: finding.message.clone(),
                help: finding.help.clone(),
                line: place.line,
                column: place.column,
                end_line: place.end_line,
                end_column: place.end_column,
            }
        });
        let more = findings.len().saturating_sub(MOST_FINDINGS);
        Self { findings: shown.collect(), more }
    }

    /// The findings as `check --format json` has them, of the file `body`: a list, as the member
    /// `findings` of a problem (RFC 9457).
    pub fn to_json(&self) -> Json {
        self.findings.iter().map(Finding::to_json).collect()
    }
}

impl Finding {
    fn to_json(&self) -> Json {
        json!({
            "code": self.code,
            "severity": "error",
            "message": self.message,
            "help": self.help,
            "file": "body",
            "line": self.line,
            "column": self.column,
            "end_line": self.end_line,
            "end_column": self.end_column,
        })
    }
}

impl std::error::Error for DecideFault {}

/// In one sentence, for the `detail` of a problem.
impl std::fmt::Display for DecideFault {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Some(first) = self.findings.first() else { return Ok(()) };
        write!(f, "line {}, column {}: {}", first.line, first.column, first.message)?;
        match self.findings.len() - 1 + self.more {
            0 => Ok(()),
            more => write!(f, " (and {more} more)"),
        }
    }
}
