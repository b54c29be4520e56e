//! `snapshots:`: populations whose tiers are kept in files.

use jiff::civil::Date;

use super::{Parameters, Reader};
use crate::diagnostic::{Code, Diagnostic};
use crate::pack::yaml::{Kind, Node};
use crate::source::{Loc, Span};
use crate::suite::snapshot::first_collision;

const KEYS: &[&str] =
    &["name", "skip", "parameters", "population", "store", "csv", "as_of", "sample"];

/// Made-up customers at most.
const MOST_CUSTOMERS: u32 = 1_000_000;

/// A population whose tiers are kept in a file.
#[derive(Debug, Clone)]
pub struct SnapshotCase {
    pub name: String,
    pub span: Span,
    /// The test file: `tests/vip.yaml`.
    pub file: String,
    pub skip: Option<String>,
    /// An index into [`Suite::parameters`](super::Suite::parameters).
    pub parameters: usize,
    pub population: Population,
    pub as_of: Date,
    /// How many customers it shows; `None`: all.
    pub sample: Option<u32>,
}

/// Who is in a snapshot.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Population {
    /// The same for the same numbers, always.
    MadeUp { customers: u32, seed: u64 },
    /// A store, relative to the test file.
    Store(Loc<String>),
    /// A file with a row per customer, relative to the test file.
    Csv(Loc<String>),
}

impl Reader<'_, '_> {
    /// The snapshots of a file that have no finding.
    pub(super) fn snapshots(&mut self, node: &Node, file: &str) -> Vec<(SnapshotCase, Parameters)> {
        let Kind::Seq(items) = &node.kind else {
            if !matches!(node.kind, Kind::Broken) {
                let help = "write `- name: …` below it for each snapshot".to_owned();
                self.lower.wrong_shape(node.span, "`snapshots` is a list", Some(help));
            }
            return Vec::new();
        };
        let mut names = Vec::new();
        let mut snapshots = Vec::new();
        for item in items {
            let before = self.lower.findings.len();
            let snapshot = self.snapshot(item, file, &mut names);
            if self.lower.findings.len() == before {
                snapshots.extend(snapshot);
            }
        }
        let names =
            snapshots.iter().map(|(snapshot, _): &(SnapshotCase, _)| snapshot.name.as_str());
        if let Some((first, second)) = first_collision(names) {
            let (first, second) = (&snapshots[first].0, &snapshots[second].0);
            let message = format!("`{}` would be kept in the file of another", second.name);
            self.lower.findings.push(
                Diagnostic::new(Code::DuplicateEntry, second.span, message)
                    .help("give one of them another name")
                    .related(first.span, "the other one"),
            );
        }
        snapshots
    }

    fn snapshot(
        &mut self,
        item: &Node,
        file: &str,
        names: &mut Vec<Loc<String>>,
    ) -> Option<(SnapshotCase, Parameters)> {
        let fields = self.lower.fields(item, "a snapshot", KEYS)?;
        let name = self.case_name(item, &fields, "a snapshot", names)?;
        let skip = self.skip(fields.get("skip"));
        let parameters = self.parameters(fields.get("parameters"));
        let sources = ["population", "store", "csv"];
        let given: Vec<_> = sources.iter().filter_map(|key| fields.entry(key)).collect();
        let population = match given[..] {
            [] if fields.may_hold(&sources) => None,
            [] => {
                let help = "add `population: { customers: 500, seed: 7 }`, `store:` or `csv:`";
                self.lower.missing(name.span, "the snapshot", "population", help);
                None
            }
            [entry] => self.population(&entry.key.value, &entry.value),
            [_, second, ..] => {
                let message = "a snapshot has one population";
                self.lower.wrong_shape(
                    second.key.span,
                    message,
                    Some("make two snapshots of it".to_owned()),
                );
                None
            }
        };
        let as_of = match fields.get("as_of") {
            Some(node) => self.date_of(node, "`as_of`"),
            None => {
                if !fields.may_hold(&["as_of"]) {
                    let help = "add `as_of: 2026-11-22`, the date for which it is decided";
                    self.lower.missing(name.span, "the snapshot", "`as_of`", help);
                }
                None
            }
        };
        let sample =
            fields.get("sample").map(|node| self.whole(node, "`sample`", 1..=MOST_CUSTOMERS));
        let snapshot = SnapshotCase {
            span: name.span,
            name: name.value,
            file: file.to_owned(),
            skip,
            parameters: 0,
            population: population?,
            as_of: as_of?,
            sample: match sample {
                Some(sample) => Some(sample?),
                None => None,
            },
        };
        Some((snapshot, parameters))
    }

    fn population(&mut self, key: &str, node: &Node) -> Option<Population> {
        match key {
            "store" => self.lower.word(node, "`store`").map(Population::Store),
            "csv" => self.lower.word(node, "`csv`").map(Population::Csv),
            _ => {
                let fields = self.lower.fields(node, "a population", &["customers", "seed"])?;
                let Some(customers) = fields.get("customers") else {
                    let help = "add `customers: 500`";
                    self.lower.missing(fields.span, "the population", "`customers`", help);
                    return None;
                };
                let customers = self.whole(customers, "`customers`", 1..=MOST_CUSTOMERS)?;
                let seed = match fields.get("seed") {
                    Some(node) => u64::from(self.whole(node, "`seed`", 0..=u32::MAX)?),
                    None => 1,
                };
                Some(Population::MadeUp { customers, seed })
            }
        }
    }
}
