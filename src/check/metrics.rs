//! Metrics: each is lowered when first needed, so that they may refer to each other in any
//! order; the order in which they are finished is the order in which a pass computes them.

use rust_decimal::Decimal;

use super::checker::{Checker, Draft, Meaning};
use super::scope::Scope;
use super::units;
use crate::diagnostic::{Code, Diagnostic};
use crate::expr::{Condition, MetricId, NUMBER_SCALE, Type, Unit};
use crate::pack::{ParsedMetric, ParsedMetricKind, ParsedScoreLine};
use crate::program::{Metric, MetricKind, ScoreLine, Step};
use crate::source::{Loc, Span};

/// The names of an `rfm` metric's three parts.
const RFM_PARTS: [&str; 3] = ["r", "f", "m"];
const RFM_BINS: u32 = 5;
/// More bins than this say nothing about a customer.
const RFM_MOST_BINS: u32 = 100;

/// Metrics that may need one another in a row. Whatever walks from one to the next has a stack.
const DEEPEST_METRIC: usize = 200;

impl Checker<'_> {
    /// Gives every metric its id and name; an `rfm` metric is followed by its parts.
    pub fn declare_metrics(&mut self) {
        let pack = self.pack;
        for (index, parsed) in pack.metrics.iter().enumerate() {
            let add = |checker: &mut Self, name: String| {
                let id = checker.drafts.len();
                checker.declare(&name, Meaning::Metric(id), parsed.name.span);
                checker.drafts.push(Draft::Waiting(index));
                checker.metric_names.push(name);
            };
            add(self, parsed.name.value.clone());
            if matches!(&parsed.kind, Some(Loc { value: ParsedMetricKind::Rfm { .. }, .. })) {
                for part in RFM_PARTS {
                    add(self, format!("{}.{part}", parsed.name.value));
                }
            }
        }
    }

    pub fn lower_metrics(&mut self) {
        for id in 0..self.drafts.len() {
            let span = match self.drafts[id] {
                Draft::Waiting(index) => self.pack.metrics[index].name.span,
                _ => continue,
            };
            self.metric(id, span);
        }
    }

    /// Type and unit of a metric, lowering it if nobody needed it yet; `None` where it has
    /// findings. `span` is the place that needs it.
    pub fn metric(&mut self, id: MetricId, span: Span) -> Option<(Type, Unit)> {
        if self.running.len() > DEEPEST_METRIC {
            self.too_deep(span);
            return None;
        }
        let found = self.lowered(id, span)?;
        let depth = self.depths.get(&id).map_or(0, |depth| *depth) + 1;
        if let Some(outer) = self.running.last() {
            if depth > DEEPEST_METRIC {
                self.too_deep(span);
                return None;
            }
            let known = self.depths.entry(*outer).or_default();
            *known = depth.max(*known);
        }
        Some(found)
    }

    fn too_deep(&mut self, span: Span) {
        let message = format!("more than {DEEPEST_METRIC} metrics that need one another in a row");
        let help = "compute it from the sources, or in a script";
        self.report(Diagnostic::new(Code::YamlLimit, span, message).help(help));
    }

    fn lowered(&mut self, id: MetricId, span: Span) -> Option<(Type, Unit)> {
        let index = match &self.drafts[id] {
            Draft::Done(metric) => return Some((metric.ty, metric.unit)),
            Draft::Broken => return None,
            Draft::Running(_) => {
                self.circle(id, span);
                return None;
            }
            Draft::Waiting(index) => *index,
        };
        // A part of an rfm metric is made with the whole.
        let parsed = &self.pack.metrics[index];
        let id_of_whole = self
            .metric_names
            .iter()
            .position(|name| *name == parsed.name.value)
            .filter(|whole| *whole <= id && id - whole <= RFM_PARTS.len())
            .unwrap_or(id);
        let is_rfm = matches!(&parsed.kind, Some(Loc { value: ParsedMetricKind::Rfm { .. }, .. }));
        let first = if is_rfm { id_of_whole } else { id };
        let last = if is_rfm { first + RFM_PARTS.len() } else { id };
        for draft in first..=last {
            self.drafts[draft] = Draft::Running(index);
        }
        self.running.push(first);
        let lowered = self.lower_metric(parsed);
        self.running.pop();
        let Some(metric) = lowered else {
            for draft in first..=last {
                self.drafts[draft] = Draft::Broken;
            }
            return None;
        };
        if !matches!(metric.kind, MetricKind::Rows(_)) {
            self.order.push(Step::Metric(first));
        }
        if is_rfm {
            for (part, name) in RFM_PARTS.iter().enumerate() {
                let mut piece = metric.clone();
                piece.name = format!("{}.{name}", metric.name);
                piece.kind = MetricKind::RfmPart { of: first, part: part as u8 };
                self.drafts[first + 1 + part] = Draft::Done(Box::new(piece));
            }
        }
        let outcome = (metric.ty, metric.unit);
        self.drafts[first] = Draft::Done(Box::new(metric));
        Some(outcome)
    }

    fn circle(&mut self, id: MetricId, span: Span) {
        let start = self.running.iter().position(|running| {
            *running == id
                || matches!((&self.drafts[*running], &self.drafts[id]),
                (Draft::Running(a), Draft::Running(b)) if a == b)
        });
        let path: Vec<String> = self.running[start.unwrap_or(0)..]
            .iter()
            .chain([&id])
            .map(|metric| format!("`{}`", self.metric_names[*metric]))
            .collect();
        self.report(
            Diagnostic::new(
                Code::MetricCircle,
                span,
                format!("metrics that need each other: {}", path.join(" → ")),
            )
            .help("break the circle: one of them must do without the others"),
        );
    }

    fn lower_metric(&mut self, parsed: &ParsedMetric) -> Option<Metric> {
        let kind = parsed.kind.as_ref()?;
        self.refuse_row_keys(parsed, &kind.value);
        let (kind, ty, unit, scale) = match &kind.value {
            ParsedMetricKind::OfSource { aggregate, source } => {
                self.of_source(parsed, *aggregate, source)?
            }
            ParsedMetricKind::OfColumn { aggregate, source, column } => {
                self.of_column(parsed, *aggregate, source, column)?
            }
            ParsedMetricKind::Formula(text) => {
                let want = parsed.unit.as_ref().map(|_| Type::Number);
                let expr = self.expression(text, Scope::METRIC, want)?;
                let otherwise = match &parsed.otherwise {
                    Some(literal) => self.constant_number(literal, Unit::Number)?,
                    None => Decimal::ZERO,
                };
                if expr.ty == Type::List {
                    self.error(Code::WrongType, expr.span, "a metric is one value, not a list");
                    return None;
                }
                let (ty, unit) = (expr.ty, expr.unit);
                (MetricKind::Formula { expr, otherwise }, ty, unit, NUMBER_SCALE)
            }
            ParsedMetricKind::Score(lines) => {
                let lines = lines.iter().map(|line| self.score_line(line)).collect::<Vec<_>>();
                let lines = lines.into_iter().collect::<Option<Vec<_>>>()?;
                (MetricKind::Score(lines), Type::Number, Unit::Number, NUMBER_SCALE)
            }
            ParsedMetricKind::Rfm { recency, frequency, monetary, bins } => {
                let bins = match bins {
                    None => RFM_BINS,
                    Some(literal) => self.rfm_bins(literal)?,
                };
                let recency = self.rfm_measure(recency.as_ref());
                let frequency = self.rfm_measure(frequency.as_ref());
                let monetary = self.rfm_measure(monetary.as_ref());
                self.lower_population();
                let kind = MetricKind::Rfm {
                    recency: recency?,
                    frequency: frequency?,
                    monetary: monetary?,
                    bins,
                };
                (kind, Type::Number, Unit::Number, 0)
            }
        };
        let unit = match &parsed.unit {
            Some(declared) if ty == Type::Number => {
                if !units::fit(declared.value, unit) {
                    let message = format!(
                        "`unit` says {}, but `{}` counts {}",
                        declared.value.name(),
                        parsed.name.value,
                        unit.name()
                    );
                    self.report(
                        Diagnostic::new(Code::UnitMismatch, declared.span, message)
                            .help(format!("write `unit: {}`, or leave it out", unit.name())),
                    );
                }
                declared.value
            }
            Some(declared) => {
                let message = format!("only numbers have a unit; this is {}", ty.words());
                self.error(Code::WrongType, declared.span, message);
                unit
            }
            None => unit,
        };
        let yearly = self.is_yearly(&kind);
        Some(Metric {
            name: parsed.name.value.clone(),
            title: parsed.title.plain(),
            kind,
            ty,
            unit,
            scale: if ty == Type::Number { scale } else { 0 },
            yearly,
            hidden: false,
            span: parsed.name.span,
        })
    }

    fn score_line(&mut self, parsed: &ParsedScoreLine) -> Option<ScoreLine> {
        let when = match &parsed.when {
            Some(when) => self.condition(when, Scope::METRIC),
            None => Condition::Always,
        };
        let add = parsed
            .add
            .as_ref()
            .and_then(|add| self.expression(add, Scope::METRIC, Some(Type::Number)));
        let cap = match &parsed.cap {
            Some(cap) => Some(self.constant_number(cap, Unit::Number)?),
            None => None,
        };
        Some(ScoreLine { when, add: add?, cap })
    }

    fn rfm_bins(&mut self, literal: &crate::pack::Literal) -> Option<u32> {
        let number = self.constant_number(literal, Unit::Count)?;
        let bins = u32::try_from(number).ok().filter(|bins| (2..=RFM_MOST_BINS).contains(bins));
        if bins.is_none() {
            let message = format!("`bins` is a whole number from 2 to {RFM_MOST_BINS}");
            self.error(Code::InvalidValue, literal.span(), message);
        }
        bins
    }

    fn rfm_measure(&mut self, name: Option<&Loc<String>>) -> Option<MetricId> {
        let name = name?;
        let Some(&(Meaning::Metric(id), _)) = self.names.get(&name.value) else {
            let metrics = self.metric_names.clone();
            let known = metrics.iter().map(String::as_str);
            self.unknown("metric", &name.value, name.span, known);
            return None;
        };
        self.usage.metrics.insert(id);
        let (ty, _) = self.metric(id, name.span)?;
        if ty != Type::Number {
            let message = format!("`{}` is {}; a score needs a number", name.value, ty.words());
            self.error(Code::WrongType, name.span, message);
            return None;
        }
        Some(id)
    }
}
