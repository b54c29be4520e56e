//! Metrics: each is lowered when first needed, so that they may refer to each other in any
//! order; the order in which they are finished is the order in which a pass computes them.

use rust_decimal::Decimal;

use super::checker::{Checker, Draft, Meaning};
use super::scope::Scope;
use super::units;
use crate::diagnostic::{Code, Diagnostic, did_you_mean};
use crate::expr::{
    ColumnId, Condition, Expr, Input, MetricId, NUMBER_SCALE, Node, SourceId, Type, Unit,
};
use crate::lifecycle::{Duration, DurationUnit};
use crate::pack::{
    ColumnAggregate, ParsedMetric, ParsedMetricKind, ParsedScoreLine, ParsedWindow, SourceAggregate,
};
use crate::program::{
    Aggregate, ColumnKind, Metric, MetricKind, RowMetric, ScoreLine, Step, Window,
};
use crate::source::{Loc, Span};

/// The names of an `rfm` metric's three parts.
const RFM_PARTS: [&str; 3] = ["r", "f", "m"];
const RFM_BINS: u32 = 5;
/// More bins than this say nothing about a customer.
const RFM_MOST_BINS: u32 = 100;

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

    /// `where`, `within` and `ago` belong to metrics over rows, `else` to formulas.
    fn refuse_row_keys(&mut self, parsed: &ParsedMetric, kind: &ParsedMetricKind) {
        let of_rows =
            matches!(kind, ParsedMetricKind::OfSource { .. } | ParsedMetricKind::OfColumn { .. });
        let mut refuse = |span: Option<Span>, key: &str, of: &str| {
            if let Some(span) = span {
                let message = format!("`{key}` belongs to a metric {of}");
                self.report(
                    Diagnostic::new(Code::NotAllowedHere, span, message)
                        .help(format!("leave `{key}` out here")),
                );
            }
        };
        if !of_rows {
            refuse(parsed.filter.as_ref().map(|filter| filter.span), "where", "over rows");
            refuse(parsed.within.as_ref().map(|within| within.span), "within", "over rows");
            refuse(parsed.ago.as_ref().map(crate::pack::Literal::span), "ago", "over rows");
        }
        if !matches!(kind, ParsedMetricKind::Formula(_)) {
            let span = parsed.otherwise.as_ref().map(crate::pack::Literal::span);
            refuse(span, "else", "with `expr`");
        }
    }

    fn source_named(&mut self, name: &Loc<String>) -> Option<SourceId> {
        let is =
            |wanted: &str| self.pack.sources.iter().position(|source| source.name.value == wanted);
        let found = is(&name.value);
        if found.is_none() {
            let names: Vec<String> =
                self.pack.sources.iter().map(|source| source.name.value.clone()).collect();
            let source = name.value.split('.').next().unwrap_or("");
            let help = did_you_mean(&name.value, names.iter().map(String::as_str))
                .or_else(|| is(source).map(|_| format!("write the source alone: `{source}`")))
                .or_else(|| {
                    super::written::has(&names).map(|has| has.replacen("it has", "there is", 1))
                });
            self.report(
                Diagnostic::new(
                    Code::UnknownName,
                    name.span,
                    format!("there is no source `{}`", name.value),
                )
                .maybe_help(help),
            );
        }
        found
    }

    fn row_metric(
        &mut self,
        parsed: &ParsedMetric,
        source: SourceId,
        aggregate: Aggregate,
    ) -> Option<RowMetric> {
        let filter = match &parsed.filter {
            Some(filter) => self.condition(filter, Scope::Rows { source }),
            None => Condition::Always,
        };
        let window = match &parsed.within {
            Some(window) => self.window(window),
            None => Some(Window::Lifetime),
        };
        let ago = match &parsed.ago {
            Some(literal) => Some(self.duration(literal)?),
            None => None,
        };
        Some(RowMetric { source, aggregate, filter, window: window?, ago })
    }

    fn of_source(
        &mut self,
        parsed: &ParsedMetric,
        aggregate: SourceAggregate,
        source: &Loc<String>,
    ) -> Option<(MetricKind, Type, Unit, u8)> {
        let source_id = self.source_named(source)?;
        if aggregate == SourceAggregate::Percent && !parsed.has_filter {
            self.report(
                Diagnostic::new(
                    Code::MissingKey,
                    parsed.name.span,
                    "`percent` needs a `where` that says which rows it counts",
                )
                .help("add `where: <condition on the rows>`"),
            );
        }
        let (aggregate, unit, scale) = match aggregate {
            SourceAggregate::Count => (Aggregate::Count, Unit::Count, 0),
            SourceAggregate::Percent => (Aggregate::Percent, Unit::Percent, NUMBER_SCALE),
            SourceAggregate::DaysSinceLast => (Aggregate::DaysSinceLast, Unit::Days, 0),
            SourceAggregate::DaysSinceFirst => (Aggregate::DaysSinceFirst, Unit::Days, 0),
            SourceAggregate::DaysBetween => (Aggregate::DaysBetween, Unit::Days, NUMBER_SCALE),
        };
        let row = self.row_metric(parsed, source_id, aggregate)?;
        Some((MetricKind::Rows(row), Type::Number, unit, scale))
    }

    fn of_column(
        &mut self,
        parsed: &ParsedMetric,
        aggregate: ColumnAggregate,
        source: &Loc<String>,
        column: &Loc<String>,
    ) -> Option<(MetricKind, Type, Unit, u8)> {
        let source_id = self.source_named(source)?;
        if aggregate == ColumnAggregate::Distinct && column.value == "at" {
            let row = self.row_metric(parsed, source_id, Aggregate::DistinctDays)?;
            return Some((MetricKind::Rows(row), Type::Number, Unit::Days, 0));
        }
        let columns = &self.sources[source_id].columns;
        let Some(id) = columns.iter().position(|candidate| candidate.name == column.value) else {
            let names: Vec<String> = columns.iter().map(|column| column.name.clone()).collect();
            let help = if column.value.contains(['+', '-', '*', '/']) {
                Some("give the source a column with `expr:`, and name it here".to_owned())
            } else {
                did_you_mean(&column.value, names.iter().map(String::as_str))
                    .or_else(|| super::written::has(&names))
            };
            self.report(
                Diagnostic::new(
                    Code::UnknownName,
                    column.span,
                    format!("the source `{}` has no column `{}`", source.value, column.value),
                )
                .maybe_help(help),
            );
            return None;
        };
        let kind = columns[id].kind;
        self.usage.columns.insert((source_id, id));
        let numeric = kind.ty() == Type::Number;
        let column_id: ColumnId = id;
        let scale = kind.scale(self.settings.money_decimals);
        let (aggregate, unit, scale) = match aggregate {
            ColumnAggregate::Distinct => (Aggregate::Distinct(column_id), Unit::Count, 0),
            _ if !numeric => {
                let message = format!(
                    "`{}` is {}; this needs a column of numbers",
                    column.value,
                    kind.ty().words()
                );
                let help = match kind.ty() {
                    Type::Flag => {
                        Some(format!("use `percent` or `count` with `where: {}`", column.value))
                    }
                    _ => Some("`distinct` counts different values of such a column".to_owned()),
                };
                self.report(
                    Diagnostic::new(Code::WrongType, column.span, message).maybe_help(help),
                );
                return None;
            }
            ColumnAggregate::Sum => (Aggregate::Sum(column_id), kind.unit(), scale),
            ColumnAggregate::Min => (Aggregate::Min(column_id), kind.unit(), scale),
            ColumnAggregate::Max => (Aggregate::Max(column_id), kind.unit(), scale),
            ColumnAggregate::Average => (Aggregate::Average(column_id), kind.unit(), NUMBER_SCALE),
            ColumnAggregate::First => (Aggregate::First(column_id), kind.unit(), scale),
            ColumnAggregate::Last => (Aggregate::Last(column_id), kind.unit(), scale),
        };
        let row = self.row_metric(parsed, source_id, aggregate)?;
        Some((MetricKind::Rows(row), Type::Number, unit, scale))
    }

    fn window(&mut self, parsed: &Loc<ParsedWindow>) -> Option<Window> {
        Some(match &parsed.value {
            ParsedWindow::Lifetime => Window::Lifetime,
            ParsedWindow::Trailing(literal) => Window::Trailing(self.duration(literal)?),
            ParsedWindow::Calendar(period) => Window::Calendar(*period),
            ParsedWindow::Previous(period) => Window::Previous(*period),
            ParsedWindow::MembershipYear => {
                Window::MembershipYear(self.date_attribute("joined", parsed.span)?)
            }
            ParsedWindow::Tier(ladder) => match self.ladder_id(&ladder.value) {
                Some(id) => Window::Tier(id),
                None => {
                    let names = self.pack.ladders.iter().map(|ladder| ladder.name.value.as_str());
                    let help = did_you_mean(&ladder.value, names);
                    self.report(
                        Diagnostic::new(
                            Code::UnknownName,
                            ladder.span,
                            format!("there is no ladder `{}`", ladder.value),
                        )
                        .maybe_help(help),
                    );
                    return None;
                }
            },
        })
    }

    /// The attribute of this name, which must be a date; `span` is the place that needs it.
    pub fn date_attribute(&mut self, name: &str, span: Span) -> Option<usize> {
        let found = self.attributes.iter().position(|attribute| attribute.name == name);
        match found {
            Some(id) if self.attributes[id].kind == ColumnKind::Date => {
                self.usage.attributes.insert(id);
                Some(id)
            }
            Some(_) => {
                let message = format!("the customers' attribute `{name}` is not a date");
                self.error(Code::WrongType, span, message);
                None
            }
            None => {
                self.report(
                    Diagnostic::new(
                        Code::UnknownName,
                        span,
                        format!("this needs the customers' attribute `{name}`"),
                    )
                    .help(format!("add `{name}: date` to `columns` of `customers`")),
                );
                None
            }
        }
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
            let help = did_you_mean(&name.value, metrics.iter().map(String::as_str));
            self.report(
                Diagnostic::new(
                    Code::UnknownName,
                    name.span,
                    format!("there is no metric `{}`", name.value),
                )
                .maybe_help(help),
            );
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

    /// The metric over the calendar period before, made once.
    pub fn previous_metric(&mut self, id: MetricId, span: Span) -> Option<MetricId> {
        if let Some(known) = self.previous_ids.get(&id) {
            return Some(*known);
        }
        let Draft::Done(metric) = &self.drafts[id] else { return None };
        let mut metric = metric.as_ref().clone();
        let calendar = match &mut metric.kind {
            MetricKind::Rows(row) => match row.window {
                Window::Calendar(period) => {
                    row.window = Window::Previous(period);
                    true
                }
                _ => false,
            },
            _ => false,
        };
        if !calendar {
            let name = metric.name;
            self.report(
                Diagnostic::new(
                    Code::NotAllowedHere,
                    span,
                    format!("`{name}` has no calendar window, so nothing comes before it"),
                )
                .help("give it `within: calendar year`, or use a second metric with `ago:`"),
            );
            return None;
        }
        metric.name = format!("previous({})", metric.name);
        metric.hidden = true;
        let new = self.drafts.len();
        self.metric_names.push(metric.name.clone());
        self.drafts.push(Draft::Done(Box::new(metric)));
        self.usage.metrics.insert(new);
        self.previous_ids.insert(id, new);
        Some(new)
    }

    /// Whether a metric is what a year brings, or a rate that no length of time changes.
    fn is_yearly(&self, kind: &MetricKind) -> bool {
        match kind {
            MetricKind::Rows(row) => match row.aggregate {
                Aggregate::Count | Aggregate::Sum(_) => covers_a_year(row.window),
                _ => true,
            },
            MetricKind::Formula { expr, .. } => self.expr_is_yearly(expr),
            _ => true,
        }
    }

    /// A product or quotient may bring a sum to a year, so only what stands for itself counts.
    pub fn expr_is_yearly(&self, expr: &Expr) -> bool {
        match &expr.node {
            Node::Input(Input::Metric(id)) => match &self.drafts[*id] {
                Draft::Done(metric) => metric.yearly,
                _ => true,
            },
            Node::Arithmetic(
                crate::expr::ArithmeticOp::Add | crate::expr::ArithmeticOp::Subtract,
                a,
                b,
            ) => self.expr_is_yearly(a) && self.expr_is_yearly(b),
            Node::If(_, a, b) => self.expr_is_yearly(a) && self.expr_is_yearly(b),
            _ => true,
        }
    }
}

fn covers_a_year(window: Window) -> bool {
    use crate::program::Period;
    match window {
        Window::Trailing(Duration { count, unit }) => match unit {
            DurationUnit::Year => count == 1,
            DurationUnit::Month => count == 12,
            DurationUnit::Week => count == 52,
            DurationUnit::Day => matches!(count, 364..=366),
        },
        Window::Calendar(Period::Year)
        | Window::Previous(Period::Year)
        | Window::MembershipYear(_) => true,
        _ => false,
    }
}
