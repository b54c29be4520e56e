//! Cutoffs: values and borders over the population, taken once a pass.

use rust_decimal::Decimal;

use super::evaluate::column;
use super::statistics::{Whole, average, deviation, median, percentile, share_of, total};
use super::top::{self, Ranks};
use super::view::Columns;
use crate::expr::column::{Column, Data, Ints};
use crate::expr::decimal::representable;
use crate::expr::{Fault, NEVER_DAYS, Unit};
use crate::metrics::exact::rescale;
use crate::program::{Cutoff, CutoffKind, Ties};

/// A cutoff as it was taken in a pass.
#[derive(Debug, Clone, PartialEq)]
pub struct Taken {
    /// The value; of a top the smallest measure that is in it (0 where nobody is).
    pub value: Result<Decimal, Fault>,
    /// Of a top: a flag per customer.
    pub members: Option<Column>,
    /// How many are in a top, and of how many a value is.
    pub count: usize,
}

impl Taken {
    /// The same, with one of the customers only.
    pub(super) fn of_one(&self, slot: usize) -> Taken {
        let member = |members: &Column| members.slice(slot..slot + 1).to_column();
        Taken { value: self.value, members: self.members.as_ref().map(member), count: self.count }
    }
}

/// The customers who count, and how many they are.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Members<'a> {
    pub mask: &'a [bool],
    pub count: usize,
}

/// Takes a cutoff.
///
/// - Tops take their share of the whole population. Those without a measure (NULL) are in no
///   top; for those whose measure is a fault, being in it is that fault.
/// - Values are of those of the population who have a measure.
pub(crate) fn take(
    cutoff: &Cutoff,
    columns: Columns<'_>,
    population: Members<'_>,
    threads: usize,
) -> Taken {
    let rows = population.mask.len();
    let measure = column(columns, &cutoff.measure, Some(population.mask), rows, threads);
    let days = cutoff.measure.unit == Unit::Days;
    let Data::Number { scale, values } = &measure.data else {
        return Taken { value: Ok(Decimal::ZERO), members: None, count: 0 };
    };
    match values {
        Ints::Narrow(values) => {
            let measured = Measured { column: &measure, values, scale: *scale, days };
            measured.take(cutoff, columns, population, threads)
        }
        Ints::Wide(values) => {
            let measured = Measured { column: &measure, values, scale: *scale, days };
            measured.take(cutoff, columns, population, threads)
        }
    }
}

struct Measured<'a, T> {
    column: &'a Column,
    values: &'a [T],
    scale: u8,
    /// Whether it counts days, so that one of its values is "never".
    days: bool,
}

impl<T: Whole> Measured<'_, T> {
    fn take(
        &self,
        cutoff: &Cutoff,
        columns: Columns<'_>,
        population: Members<'_>,
        threads: usize,
    ) -> Taken {
        let mut counted = measured_values(self.column, self.values, population.mask);
        let wanted = match cutoff.kind {
            CutoffKind::TopPercent(percent) => Ok(share_of(population.count, percent)),
            CutoffKind::TopCount(count) => Ok(usize::try_from(count).unwrap_or(usize::MAX)),
            CutoffKind::MakesPercent(percent) => top::makes_percent(&mut counted, percent),
            _ => return self.value(&cutoff.kind, counted),
        };
        let wanted = match wanted {
            Ok(wanted) => wanted,
            Err(fault) => return faulty(fault, population.mask.len()),
        };
        let ranks = ranks(cutoff, columns, threads);
        let holds =
            top::members(self.column, self.values, &mut counted, population.mask, wanted, &ranks);
        let smallest = holds.iter().zip(self.values).filter(|(holds, _)| **holds);
        let count = smallest.clone().count();
        let value = match smallest.map(|(_, value)| *value).min() {
            Some(value) => representable(value.into(), self.scale.into()),
            None => Ok(Decimal::ZERO),
        };
        let members = Column {
            data: Data::Flag(holds),
            known: None,
            faults: self.column.faults.as_ref().map(|faults| {
                faults
                    .iter()
                    .zip(population.mask)
                    .map(|(fault, counts)| fault * u8::from(*counts))
                    .collect()
            }),
        };
        Taken { value, members: Some(members), count }
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
        Taken { value, members: None, count: counted.len() }
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

/// A top that could not be taken: for everybody the same fault.
fn faulty(fault: Fault, rows: usize) -> Taken {
    let mut members = Column::new(Data::Flag(vec![false; rows]));
    members.faults = Some(vec![fault as u8; rows]);
    Taken { value: Err(fault), members: Some(members), count: 0 }
}

/// How ties are decided; the columns that rank among equals are computed only when asked for.
fn ranks<'a>(cutoff: &'a Cutoff, columns: Columns<'a>, threads: usize) -> Ranks<'a> {
    let (border, then) = match &cutoff.ties {
        Ties::Include { then } => (top::Border::Include, then),
        Ties::Exclude { then } => (top::Border::Exclude, then),
        Ties::BreakBy(then) => (top::Border::Break, then),
    };
    let then = then.as_slice();
    Ranks {
        border,
        ranked: !then.is_empty(),
        columns: Box::new(move |active: &[bool]| {
            then.iter()
                .map(|expr| column(columns, expr, Some(active), active.len(), threads))
                .collect()
        }),
    }
}
