//! Where the facts are: customers, sources and their columns.

use serde::Serialize;

use crate::expr::{Expr, NUMBER_SCALE, Type, Unit};

#[derive(Debug, Clone, Serialize)]
pub struct Customers {
    pub table: String,
    pub id: String,
}

#[derive(Debug, Clone, Serialize)]
pub struct Attribute {
    pub name: String,
    /// The column's own name in the table.
    pub column: ColumnSource,
    pub kind: ColumnKind,
    /// Whether anything reads it; others are not loaded.
    pub used: bool,
}

/// The types that a column can be declared with.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum ColumnKind {
    Money,
    Number,
    Count,
    Text,
    Flag,
    Date,
}

impl ColumnKind {
    pub fn ty(self) -> Type {
        match self {
            ColumnKind::Money | ColumnKind::Number | ColumnKind::Count => Type::Number,
            ColumnKind::Text => Type::Text,
            ColumnKind::Flag => Type::Flag,
            ColumnKind::Date => Type::Date,
        }
    }

    pub fn unit(self) -> Unit {
        match self {
            ColumnKind::Money => Unit::Money,
            ColumnKind::Count => Unit::Count,
            _ => Unit::Number,
        }
    }

    /// Decimal places of a numeric column; 0 for the others.
    pub fn scale(self, money_decimals: u8) -> u8 {
        match self {
            ColumnKind::Money => money_decimals,
            ColumnKind::Number => NUMBER_SCALE,
            _ => 0,
        }
    }
}

#[derive(Debug, Clone, Serialize)]
pub enum ColumnSource {
    /// A column of the table or query; `minor`: in the currency's minor unit (cents).
    Stored { name: String, minor: bool },
    /// From the other columns of the same row (their `ColumnId` or, for customers, `AttributeId`).
    Computed(Expr),
}

#[derive(Debug, Clone, Serialize)]
pub struct Source {
    pub name: String,
    pub from: Relation,
    pub customer: String,
    pub at: String,
    pub at_unit: AtUnit,
    pub columns: Vec<SourceColumn>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub enum Relation {
    Table(String),
    Query(String),
}

/// The unit of whole-number time stamps.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum AtUnit {
    Seconds,
    Milliseconds,
}

#[derive(Debug, Clone, Serialize)]
pub struct SourceColumn {
    pub name: String,
    pub column: ColumnSource,
    pub kind: ColumnKind,
    /// Whether a metric (or a used computed column) reads it; others are not read.
    pub used: bool,
}
