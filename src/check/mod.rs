//! From a parsed pack to a program: names, types, units, and everything docs/language.md §10 asks for.
//!
//! In: a [`ParsedPack`], parameter values, and the store's schema when there is one. Out: a
//! [`Program`] where there is no error, and all findings. Never: IO.

mod benefits;
mod bindings;
mod calls;
mod checker;
mod conditions;
mod facts;
mod ladders;
pub(crate) mod literal;
mod metrics;
mod operators;
mod parameters;
mod policies;
mod population;
mod reviews;
mod row_metrics;
mod scope;
mod script_calls;
mod settings;
mod standings;
mod treatment;
mod typing;
mod units;
mod usage;
pub(crate) mod written;
mod yearly;

use std::collections::HashMap;
use std::sync::Arc;

pub use bindings::{StoreShape, check_bindings};
use checker::{Checker, Draft, PopulationState, Usage};

use crate::diagnostic::Diagnostics;
use crate::pack::{Literal, ParsedPack};
use crate::program::{Metric, Program};
use crate::script::Scripts;
use crate::source::{Loc, Sources};

/// Parameter values from a project file or the command line, later ones first in rank.
pub type Overrides = [(Loc<String>, Literal)];

/// Lowers a parsed pack and reports what is wrong with it. There is a program exactly where
/// there is no error, in what was found before (`findings`) and here.
pub fn check(
    pack: &ParsedPack,
    texts: &Sources,
    overrides: &Overrides,
    mut findings: Diagnostics,
) -> (Option<Program>, Diagnostics) {
    let scripts = crate::script::compile(&pack.scripts, texts, &mut findings);
    check_with_scripts(pack, texts, overrides, Arc::new(scripts), findings)
}

/// The same with the pack's scripts compiled already, for packs that share theirs. What was found
/// in the scripts is among `findings`.
pub fn check_with_scripts(
    pack: &ParsedPack,
    texts: &Sources,
    overrides: &Overrides,
    scripts: Arc<Scripts>,
    mut findings: Diagnostics,
) -> (Option<Program>, Diagnostics) {
    let settings = settings::lower(pack, &mut findings);
    let mut checker = Checker {
        pack,
        texts,
        findings,
        settings,
        scripts,
        parameters: Vec::new(),
        stand_ins: false,
        attributes: Vec::new(),
        sources: Vec::new(),
        names: HashMap::new(),
        drafts: Vec::new(),
        running: Vec::new(),
        depths: HashMap::new(),
        metric_names: Vec::new(),
        population: PopulationState::Waiting,
        cutoffs: Vec::new(),
        cutoff_ids: HashMap::new(),
        previous_ids: HashMap::new(),
        order: Vec::new(),
        ladder_tiers: pack
            .ladders
            .iter()
            .map(|ladder| ladder.tiers.iter().map(|tier| tier.name.value.clone()).collect())
            .collect(),
        cutoff_cadences: Vec::new(),
        usage: Usage::default(),
    };
    let before = errors(&checker.findings);
    checker.lower_parameters(overrides);
    let parameters_are_known = errors(&checker.findings) == before && !checker.stand_ins;
    let customers = checker.lower_customers();
    checker.lower_sources();
    checker.declare_metrics();
    checker.lower_metrics();
    checker.lower_population();
    let ladders = checker.lower_ladders();
    let segments = checker.lower_segments();
    let alerts = checker.lower_alerts();
    let benefits = checker.lower_benefits();
    checker.mark_used_columns();
    checker.warn_unused();
    let metrics: Vec<Metric> = checker
        .drafts
        .iter()
        .filter_map(|draft| match draft {
            Draft::Done(metric) => Some((**metric).clone()),
            _ => None,
        })
        .collect();
    policies::refuse_fresh_periods(&ladders, &metrics, pack, &mut checker.findings);
    // Ids of metrics are places in the list, so a metric that is missing shifts the others.
    let metrics_are_known = metrics.len() == checker.drafts.len();
    let Checker { mut findings, settings, scripts, parameters, attributes, sources, .. } = checker;
    let program = Program {
        name: pack.manifest.name.as_ref().map_or_else(String::new, |name| name.value.clone()),
        version: pack
            .manifest
            .version
            .as_ref()
            .map_or(semver::Version::new(0, 0, 0), |version| version.value.clone()),
        title: pack.manifest.title.plain(),
        settings,
        parameters,
        customers,
        attributes,
        sources,
        metrics,
        cutoffs: checker.cutoffs,
        order: checker.order,
        ladders,
        benefits,
        segments,
        alerts,
        scripts,
    };
    if parameters_are_known && metrics_are_known {
        let warnings = crate::analysis::analyse(&program, pack, texts);
        findings.extend(warnings.without_those_about_errors(&findings));
    }
    let complete = !findings.has_errors();
    (complete.then_some(program), findings)
}

fn errors(findings: &Diagnostics) -> usize {
    findings.iter().filter(|finding| finding.is_error()).count()
}
