//! The SQL that reads a source or the customers.

use rusqlite::{Rows, Statement};

use super::customer::CustomerId;
use super::plan::SourcePlan;
use crate::expr::SourceId;
use crate::program::{ColumnSource, Program, Relation};
use crate::store::StoreError;
use crate::store::guard::Guarded;
use crate::store::schema::{Schema, Table, TableKind, near, quoted};

/// The SQL function that SQLite calls with every row of a table; see [`Reading::sql_with_calls`].
pub(super) const TAKE_ROW: &str = "tierkeeper_take_row";

/// How rows are read, and where in them things are.
#[derive(Debug, Clone)]
pub(super) struct Reading {
    way: Way,
    /// The first and the last row number, where ranges of them can be read.
    pub(super) rowid_range: Option<(i64, i64)>,
    pub(super) has_row_number: bool,
    /// In a row that was stepped to: the place of its number, then of the columns that were
    /// wanted, in their order.
    pub(super) places: Vec<usize>,
}

#[derive(Debug, Clone)]
enum Way {
    Table { kind: TableKind, columns: String, from: String, condition: String },
    Query(String),
}

/// The least rows of a table for each customer at which looking them up one by one is faster than
/// to read them all; for a few customers it always is. Measured in `benches/README.md`.
const ROWS_PER_LOOKUP: u64 = 400;
const FEW: usize = 256;

impl Reading {
    /// Wants the time, the customer and the stored columns of the plan.
    pub(super) fn of_source(
        guarded: &Guarded,
        schema: &Schema,
        plan: &SourcePlan,
    ) -> Result<Self, StoreError> {
        let source = plan.source;
        let stored =
            plan.stored.iter().filter_map(|&column| match &source.columns[column].column {
                ColumnSource::Stored { name, .. } => Some(name.as_str()),
                ColumnSource::Computed(_) => None,
            });
        let wanted: Vec<&str> =
            [source.at.as_str(), source.customer.as_str()].into_iter().chain(stored).collect();
        match &source.from {
            Relation::Table(table) => {
                Self::of_table(guarded, schema, &plan.asked_by, table, &wanted)
            }
            Relation::Query(query) => of_query(guarded, query, &plan.asked_by, &wanted),
        }
    }

    pub(super) fn of_table(
        guarded: &Guarded,
        schema: &Schema,
        asked_by: &str,
        table: &str,
        wanted: &[&str],
    ) -> Result<Self, StoreError> {
        of_table(guarded, schema.find(asked_by, table)?, asked_by, wanted)
    }

    /// SQL that finds the rows of one customer by an index: `?1` is the id, `?2` the id as text,
    /// because a store may have `5` in many ways. Types and collations may find others as well.
    /// `None`: rows could only be found by looking at all.
    pub(super) fn by_customer(
        &self,
        guarded: &Guarded,
        customer: &str,
    ) -> Result<Option<String>, StoreError> {
        let (sql, from) = match &self.way {
            Way::Table { columns, from, .. } => {
                (format!("SELECT {columns} FROM {from}"), quoted(customer))
            }
            Way::Query(query) => {
                let Some(name) = only_column(guarded, query, customer)? else { return Ok(None) };
                let query = query.trim_end().trim_end_matches(';');
                (format!("SELECT * FROM (\n{query}\n)"), quoted(&name))
            }
        };
        let by_customer = format!("{sql} WHERE {from} IN (?1, ?2)");
        let is_found = is_all_search(guarded, &by_customer) && !is_all_search(guarded, &sql);
        Ok(is_found.then_some(by_customer))
    }

    /// Whether looking up so many customers one by one is faster than to read everybody's rows.
    pub(super) fn is_lookup_faster(&self, customers: usize) -> bool {
        let rows = self.rowid_range.map(|(first, last)| last.abs_diff(first));
        customers <= FEW || rows.is_none_or(|rows| rows / customers as u64 >= ROWS_PER_LOOKUP)
    }

    pub(super) fn is_query(&self) -> bool {
        matches!(self.way, Way::Query(_))
    }

    /// Prepares to step from row to row.
    pub(super) fn prepare<'g>(
        &self,
        guarded: &'g Guarded,
        asked_by: &str,
    ) -> Result<Statement<'g>, StoreError> {
        match &self.way {
            Way::Query(sql) => guarded.prepare_query(asked_by, sql),
            Way::Table { columns, from, condition, .. } => {
                let sql = format!("SELECT {columns} FROM {from} WHERE {condition}");
                let prepared = guarded.connection().prepare(&sql);
                prepared.map_err(|error| query_failed(asked_by, &error))
            }
        }
    }

    /// SQL that calls [`TAKE_ROW`] with the number and the wanted columns of every row, and
    /// gives a row where that says so. It saves stepping to each row, two fifths of the time.
    /// Only for tables: SQLite may move such a condition into a view, before its `DISTINCT`.
    pub(super) fn sql_with_calls(&self) -> Option<String> {
        match &self.way {
            Way::Table {
                kind: TableKind::Table | TableKind::WithoutRowid,
                columns,
                from,
                condition,
            } => Some(format!("SELECT 1 FROM {from} WHERE {condition} AND {TAKE_ROW}({columns})")),
            _ => None,
        }
    }
}

/// Whether the rows of some customers are found by an index: those of a source, or of the customers
/// table (`None`).
pub(in crate::store) fn is_found_by_index(
    program: &Program,
    guarded: &Guarded,
    schema: &Schema,
    source: Option<SourceId>,
) -> Result<bool, StoreError> {
    let (reading, customer) = match (source, &program.customers) {
        (Some(source), _) => {
            let source = &program.sources[source];
            let asked_by = format!("source `{}`", source.name);
            let plan = SourcePlan::reading(source, asked_by, Vec::new());
            (Reading::of_source(guarded, schema, &plan)?, &source.customer)
        }
        (None, Some(customers)) => {
            let asked_by = "the section `customers`";
            let wanted = [customers.id.as_str()];
            let reading = Reading::of_table(guarded, schema, asked_by, &customers.table, &wanted)?;
            (reading, &customers.id)
        }
        (None, None) => return Ok(false),
    };
    Ok(reading.by_customer(guarded, customer)?.is_some())
}

/// Asks a statement of [`Reading::by_customer`] for a customer's rows.
pub(super) fn look_up<'s>(
    statement: &'s mut Statement<'_>,
    customer: &CustomerId,
) -> rusqlite::Result<Rows<'s>> {
    match customer {
        CustomerId::Int(number) => statement.query((number, number.to_string())),
        CustomerId::Text(text) => statement.query((text, text)),
    }
}

/// Whether SQLite goes through no table from end to end for it. What it cannot prepare, such as a
/// query inside of another that ends in a comment, it does not find by an index either.
fn is_all_search(guarded: &Guarded, sql: &str) -> bool {
    let steps = || -> rusqlite::Result<Vec<String>> {
        let mut plan = guarded.connection().prepare(&format!("EXPLAIN QUERY PLAN {sql}"))?;
        // Its placeholders have no values.
        plan.raw_query().mapped(|step| step.get("detail")).collect()
    };
    let is_search = |step: &String| {
        step.starts_with("SEARCH ") && !step.contains("AUTOMATIC") && !step.contains("(ANY(")
    };
    steps().is_ok_and(|steps| !steps.is_empty() && steps.iter().all(is_search))
}

/// The name of a query's column as it gives it, if no other has it.
fn only_column(guarded: &Guarded, query: &str, wanted: &str) -> Result<Option<String>, StoreError> {
    let statement = guarded.prepare_query("a source", query)?;
    let mut names = statement.column_names().filter(|name| name.eq_ignore_ascii_case(wanted));
    let name = names.next().map(str::to_owned);
    Ok(name.filter(|_| names.next().is_none()))
}

pub(super) fn query_failed(asked_by: &str, error: &rusqlite::Error) -> StoreError {
    let reason = crate::store::open::words(error);
    StoreError::QueryFailed { asked_by: asked_by.to_owned(), reason }
}

fn of_table(
    guarded: &Guarded,
    table: &Table,
    asked_by: &str,
    wanted: &[&str],
) -> Result<Reading, StoreError> {
    let mut names = Vec::new();
    for &column in wanted {
        // An unknown name in double quotes would be a text to SQLite.
        names.push(quoted(&table.find(asked_by, column)?.name));
    }
    let rowid = table.rowid();
    let from = quoted(&table.name);
    let rowid_range = rowid.map(|rowid| ends(guarded, asked_by, rowid, &from)).transpose()?;
    let condition = rowid.map(|rowid| format!("{rowid} BETWEEN ?1 AND ?2"));
    let way = Way::Table {
        kind: table.kind,
        columns: format!("{}, {}", rowid.unwrap_or("NULL"), names.join(", ")),
        from,
        condition: condition.unwrap_or_else(|| "TRUE".to_owned()),
    };
    let places = (0..=names.len()).collect();
    Ok(Reading { way, rowid_range, has_row_number: rowid.is_some(), places })
}

/// The first and the last row number. An empty table has no rows in any range.
fn ends(
    guarded: &Guarded,
    asked_by: &str,
    rowid: &str,
    from: &str,
) -> Result<(i64, i64), StoreError> {
    // Each of the two is one look at an end of the tree; together they would be a scan.
    let sql =
        format!("SELECT (SELECT min({rowid}) FROM {from}), (SELECT max({rowid}) FROM {from})");
    let ends = guarded.connection().query_row(&sql, [], |row| {
        Ok(row.get::<_, Option<i64>>(0)?.zip(row.get::<_, Option<i64>>(1)?))
    });
    Ok(ends.map_err(|error| query_failed(asked_by, &error))?.unwrap_or((0, 0)))
}

fn of_query(
    guarded: &Guarded,
    query: &str,
    asked_by: &str,
    wanted: &[&str],
) -> Result<Reading, StoreError> {
    let statement = guarded.prepare_query(asked_by, query)?;
    let names: Vec<&str> = statement.column_names().collect();
    let place = |wanted: &&str| {
        let exact = names.iter().position(|name| name == wanted);
        exact
            .or_else(|| names.iter().position(|name| name.eq_ignore_ascii_case(wanted)))
            .ok_or_else(|| StoreError::MissingColumn {
                asked_by: asked_by.to_owned(),
                relation: "its query".to_owned(),
                column: (*wanted).to_owned(),
                near: near(wanted, names.iter().copied()),
            })
    };
    // Rows have no number; the first place stands for none.
    let places = std::iter::once(Ok(0)).chain(wanted.iter().map(place));
    let places = places.collect::<Result<_, StoreError>>()?;
    let way = Way::Query(query.to_owned());
    Ok(Reading { way, rowid_range: None, has_row_number: false, places })
}
