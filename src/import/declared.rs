use std::collections::HashMap;

use crate::program::{ColumnKind, ColumnSource, Program, Relation};

/// What a pack says a table's column holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Declared {
    Column(ColumnKind),
    /// The time of a fact.
    At,
    /// A customer's id: whole numbers, or text byte for byte.
    Customer,
}

/// The declared types of one table, by column (upper and lower case are the same, as in SQL).
#[derive(Debug, Clone, Default)]
pub struct DeclaredTypes {
    columns: HashMap<String, Declared>,
}

impl DeclaredTypes {
    /// What the program's sources and customers over `table` declare.
    pub fn of_table(program: &Program, table: &str) -> Self {
        let mut types = Self::default();
        for source in &program.sources {
            let Relation::Table(name) = &source.from else { continue };
            if !name.eq_ignore_ascii_case(table) {
                continue;
            }
            types.declare(&source.at, Declared::At);
            types.declare(&source.customer, Declared::Customer);
            for column in &source.columns {
                if let ColumnSource::Stored { name, .. } = &column.column {
                    types.declare(name, Declared::Column(column.kind));
                }
            }
        }
        if let Some(customers) = &program.customers
            && customers.table.eq_ignore_ascii_case(table)
        {
            types.declare(&customers.id, Declared::Customer);
            for attribute in &program.attributes {
                if let ColumnSource::Stored { name, .. } = &attribute.column {
                    types.declare(name, Declared::Column(attribute.kind));
                }
            }
        }
        types
    }

    /// The first declaration counts; ids and times come before columns.
    fn declare(&mut self, column: &str, declared: Declared) {
        self.columns.entry(column.to_ascii_lowercase()).or_insert(declared);
    }

    pub fn of(&self, column: &str) -> Option<Declared> {
        self.columns.get(&column.to_ascii_lowercase()).copied()
    }
}
