//! Settings and parameters, with the values in effect.

use jiff::civil::Date;
use serde::Serialize;

use super::LocalText;
use crate::expr::{Condition, Expr, Unit, Value};
use crate::lifecycle::Duration;

#[derive(Debug, Clone, Serialize)]
pub struct Settings {
    /// ISO 4217.
    pub currency: String,
    pub money_decimals: u8,
    /// An IANA name.
    pub timezone: String,
    /// Month and day on which the pack's year begins.
    pub year_starts: MonthDay,
    /// Who counts for relative thresholds.
    pub population: Condition<Expr>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct MonthDay {
    pub month: i8,
    pub day: i8,
}

#[derive(Debug, Clone, Serialize)]
pub struct Parameter {
    pub name: String,
    pub kind: ParameterKind,
    pub value: ParameterValue,
    pub title: LocalText,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum ParameterKind {
    Number,
    Money,
    Percent,
    Count,
    Duration,
    Date,
    Text,
    Flag,
    List,
}

impl ParameterKind {
    pub fn unit(self) -> Unit {
        match self {
            ParameterKind::Money => Unit::Money,
            ParameterKind::Percent => Unit::Percent,
            ParameterKind::Count => Unit::Count,
            _ => Unit::Number,
        }
    }
}

/// A parameter's value in effect.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub enum ParameterValue {
    Value(Value),
    Duration(Duration),
}

impl MonthDay {
    /// This day in the given year; 29 February becomes the 28th where there is none.
    pub fn in_year(self, year: i16) -> Date {
        Date::new(year, self.month, self.day)
            .unwrap_or_else(|_| Date::new(year, self.month, 1).expect("a month").last_of_month())
    }
}
