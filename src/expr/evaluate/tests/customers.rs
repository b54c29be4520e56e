//! Three customers and what expressions give for each.

use std::sync::Arc;

use jiff::civil::date;
use rust_decimal::Decimal;

use super::sample::Sample;
use crate::expr::column::{Column, Data, Dictionary, Ints};
use crate::expr::day::days_from_date;
use crate::expr::{Fault, Value};

pub fn number(text: &str) -> Result<Value, Fault> {
    Ok(Value::Number(Decimal::from_str_exact(text).expect(text)))
}

pub fn flag(flag: bool) -> Result<Value, Fault> {
    Ok(Value::Flag(flag))
}

pub const NULL: Result<Value, Fault> = Ok(Value::Null);

pub fn texts(list: &[&str]) -> Column {
    let mut dictionary = Dictionary::default();
    let codes = list.iter().map(|text| dictionary.intern(text)).collect();
    Column::new(Data::Text { codes, dictionary: Arc::new(dictionary) })
}

pub fn dates(list: &[(i16, i8, i8)]) -> Column {
    Column::new(Data::Date(list.iter().map(|(y, m, d)| days_from_date(date(*y, *m, *d))).collect()))
}

/// Three customers: one plain, one without values, one with a fault in `broken`.
pub fn sample() -> Sample {
    let second_unknown = || Some(vec![true, false, true]);
    Sample::new(
        3,
        vec![
            ("spend", Column::narrow(2, vec![100_050, 0, -250])),
            ("orders", Column::narrow(0, vec![7, 0, 2])),
            (
                "rate",
                Column { known: second_unknown(), ..Column::narrow(6, vec![333_333, 0, 500_000]) },
            ),
            ("huge", Column::narrow(0, vec![i64::MAX, i64::MIN, 1])),
            (
                "wide",
                Column::new(Data::Number {
                    scale: 6,
                    values: Ints::Wide(vec![10_000_000_000_000_000_000_000_000, -1, 0]),
                }),
            ),
            (
                "broken",
                Column {
                    faults: Some(vec![0, 0, Fault::Script as u8]),
                    ..Column::narrow(0, vec![1, 2, 0])
                },
            ),
            (
                "consent",
                Column {
                    known: second_unknown(),
                    ..Column::new(Data::Flag(vec![true, false, false]))
                },
            ),
            (
                "channel",
                Column { known: Some(vec![true, true, false]), ..texts(&["web", "partner", ""]) },
            ),
            ("city", texts(&["İzmir", "web", "van"])),
            (
                "joined",
                Column {
                    known: second_unknown(),
                    ..dates(&[(2024, 2, 29), (1970, 1, 1), (2026, 3, 21)])
                },
            ),
        ],
    )
}

#[track_caller]
pub fn gives(text: &str, expected: [Result<Value, Fault>; 3]) {
    assert_eq!(sample().values(text), expected, "{text}");
}

#[track_caller]
pub fn flags(text: &str, expected: [bool; 3]) {
    gives(text, expected.map(flag));
}
