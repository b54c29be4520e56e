//! From trees to shapes, one file per section.
//!
//! In: the tree of every YAML file. Out: the parsed pack, with a finding for everything that
//! has the wrong shape. Never: giving up; a part that cannot be read is left out.

mod alerts;
mod benefits;
mod columns;
mod condition;
mod facts;
mod fields;
mod ladders;
mod literal;
mod meant;
mod metrics;
mod parameters;
mod policy;
mod sections;
mod settings;
mod window;
mod words;

pub(crate) use fields::{Fields, Lower, in_backticks};
pub(crate) use settings::day_help;

use super::Parsed;
use super::yaml::Node;
use crate::diagnostic::{Code, Diagnostic};
use crate::source::{FileId, Span};

/// Lowers the documents into `parsed.pack`. `manifest`: the readable `pack.yaml`, where a
/// missing `pack:` would belong.
pub(super) fn lower(documents: &[Node], manifest: Option<FileId>, parsed: &mut Parsed) {
    let mut lower = Lower { findings: &mut parsed.findings, lost_names: false };
    let merged = sections::merge(documents, &parsed.sources, &mut lower);
    let pack = &mut parsed.pack;
    settings::manifest(&merged, &mut pack.manifest, &mut lower);
    if let (false, Some(manifest)) = (merged.has_name(), manifest) {
        let finding = Diagnostic::new(
            Code::MissingKey,
            Span::new(manifest, 0, 0),
            "`pack.yaml` has no `pack:`, the name of the pack",
        );
        lower.findings.push(finding.help("add `pack: <name>`"));
    }
    pack.settings = settings::settings(&merged.section("settings"), &mut lower);
    pack.parameters = parameters::parameters(&merged.section("parameters"), &mut lower);
    pack.customers = facts::customers(&merged.section("customers"), &mut lower);
    pack.sources = facts::sources(&merged.section("sources"), &mut lower);
    pack.metrics = metrics::metrics(&merged.section("metrics"), &mut lower);
    pack.ladders = ladders::ladders(&merged.section("ladders"), &mut lower);
    pack.benefits = benefits::benefits(&merged.section("benefits"), &mut lower);
    pack.segments = alerts::segments(&merged.section("segments"), &mut lower);
    pack.alerts = alerts::alerts(&merged.section("alerts"), &mut lower);
    // The names of a section that cannot be read are not unknown.
    parsed.complete &= !lower.lost_names;
}

#[cfg(test)]
mod never_fails;
#[cfg(test)]
mod tests;
