//! Evaluated blocks become one column.

use std::sync::Arc;

use crate::expr::column::{Column, Data, Dictionary, Ints};
use crate::expr::{Fault, Type};
use crate::metrics::exact::power_of_ten;

/// No rows yet.
fn empty(ty: Type) -> Column {
    Column::new(match ty {
        Type::Number => Data::Number { scale: 0, values: Ints::Narrow(Vec::new()) },
        Type::Flag | Type::List => Data::Flag(Vec::new()),
        Type::Date => Data::Date(Vec::new()),
        Type::Text => Data::Text { codes: Vec::new(), dictionary: Arc::new(Dictionary::default()) },
    })
}

/// The blocks of one column, one after the other. Numbers get the largest of the blocks'
/// scales; a value that 128 bits cannot hold at that scale is an overflow.
pub fn join(blocks: Vec<Column>, ty: Type) -> Column {
    if blocks.len() == 1 {
        return blocks.into_iter().next().expect("one block");
    }
    let len = blocks.iter().map(Column::len).sum();
    let scale = blocks.iter().map(scale_of).max().unwrap_or(0);
    let mut joined = empty(ty);
    if let Data::Number { scale: of_all, .. } = &mut joined.data {
        *of_all = scale;
    }
    if blocks.iter().any(|block| block.known.is_some()) {
        joined.known = Some(Vec::with_capacity(len));
    }
    if blocks.iter().any(|block| block.faults.is_some()) {
        joined.faults = Some(Vec::with_capacity(len));
    }
    for block in blocks {
        append(&mut joined, block, len);
    }
    joined
}

pub(super) fn scale_of(column: &Column) -> u8 {
    match column.data {
        Data::Number { scale, .. } => scale,
        _ => 0,
    }
}

fn append(joined: &mut Column, block: Column, len: usize) {
    let (before, rows) = (joined.len(), block.len());
    if let Some(known) = &mut joined.known {
        match &block.known {
            Some(more) => known.extend_from_slice(more),
            None => known.resize(before + rows, true),
        }
    }
    if let Some(faults) = &mut joined.faults {
        match &block.faults {
            Some(more) => faults.extend_from_slice(more),
            None => faults.resize(before + rows, 0),
        }
    }
    match (&mut joined.data, block.data) {
        (Data::Number { scale: of_all, values: all }, Data::Number { scale, values }) => {
            let overflown = append_numbers(all, values, *of_all - scale, len);
            for row in overflown {
                let faults = joined.faults.get_or_insert_with(|| vec![0; before + rows]);
                faults[before + row] = Fault::Overflow as u8;
            }
        }
        (Data::Flag(all), Data::Flag(values)) => all.extend(values),
        (Data::Date(all), Data::Date(values)) => all.extend(values),
        (Data::Text { codes: all, dictionary: of_all }, Data::Text { codes, dictionary }) => {
            if before == 0 {
                *of_all = dictionary;
                all.extend(codes);
            } else if Arc::ptr_eq(of_all, &dictionary) {
                all.extend(codes);
            } else {
                let of_all = Arc::make_mut(of_all);
                all.extend(codes.iter().map(|&code| of_all.intern(dictionary.text(code))));
            }
        }
        _ => unreachable!("an expression has one type"),
    }
}

/// Appends numbers, moved up by `places`; gives the rows (of the block) that do not fit.
fn append_numbers(all: &mut Ints, values: Ints, places: u8, len: usize) -> Vec<usize> {
    let factor = power_of_ten(places);
    let narrow_factor = factor.and_then(|factor| i64::try_from(factor).ok());
    if let (Ints::Narrow(all), Ints::Narrow(values), Some(factor)) =
        (&mut *all, &values, narrow_factor)
    {
        let start = all.len();
        all.reserve(len - start);
        if factor == 1 {
            all.extend_from_slice(values);
            return Vec::new();
        }
        all.extend(values.iter().map_while(|value| value.checked_mul(factor)));
        if all.len() == start + values.len() {
            return Vec::new();
        }
        all.truncate(start);
    }
    let wide = widen(all, len);
    let mut overflown = Vec::new();
    let mut push = |row: usize, value: i128| {
        wide.push(factor.and_then(|factor| value.checked_mul(factor)).unwrap_or_else(|| {
            if value != 0 {
                overflown.push(row);
            }
            0
        }));
    };
    match values {
        Ints::Narrow(values) => {
            values.into_iter().enumerate().for_each(|(row, value)| push(row, value.into()));
        }
        Ints::Wide(values) => {
            values.into_iter().enumerate().for_each(|(row, value)| push(row, value));
        }
    }
    overflown
}

/// The same numbers in 128 bits.
fn widen(ints: &mut Ints, capacity: usize) -> &mut Vec<i128> {
    if let Ints::Narrow(values) = ints {
        let mut wide = Vec::with_capacity(capacity);
        wide.extend(values.iter().map(|&value| i128::from(value)));
        *ints = Ints::Wide(wide);
    }
    match ints {
        Ints::Wide(values) => values,
        Ints::Narrow(_) => unreachable!("just widened"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn blocks_of_different_scales_and_widths() {
        let blocks = vec![
            Column::narrow(0, vec![1, 2]),
            Column::narrow(2, vec![150]),
            Column::new(Data::Number { scale: 1, values: Ints::Wide(vec![1 << 90]) }),
        ];
        let values = Ints::Wide(vec![100, 200, 150, (1 << 90) * 10]);
        assert_eq!(join(blocks, Type::Number), Column::new(Data::Number { scale: 2, values }));
    }

    #[test]
    fn what_does_not_fit_is_an_overflow() {
        let most = Column::new(Data::Number { scale: 0, values: Ints::Wide(vec![1, i128::MAX]) });
        let joined = join(vec![most, Column::narrow(1, vec![5])], Type::Number);
        assert_eq!(joined.faults, Some(vec![0, Fault::Overflow as u8, 0]));
    }

    #[test]
    fn dictionaries_merge() {
        let text = |text: &str| {
            let mut dictionary = Dictionary::default();
            let codes = vec![dictionary.intern(text)];
            Column::new(Data::Text { codes, dictionary: Arc::new(dictionary) })
        };
        let joined = join(vec![text("a"), text("b"), text("a")], Type::Text);
        let Data::Text { codes, dictionary } = joined.data else { panic!("a text column") };
        let texts: Vec<&str> = codes.iter().map(|&code| &**dictionary.text(code)).collect();
        assert_eq!(texts, ["a", "b", "a"]);
    }
}
