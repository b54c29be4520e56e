//! What a pack names against what the store has.

use crate::diagnostic::{Code, Diagnostic, Diagnostics, did_you_mean};
use crate::pack::{ParsedColumn, ParsedPack, ParsedSource};
use crate::source::{Loc, MappedText, Span};
use crate::store::Schema;

/// What is known of a store: its tables, and for every source with a query the columns that it
/// gives or why it cannot run.
#[derive(Debug, Clone, Default)]
pub struct StoreShape {
    pub schema: Schema,
    /// Source name, and result columns or a reason.
    pub queries: Vec<(String, Result<Vec<String>, String>)>,
}

/// Reports tables and columns that the store does not have.
pub fn check_bindings(pack: &ParsedPack, store: &StoreShape, findings: &mut Diagnostics) {
    if let Some(customers) = &pack.customers
        && let Some(columns) = table_columns(&customers.table, store, findings)
    {
        let relation = format!("the table `{}`", customers.table.value);
        column(&customers.id.value, customers.id.span, &columns, &relation, findings);
        stored_columns(&customers.columns, &columns, &relation, findings);
    }
    for source in &pack.sources {
        let Some((columns, relation)) = relation_columns(source, store, findings) else { continue };
        for name in [&source.customer, &source.at].into_iter().flatten() {
            column(&name.value, name.span, &columns, &relation, findings);
        }
        stored_columns(&source.columns, &columns, &relation, findings);
    }
}

fn relation_columns(
    source: &ParsedSource,
    store: &StoreShape,
    findings: &mut Diagnostics,
) -> Option<(Vec<String>, String)> {
    if let Some(query) = &source.query {
        let found = store.queries.iter().find(|(name, _)| *name == source.name.value)?;
        return match &found.1 {
            Ok(columns) => Some((columns.clone(), format!("the query of `{}`", source.name.value))),
            Err(reason) => {
                findings.push(
                    Diagnostic::new(Code::QueryRejected, narrow(query), reason.clone())
                        .help("write one `SELECT …` over the tables of the store"),
                );
                None
            }
        };
    }
    let table = source.table.as_ref()?;
    let columns = table_columns(table, store, findings)?;
    Some((columns, format!("the table `{}`", table.value)))
}

/// The place of a query's text without the blanks around it.
fn narrow(query: &MappedText) -> Span {
    let start = query.text.len() - query.text.trim_start().len();
    query.span(start, query.text.trim_end().len().max(start))
}

fn table_columns(
    table: &Loc<String>,
    store: &StoreShape,
    findings: &mut Diagnostics,
) -> Option<Vec<String>> {
    let Some(found) = store.schema.table(&table.value) else {
        let names = store.schema.tables.iter().map(|table| table.name.as_str());
        let help = did_you_mean(&table.value, names.clone()).or_else(|| {
            let all: Vec<String> = names.map(|name| format!("`{name}`")).collect();
            (!all.is_empty()).then(|| format!("the store has {}", all.join(", ")))
        });
        findings.push(
            Diagnostic::new(
                Code::UnknownTable,
                table.span,
                format!("the store has no table `{}`", table.value),
            )
            .maybe_help(help),
        );
        return None;
    };
    Some(found.columns.iter().map(|column| column.name.clone()).collect())
}

fn stored_columns(
    parsed: &[ParsedColumn],
    columns: &[String],
    relation: &str,
    findings: &mut Diagnostics,
) {
    for parsed in parsed.iter().filter(|column| column.expr.is_none()) {
        let name = parsed.column.as_ref().unwrap_or(&parsed.name);
        column(&name.value, name.span, columns, relation, findings);
    }
}

fn column(name: &str, span: Span, columns: &[String], relation: &str, findings: &mut Diagnostics) {
    // As in SQL, letter case does not matter; `rowid` is there without being listed.
    if columns.iter().any(|column| column.eq_ignore_ascii_case(name)) || name == "rowid" {
        return;
    }
    let help = did_you_mean(name, columns.iter().map(String::as_str)).or_else(|| {
        let all: Vec<String> = columns.iter().map(|column| format!("`{column}`")).collect();
        Some(format!("it has {}", all.join(", ")))
    });
    findings.push(
        Diagnostic::new(Code::UnknownColumn, span, format!("{relation} has no column `{name}`"))
            .maybe_help(help),
    );
}
