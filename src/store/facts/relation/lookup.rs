//! The SQL that finds the rows of one customer after the other.

use rusqlite::{Rows, Statement};

use super::{LIST, Reading, WANTED, Way};
use crate::expr::SourceId;
use crate::program::Program;
use crate::store::StoreError;
use crate::store::facts::CustomerId;
use crate::store::facts::plan::SourcePlan;
use crate::store::guard::Guarded;
use crate::store::schema::{Schema, quoted};

/// The least rows of a table for each customer at which looking them up one by one is faster than
/// to read them all; for a few customers it always is. Measured in `benches/README.md`.
const ROWS_PER_LOOKUP: u64 = 150;
const FEW: usize = 256;

/// How the rows of some customers are found by an index.
#[derive(Debug, Clone)]
pub(in crate::store::facts) enum Lookup {
    /// SQL of [`Reading::by_customer`].
    Rows(String),
    /// The numbers of their rows, asked for as above; then the rows with numbers of a JSON array,
    /// in its order. In the order of their numbers neighbours share pages of the file, a customer
    /// after the other they lie all over it: twice as fast.
    Numbers { numbers: String, rows: String },
}

impl Reading {
    /// How the rows of some customers are found; `None`: not by an index.
    pub(in crate::store::facts) fn lookup(
        &self,
        guarded: &Guarded,
        customer: &str,
    ) -> Result<Option<Lookup>, StoreError> {
        let Some(rows) = self.by_customer(guarded, customer)? else { return Ok(None) };
        let Way::Table { number: Some(number), columns, from, .. } = &self.way else {
            return Ok(Some(Lookup::Rows(rows)));
        };
        let customer = quoted(customer);
        Ok(Some(Lookup::Numbers {
            numbers: format!("SELECT {number} FROM {from} WHERE {from}.{customer} IN (?1, ?2)"),
            rows: format!(
                "SELECT {columns} FROM (SELECT value AS number FROM {LIST}(?1)) AS {WANTED}
                 CROSS JOIN {from} ON {number} = {WANTED}.number"
            ),
        }))
    }

    /// SQL that finds the rows of one customer by an index: `?1` is the id, `?2` the id as text,
    /// because a store may have `5` in many ways. Types and collations may find others as well.
    /// `None`: rows could only be found by looking at all.
    pub(in crate::store::facts) fn by_customer(
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
    pub(in crate::store::facts) fn is_lookup_faster(&self, customers: usize) -> bool {
        let rows = self.rowid_range.map(|(first, last)| last.abs_diff(first));
        customers <= FEW || rows.is_none_or(|rows| rows / customers as u64 >= ROWS_PER_LOOKUP)
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
pub(in crate::store::facts) fn look_up<'s>(
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
