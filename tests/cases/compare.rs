//! What counts as the same: numbers by value, all else byte for byte.

use rust_decimal::Decimal;
use serde_json::Value;

/// The header and the rows of a CSV table.
pub fn rows(csv: &[u8]) -> (Vec<String>, Vec<Vec<String>>) {
    let mut reader = csv::ReaderBuilder::new().has_headers(false).from_reader(csv);
    let mut rows: Vec<Vec<String>> = reader
        .records()
        .map(|row| row.expect("a row").iter().map(|cell| cell.to_owned()).collect())
        .collect();
    let head = rows.remove(0);
    (head, rows)
}

/// `80.1` and `80.10` are the same number; `007` and `7` are two ids, and no such numbers occur.
pub fn same(a: &str, b: &str) -> bool {
    let number = |text: &str| {
        let digits = text.trim_start_matches('-');
        let plain = !digits.starts_with('0') || digits.len() == 1 || digits.starts_with("0.");
        plain.then(|| Decimal::from_str_exact(text).ok()).flatten()
    };
    a == b || number(a).is_some_and(|a| number(b) == Some(a))
}

/// Objects hold at least what is expected; lists are as long, and all else is the same.
pub fn subset(expected: &Value, found: &Value, path: &str, faults: &mut Vec<String>) {
    match (expected, found) {
        (Value::Object(expected), Value::Object(found)) => {
            for (key, expected) in expected {
                let path = format!("{path}.{key}");
                match found.get(key) {
                    Some(found) => subset(expected, found, &path, faults),
                    None => faults.push(format!("{path} is missing")),
                }
            }
        }
        (Value::Array(expected), Value::Array(items)) if expected.len() == items.len() => {
            for ((expected, found), at) in expected.iter().zip(items).zip(0..) {
                subset(expected, found, &format!("{path}[{at}]"), faults);
            }
        }
        (Value::Number(a), Value::Number(b)) if same(&a.to_string(), &b.to_string()) => {}
        _ if expected == found => {}
        _ => faults.push(format!("{path} is {found}, not {expected}")),
    }
}
