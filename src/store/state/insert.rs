use rusqlite::{Statement, ToSql};

/// An insert of row after row. What is the same as in the row before is not bound again: in a
/// pass most rows share their tier and their days.
#[derive(Debug)]
pub(super) struct Insert<'s> {
    statement: Statement<'s>,
    /// What is bound, by parameter; `None`: nothing yet.
    bound: Vec<Option<Option<i64>>>,
}

impl<'s> Insert<'s> {
    pub(super) fn new(statement: Statement<'s>) -> Self {
        let bound = vec![None; statement.parameter_count() + 1];
        Self { statement, bound }
    }

    /// Sets a parameter (from 1) of the rows that follow.
    pub(super) fn set(&mut self, parameter: usize, value: Option<i64>) -> rusqlite::Result<()> {
        if self.bound[parameter] != Some(value) {
            self.statement.raw_bind_parameter(parameter, value)?;
            self.bound[parameter] = Some(value);
        }
        Ok(())
    }

    /// Inserts a row with what is set and, at `parameter`, a value of its own.
    pub(super) fn row(&mut self, parameter: usize, own: &dyn ToSql) -> rusqlite::Result<()> {
        self.statement.raw_bind_parameter(parameter, own)?;
        self.statement.raw_execute()?;
        Ok(())
    }
}
