//! The rows of a store as the facts of a case.

use std::collections::BTreeMap;
use std::fmt::Write;

use rusqlite::Connection;
use rusqlite::types::Value;
use tierkeeper::program::{AtUnit, ColumnSource, Program, Relation};

/// What a case says of a customer: `customer: {…}` and `facts: {…}`, by id. `None` where a case
/// cannot say it.
pub fn people(program: &Program, store: &Connection) -> Option<BTreeMap<String, String>> {
    let mut people: BTreeMap<String, (String, Vec<String>)> = BTreeMap::new();
    if let Some(customers) = &program.customers {
        let columns: Vec<(&str, &ColumnSource)> =
            program.attributes.iter().map(|it| (it.name.as_str(), &it.column)).collect();
        for (id, cells) in rows(store, &customers.table, &[&customers.id], &columns)? {
            people.insert(id[0].clone(), (cells, vec![String::new(); program.sources.len()]));
        }
    }
    for (source, declared) in program.sources.iter().enumerate() {
        let Relation::Table(table) = &declared.from else { return None };
        let columns: Vec<(&str, &ColumnSource)> =
            declared.columns.iter().map(|it| (it.name.as_str(), &it.column)).collect();
        for (keys, cells) in rows(store, table, &[&declared.customer, &declared.at], &columns)? {
            let is_date = keys[1].len() >= 10 && keys[1].as_bytes()[4] == b'-';
            let has_offset = keys[1].len() > 19;
            if declared.at_unit != AtUnit::Seconds || !is_date || has_offset {
                return None;
            }
            let nobody = || (String::new(), vec![String::new(); program.sources.len()]);
            let facts = &mut people.entry(keys[0].clone()).or_insert_with(nobody).1[source];
            writeln!(facts, "        - {{ at: {}, {cells} }}", keys[1]).unwrap();
        }
    }
    let said = people.into_iter().map(|(id, (attributes, facts))| {
        let mut text = format!("    customer: {{ {attributes} }}\n");
        if attributes.is_empty() {
            text.clear();
        }
        let given = program.sources.iter().zip(&facts).filter(|(_, facts)| !facts.is_empty());
        for (index, (source, facts)) in given.enumerate() {
            let head = if index == 0 { "    facts:\n" } else { "" };
            write!(text, "{head}      {}:\n{facts}", source.name).unwrap();
        }
        (id, text)
    });
    Some(said.collect())
}

/// The keys of each row as text, and its other cells as `name: value, …`. `None` where one is in
/// minor units.
fn rows(
    store: &Connection,
    table: &str,
    keys: &[&str],
    columns: &[(&str, &ColumnSource)],
) -> Option<Vec<(Vec<String>, String)>> {
    let mut stored: Vec<(&str, &str)> = Vec::new();
    for (name, column) in columns {
        match column {
            ColumnSource::Stored { name: own, minor: false } => stored.push((name, own)),
            ColumnSource::Stored { minor: true, .. } => return None,
            ColumnSource::Computed(_) => {}
        }
    }
    let all: Vec<&str> = keys.iter().copied().chain(stored.iter().map(|it| it.1)).collect();
    let sql = format!("SELECT \"{}\" FROM \"{table}\"", all.join("\", \""));
    let mut statement = store.prepare(&sql).expect("the table of the pack");
    let rows = statement.query_map([], |row| {
        let keys = (0..keys.len()).map(|at| row.get(at).map(|value| text(&value)));
        let keys = keys.collect::<Result<Vec<_>, _>>()?;
        let mut cells = Vec::new();
        for (at, (name, _)) in (keys.len()..).zip(&stored) {
            match row.get(at)? {
                Value::Null => {}
                Value::Text(text) if text.parse::<f64>().is_err() => {
                    cells.push(format!("{name}: {}", serde_json::Value::from(text)));
                }
                value => cells.push(format!("{name}: {}", text(&value))),
            }
        }
        Ok((keys, cells.join(", ")))
    });
    Some(rows.and_then(Iterator::collect).expect("rows"))
}

fn text(value: &Value) -> String {
    match value {
        Value::Integer(number) => number.to_string(),
        Value::Real(number) => number.to_string(),
        Value::Text(text) => text.clone(),
        Value::Null | Value::Blob(_) => String::new(),
    }
}
