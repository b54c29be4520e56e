//! Values of metrics that are given outright, whatever the rows say.

use std::sync::Arc;

use rust_decimal::Decimal;

use super::exact::rescale;
use crate::expr::column::{Column, Data, Ints};
use crate::expr::decimal::plain;
use crate::expr::{MetricId, Type, Value, days_from_date};
use crate::program::{Metric, Program};

/// What a customer's metric is. Whatever is computed from the metric is computed from this.
#[derive(Debug, Clone, PartialEq)]
pub struct GivenMetric {
    pub slot: usize,
    pub metric: MetricId,
    /// `Null`: unknown.
    pub(crate) value: Value,
}

/// Why a metric cannot have a value.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum GiveError {
    #[error("the metric `{metric}` is {wanted}, and {value} is {found}")]
    WrongType { metric: String, wanted: &'static str, value: String, found: &'static str },
    #[error("the metric `{metric}` always has a value")]
    Unknown { metric: String },
    #[error("the metric `{metric}` has {}, and `{}` has more", decimals(*places), plain(*value))]
    TooManyDecimals { metric: String, places: u8, value: Decimal },
    #[error("`{}` is too large a number for the metric `{metric}`", plain(*value))]
    TooLarge { metric: String, value: Decimal },
}

fn decimals(places: u8) -> String {
    match places {
        0 => "no decimals".to_owned(),
        1 => "one decimal".to_owned(),
        places => format!("{places} decimals"),
    }
}

impl GivenMetric {
    /// A value that the metric can have: of its type, and a number with at most its decimals.
    /// Only texts, dates and flags may be unknown.
    pub fn new(
        program: &Program,
        slot: usize,
        metric: MetricId,
        value: Value,
    ) -> Result<Self, GiveError> {
        let value = fitting(&program.metrics[metric], value)?;
        Ok(Self { slot, metric, value })
    }

    /// Puts it into the metric's column.
    pub(super) fn put_into(&self, column: &mut Column) {
        let rows = column.len();
        let row = self.slot;
        match (&mut column.data, &self.value) {
            (Data::Number { scale, values }, Value::Number(number)) => {
                let whole = rescale(number.mantissa(), number.scale() as u8, *scale);
                put_number(values, row, whole.expect("columns have their metric's decimals"));
            }
            (Data::Flag(flags), Value::Flag(flag)) => flags[row] = *flag,
            (Data::Date(days), Value::Date(date)) => days[row] = days_from_date(*date),
            (Data::Text { codes, dictionary }, Value::Text(text)) => {
                codes[row] = Arc::make_mut(dictionary).intern(text);
            }
            // Unknown: what stands there means nothing.
            _ => {}
        }
        let is_known = self.value != Value::Null;
        if !is_known || column.known.is_some() {
            column.known.get_or_insert_with(|| vec![true; rows])[row] = is_known;
        }
        if let Some(faults) = &mut column.faults {
            faults[row] = 0;
        }
    }
}

fn put_number(values: &mut Ints, row: usize, whole: i128) {
    match (&mut *values, i64::try_from(whole)) {
        (Ints::Narrow(values), Ok(whole)) => values[row] = whole,
        (Ints::Wide(values), _) => values[row] = whole,
        (Ints::Narrow(narrow), Err(_)) => {
            let mut wide: Vec<i128> = narrow.iter().map(|&value| value.into()).collect();
            wide[row] = whole;
            *values = Ints::Wide(wide);
        }
    }
}

fn fitting(metric: &Metric, value: Value) -> Result<Value, GiveError> {
    let name = || metric.name.clone();
    match &value {
        Value::Null if metric.ty == Type::Number => Err(GiveError::Unknown { metric: name() }),
        Value::Null => Ok(value),
        Value::Number(number) if metric.ty == Type::Number => {
            let number = number.normalize();
            if number.scale() > u32::from(metric.scale) {
                let places = metric.scale;
                return Err(GiveError::TooManyDecimals { metric: name(), places, value: number });
            }
            if rescale(number.mantissa(), number.scale() as u8, metric.scale).is_none() {
                return Err(GiveError::TooLarge { metric: name(), value: number });
            }
            Ok(Value::Number(number))
        }
        known if known.ty() == Some(metric.ty) => Ok(value),
        other => Err(GiveError::WrongType {
            metric: name(),
            wanted: metric.ty.words(),
            value: shown(other),
            found: other.ty().map_or("unknown", Type::words),
        }),
    }
}

fn shown(value: &Value) -> String {
    match value {
        Value::Null => "nothing".to_owned(),
        Value::Number(number) => format!("`{}`", plain(*number)),
        Value::Flag(flag) => format!("`{flag}`"),
        Value::Date(date) => format!("`{date}`"),
        Value::Text(text) => format!("`{text}`"),
        Value::List(_) => "this".to_owned(),
    }
}
