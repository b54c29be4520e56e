//! Reading the rows of the customers table.

use rusqlite::Row;
use rusqlite::types::ValueRef;

use super::{ASKED_BY, CustomerTable};
use crate::program::ColumnKind;
use crate::store::StoreError;
use crate::store::facts::cells::Cells;
use crate::store::facts::clock::Clock;
use crate::store::facts::ids::{Ids, MOST_CUSTOMERS, Who, who};
use crate::store::facts::relation::{Reading, look_up};
use crate::store::facts::unreadable::{BadRow, Unreadable, shown};
use crate::store::guard::Guarded;
use crate::store::open::StoreFile;

/// How the rows of the table are read.
pub(super) struct Listed<'a> {
    pub(super) reading: &'a Reading,
    /// The id and the stored columns.
    pub(super) wanted: &'a [&'a str],
    /// Of the stored columns; whether in minor units, and the decimals of money.
    pub(super) kinds: &'a [(ColumnKind, bool, u8)],
    pub(super) clock: &'a Clock,
}

impl Listed<'_> {
    fn cells(&self) -> Vec<Cells> {
        let kinds = self.kinds.iter();
        kinds.map(|&(kind, minor, money)| Cells::new(kind, minor, money, self.clock)).collect()
    }

    /// In storage order, `only` those that are asked for.
    pub(super) fn read(
        &self,
        (file, guarded): (&StoreFile, &Guarded),
        only: Option<&Ids>,
        skip_bad_rows: bool,
    ) -> Result<(CustomerTable, Vec<Cells>), StoreError> {
        let (mut found, mut cells) = (CustomerTable::default(), self.cells());
        let failed = |error| file.error(error);
        if only.is_some_and(|only| only.list.is_empty()) {
            return Ok((found, cells));
        }
        let mut statement = self.reading.prepare(guarded, ASKED_BY)?;
        let mut rows = match self.reading.rowid_range {
            Some(range) => statement.query(range),
            None => statement.query([]),
        }
        .map_err(failed)?;
        let mut number = 0;
        while let Some(row) = rows.next().map_err(failed)? {
            number += 1;
            let value = |place: usize| self.value(row, place);
            if let Err((place, why)) = found.take(value, &mut cells, only) {
                self.bad(&mut found, (row, number), (place, why), skip_bad_rows)?;
            }
            if found.ids.list.len() as u64 >= u64::from(MOST_CUSTOMERS) {
                return Err(StoreError::TooManyCustomers { limit: MOST_CUSTOMERS });
            }
        }
        Ok((found, cells))
    }

    /// One customer after the other, by an index. `None`: there is none that helps, or somebody has
    /// two rows, of which the first in storage order counts.
    pub(super) fn look_up(
        &self,
        (file, guarded): (&StoreFile, &Guarded),
        id: &str,
        only: &Ids,
        skip_bad_rows: bool,
    ) -> Result<Option<(CustomerTable, Vec<Cells>)>, StoreError> {
        if !self.reading.is_lookup_faster(only.list.len()) {
            return Ok(None);
        }
        let Some(sql) = self.reading.by_customer(guarded, id)? else { return Ok(None) };
        let (mut found, mut cells) = (CustomerTable::default(), self.cells());
        let failed = |error| file.error(error);
        let mut statement = guarded.connection().prepare(&sql).map_err(failed)?;
        for customer in &only.list {
            let asked = Who::from(customer);
            let mut rows = look_up(&mut statement, customer).map_err(failed)?;
            let mut number = 0;
            while let Some(row) = rows.next().map_err(failed)? {
                let value = |place: usize| self.value(row, place);
                if who(value(0)) != Ok(asked) {
                    continue;
                }
                number += 1;
                if number > 1 {
                    return Ok(None);
                }
                if let Err(why) = found.take(value, &mut cells, None) {
                    self.bad(&mut found, (row, number), why, skip_bad_rows)?;
                }
            }
        }
        Ok(Some((found, cells)))
    }

    fn value<'r>(&self, row: &'r Row<'_>, place: usize) -> ValueRef<'r> {
        row.get_ref(self.reading.places[place + 1]).unwrap_or(ValueRef::Null)
    }

    /// An error, or one more of the rows that were left out.
    fn bad(
        &self,
        found: &mut CustomerTable,
        (row, number): (&Row<'_>, i64),
        (place, why): (usize, Unreadable),
        skip_bad_rows: bool,
    ) -> Result<(), StoreError> {
        let bad = BadRow {
            task: 0,
            row: row.get(self.reading.places[0]).unwrap_or(number),
            asked_by: ASKED_BY.to_owned(),
            column: self.wanted[place].to_owned(),
            value: shown(self.value(row, place)),
            reason: why.0,
        };
        if !skip_bad_rows {
            return Err(bad.into_error());
        }
        found.left.bad_rows.add(bad);
        Ok(())
    }
}
