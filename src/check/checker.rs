use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use crate::diagnostic::{Code, Diagnostic, Diagnostics, did_you_mean};
use crate::expr::{
    AttributeId, ColumnId, CutoffId, LadderId, MetricId, ParameterId, ScriptFunctionId, SegmentId,
    SourceId,
};
use crate::lifecycle::CutoffCadence;
use crate::pack::ParsedPack;
use crate::program::{Attribute, Cutoff, Metric, Parameter, Settings, Source, Step};
use crate::script::Scripts;
use crate::source::{Sources, Span};

/// What a name of the flat namespace stands for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Meaning {
    Parameter(ParameterId),
    Attribute(AttributeId),
    Metric(MetricId),
}

/// How far a metric is: metrics may refer to each other in any order, so each is lowered when
/// first needed, and a metric that is needed while it is being lowered closes a circle.
#[derive(Debug, Clone)]
pub(super) enum Draft {
    /// Index into the parsed metrics.
    Waiting(usize),
    Running(usize),
    Done(Box<Metric>),
    /// It has findings; what refers to it is not checked further.
    Broken,
}

/// What the pack's parts use, for the warnings about what nothing uses.
#[derive(Debug, Default)]
pub(super) struct Usage {
    pub parameters: HashSet<ParameterId>,
    pub metrics: HashSet<MetricId>,
    pub attributes: HashSet<AttributeId>,
    pub columns: HashSet<(SourceId, ColumnId)>,
    pub functions: HashSet<ScriptFunctionId>,
}

/// The state of one check: the parts that are lowered so far and the findings.
#[derive(Debug)]
pub(super) struct Checker<'a> {
    pub pack: &'a ParsedPack,
    pub texts: &'a Sources,
    pub findings: Diagnostics,
    pub settings: Settings,
    pub scripts: Arc<Scripts>,
    pub parameters: Vec<Parameter>,
    /// Whether a parameter has no value of its own, so that what compares with it says nothing.
    pub stand_ins: bool,
    pub attributes: Vec<Attribute>,
    pub sources: Vec<Source>,
    pub names: HashMap<String, (Meaning, Span)>,
    pub drafts: Vec<Draft>,
    /// The metrics that are being lowered, outermost first: the path of a circle.
    pub running: Vec<MetricId>,
    /// How many metrics stand below each other from a metric down, by id; 0 where none is needed.
    pub depths: HashMap<MetricId, usize>,
    /// Names of metrics, by id.
    pub metric_names: Vec<String>,
    pub population: PopulationState,
    pub cutoffs: Vec<Cutoff>,
    /// A cutoff that is written twice is taken once.
    pub cutoff_ids: HashMap<String, CutoffId>,
    pub previous_ids: HashMap<MetricId, MetricId>,
    pub order: Vec<Step>,
    /// Tiers' names by ladder.
    pub ladder_tiers: Vec<Vec<String>>,
    /// How often a ladder takes its cutoffs; `None`: in every pass.
    pub cutoff_cadences: Vec<Option<CutoffCadence>>,
    /// Depth of population conditions and metrics below each other.
    pub usage: Usage,
}

/// The condition `settings.population`, lowered when the first population value needs it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum PopulationState {
    Waiting,
    Running,
    Done,
}

impl Checker<'_> {
    pub fn error(&mut self, code: Code, span: Span, message: impl Into<String>) {
        self.findings.push(Diagnostic::new(code, span, message));
    }

    pub fn report(&mut self, diagnostic: Diagnostic) {
        self.findings.push(diagnostic);
    }

    /// Gives a name of the flat namespace its meaning, or reports that it has one already.
    pub fn declare(&mut self, name: &str, meaning: Meaning, span: Span) {
        if let Some((earlier, place)) = self.names.get(name) {
            let word = |meaning: &Meaning| match meaning {
                Meaning::Parameter(_) => "a parameter",
                Meaning::Attribute(_) => "a customer attribute",
                Meaning::Metric(_) => "a metric",
            };
            let message = format!("`{name}` is {} and {}", word(earlier), word(&meaning));
            let place = *place;
            self.report(
                Diagnostic::new(Code::AmbiguousName, span, message)
                    .help("give one of them another name")
                    .related(place, "the other one"),
            );
            return;
        }
        self.names.insert(name.to_owned(), (meaning, span));
    }

    pub fn ladder_id(&self, name: &str) -> Option<LadderId> {
        self.pack.ladders.iter().position(|ladder| ladder.name.value == name)
    }

    /// Resolves `LADDER.TIER`, or reports which part is unknown.
    pub fn tier_reference(&mut self, text: &str, span: Span) -> Option<(LadderId, usize)> {
        let Some((ladder, tier)) = text.split_once('.') else {
            self.report(
                Diagnostic::new(
                    Code::InvalidValue,
                    span,
                    format!("`{text}` names no tier of a ladder"),
                )
                .maybe_help(self.whole_tier_name(text).map(|full| format!("write `{full}`"))),
            );
            return None;
        };
        let place = Span { end: span.start + ladder.len() as u32, ..span };
        let ladder_id = self.ladder_named(ladder, place)?;
        let tiers = &self.ladder_tiers[ladder_id];
        let Some(tier_id) = tiers.iter().position(|name| name == tier) else {
            let help = did_you_mean(tier, tiers.iter().map(String::as_str))
                .or_else(|| super::written::has(tiers));
            let span = Span { start: span.end - tier.len() as u32, ..span };
            self.report(
                Diagnostic::new(
                    Code::UnknownName,
                    span,
                    format!("the ladder `{ladder}` has no tier `{tier}`"),
                )
                .maybe_help(help),
            );
            return None;
        };
        Some((ladder_id, tier_id))
    }

    /// The ladder of this name, or a finding that there is none.
    pub fn ladder_named(&mut self, name: &str, span: Span) -> Option<LadderId> {
        let found = self.ladder_id(name);
        if found.is_none() {
            let known = self.pack.ladders.iter().map(|ladder| ladder.name.value.as_str());
            self.unknown("ladder", name, span, known);
        }
        found
    }

    /// The segment of this name, or a finding that there is none.
    pub fn segment_named(&mut self, name: &str, span: Span) -> Option<SegmentId> {
        let pack = self.pack;
        let found = pack.segments.iter().position(|segment| segment.name.value == name);
        if found.is_none() {
            let known = pack.segments.iter().map(|segment| segment.name.value.as_str());
            self.unknown("segment", name, span, known);
        }
        found
    }

    /// Reports that there is nothing of a kind with this name.
    pub fn unknown<'n>(
        &mut self,
        kind: &str,
        name: &str,
        span: Span,
        known: impl IntoIterator<Item = &'n str>,
    ) {
        let message = format!("there is no {kind} `{name}`");
        let help = did_you_mean(name, known);
        self.report(Diagnostic::new(Code::UnknownName, span, message).maybe_help(help));
    }

    /// `club.vip` for `vip`, where just one ladder has such a tier.
    fn whole_tier_name(&self, tier: &str) -> Option<String> {
        let words: Vec<&str> = tier.split([' ', ':', '/']).collect();
        if let [ladder, tier] = words[..] {
            return self.ladder_id(ladder).map(|_| format!("{ladder}.{tier}"));
        }
        let mut found = self
            .pack
            .ladders
            .iter()
            .filter(|ladder| ladder.tiers.iter().any(|candidate| candidate.name.value == tier));
        let ladder = found.next()?;
        found.next().is_none().then(|| format!("{}.{tier}", ladder.name.value))
    }
}
