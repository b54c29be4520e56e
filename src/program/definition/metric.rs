//! Metrics, the columns below them, and the cutoffs over them.

use serde_json::{Value as Json, json};

use super::{Definition, Part, plain};
use crate::expr::{Expr, SourceId};
use crate::program::{ColumnSource, Cutoff, Metric, MetricKind, RowMetric, Ties, Window};

impl Definition<'_> {
    pub(super) fn metric(&mut self, metric: &Metric) -> Json {
        let kind = match &metric.kind {
            MetricKind::Rows(rows) => self.rows(rows),
            MetricKind::Formula { expr, otherwise } => {
                json!(["formula", self.expr(expr, None), plain(otherwise)])
            }
            MetricKind::Score(lines) => {
                let lines = lines.iter().map(|line| {
                    let when = self.condition(&line.when, None);
                    json!([when, self.expr(&line.add, None), plain(&line.cap)])
                });
                json!(["score", lines.collect::<Vec<_>>()])
            }
            MetricKind::Rfm { recency, frequency, monetary, bins } => {
                let population = self.read(Part::Population);
                let measures =
                    [recency, frequency, monetary].map(|id| self.read(Part::Metric(*id)));
                json!(["rfm", measures, bins, population])
            }
            MetricKind::RfmPart { of, part } => {
                json!(["part", self.read(Part::Metric(*of)), part])
            }
        };
        json!([kind, plain(&metric.ty), plain(&metric.unit), metric.scale])
    }

    fn rows(&mut self, rows: &RowMetric) -> Json {
        let program = self.program;
        let column = rows.aggregate.column().map(|id| self.read(Part::Column(rows.source, id)));
        let window = match rows.window {
            Window::MembershipYear(attribute) => {
                json!(["membership year", self.read(Part::Attribute(attribute))])
            }
            Window::PreviousMembershipYear(attribute) => {
                json!(["previous membership year", self.read(Part::Attribute(attribute))])
            }
            Window::Tier(ladder) => json!(["tier", program.ladders[ladder].name]),
            window => plain(&window),
        };
        json!([
            self.read(Part::Source(rows.source)),
            rows.aggregate.name(),
            column,
            self.condition(&rows.filter, Some(rows.source)),
            window,
            plain(&rows.ago),
        ])
    }

    pub(super) fn column(&mut self, column: &ColumnSource, rows: Option<SourceId>) -> Json {
        match column {
            ColumnSource::Stored { name, minor } => json!(["stored", name, minor]),
            ColumnSource::Computed(expr) => json!(["computed", self.expr(expr, rows)]),
        }
    }

    pub(super) fn cutoff(&mut self, cutoff: &Cutoff) -> Json {
        let ladders = &self.program.ladders;
        let held = cutoff.held_by.map(|ladder| &ladders[ladder]);
        let held = held.map(|ladder| json!([ladder.name, plain(&ladder.cutoffs)]));
        let population = self.read(Part::Population);
        let measure = self.expr(&cutoff.measure, None);
        let mut ranks = |then: &[Expr]| -> Vec<Json> {
            then.iter().map(|rank| self.expr(rank, None)).collect()
        };
        let ties = match &cutoff.ties {
            Ties::Include { then } => json!(["include", ranks(then)]),
            Ties::Exclude { then } => json!(["exclude", ranks(then)]),
            Ties::BreakBy(then) => json!(["break_by", ranks(then)]),
        };
        json!([plain(&cutoff.kind), measure, plain(&cutoff.measure.unit), ties, held, population])
    }
}
