//! Cutoffs: values and borders over the population, taken in a pass or held from an earlier one.

use jiff::civil::Date;
use rust_decimal::Decimal;

use super::border::{Border, LastMember};
use super::evaluate::column;
use super::statistics::{Whole, average, deviation, median, percentile, share_of, total};
use super::top::{self, Ranks};
use super::view::Columns;
use crate::expr::column::{Column, Data, Ints};
use crate::expr::decimal::representable;
use crate::expr::{Fault, NEVER_DAYS, Unit};
use crate::metrics::exact::rescale;
use crate::program::{Cutoff, CutoffKind, Ties};
use crate::store::CustomerId;

/// A cutoff as a pass uses it.
#[derive(Debug, Clone, PartialEq)]
pub struct Taken {
    /// The value; of a top the smallest measure that was in it (0 where nobody was).
    pub value: Result<Decimal, Fault>,
    /// Of a top: a flag per customer.
    pub members: Option<Column>,
    /// How many were in a top, and of how many a value is, when it was taken.
    pub count: usize,
    /// The date of the pass that took it.
    pub taken_on: Date,
    /// Of a top: its last member, where there is one whose numbers can be stored.
    pub border: Option<Border>,
    /// Of a top: its last member, where there is one.
    pub(super) last: Option<LastMember>,
}

impl Taken {
    /// Taken over nobody.
    fn nothing(taken_on: Date) -> Taken {
        let value = Ok(Decimal::ZERO);
        Taken { value, members: None, count: 0, taken_on, border: None, last: None }
    }

    /// The same without who is in it.
    pub(super) fn without_members(&self) -> Taken {
        Taken { members: None, border: self.border.clone(), last: self.last.clone(), ..*self }
    }

    /// The same, with one of the customers only.
    pub(super) fn of_one(&self, slot: usize) -> Taken {
        let member = |members: &Column| members.slice(slot..slot + 1).to_column();
        Taken { members: self.members.as_ref().map(member), ..self.without_members() }
    }
}

/// The customers who count, and how many they are.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Members<'a> {
    pub mask: &'a [bool],
    pub count: usize,
}

/// Everything about the customers of a pass that a cutoff looks at.
#[derive(Debug, Clone, Copy)]
pub(super) struct Crowd<'a> {
    pub columns: Columns<'a>,
    pub members: Members<'a>,
    pub customers: &'a [CustomerId],
    pub threads: usize,
}

/// Takes a cutoff, or applies one that was taken before.
///
/// - Tops take their share of the whole population; one that was taken before has those who are at
///   its border or above it, and one of everybody has everybody. Those without a measure (NULL) are
///   in no top; for those whose measure is a fault, being in it is that fault.
/// - Values are of those of the population who have a measure.
pub(super) fn take(cutoff: &Cutoff, before: Option<&Taken>, crowd: Crowd<'_>) -> Taken {
    if let Some(before) = before
        && !cutoff.kind.is_top()
    {
        return before.without_members();
    }
    let mask = crowd.members.mask;
    let measure = column(crowd.columns, &cutoff.measure, Some(mask), mask.len(), crowd.threads);
    let days = cutoff.measure.unit == Unit::Days;
    let Data::Number { scale, values } = &measure.data else {
        return Taken::nothing(crowd.columns.as_of);
    };
    match values {
        Ints::Narrow(values) => {
            let measured = Measured { column: &measure, values, scale: *scale, days, crowd };
            measured.take(cutoff, before)
        }
        Ints::Wide(values) => {
            let measured = Measured { column: &measure, values, scale: *scale, days, crowd };
            measured.take(cutoff, before)
        }
    }
}

struct Measured<'a, T> {
    column: &'a Column,
    values: &'a [T],
    scale: u8,
    /// Whether it counts days, so that one of its values is "never".
    days: bool,
    crowd: Crowd<'a>,
}

impl<T: Whole> Measured<'_, T> {
    fn take(&self, cutoff: &Cutoff, before: Option<&Taken>) -> Taken {
        if let Some(before) = before {
            return self.hold(cutoff, before);
        }
        let population = self.crowd.members;
        let mut counted = measured_values(self.column, self.values, population.mask);
        let wanted = match cutoff.kind {
            CutoffKind::TopPercent(percent) => Ok(share_of(population.count, percent)),
            CutoffKind::TopCount(count) => Ok(usize::try_from(count).unwrap_or(usize::MAX)),
            CutoffKind::MakesPercent(percent) => top::makes_percent(&mut counted, percent),
            _ => return self.value(&cutoff.kind, counted),
        };
        let taken_on = self.crowd.columns.as_of;
        let wanted = match wanted {
            Ok(wanted) => wanted,
            Err(fault) => {
                let members = Some(faulty(fault, population.mask.len()));
                return Taken { value: Err(fault), members, ..Taken::nothing(taken_on) };
            }
        };
        let ranks = ranks(cutoff, self.crowd);
        let holds =
            top::members(self.column, self.values, &mut counted, population.mask, wanted, &ranks);
        let smallest = holds.iter().zip(self.values).filter(|(holds, _)| **holds);
        let count = smallest.clone().count();
        let value = match smallest.map(|(_, value)| *value).min() {
            Some(value) => representable(value.into(), self.scale.into()),
            None => Ok(Decimal::ZERO),
        };
        let last = LastMember::of(self.column, self.values, &holds, &ranks, self.crowd.customers);
        let border = last.as_ref().and_then(LastMember::border);
        Taken { value, members: Some(self.members(holds)), count, taken_on, border, last }
    }

    /// A top that was taken before, with those who are in it now.
    fn hold(&self, cutoff: &Cutoff, before: &Taken) -> Taken {
        let Crowd { members: Members { mask, .. }, customers, .. } = self.crowd;
        let members = match (before.value, &before.last) {
            // It has no border: who comes is in it, and who falls below everybody stays.
            _ if cutoff.kind.is_everybody() => {
                let rows = 0..mask.len();
                self.members(rows.map(|row| top::measured(self.column, mask, row)).collect())
            }
            (_, Some(last)) => {
                let ranks = ranks(cutoff, self.crowd);
                self.members(last.members(self.column, self.values, mask, &ranks, customers))
            }
            (Ok(_), None) => self.members(vec![false; mask.len()]),
            (Err(fault), None) => faulty(fault, mask.len()),
        };
        Taken { members: Some(members), ..before.without_members() }
    }

    /// Who is in a top, as a column: those whose measure is a fault have that fault.
    fn members(&self, holds: Vec<bool>) -> Column {
        let mask = self.crowd.members.mask;
        let faults = self.column.faults.as_ref().map(|faults| {
            faults.iter().zip(mask).map(|(fault, counts)| fault * u8::from(*counts)).collect()
        });
        Column { data: Data::Flag(holds), known: None, faults }
    }

    fn value(&self, kind: &CutoffKind, mut counted: Vec<T>) -> Taken {
        if self.days && !matches!(kind, CutoffKind::Percentile(_)) {
            let never = rescale(NEVER_DAYS.into(), 0, self.scale);
            counted.retain(|&value| Some(value.into()) != never);
        }
        let value = match kind {
            CutoffKind::Percentile(percent) => percentile(&mut counted, self.scale, *percent),
            CutoffKind::Average => average(&counted, self.scale),
            CutoffKind::Median => median(&mut counted, self.scale),
            CutoffKind::Total => total(&counted, self.scale),
            _ => deviation(&counted, self.scale),
        };
        Taken { value, count: counted.len(), ..Taken::nothing(self.crowd.columns.as_of) }
    }
}

/// The values of those of the population who have one.
pub(super) fn measured_values<T: Whole>(column: &Column, values: &[T], mask: &[bool]) -> Vec<T> {
    let counted = values.iter().zip(mask).enumerate();
    counted
        .filter(|&(row, (_, &counts))| {
            counts && column.is_known(row) && column.fault(row).is_none()
        })
        .map(|(_, (&value, _))| value)
        .collect()
}

/// The members of a top that could not be taken: for everybody the same fault.
fn faulty(fault: Fault, rows: usize) -> Column {
    let mut members = Column::new(Data::Flag(vec![false; rows]));
    members.faults = Some(vec![fault as u8; rows]);
    members
}

/// How ties are decided; the columns that rank among equals are computed only when asked for.
fn ranks<'a>(cutoff: &'a Cutoff, crowd: Crowd<'a>) -> Ranks<'a> {
    let (ties, then) = match &cutoff.ties {
        Ties::Include { then } => (top::Ties::Include, then),
        Ties::Exclude { then } => (top::Ties::Exclude, then),
        Ties::BreakBy(then) => (top::Ties::Break, then),
    };
    let then = then.as_slice();
    Ranks {
        ties,
        ranked: !then.is_empty(),
        columns: Box::new(move |active: &[bool]| {
            let each = then.iter();
            each.map(|expr| column(crowd.columns, expr, Some(active), active.len(), crowd.threads))
                .collect()
        }),
    }
}
