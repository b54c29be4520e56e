use super::criterion::pair;
use super::side::Side;
use super::written::Constants;
use super::{Comparison, Part, paired};
use crate::expr::SourceId;
use crate::program::{AtUnit, Attribute, ColumnKind, ColumnSource, Customers, Relation, Source};

impl Comparison<'_> {
    pub(super) fn facts(&mut self) {
        let (old, new) = (self.from.program, self.to.program);
        match (&old.customers, &new.customers) {
            (Some(was), Some(is)) => {
                self.tell_texts(Part::Facts, "customers table", &was.table, &is.table);
                self.tell_texts(Part::Facts, "customers id", &was.id, &is.id);
            }
            (was, is) => {
                self.tell_texts(Part::Facts, "customers", &listed(was), &listed(is));
            }
        }
        for (was, is) in paired(&old.attributes, &new.attributes, |it| &it.name) {
            let name = was.or(is).map(|attribute| &attribute.name);
            let place = format!("customers {}", name.expect("one of them is there"));
            self.column(
                &place,
                was.map(|was| Column::of_customers(&self.from, was)),
                is.map(|is| Column::of_customers(&self.to, is)),
            );
        }
        for (was, is) in paired(&old.sources, &new.sources, |it| &it.name) {
            match (was, is) {
                (Some(was), Some(is)) => self.source(was, is),
                (None, Some(is)) => {
                    let words = format!("added: from {}", Stored::of(&is.from).text);
                    self.tell(Part::Facts, format!("source {}", is.name), words);
                }
                (Some(was), None) => {
                    self.tell(Part::Facts, format!("source {}", was.name), "removed");
                }
                (None, None) => {}
            }
        }
    }

    fn source(&mut self, old: &Source, new: &Source) {
        let place = |key: &str| format!("source {} {key}", new.name);
        let (was, is) = (Stored::of(&old.from), Stored::of(&new.from));
        if was.exact != is.exact || was.key != is.key {
            let words = pair((&was.text, &is.text), (&was.exact, &is.exact));
            let words = match was.key == is.key {
                true => words,
                false => format!("{} {} → {} {}", was.key, was.text, is.key, is.text),
            };
            self.tell(Part::Facts, place(is.key), words);
        }
        self.tell_texts(Part::Facts, &place("customer"), &old.customer, &new.customer);
        self.tell_texts(Part::Facts, &place("at"), &old.at, &new.at);
        let [was, is] = [old, new].map(|source| match source.at_unit {
            AtUnit::Seconds => "seconds",
            AtUnit::Milliseconds => "milliseconds",
        });
        self.tell_texts(Part::Facts, &place("at unit"), was, is);
        for (was, is) in paired(&old.columns, &new.columns, |it| &it.name) {
            let name = was.or(is).map(|column| &column.name);
            let name = place(name.expect("one of them is there"));
            let of = |side: &Side<'_>, source: &Source, column: &crate::program::SourceColumn| {
                let sources = &side.program.sources;
                let id = sources.iter().position(|it| it.name == source.name);
                Column::of(side, &column.column, column.kind, &column.name, id)
            };
            let was = was.map(|was| of(&self.from, old, was));
            let is = is.map(|is| of(&self.to, new, is));
            self.column(&name, was, is);
        }
    }

    fn column(&mut self, place: &str, old: Option<Column>, new: Option<Column>) {
        match (old, new) {
            (Some(old), Some(new)) if old.exact != new.exact => {
                let words = pair((&old.text, &new.text), (&old.exact, &new.exact));
                self.tell(Part::Facts, place, words);
            }
            (None, Some(new)) => self.tell(Part::Facts, place, format!("added: {}", new.text)),
            (Some(_), None) => self.tell(Part::Facts, place, "removed"),
            _ => {}
        }
    }
}

/// A column in words: its type and where its values come from.
struct Column {
    text: String,
    exact: String,
}

impl Column {
    fn of_customers(side: &Side<'_>, attribute: &Attribute) -> Column {
        Self::of(side, &attribute.column, attribute.kind, &attribute.name, None)
    }

    fn of(
        side: &Side<'_>,
        column: &ColumnSource,
        kind: ColumnKind,
        own_name: &str,
        rows: Option<SourceId>,
    ) -> Column {
        let kind = match kind {
            ColumnKind::Money => "money",
            ColumnKind::Number => "number",
            ColumnKind::Count => "count",
            ColumnKind::Text => "text",
            ColumnKind::Flag => "flag",
            ColumnKind::Date => "date",
        };
        let write = |constants| match column {
            ColumnSource::Stored { name, minor } => {
                let from = if name == own_name { String::new() } else { format!(" from {name}") };
                let minor = if *minor { " in minor units" } else { "" };
                format!("{kind}{from}{minor}")
            }
            ColumnSource::Computed(expr) => {
                format!("{kind} = {}", side.expr(expr, rows, constants))
            }
        };
        Column { text: write(Constants::Named), exact: write(Constants::Valued) }
    }
}

fn listed(customers: &Option<Customers>) -> String {
    match customers {
        Some(Customers { table, id }) => format!("those in {table} by {id}"),
        None => "everybody with a fact".to_owned(),
    }
}

/// Where rows are stored: a table's name or a query.
struct Stored {
    key: &'static str,
    /// On one line.
    text: String,
    /// The same where the layout means nothing.
    exact: String,
}

impl Stored {
    fn of(from: &Relation) -> Stored {
        let (key, written) = match from {
            Relation::Table(name) => ("table", name),
            Relation::Query(query) => ("query", query),
        };
        let text = written.split_whitespace().collect::<Vec<_>>().join(" ");
        // Inside of a text, and after a comment, the layout means something.
        let plain = !written.contains(['\'', '"', '`', '[']) && !written.contains("--");
        let exact = if plain { text.clone() } else { written.trim().to_owned() };
        Stored { key, text, exact }
    }
}
