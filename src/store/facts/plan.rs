use std::collections::BTreeMap;

use jiff::civil::Date;

use crate::expr::{
    ColumnId, Condition, Expr, Input, MetricId, Node, SourceId, Type, days_from_date,
};
use crate::metrics::{Outcome, days_of};
use crate::program::{Aggregate, ColumnSource, MetricKind, Program, RowMetric, Source, Window};

/// What one scan over a source has to do for all metrics together.
#[derive(Debug)]
pub(super) struct SourcePlan<'p> {
    pub(super) source: &'p Source,
    /// "source `orders`", for messages.
    pub(super) asked_by: String,
    /// Stored columns that are read.
    pub(super) stored: Vec<ColumnId>,
    /// Computed columns that are needed, each after those it reads.
    pub(super) computed: Vec<ColumnId>,
    /// Each different `where` once.
    pub(super) filters: Vec<&'p Condition<Expr>>,
    pub(super) windows: Vec<WindowPlan>,
    pub(super) groups: Vec<Group>,
    pub(super) metrics: Vec<MetricPlan>,
}

/// A window as of this pass.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct WindowPlan {
    pub(super) window: Window,
    /// The as-of date, `ago` included.
    pub(super) as_of: Date,
    /// Days since 1970-01-01; `None` where the first day differs by customer.
    pub(super) first: Option<i32>,
    pub(super) last: i32,
}

impl WindowPlan {
    /// Whether rows from the first to the last of these days may be in it.
    pub(super) fn may_hold(&self, ends: (i32, i32)) -> bool {
        ends.0 <= self.last && self.first.is_none_or(|first| first <= ends.1)
    }
}

/// Metrics that take the same rows.
#[derive(Debug)]
pub(super) struct Group {
    pub(super) window: usize,
    pub(super) filter: Option<usize>,
    /// Places in `metrics`.
    pub(super) members: Vec<(usize, Role)>,
}

/// What rows are to a metric.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Role {
    Taken,
    /// What a `percent` is a part of.
    All,
}

#[derive(Debug)]
pub(super) struct MetricPlan {
    pub(super) metric: MetricId,
    pub(super) aggregate: Aggregate,
    pub(super) column: Option<ColumnId>,
    pub(super) as_of: i32,
}

/// The plans of the sources that something asks for, as of a date. The same sources with the
/// same columns and filters for any date.
pub(super) fn plans(program: &Program, as_of: Date) -> Vec<SourcePlan<'_>> {
    let sources = 0..program.sources.len();
    sources.filter_map(|source| SourcePlan::new(program, source, as_of, |_| true)).collect()
}

impl<'p> SourcePlan<'p> {
    /// Of the metrics over the source those that are `wanted`. `None`: nothing asks for its rows.
    pub(super) fn new(
        program: &'p Program,
        id: SourceId,
        as_of: Date,
        wanted: impl Fn(MetricId) -> bool,
    ) -> Option<Self> {
        let source = &program.sources[id];
        let mut plan = Self::reading(source, format!("source `{}`", source.name), Vec::new());
        let mut asked = program.customers.is_none();
        // Conditions differ by their places in the pack; written out they have none.
        let mut filters = BTreeMap::new();
        for (metric, declared) in program.metrics.iter().enumerate() {
            if let MetricKind::Rows(rows) = &declared.kind
                && rows.source == id
            {
                asked = true;
                if wanted(metric) {
                    plan.add_metric(program, metric, rows, as_of, &mut filters);
                }
            }
        }
        asked.then_some(plan)
    }

    /// Only to read rows with stored columns.
    pub(super) fn reading(source: &'p Source, asked_by: String, stored: Vec<ColumnId>) -> Self {
        SourcePlan {
            source,
            asked_by,
            stored,
            computed: Vec::new(),
            filters: Vec::new(),
            windows: Vec::new(),
            groups: Vec::new(),
            metrics: Vec::new(),
        }
    }

    fn add_metric(
        &mut self,
        program: &'p Program,
        metric: MetricId,
        rows: &'p RowMetric,
        as_of: Date,
        filters: &mut BTreeMap<String, usize>,
    ) {
        let as_of = rows.ago.map_or(as_of, |ago| ago.before(as_of).unwrap_or(Date::MIN));
        let days = days_of(rows.window, as_of, program.settings.year_starts);
        let window = place_of(
            &mut self.windows,
            WindowPlan {
                window: rows.window,
                as_of,
                first: days.map(|days| days_from_date(days.first)),
                last: days_from_date(days.map_or(as_of, |days| days.last)),
            },
        );
        let column = rows.aggregate.column();
        column.into_iter().for_each(|column| self.need(column));
        rows.filter.visit(&mut |expr| self.need_inputs(expr));
        let filter = (!matches!(rows.filter, Condition::Always)).then(|| {
            let written = serde_json::to_string(&rows.filter).expect("a condition is plain data");
            *filters.entry(written).or_insert_with(|| {
                self.filters.push(&rows.filter);
                self.filters.len() - 1
            })
        });
        let place = self.metrics.len();
        self.add_member(window, filter, place, Role::Taken);
        if rows.aggregate == Aggregate::Percent {
            self.add_member(window, None, place, Role::All);
        }
        let as_of = days_from_date(as_of);
        self.metrics.push(MetricPlan { metric, aggregate: rows.aggregate, column, as_of });
    }

    fn add_member(&mut self, window: usize, filter: Option<usize>, metric: usize, role: Role) {
        let same = |group: &&mut Group| group.window == window && group.filter == filter;
        match self.groups.iter_mut().find(same) {
            Some(group) => group.members.push((metric, role)),
            None => self.groups.push(Group { window, filter, members: vec![(metric, role)] }),
        }
    }

    fn need_inputs(&mut self, expr: &Expr) {
        let mut inputs = Vec::new();
        expr.visit(&mut |expr| {
            if let Node::Input(Input::Column(column)) = expr.node {
                inputs.push(column);
            }
        });
        inputs.into_iter().for_each(|column| self.need(column));
    }

    /// `check` has refused circles.
    fn need(&mut self, column: ColumnId) {
        if self.stored.contains(&column) || self.computed.contains(&column) {
            return;
        }
        match &self.source.columns[column].column {
            ColumnSource::Stored { .. } => self.stored.push(column),
            ColumnSource::Computed(expr) => {
                self.need_inputs(expr);
                self.computed.push(column);
            }
        }
    }

    /// Whether a metric asks which of two rows came first.
    pub(super) fn needs_times(&self) -> bool {
        let is_of_time = |metric: &MetricPlan| {
            matches!(metric.aggregate, Aggregate::First(_) | Aggregate::Last(_))
        };
        self.metrics.iter().any(is_of_time)
    }

    pub(super) fn aggregates(&self) -> Vec<Aggregate> {
        self.metrics.iter().map(|metric| metric.aggregate).collect()
    }

    /// What each metric's column is to be, but for the texts.
    pub(super) fn outcomes(&self, money_decimals: u8) -> Vec<Outcome> {
        let outcome = |metric: &MetricPlan| {
            let kind = metric.column.map(|column| self.source.columns[column].kind);
            Outcome {
                ty: kind.map_or(Type::Number, |kind| kind.ty()),
                scale: kind.map_or(0, |kind| kind.scale(money_decimals)),
                as_of: metric.as_of,
                dictionary: None,
            }
        };
        self.metrics.iter().map(outcome).collect()
    }
}

fn place_of<T: PartialEq>(list: &mut Vec<T>, item: T) -> usize {
    list.iter().position(|known| *known == item).unwrap_or_else(|| {
        list.push(item);
        list.len() - 1
    })
}
