//! The triggers as SQL.

use std::collections::BTreeMap;

use rusqlite::Connection;

use crate::store::schema::{Table, quoted};

/// The table that the triggers fill: an entry for each change, in their order.
pub(in crate::store) const TOUCHED: &str = "tierkeeper_touched";

/// Entries that are kept: older ones are deleted as new ones come.
pub(super) const KEPT: i64 = 100_000;

pub(super) const MAKE_TABLE: &str = "CREATE TABLE \"tierkeeper_touched\" (\
     seq INTEGER PRIMARY KEY AUTOINCREMENT, source TEXT NOT NULL, customer)";

/// A source's triggers in the order in which they are made, by how their names end.
const ENDINGS: [&str; 5] = ["insert", "update", "delete", "replace_insert", "replace_update"];

/// Rows of a table that may stand for one another: a new one can replace the one with the same
/// values. Each column with its collation; the row number has none.
#[derive(Debug, Clone)]
pub(super) struct Key(pub(super) Vec<(String, Option<String>)>);

#[derive(Debug, Clone)]
pub(super) struct Trigger {
    pub(super) name: String,
    pub(super) sql: String,
}

/// The names of a source's triggers, whether they are there or not.
pub(super) fn names(source: &str) -> [String; 5] {
    ENDINGS.map(|ending| format!("{TOUCHED}_{source}_{ending}"))
}

/// The triggers that note inserted, updated and deleted rows.
///
/// The conditions compare bytes: where a column takes `a` for `A`, they are two customers all the
/// same. Statements in a trigger change neither `changes()` nor `last_insert_rowid()` of the
/// statement that fired it.
fn noting(source: &str, table: &Table, customer: &str) -> [Trigger; 3] {
    let [insert, update, delete, ..] = names(source);
    let of = |row: &str| format!("{row}.{}", quoted(customer));
    let (old, new) = (of("OLD"), of("NEW"));
    let note = |customer: &str, also: &str| {
        let source = text(source);
        format!(
            "INSERT INTO \"{TOUCHED}\" (source, customer) SELECT {source}, {customer} \
             WHERE {customer} IS NOT NULL{also}; "
        )
    };
    let moved = format!(" AND {old} COLLATE BINARY IS NOT {new}");
    [
        trigger(insert, "AFTER INSERT", table, &note(&new, "")),
        trigger(
            update,
            "AFTER UPDATE",
            table,
            &format!("{}{}", note(&old, &moved), note(&new, "")),
        ),
        trigger(delete, "AFTER DELETE", table, &note(&old, "")),
    ]
}

/// All triggers of a source. `REPLACE` fires no trigger for the rows that it deletes, unless a
/// client has switched `recursive_triggers` on; so those are looked for before.
pub(super) fn triggers(source: &str, table: &Table, customer: &str, keys: &[Key]) -> Vec<Trigger> {
    let [.., on_insert, on_update] = names(source);
    let customer_column = quoted(customer);
    let note = |Key(columns): &Key| {
        let same: Vec<String> = columns
            .iter()
            .map(|(column, collation)| {
                let collation = collation.as_ref().map(|it| format!(" COLLATE {}", quoted(it)));
                format!("r.{column} = NEW.{column}{} AND ", collation.unwrap_or_default())
            })
            .collect();
        format!(
            "INSERT INTO \"{TOUCHED}\" (source, customer) SELECT {}, r.{customer_column} \
             FROM {} AS r WHERE {}r.{customer_column} IS NOT NULL \
             AND r.{customer_column} COLLATE BINARY IS NOT NEW.{customer_column}; ",
            text(source),
            quoted(&table.name),
            same.concat(),
        )
    };
    let notes: String = keys.iter().map(note).collect();
    let mut all: Vec<Trigger> = noting(source, table, customer).into();
    if !notes.is_empty() {
        all.push(trigger(on_insert, "BEFORE INSERT", table, &notes));
        all.push(trigger(on_update, "BEFORE UPDATE", table, &notes));
    }
    all
}

fn trigger(name: String, when: &str, table: &Table, notes: &str) -> Trigger {
    let sql = format!(
        "CREATE TRIGGER {} {when} ON {} BEGIN {notes}DELETE FROM \"{TOUCHED}\" \
         WHERE seq <= (SELECT max(seq) FROM \"{TOUCHED}\") - {KEPT}; END",
        quoted(&name),
        quoted(&table.name)
    );
    Trigger { name, sql }
}

fn text(text: &str) -> String {
    format!("'{}'", text.replace('\'', "''"))
}

/// The triggers of ours in a store, with their SQL.
pub(in crate::store) fn triggers_in(
    connection: &Connection,
) -> rusqlite::Result<BTreeMap<String, String>> {
    let mut found = connection.prepare(
        "SELECT name, sql FROM sqlite_schema \
         WHERE type = 'trigger' AND name LIKE 'tierkeeper\\_touched\\_%' ESCAPE '\\'",
    )?;
    let found = found.query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?;
    found.collect()
}

/// Whether a source's inserts, updates and deletes are noted.
pub(in crate::store) fn is_tracked(
    triggers: &BTreeMap<String, String>,
    source: &str,
    table: &Table,
    customer: &str,
) -> bool {
    let noting = noting(source, table, customer);
    noting.iter().all(|wanted| triggers.get(&wanted.name) == Some(&wanted.sql))
}
