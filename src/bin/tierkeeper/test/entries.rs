//! The results one by one, as lists of them are made: cases, then snapshots.

use std::fmt::Write;
use std::time::Duration;

use tierkeeper::source::Span;
use tierkeeper::suite::snapshot::Compared;
use tierkeeper::suite::{CaseResult, Played, Stopped};

use super::Report;
use super::snapshots::Outcome;

/// A case or a snapshot, and what came of it.
pub(super) struct Entry<'a> {
    pub name: &'a str,
    pub span: Span,
    pub status: Status<'a>,
    pub took: Duration,
    /// Of a case that was played.
    pub played: Option<&'a Played>,
}

pub(super) enum Status<'a> {
    Passed,
    /// In words, a line for each thing; the place of the first.
    Failed {
        words: String,
        place: Span,
    },
    Skipped(&'a str),
}

impl Status<'_> {
    pub fn name(&self) -> &'static str {
        match self {
            Status::Passed => "passed",
            Status::Failed { .. } => "failed",
            Status::Skipped(_) => "skipped",
        }
    }
}

/// Those that were asked for, and that a failure did not keep from being run.
pub(super) fn entries(report: &Report) -> Vec<Entry<'_>> {
    let cases = report.suite.cases.iter().enumerate().filter(|(id, _)| report.asked[*id]);
    let cases = cases.filter_map(|(id, case)| {
        let played = report.played.iter().find(|played| played.case == id);
        let status = match (&case.skip, played) {
            (Some(why), _) => Status::Skipped(why),
            (None, None) => return None,
            (None, Some(played)) if played.result.passed() => Status::Passed,
            (None, Some(played)) => {
                let first = played.result.mismatches.first();
                let place = first.map_or(case.span, |first| first.span);
                Status::Failed { words: words(report, &played.result), place }
            }
        };
        let took = played.map_or(Duration::ZERO, |played| played.took);
        Some(Entry { name: &case.name, span: case.span, status, took, played })
    });
    let snapshots =
        report.suite.snapshots.iter().enumerate().filter(|(id, _)| report.asked_snapshots[*id]);
    let snapshots = snapshots.filter_map(|(id, case)| {
        let taken = report.snapshots.taken.iter().find(|taken| taken.snapshot == id);
        let status = match (&case.skip, taken) {
            (Some(why), _) => Status::Skipped(why),
            (None, None) => return None,
            (None, Some(taken)) => match differs(&taken.outcome) {
                None => Status::Passed,
                Some(words) => Status::Failed { words, place: case.span },
            },
        };
        Some(Entry {
            name: &case.name,
            span: case.span,
            status,
            took: Duration::ZERO,
            played: None,
        })
    });
    cases.chain(snapshots).collect()
}

/// A line for each thing that differs.
fn words(report: &Report, result: &CaseResult) -> String {
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
        let _ = writeln!(words, "it stopped: {}", stopped(why));
    }
    words
}

/// Why a case was not played to its end, and what helps.
pub(super) fn stopped(why: &Stopped) -> String {
    match why {
        Stopped::TooLateFor(_) | Stopped::TooLateAtTheEnd(_) => {
            format!("{why}; `--timeout SECONDS` gives it more")
        }
        Stopped::Impossible { .. } => why.to_string(),
    }
}

/// How a snapshot differs; `None`: not at all.
fn differs(outcome: &Outcome) -> Option<String> {
    match outcome {
        Outcome::Compared(Compared::Same) => None,
        Outcome::Compared(Compared::New) => {
            Some("nothing is stored yet; `tierkeeper test --accept` takes it\n".to_owned())
        }
        Outcome::Compared(Compared::Changed(diff)) => Some(diff.to_string()),
        Outcome::Stopped(why) => Some(format!("{why}\n")),
    }
}

/// What of coverage and mutants is under its limit, in words.
pub(super) fn under_limits(report: &Report) -> Vec<String> {
    let mut words = Vec::new();
    if let Some(covered) = &report.coverage
        && let (false, Some(least)) = (covered.passed(), covered.least)
    {
        let percent = covered.report.total.percent();
        words.push(format!("{percent} % of the rules are covered, less than {least} %"));
    }
    if let Some(killed) = report.mutants.as_ref().filter(|killed| !killed.passed()) {
        words.push(killed.words());
    }
    words
}
