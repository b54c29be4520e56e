use std::collections::BTreeMap;
use std::path::Path;

use serde_json::{Value as Json, json};

use super::look;
use crate::expr::SourceId;
use crate::program::{MetricKind, Program, Relation};
use crate::store::StoreError;
use crate::store::facts::is_found_by_index;
use crate::store::schema::{Schema, Table, TableKind};
use crate::store::snapshot::Snapshot;
use crate::store::tracking::{is_tracked, triggers_in};

/// How new facts of one part of a store are found between full passes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Following {
    /// The name of a source, or `customers`.
    pub name: String,
    pub how: How,
    /// Whether the rows of some customers are found by an index, so that deciding them does not
    /// read everybody's.
    pub by_index: bool,
}

impl Following {
    /// `{"name", "how": "appended"|"tracked"|"not followed", "why", "by_index"}`
    pub fn to_json(&self) -> Json {
        let (how, why) = match &self.how {
            How::Appended => ("appended", None),
            How::Tracked => ("tracked", None),
            How::NotFollowed { why } => ("not followed", Some(why)),
        };
        json!({"name": self.name, "how": how, "why": why, "by_index": self.by_index})
    }
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum How {
    /// New rows by their numbers; rows that are changed or deleted wait for the next full pass.
    Appended,
    /// Inserts, updates and deletes by triggers.
    Tracked,
    /// Everything waits for the next full pass.
    NotFollowed { why: String },
}

/// How new facts are found of everything that a program reads: its sources in their order, then
/// the customers.
pub fn following(program: &Program, store: &Path) -> Result<Vec<Following>, StoreError> {
    look(store, |snapshot| {
        let parts = parts(program);
        let triggers = our_triggers(snapshot)?;
        let following = parts.into_iter().map(|part| {
            let guarded = &snapshot.connections[0];
            let by_index = is_found_by_index(program, guarded, &snapshot.schema, part.source)?;
            let how = match part.followed(&snapshot.schema, &triggers)? {
                Followed::Appended { .. } => How::Appended,
                Followed::Tracked { .. } => How::Tracked,
                Followed::No { why } => How::NotFollowed { why },
            };
            Ok(Following { name: part.name.to_owned(), how, by_index })
        });
        following.collect()
    })
}

pub(super) fn our_triggers(snapshot: &Snapshot) -> Result<BTreeMap<String, String>, StoreError> {
    let connection = snapshot.connections[0].connection();
    triggers_in(connection).map_err(|error| snapshot.file.error(error))
}

/// A source that is read, or the customers.
#[derive(Debug, Clone, Copy)]
pub(super) struct Part<'p> {
    pub(super) name: &'p str,
    /// `None`: the customers.
    pub(super) source: Option<SourceId>,
    /// `None`: a query.
    table: Option<&'p str>,
    customer: &'p str,
    /// The column with the time of a row.
    at: Option<&'p str>,
}

/// How a part is followed, with the names as the store has them.
#[derive(Debug)]
pub(super) enum Followed<'s> {
    Appended { table: &'s Table, rowid: &'static str, customer: &'s str, at: Option<&'s str> },
    Tracked { table: &'s Table },
    No { why: String },
}

/// What a program reads. Sources that no metric asks for are read only where their rows make
/// customers.
pub(super) fn parts(program: &Program) -> Vec<Part<'_>> {
    let is_read = |id: SourceId| {
        let asks = |kind: &MetricKind| matches!(kind, MetricKind::Rows(rows) if rows.source == id);
        program.customers.is_none() || program.metrics.iter().any(|metric| asks(&metric.kind))
    };
    let sources = program.sources.iter().enumerate().filter(|(id, _)| is_read(*id));
    let sources = sources.map(|(id, source)| Part {
        name: &source.name,
        source: Some(id),
        table: match &source.from {
            Relation::Table(table) => Some(table),
            Relation::Query(_) => None,
        },
        customer: &source.customer,
        at: Some(&source.at),
    });
    let customers = program.customers.as_ref().map(|customers| Part {
        name: "customers",
        source: None,
        table: Some(&customers.table),
        customer: &customers.id,
        at: None,
    });
    sources.chain(customers).collect()
}

impl Part<'_> {
    /// An error where the store lacks the table or a column.
    pub(super) fn followed<'s>(
        &self,
        schema: &'s Schema,
        triggers: &BTreeMap<String, String>,
    ) -> Result<Followed<'s>, StoreError> {
        let no = |why: &str| Ok(Followed::No { why: why.to_owned() });
        let Some(table) = self.table else { return no("it is a query") };
        let asked_by = match self.source {
            Some(_) => format!("source `{}`", self.name),
            None => "the section `customers`".to_owned(),
        };
        let table = schema.find(&asked_by, table)?;
        let customer = &*table.find(&asked_by, self.customer)?.name;
        let at = self.at.map(|at| table.find(&asked_by, at)).transpose()?;
        let at = at.map(|column| &*column.name);
        if is_tracked(triggers, self.name, table, customer) {
            return Ok(Followed::Tracked { table });
        }
        match (table.kind, table.rowid()) {
            (TableKind::Table, Some(rowid)) => {
                Ok(Followed::Appended { table, rowid, customer, at })
            }
            (TableKind::Table, None) => no("its columns have taken the names of the row number"),
            (TableKind::WithoutRowid, _) => no(
                "it is a table WITHOUT ROWID, whose new rows have no numbers; `tierkeeper track` follows it",
            ),
            (TableKind::View, _) => no("it is a view"),
            (TableKind::Virtual, _) => no("it is a virtual table"),
        }
    }
}
