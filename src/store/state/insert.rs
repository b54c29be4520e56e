use rusqlite::{Connection, Statement};

use crate::store::CustomerId;

/// Rows in a statement: what a statement costs by itself is shared by so many.
const ROWS: usize = 64;

/// Inserts a row for every item. `head` is the statement up to `VALUES`, for so many `columns`;
/// `fill` sets all columns of an item's row.
pub(super) fn insert_all<T>(
    connection: &Connection,
    head: &str,
    columns: usize,
    items: &[T],
    fill: impl Fn(&mut Row<'_, '_>, &T) -> rusqlite::Result<()>,
) -> rusqlite::Result<()> {
    let (chunks, rest) = items.as_chunks::<ROWS>();
    if !chunks.is_empty() {
        let mut many = Insert::new(connection, head, columns, ROWS)?;
        chunks.iter().try_for_each(|chunk| many.insert(chunk, &fill))?;
    }
    if !rest.is_empty() {
        let mut one = Insert::new(connection, head, columns, 1)?;
        rest.chunks(1).try_for_each(|item| one.insert(item, &fill))?;
    }
    Ok(())
}

/// A statement that inserts so many rows at a time. A number that is already bound is not bound
/// again: in a pass most rows share their tier and their days.
struct Insert<'c> {
    statement: Statement<'c>,
    columns: usize,
    /// What is bound, row after row; `None`: nothing yet, or no number.
    bound: Vec<Option<Option<i64>>>,
}

/// One row of an insert.
pub(super) struct Row<'i, 'c> {
    insert: &'i mut Insert<'c>,
    start: usize,
}

impl<'c> Insert<'c> {
    fn new(
        connection: &'c Connection,
        head: &str,
        columns: usize,
        rows: usize,
    ) -> rusqlite::Result<Self> {
        let row = format!("({})", vec!["?"; columns].join(", "));
        let sql = format!("{head} VALUES {}", vec![row; rows].join(", "));
        let statement = connection.prepare(&sql)?;
        Ok(Self { statement, columns, bound: vec![None; columns * rows] })
    }

    fn insert<T>(
        &mut self,
        items: &[T],
        fill: impl Fn(&mut Row<'_, 'c>, &T) -> rusqlite::Result<()>,
    ) -> rusqlite::Result<()> {
        for (row, item) in items.iter().enumerate() {
            let start = row * self.columns;
            fill(&mut Row { insert: self, start }, item)?;
        }
        self.statement.raw_execute()?;
        Ok(())
    }
}

impl Row<'_, '_> {
    /// Sets a column, from 0; `None` is NULL.
    pub(super) fn number(&mut self, column: usize, value: Option<i64>) -> rusqlite::Result<()> {
        let place = self.start + column;
        if self.insert.bound[place] != Some(value) {
            self.insert.statement.raw_bind_parameter(place + 1, value)?;
            self.insert.bound[place] = Some(value);
        }
        Ok(())
    }

    pub(super) fn text(&mut self, column: usize, value: Option<&str>) -> rusqlite::Result<()> {
        let Some(text) = value else { return self.number(column, None) };
        let place = self.start + column;
        self.insert.bound[place] = None;
        self.insert.statement.raw_bind_parameter(place + 1, text)
    }

    pub(super) fn customer(&mut self, column: usize, id: &CustomerId) -> rusqlite::Result<()> {
        match id {
            CustomerId::Int(number) => self.number(column, Some(*number)),
            CustomerId::Text(_) => {
                let place = self.start + column;
                self.insert.bound[place] = None;
                self.insert.statement.raw_bind_parameter(place + 1, id)
            }
        }
    }
}
