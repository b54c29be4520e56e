//! What is expected: of ladders, benefits, segments, alerts, events, faults and metrics.

mod benefits;
mod ladder;
mod named;

use super::Reader;
use crate::diagnostic::{Code, Diagnostic, did_you_mean};
use crate::pack::lower::in_backticks;
use crate::pack::yaml::Node;
use crate::source::Loc;
use crate::suite::case::{Expectation, Expected};

const WORDS: &[&str] =
    &["ladders", "benefits", "segments", "alerts", "events", "faults", "metrics"];

/// Faults that are expected at most.
const MOST_FAULTS: u32 = 1_000_000;

impl Reader<'_, '_> {
    /// Everything that an `expect:` says. One that says nothing is a finding.
    pub(super) fn expectations(&mut self, node: &Node) -> Vec<Expectation> {
        let mut expected = Vec::new();
        let Some(fields) = self.lower.map(node, "`expect`") else { return expected };
        for entry in fields.entries() {
            let before = (expected.len(), self.lower.findings.len());
            let value = &entry.value;
            match entry.key.value.as_str() {
                "ladders" => self.ladders(value, &mut expected),
                "benefits" => self.benefits(value, &mut expected),
                "segments" => self.segments(value, &mut expected),
                "alerts" => self.alerts(value, &mut expected),
                "events" => self.events(value, &mut expected),
                "metrics" => self.expected_metrics(value, &mut expected),
                "faults" => self.faults(value, &mut expected),
                name => match self.program.ladders.iter().position(|it| it.name == name) {
                    Some(ladder) => self.of_ladder(ladder, value, &mut expected),
                    None => self.unknown_part(&entry.key),
                },
            }
            if before == (expected.len(), self.lower.findings.len()) {
                let message = format!("`{}` expects nothing", entry.key.value);
                self.invalid(entry.key.span, message, "say what is expected, or leave it out");
            }
        }
        expected
    }

    fn unknown_part(&mut self, key: &Loc<String>) {
        let ladders = self.program.ladders.iter().map(|ladder| ladder.name.as_str());
        let names: Vec<&str> = ladders.chain(WORDS.iter().copied()).collect();
        let help = did_you_mean(&key.value, names.iter().copied())
            .unwrap_or_else(|| format!("it can have {}", in_backticks(names)));
        let message = format!("`expect` has no key `{}`", key.value);
        let finding = Diagnostic::new(Code::UnknownKey, key.span, message).help(help);
        self.lower.findings.push(finding);
    }

    fn faults(&mut self, node: &Node, expected: &mut Vec<Expectation>) {
        let count = self.whole(node, "`faults`", 0..=MOST_FAULTS);
        let what = count.map(|count| Expected::Faults(count.into()));
        expected.extend(what.map(|what| Expectation { span: node.span, what }));
    }

    fn expected_metrics(&mut self, node: &Node, expected: &mut Vec<Expectation>) {
        let Some(fields) = self.lower.map(node, "`metrics`") else { return };
        for entry in fields.entries() {
            let metric = self.metric(entry);
            expected.extend(metric.map(|(metric, value)| Expectation {
                span: entry.value.span,
                what: Expected::Metric(metric, value),
            }));
        }
    }
}
