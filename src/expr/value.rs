use std::sync::Arc;

use jiff::civil::Date;
use rust_decimal::Decimal;
use serde::Serialize;

/// Places that a `number` column, a quotient and most derived metrics have.
pub const NUMBER_SCALE: u8 = 6;

/// The value of `days_since_last` and its kin without any row: "never".
pub const NEVER_DAYS: i64 = 36_500;

/// What kind of value an expression has.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Type {
    Number,
    Flag,
    Text,
    Date,
    List,
}

impl Type {
    /// The word for it in messages, with its article.
    pub fn words(self) -> &'static str {
        match self {
            Type::Number => "a number",
            Type::Flag => "true or false",
            Type::Text => "text",
            Type::Date => "a date",
            Type::List => "a list",
        }
    }
}

/// What a number counts. `Number` fits every other unit.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Unit {
    Money,
    Count,
    Percent,
    Days,
    Number,
}

impl Unit {
    pub fn name(self) -> &'static str {
        match self {
            Unit::Money => "money",
            Unit::Count => "count",
            Unit::Percent => "percent",
            Unit::Days => "days",
            Unit::Number => "number",
        }
    }
}

/// A single value. Numbers are exact decimals.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Value {
    Null,
    Number(Decimal),
    Flag(bool),
    Text(Arc<str>),
    Date(Date),
    List(Arc<[Value]>),
}

impl Value {
    pub fn text(text: &str) -> Value {
        Value::Text(text.into())
    }

    pub fn as_number(&self) -> Option<Decimal> {
        match self {
            Value::Number(number) => Some(*number),
            _ => None,
        }
    }

    pub fn ty(&self) -> Option<Type> {
        Some(match self {
            Value::Null => return None,
            Value::Number(_) => Type::Number,
            Value::Flag(_) => Type::Flag,
            Value::Text(_) => Type::Text,
            Value::Date(_) => Type::Date,
            Value::List(_) => Type::List,
        })
    }
}

/// Why something has no value for one customer. Stored per row as one byte; 0 is no fault.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize)]
#[repr(u8)]
#[serde(rename_all = "snake_case")]
pub enum Fault {
    Overflow = 1,
    DivisionByZero = 2,
    Script = 3,
    ScriptLimit = 4,
    /// A script gave a value of another type than its place needs.
    ScriptType = 5,
}

impl Fault {
    pub fn from_byte(byte: u8) -> Option<Fault> {
        Some(match byte {
            1 => Fault::Overflow,
            2 => Fault::DivisionByZero,
            3 => Fault::Script,
            4 => Fault::ScriptLimit,
            5 => Fault::ScriptType,
            _ => return None,
        })
    }

    pub fn words(self) -> &'static str {
        match self {
            Fault::Overflow => "a number too large",
            Fault::DivisionByZero => "a division by zero",
            Fault::Script => "a script that failed",
            Fault::ScriptLimit => "a script over its limits",
            Fault::ScriptType => "a script that gave a value of the wrong type",
        }
    }
}
