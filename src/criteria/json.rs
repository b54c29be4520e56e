use rust_decimal::Decimal;
use serde_json::{Number, Value as Json, json};

use crate::expr::Value;

/// An exact decimal as a JSON number without exponent.
pub fn number_json(number: Decimal) -> Json {
    let text = number.normalize().to_string();
    text.parse::<Number>().map_or(Json::Null, Json::Number)
}

/// A value as JSON: numbers exact, dates ISO 8601.
pub fn value_json(value: &Value) -> Json {
    match value {
        Value::Null => Json::Null,
        Value::Number(number) => number_json(*number),
        Value::Flag(flag) => json!(flag),
        Value::Text(text) => json!(&**text),
        Value::Date(date) => json!(date.to_string()),
        Value::List(list) => list.iter().map(value_json).collect(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_exact_and_without_exponent() {
        let written = |text: &str| number_json(text.parse().unwrap()).to_string();
        assert_eq!(written("812.40"), "812.4");
        assert_eq!(written("0.000001"), "0.000001");
        assert_eq!(written("79228162514264337593543950335"), "79228162514264337593543950335");
        assert_eq!(written("100"), "100");
        assert_eq!(written("-0.00"), "0");
    }
}
