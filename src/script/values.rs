//! Values between the program and Rhai.

use std::sync::Arc;

use jiff::civil::Date;
use rhai::Dynamic;

use super::numbers;
use crate::expr::Value;

pub(super) fn to_dynamic(value: &Value) -> Dynamic {
    match value {
        Value::Null => Dynamic::UNIT,
        Value::Number(number) => numbers::from_decimal(*number),
        Value::Flag(flag) => (*flag).into(),
        Value::Text(text) => text.as_ref().into(),
        Value::Date(date) => Dynamic::from(*date),
        Value::List(values) => values.iter().map(to_dynamic).collect::<rhai::Array>().into(),
    }
}

/// `None` for what no expression can hold: maps, functions, ranges.
pub(super) fn from_dynamic(value: &Dynamic) -> Option<Value> {
    if value.is_unit() {
        return Some(Value::Null);
    }
    if let Some(number) = numbers::to_decimal(value) {
        return Some(Value::Number(number.normalize()));
    }
    if let Ok(flag) = value.as_bool() {
        return Some(Value::Flag(flag));
    }
    if let Ok(text) = value.as_immutable_string_ref() {
        return Some(Value::text(&text));
    }
    if let Ok(character) = value.as_char() {
        return Some(Value::text(character.encode_utf8(&mut [0; 4])));
    }
    if let Some(date) = value.read_lock::<Date>() {
        return Some(Value::Date(*date));
    }
    let items = value.as_array_ref().ok()?;
    let items: Option<Arc<[Value]>> = items.iter().map(from_dynamic).collect();
    items.map(Value::List)
}
