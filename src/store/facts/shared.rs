//! What several programs ask of the same rows, so that these are read once.

use jiff::civil::Date;

use super::plan::SourcePlan;
use crate::expr::{ColumnId, MetricId, SourceId};
use crate::program::{ColumnSource, MetricKind, Program, Source, Window};

/// A source that is read once, for all programs that ask for it.
#[derive(Debug)]
pub(super) struct SharedSource<'p> {
    /// As the first of them has it, with the columns of the others behind its own.
    source: Source,
    stored: Vec<ColumnId>,
    asked_by: String,
    pub(super) takers: Vec<Taker<'p>>,
}

/// What one program asks of a source.
#[derive(Debug)]
pub(super) struct Taker<'p> {
    /// Its place among the programs.
    pub(super) program: usize,
    pub(super) plan: SourcePlan<'p>,
    /// By the program's `ColumnId`: that of the column as it is read; `None` where it is not
    /// stored, or nobody needs it.
    pub(super) columns: Vec<Option<ColumnId>>,
}

/// Where the metrics of a program come from that it has in common with the first: by `MetricId`.
pub(super) type InCommon = Vec<Option<MetricId>>;

/// Whether one reading gives each of the programs what a reading of its own would give, if every
/// row can be read: dates and money are the same in all of them, and so is who is a customer.
/// Without a customers table that is whoever has a row, so that they must read the same sources.
pub(super) fn share_a_reading(programs: &[&Program]) -> bool {
    let Some((first, others)) = programs.split_first() else { return false };
    others.iter().all(|other| {
        let (ours, theirs) = (&first.settings, &other.settings);
        let settings =
            ours.timezone == theirs.timezone && ours.money_decimals == theirs.money_decimals;
        let customers = match (&first.customers, &other.customers) {
            (Some(ours), Some(theirs)) => (&ours.table, &ours.id) == (&theirs.table, &theirs.id),
            (None, None) => {
                first.sources.len() == other.sources.len()
                    && same_sources(first, other).iter().all(Option::is_some)
            }
            _ => false,
        };
        settings && customers
    })
}

/// The sources of all programs, each rows once, and what the others have in common with the first.
pub(super) fn shared_sources<'p>(
    programs: &[&'p Program],
    as_of: Date,
) -> (Vec<SharedSource<'p>>, Vec<InCommon>) {
    let mut shared: Vec<SharedSource<'p>> = Vec::new();
    let mut in_common = Vec::new();
    // By source of the first program: its place among those that are read.
    let mut places: Vec<Option<usize>> = Vec::new();
    for (place, &program) in programs.iter().enumerate() {
        let (same, common) = match programs.first() {
            Some(first) if place > 0 => {
                let same = same_sources(first, program);
                let common = metrics_in_common(first, program, &same);
                (same, common)
            }
            _ => (vec![None; program.sources.len()], vec![None; program.metrics.len()]),
        };
        for (id, same) in same.iter().enumerate() {
            let plan = SourcePlan::new(program, id, as_of, |metric| common[metric].is_none());
            let read = same.and_then(|of_first| places[of_first]);
            if place == 0 {
                places.push(plan.as_ref().map(|_| shared.len()));
            }
            let Some(plan) = plan else { continue };
            match read {
                Some(read) => shared[read].add(place, plan),
                None => shared.push(SharedSource::of(place, plan)),
            }
        }
        in_common.push(common);
    }
    (shared, in_common)
}

/// By source of the other program: the one of the first that has the same rows, each at most once.
/// One of the same name goes before others.
pub(super) fn same_sources(first: &Program, other: &Program) -> Vec<Option<SourceId>> {
    let is_same = |a: &Source, b: &Source| {
        (&a.from, &a.customer, &a.at, a.at_unit) == (&b.from, &b.customer, &b.at, b.at_unit)
    };
    let mut free = vec![true; first.sources.len()];
    let mut same = vec![None; other.sources.len()];
    for by_name in [true, false] {
        for (source, same) in other.sources.iter().zip(&mut same) {
            if same.is_some() {
                continue;
            }
            *same = first.sources.iter().enumerate().position(|(id, known)| {
                free[id] && is_same(known, source) && (!by_name || known.name == source.name)
            });
            if let Some(id) = *same {
                free[id] = false;
            }
        }
    }
    same
}

/// By metric of the other program: one of the first that comes to the same, over the same rows.
/// Windows since the last change of tier are each program's own: who has held what since when is
/// not part of a definition.
pub(super) fn metrics_in_common(
    first: &Program,
    other: &Program,
    same: &[Option<SourceId>],
) -> InCommon {
    let rows = |program: &Program, id: MetricId| match &program.metrics[id].kind {
        MetricKind::Rows(rows) if !matches!(rows.window, Window::Tier(_)) => Some(rows.source),
        _ => None,
    };
    let known: Vec<(SourceId, MetricId, String)> = (0..first.metrics.len())
        .filter_map(|id| Some((rows(first, id)?, id, first.metric_definition(id))))
        .collect();
    let of_first = |id: MetricId| {
        let source = same[rows(other, id)?]?;
        let definition = other.metric_definition(id);
        let found = known.iter().find(|(of, _, known)| *of == source && *known == definition);
        found.map(|(_, id, _)| *id)
    };
    (0..other.metrics.len()).map(of_first).collect()
}

impl<'p> SharedSource<'p> {
    fn of(program: usize, plan: SourcePlan<'p>) -> Self {
        let mut shared = Self {
            source: Source { columns: Vec::new(), ..plan.source.clone() },
            stored: Vec::new(),
            asked_by: plan.asked_by.clone(),
            takers: Vec::new(),
        };
        shared.add(program, plan);
        shared
    }

    fn add(&mut self, program: usize, plan: SourcePlan<'p>) {
        let mut columns = vec![None; plan.source.columns.len()];
        for &id in &plan.stored {
            columns[id] = Some(self.column(plan.source, id));
        }
        self.takers.push(Taker { program, plan, columns });
    }

    /// The place of a stored column among those that are read.
    fn column(&mut self, source: &Source, id: ColumnId) -> ColumnId {
        let asked = &source.columns[id];
        let stored = |column: &ColumnSource| match column {
            ColumnSource::Stored { name, minor } => Some((name.clone(), *minor)),
            ColumnSource::Computed(_) => None,
        };
        let known = self.source.columns.iter().position(|known| {
            known.kind == asked.kind && stored(&known.column) == stored(&asked.column)
        });
        known.unwrap_or_else(|| {
            self.source.columns.push(asked.clone());
            self.stored.push(self.stored.len());
            self.stored.len() - 1
        })
    }

    /// How its rows are read.
    pub(super) fn reading(&self) -> SourcePlan<'_> {
        SourcePlan::reading(&self.source, self.asked_by.clone(), self.stored.clone())
    }
}
