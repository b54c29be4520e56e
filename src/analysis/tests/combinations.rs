//! Few values, in every combination.

use std::sync::Arc;

use jiff::civil::Date;
use rust_decimal::Decimal;

use crate::expr::column::{Column, ColumnRef, Data, Dictionary};
use crate::expr::{CutoffId, Fault, Input, Inputs, ScriptFunctionId, Value};

pub(super) const ORDER_COUNT: Input = Input::Metric(0);
pub(super) const LEVEL: Input = Input::Attribute(0);
pub(super) const CHANNEL: Input = Input::Attribute(1);
pub(super) const CONSENT: Input = Input::Attribute(2);

/// Every combination of a few values: counts 0 to 6, levels −2 to 5 or NULL, three channels or
/// NULL, a consent or NULL.
pub(super) struct Combinations {
    order_count: Column,
    level: Column,
    channel: Column,
    consent: Column,
}

impl Combinations {
    pub(super) fn new() -> Self {
        let mut dictionary = Dictionary::default();
        let codes: Vec<u32> = ["a", "b", "c"].iter().map(|text| dictionary.intern(text)).collect();
        let (mut counts, mut levels, mut channels, mut consents) =
            (Vec::new(), Vec::new(), Vec::new(), Vec::new());
        for count in 0..=6 {
            for level in (-2..=5).map(Some).chain([None]) {
                for channel in codes.iter().copied().map(Some).chain([None]) {
                    for consent in [Some(true), Some(false), None] {
                        counts.push(count);
                        levels.push(level);
                        channels.push(channel);
                        consents.push(consent);
                    }
                }
            }
        }
        let known = |data, known: Vec<bool>| Column { known: Some(known), ..Column::new(data) };
        let level_values = levels.iter().map(|level| level.unwrap_or_default()).collect();
        Self {
            order_count: Column::narrow(0, counts),
            level: Column {
                known: Some(levels.iter().map(Option::is_some).collect()),
                ..Column::narrow(0, level_values)
            },
            channel: known(
                Data::Text {
                    codes: channels.iter().map(|code| code.unwrap_or_default()).collect(),
                    dictionary: Arc::new(dictionary),
                },
                channels.iter().map(Option::is_some).collect(),
            ),
            consent: known(
                Data::Flag(consents.iter().map(|consent| consent.unwrap_or_default()).collect()),
                consents.iter().map(Option::is_some).collect(),
            ),
        }
    }
}

impl Inputs for Combinations {
    fn len(&self) -> usize {
        self.order_count.len()
    }

    fn as_of(&self) -> Date {
        jiff::civil::date(2026, 3, 21)
    }

    fn input(&self, input: Input) -> ColumnRef<'_> {
        let column = match input {
            ORDER_COUNT => &self.order_count,
            LEVEL => &self.level,
            CHANNEL => &self.channel,
            CONSENT => &self.consent,
            _ => panic!("no such input"),
        };
        column.slice(0..self.len())
    }

    fn cutoff(&self, _: CutoffId) -> Result<Decimal, Fault> {
        panic!("no cutoffs here")
    }

    fn call(&self, _: ScriptFunctionId, _: &[Option<Value>], _: usize) -> Result<Value, Fault> {
        panic!("no scripts here")
    }
}
