//! The customers table: who there is, and what is known of them.

mod listed;

use std::borrow::Cow;
use std::sync::Arc;

use jiff::civil::Date;
use listed::Listed;
use rusqlite::types::ValueRef;

use super::block::Block;
use super::cells::Cells;
use super::clock::Clock;
use super::customer::CustomerId;
use super::ids::{Ids, Who, who};
use super::left::Left;
use super::plan::{SourcePlan, WindowPlan};
use super::relation::Reading;
use super::scan::tier_span;
use super::scripts::RowScripts;
use super::unreadable::Unreadable;
use crate::expr::column::{Column, Data, Ints};
use crate::expr::{AttributeId, Expr, Input, LadderId, Node, date_from_days, days_from_date};
use crate::metrics::{Days, last_anniversary, membership_year_before};
use crate::program::{Attribute, ColumnKind, ColumnSource, Customers, MetricKind, Program, Window};
use crate::store::StoreError;
use crate::store::guard::Guarded;
use crate::store::open::StoreFile;
use crate::store::schema::Schema;

const ASKED_BY: &str = "the section `customers`";
const TWICE: Unreadable = Unreadable("a customer that the table has already");

/// Everybody in the customers table, in the order of their ids.
#[derive(Debug, Default)]
pub(super) struct CustomerTable {
    pub(super) ids: Ids,
    /// How many they are; the ids themselves go to those who read rows.
    customers: usize,
    /// What is stored and used, each once.
    columns: Vec<Column>,
    /// By program.
    needed: Vec<Needed>,
    pub(super) left: Left,
}

/// Attributes that a program needs, stored and computed, each after those it reads.
#[derive(Debug, Default)]
struct Needed {
    stored: Vec<AttributeId>,
    /// By stored attribute its place among the columns.
    places: Vec<usize>,
    computed: Vec<AttributeId>,
}

impl CustomerTable {
    /// Reads the table once for programs that share it and the decimals of money. `only`: of these
    /// customers.
    pub(super) fn read(
        programs: &[&Program],
        customers: &Customers,
        store: (&StoreFile, &Schema, &Guarded),
        clock: &Clock,
        (skip_bad_rows, only): (bool, Option<&Ids>),
    ) -> Result<Self, StoreError> {
        let mut stored: Vec<(&str, bool, ColumnKind)> = Vec::new();
        let mut kinds = Vec::new();
        let mut needed = Vec::new();
        for program in programs {
            let mut of_program = Needed::of(program);
            for &id in &of_program.stored {
                let Attribute { column, kind, .. } = &program.attributes[id];
                let ColumnSource::Stored { name, minor } = column else { continue };
                let asked = (name.as_str(), *minor, *kind);
                let place = stored.iter().position(|known| *known == asked);
                of_program.places.push(place.unwrap_or_else(|| {
                    stored.push(asked);
                    kinds.push((*kind, *minor, program.settings.money_decimals));
                    stored.len() - 1
                }));
            }
            needed.push(of_program);
        }
        let mut wanted = vec![customers.id.as_str()];
        wanted.extend(stored.iter().map(|(name, ..)| *name));
        let (file, schema, guarded) = store;
        let table = &customers.table;
        let reading = Reading::of_table(guarded, schema, ASKED_BY, table, &wanted)?;
        let listed = Listed { reading: &reading, wanted: &wanted, kinds: &kinds, clock };
        let mut found = None;
        if let Some(only) = only {
            found = listed.look_up((file, guarded), &customers.id, only, skip_bad_rows)?;
        }
        let found = found.map_or_else(|| listed.read((file, guarded), only, skip_bad_rows), Ok);
        let (found, mut cells) = found?;
        Ok(found.complete(needed, &mut cells))
    }

    /// The same of customers that no store holds, for one program. `value` gives of the customer
    /// with that number the id (`None`) or an attribute that is stored; money is never in minor
    /// units. An error says of which of them what cannot be read and why.
    pub(super) fn of_memory<'r>(
        program: &Program,
        customers: usize,
        value: impl Fn(usize, Option<AttributeId>) -> ValueRef<'r>,
        clock: &Clock,
    ) -> Result<Self, (usize, Option<AttributeId>, Unreadable)> {
        let mut needed = Needed::of(program);
        needed.places = (0..needed.stored.len()).collect();
        let decimals = program.settings.money_decimals;
        let kinds = needed.stored.iter().map(|&id| program.attributes[id].kind);
        let mut cells: Vec<_> =
            kinds.map(|kind| Cells::new(kind, false, decimals, clock)).collect();
        let mut found = Self::default();
        for row in 0..customers {
            let attribute = |place: usize| place.checked_sub(1).map(|place| needed.stored[place]);
            found
                .take(|place| value(row, attribute(place)), &mut cells, None)
                .map_err(|(place, why)| (row, attribute(place), why))?;
        }
        Ok(found.complete(vec![needed], &mut cells))
    }

    fn complete(mut self, needed: Vec<Needed>, cells: &mut [Cells]) -> Self {
        self.columns = cells.iter_mut().map(Cells::take).collect();
        self.needed = needed;
        self.customers = self.ids.list.len();
        self.in_order()
    }

    /// Reads a row: its id, then the columns. An error says at which place and why.
    fn take<'r>(
        &mut self,
        value: impl Fn(usize) -> ValueRef<'r>,
        cells: &mut [Cells],
        only: Option<&Ids>,
    ) -> Result<(), (usize, Unreadable)> {
        let customer = who(value(0)).map_err(|why| (0, why))?;
        if only.is_some_and(|only| only.get(customer).is_none()) {
            return Ok(());
        }
        if customer == Who::Nobody {
            self.left.nameless += 1;
            return Ok(());
        }
        if self.ids.get(customer).is_some() {
            return Err((0, TWICE));
        }
        for place in 0..cells.len() {
            if let Err(why) = cells[place].push(value(place + 1)) {
                let rows = self.ids.list.len();
                cells[..place].iter_mut().for_each(|cells| cells.truncate(rows));
                return Err((place + 1, why));
            }
        }
        self.ids.find_or_add(customer);
        Ok(())
    }

    /// The attributes of a program as of a date, by `AttributeId`; `place`: its own among those
    /// for which the table was read.
    pub(super) fn attributes(
        &self,
        place: usize,
        program: &Program,
        as_of: Date,
    ) -> Vec<Option<Column>> {
        let needed = &self.needed[place];
        let mut stored = vec![None; program.attributes.len()];
        for (&id, &column) in needed.stored.iter().zip(&needed.places) {
            stored[id] = Some(Cow::Borrowed(&self.columns[column]));
        }
        needed.compute(program, self.customers, stored, as_of)
    }

    /// The same with customers sorted.
    fn in_order(mut self) -> Self {
        if self.ids.list.is_sorted() {
            return self;
        }
        let (list, order) = std::mem::take(&mut self.ids).sorted();
        for column in &mut self.columns {
            reorder(column, &order);
        }
        for id in &list {
            self.ids.find_or_add(Who::from(id));
        }
        self
    }
}

/// The first and the last day of a customer's own window. `first > last`: none.
pub(super) type WindowSpan = (i32, i32);

/// For every window of a plan that differs by customer its days, by slot.
pub(super) fn window_spans(
    plan: &SourcePlan,
    customers: &[CustomerId],
    attributes: &[Option<Column>],
    tier_since: &dyn Fn(LadderId, &CustomerId) -> Option<Date>,
) -> Vec<Arc<Vec<WindowSpan>>> {
    let spans = |window: &WindowPlan| {
        let of_joined = |joined: AttributeId, year: fn(Date, Date) -> Option<Days>| {
            let joined = attributes[joined].as_ref();
            joined.map_or_else(Vec::new, |joined| membership_years(joined, window.as_of, year))
        };
        match window.window {
            Window::Tier(ladder) => {
                customers.iter().map(|id| tier_span(tier_since(ladder, id))).collect()
            }
            Window::MembershipYear(joined) => of_joined(joined, |joined, as_of| {
                last_anniversary(joined, as_of).map(|first| Days { first, last: as_of })
            }),
            Window::PreviousMembershipYear(joined) => of_joined(joined, membership_year_before),
            _ => Vec::new(),
        }
    };
    plan.windows.iter().map(|window| Arc::new(spans(window))).collect()
}

/// Who has not joined, or nobody knows when, has no membership year and no rows in it.
fn membership_years(
    joined: &Column,
    as_of: Date,
    year: fn(Date, Date) -> Option<Days>,
) -> Vec<WindowSpan> {
    let Data::Date(days) = &joined.data else { return Vec::new() };
    let is_known = |row| joined.is_known(row) && joined.fault(row).is_none();
    days.iter()
        .enumerate()
        .map(|(row, &day)| {
            let joined = is_known(row).then(|| date_from_days(day));
            let year = joined.and_then(|joined| year(joined, as_of));
            year.map_or((i32::MAX, i32::MIN), |year| {
                (days_from_date(year.first), days_from_date(year.last))
            })
        })
        .collect()
}

/// The attributes that a program reads, stored ones first.
pub(super) fn read_attributes(program: &Program) -> Vec<AttributeId> {
    let Needed { mut stored, computed, .. } = Needed::of(program);
    stored.extend(computed);
    stored
}

impl Needed {
    fn of(program: &Program) -> Self {
        let mut needed = Self::default();
        for (id, attribute) in program.attributes.iter().enumerate() {
            if attribute.used {
                needed.add(program, id);
            }
        }
        for metric in &program.metrics {
            if let MetricKind::Rows(rows) = &metric.kind
                && let Window::MembershipYear(attribute) | Window::PreviousMembershipYear(attribute) =
                    rows.window
            {
                needed.add(program, attribute);
            }
        }
        needed
    }

    /// Adds the computed attributes to the stored ones.
    fn compute(
        &self,
        program: &Program,
        customers: usize,
        stored: Vec<Option<Cow<'_, Column>>>,
        as_of: Date,
    ) -> Vec<Option<Column>> {
        let mut block = Block {
            rows: customers,
            as_of,
            days: &[],
            columns: stored,
            scripts: Arc::new(RowScripts::new(&program.scripts, as_of)),
        };
        for &id in &self.computed {
            let Attribute { column, kind, .. } = &program.attributes[id];
            if let ColumnSource::Computed(expr) = column {
                let scale = kind.scale(program.settings.money_decimals);
                block.compute(id, expr, *kind, scale, &mut Arc::default());
            }
        }
        block.columns.into_iter().map(|column| column.map(Cow::into_owned)).collect()
    }

    /// `check` has refused circles.
    fn add(&mut self, program: &Program, id: AttributeId) {
        if self.stored.contains(&id) || self.computed.contains(&id) {
            return;
        }
        match &program.attributes[id].column {
            ColumnSource::Stored { .. } => self.stored.push(id),
            ColumnSource::Computed(expr) => {
                for read in attributes_in(expr) {
                    self.add(program, read);
                }
                self.computed.push(id);
            }
        }
    }
}

fn attributes_in(expr: &Expr) -> Vec<AttributeId> {
    let mut found = Vec::new();
    expr.visit(&mut |expr| {
        if let Node::Input(Input::Attribute(id)) = expr.node {
            found.push(id);
        }
    });
    found
}

/// Row n becomes what row `order[n]` was.
fn reorder(column: &mut Column, order: &[u32]) {
    fn ordered<T: Copy>(values: &[T], order: &[u32]) -> Vec<T> {
        order.iter().map(|&row| values[row as usize]).collect()
    }
    match &mut column.data {
        Data::Number { values: Ints::Narrow(values), .. } => *values = ordered(values, order),
        Data::Number { values: Ints::Wide(values), .. } => *values = ordered(values, order),
        Data::Flag(values) => *values = ordered(values, order),
        Data::Date(values) => *values = ordered(values, order),
        Data::Text { codes, .. } => *codes = ordered(codes, order),
    }
    column.known = column.known.take().map(|known| ordered(&known, order));
    column.faults = column.faults.take().map(|faults| ordered(&faults, order));
}
