use rusqlite::{Connection, Row, ToSql};

use crate::store::CustomerId;

/// Whose rows are read.
#[derive(Debug, Clone, Copy)]
pub(super) enum Whom<'a> {
    Everybody,
    /// Each of them (sorted) is looked up, so that it costs with them and not with the state.
    Only(&'a [CustomerId]),
}

impl Whom<'_> {
    /// Calls `take` with the rows of these customers. `sql` is a condition with `{whom}` in it, and
    /// sorts by customer where that matters.
    pub(super) fn rows(
        self,
        connection: &Connection,
        sql: &str,
        parameters: &[&dyn ToSql],
        mut take: impl FnMut(&Row<'_>) -> rusqlite::Result<()>,
    ) -> rusqlite::Result<()> {
        let condition = match self {
            Whom::Everybody => "true".to_owned(),
            Whom::Only(_) => format!("customer = ?{}", parameters.len() + 1),
        };
        let mut statement = connection.prepare(&sql.replace("{whom}", &condition))?;
        let mut read = |parameters: &[&dyn ToSql]| {
            let mut rows = statement.query(parameters)?;
            while let Some(row) = rows.next()? {
                take(row)?;
            }
            Ok(())
        };
        match self {
            Whom::Everybody => read(parameters),
            Whom::Only(customers) => customers.iter().try_for_each(|customer| {
                let of_customer: [&dyn ToSql; 1] = [customer];
                read(&[parameters, &of_customer].concat())
            }),
        }
    }
}
