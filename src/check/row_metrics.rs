//! Metrics over the rows of a source: what they add up, of which rows, in which window.

use super::checker::{Checker, Draft};
use super::scope::Scope;
use crate::diagnostic::{Code, Diagnostic, did_you_mean};
use crate::expr::{ColumnId, Condition, MetricId, NUMBER_SCALE, SourceId, Type, Unit};
use crate::pack::{ColumnAggregate, ParsedMetric, ParsedMetricKind, ParsedWindow, SourceAggregate};
use crate::program::{Aggregate, ColumnKind, MetricKind, RowMetric, Window};
use crate::source::{Loc, Span};

impl Checker<'_> {
    /// `where`, `within` and `ago` belong to metrics over rows, `else` to formulas.
    pub fn refuse_row_keys(&mut self, parsed: &ParsedMetric, kind: &ParsedMetricKind) {
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

    pub fn of_source(
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

    pub fn of_column(
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
            ParsedWindow::PreviousMembershipYear => {
                Window::PreviousMembershipYear(self.date_attribute("joined", parsed.span)?)
            }
            ParsedWindow::Tier(ladder) => {
                Window::Tier(self.ladder_named(&ladder.value, ladder.span)?)
            }
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

    /// The metric over the calendar period before, made once.
    pub fn previous_metric(&mut self, id: MetricId, span: Span) -> Option<MetricId> {
        if let Some(known) = self.previous_ids.get(&id) {
            return Some(*known);
        }
        let Draft::Done(metric) = &self.drafts[id] else { return None };
        let mut metric = metric.as_ref().clone();
        let before = match &mut metric.kind {
            MetricKind::Rows(row) => match row.window {
                Window::Calendar(period) => Some((row, Window::Previous(period))),
                Window::MembershipYear(joined) => {
                    Some((row, Window::PreviousMembershipYear(joined)))
                }
                _ => None,
            },
            _ => None,
        };
        if let Some((row, window)) = before {
            row.window = window;
        } else {
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
}
