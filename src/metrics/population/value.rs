use super::fixed::decimal;
use crate::expr::column::{Column, Data, Ints};
use crate::expr::{Fault, Value};
use crate::lifecycle::date_of;

/// The value of one row of a column.
pub fn value_at(column: &Column, row: usize) -> Result<Value, Fault> {
    if let Some(fault) = column.fault(row) {
        return Err(fault);
    }
    if !column.is_known(row) {
        return Ok(Value::Null);
    }
    Ok(match &column.data {
        Data::Number { scale, values } => {
            let value = match values {
                Ints::Narrow(values) => values[row].into(),
                Ints::Wide(values) => values[row],
            };
            Value::Number(decimal(value, *scale)?)
        }
        Data::Flag(values) => Value::Flag(values[row]),
        Data::Date(values) => Value::Date(date_of(values[row])),
        Data::Text { codes, dictionary } => Value::Text(dictionary.text(codes[row]).clone()),
    })
}
