//! Customers and sources: where the facts are, and what their columns are called.

use super::checker::{Checker, Meaning};
use super::scope::Scope;
use crate::diagnostic::{Code, Diagnostic};
use crate::expr::{Expr, Input, Node};
use crate::pack::{ParsedColumn, ParsedSource};
use crate::program::{
    AtUnit, Attribute, ColumnKind, ColumnSource, Customers, Relation, Source, SourceColumn,
};

impl Checker<'_> {
    pub fn lower_customers(&mut self) -> Option<Customers> {
        let parsed = self.pack.customers.as_ref()?;
        for (id, column) in parsed.columns.iter().enumerate() {
            self.declare(&column.name.value, Meaning::Attribute(id), column.name.span);
        }
        let columns = self.lower_columns(&parsed.columns, true);
        for (parsed, column) in parsed.columns.iter().zip(columns) {
            self.attributes.push(Attribute {
                name: parsed.name.value.clone(),
                column,
                kind: parsed.kind.value,
                used: false,
            });
        }
        Some(Customers { table: parsed.table.value.clone(), id: parsed.id.value.clone() })
    }

    pub fn lower_sources(&mut self) {
        let pack = self.pack;
        for parsed in &pack.sources {
            let columns = self.lower_columns(&parsed.columns, false);
            let columns = parsed
                .columns
                .iter()
                .zip(columns)
                .map(|(parsed, column)| SourceColumn {
                    name: parsed.name.value.clone(),
                    column,
                    kind: parsed.kind.value,
                    used: false,
                })
                .collect();
            let from = self.relation(parsed);
            self.sources.push(Source {
                name: parsed.name.value.clone(),
                from,
                customer: parsed.customer.as_ref().map_or_else(String::new, |c| c.value.clone()),
                at: parsed.at.as_ref().map_or_else(String::new, |at| at.value.clone()),
                at_unit: if parsed.at_milliseconds {
                    AtUnit::Milliseconds
                } else {
                    AtUnit::Seconds
                },
                columns,
            });
        }
    }

    fn relation(&mut self, parsed: &ParsedSource) -> Relation {
        match (&parsed.table, &parsed.query) {
            (Some(table), None) => Relation::Table(table.value.clone()),
            (None, Some(query)) => Relation::Query(query.text.clone()),
            (Some(_), Some(query)) => {
                self.report(
                    Diagnostic::new(
                        Code::NotAllowedHere,
                        query.whole(),
                        format!("the source `{}` has a table and a query", parsed.name.value),
                    )
                    .help("keep one of `table` and `query`"),
                );
                Relation::Query(query.text.clone())
            }
            // The missing key has its finding.
            (None, None) => Relation::Table(String::new()),
        }
    }

    /// Lowers columns; a computed one sees the others, in any order but no circle.
    fn lower_columns(&mut self, parsed: &[ParsedColumn], of_customers: bool) -> Vec<ColumnSource> {
        let names: Vec<(String, ColumnKind)> =
            parsed.iter().map(|column| (column.name.value.clone(), column.kind.value)).collect();
        let lowered: Vec<ColumnSource> = parsed
            .iter()
            .map(|column| {
                self.check_minor(column);
                match &column.expr {
                    Some(text) => {
                        let scope = Scope::Columns { columns: &names, of_customers };
                        let expr = self.expression(text, scope, Some(column.kind.value.ty()));
                        expr.map_or_else(|| stored(column), ColumnSource::Computed)
                    }
                    None => stored(column),
                }
            })
            .collect();
        if let Some(path) = column_circle(&lowered) {
            let names: Vec<String> =
                path.iter().map(|id| format!("`{}`", parsed[*id].name.value)).collect();
            let message = format!("columns that need each other: {}", names.join(" → "));
            self.error(Code::MetricCircle, parsed[path[0]].name.span, message);
        }
        lowered
    }

    fn check_minor(&mut self, column: &ParsedColumn) {
        if column.minor && column.kind.value != ColumnKind::Money {
            let message = "`unit: minor` (cents) is for columns of type `money`";
            self.error(Code::NotAllowedHere, column.name.span, message);
        }
        if column.minor && column.expr.is_some() {
            let message = "a computed column is in whole money, not in `unit: minor`";
            self.error(Code::NotAllowedHere, column.name.span, message);
        }
    }

    /// Marks what is read: the columns that metrics use, and what those are computed from.
    pub fn mark_used_columns(&mut self) {
        let mut pending: Vec<(usize, usize)> = self.usage.columns.iter().copied().collect();
        while let Some((source, column)) = pending.pop() {
            let entry = &mut self.sources[source].columns[column];
            if std::mem::replace(&mut entry.used, true) {
                continue;
            }
            if let ColumnSource::Computed(expr) = &entry.column {
                pending.extend(inputs(expr).into_iter().map(|input| (source, input)));
            }
        }
        let mut pending: Vec<usize> = self.usage.attributes.iter().copied().collect();
        while let Some(attribute) = pending.pop() {
            let entry = &mut self.attributes[attribute];
            if std::mem::replace(&mut entry.used, true) {
                continue;
            }
            if let ColumnSource::Computed(expr) = &entry.column {
                pending.extend(inputs(expr));
            }
        }
    }
}

fn stored(column: &ParsedColumn) -> ColumnSource {
    let name = column.column.as_ref().unwrap_or(&column.name).value.clone();
    ColumnSource::Stored { name, minor: column.minor }
}

/// The columns (or attributes) that an expression reads.
fn inputs(expr: &Expr) -> Vec<usize> {
    let mut found = Vec::new();
    expr.visit(&mut |expr| {
        if let Node::Input(Input::Column(id) | Input::Attribute(id)) = expr.node {
            found.push(id);
        }
    });
    found
}

/// The path from a computed column back to itself, if there is one. Every column is looked at
/// once, without recursion: a pack may have thousands, each of two others.
fn column_circle(columns: &[ColumnSource]) -> Option<Vec<usize>> {
    let needs = |at: usize| match &columns[at] {
        ColumnSource::Computed(expr) => inputs(expr),
        ColumnSource::Stored { .. } => Vec::new(),
    };
    let mut is_done = vec![false; columns.len()];
    for start in 0..columns.len() {
        // The columns from `start` to the one looked at, each with what it still needs.
        let mut path = vec![(start, needs(start))];
        while let Some((at, left)) = path.last_mut() {
            let Some(next) = left.pop() else {
                is_done[*at] = true;
                path.pop();
                continue;
            };
            if let Some(first) = path.iter().position(|(on_path, _)| *on_path == next) {
                let circle = path[first..].iter().map(|(column, _)| *column);
                return Some(circle.chain([next]).collect());
            }
            if !is_done[next] {
                path.push((next, needs(next)));
            }
        }
    }
    None
}
