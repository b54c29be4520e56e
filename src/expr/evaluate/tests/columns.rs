//! Columns with NULLs and faults, at the borders of 64 and 96 bits.

use std::sync::Arc;

use proptest::prelude::*;

use super::sample::Sample;
use crate::expr::column::{Column, Data, Dictionary, Ints};

pub const ROWS: usize = 9;
pub const TEXTS: &[&str] = &["", "a", "ab", "b", "İ"];

/// Columns by name; their order is the order of `columns` below.
pub const NUMBER_COLUMNS: std::ops::Range<usize> = 0..6;
pub const FLAG_COLUMN: usize = 6;
pub const TEXT_COLUMNS: std::ops::Range<usize> = 7..10;
pub const DATE_COLUMN: usize = 10;

fn masked(data: impl Strategy<Value = Data>) -> impl Strategy<Value = Column> {
    let known = prop::option::weighted(0.4, prop::collection::vec(any::<bool>(), ROWS));
    let fault = prop_oneof![6 => Just(0u8), 1 => 1u8..=4];
    let faults = prop::option::weighted(0.3, prop::collection::vec(fault, ROWS));
    (data, known, faults).prop_map(|(data, known, faults)| Column { data, known, faults })
}

fn narrow(scale: u8, value: impl Strategy<Value = i64>) -> impl Strategy<Value = Column> {
    masked(
        prop::collection::vec(value, ROWS)
            .prop_map(move |values| Data::Number { scale, values: Ints::Narrow(values) }),
    )
}

fn wide(scale: u8) -> impl Strategy<Value = Column> {
    let value = prop_oneof![-500i128..500, -(1i128 << 96) + 1..1i128 << 96];
    masked(
        prop::collection::vec(value, ROWS)
            .prop_map(move |values| Data::Number { scale, values: Ints::Wide(values) }),
    )
}

fn dictionary() -> Arc<Dictionary> {
    let mut dictionary = Dictionary::default();
    for text in TEXTS {
        dictionary.intern(text);
    }
    Arc::new(dictionary)
}

fn texts(dictionary: Arc<Dictionary>) -> impl Strategy<Value = Column> {
    let codes = prop::collection::vec(0..TEXTS.len() as u32, ROWS);
    masked(codes.prop_map(move |codes| Data::Text { codes, dictionary: dictionary.clone() }))
}

pub fn samples() -> impl Strategy<Value = Sample> {
    let large = || prop_oneof![-3i64..4, any::<i64>(), Just(i64::MAX), Just(i64::MIN)];
    let shared = dictionary();
    let numbers = (
        narrow(0, -3i64..8),
        narrow(2, -300i64..300),
        narrow(6, -3_000_000i64..3_000_000),
        narrow(9, large()),
        wide(6),
        wide(28),
    );
    let others = (
        masked(prop::collection::vec(any::<bool>(), ROWS).prop_map(Data::Flag)),
        texts(shared.clone()),
        texts(shared),
        texts(dictionary()),
        masked(prop::collection::vec(20_000i32..20_800, ROWS).prop_map(Data::Date)),
    );
    (numbers, others).prop_map(|((a, b, c, d, e, f), (g, h, i, j, k))| {
        let columns = [a, b, c, d, e, f, g, h, i, j, k];
        Sample::new(ROWS, columns.into_iter().map(|column| ("", column)).collect())
    })
}
