//! Rounding of fixed-point numbers in 64 bits: the result has the same scale. `None`: it does
//! not fit.

use std::cmp::Ordering;

pub(super) fn floor(value: i64, scale: u32) -> Option<i64> {
    split(value, scale, 0).map(|(below, ..)| below)
}

pub(super) fn ceil(value: i64, scale: u32) -> Option<i64> {
    match split(value, scale, 0)? {
        (below, 0, _) => Some(below),
        (below, _, step) => below.checked_add(step),
    }
}

pub(super) fn half_even(value: i64, scale: u32, digits: u32) -> Option<i64> {
    let (below, rest, step) = split(value, scale, digits)?;
    let up = match rest.cmp(&(step - rest)) {
        Ordering::Less => false,
        Ordering::Equal => below / step % 2 != 0,
        Ordering::Greater => true,
    };
    if up { below.checked_add(step) } else { Some(below) }
}

/// The largest multiple of 10^-`digits` that is not above the value, what is left, and the
/// distance between two multiples.
fn split(value: i64, scale: u32, digits: u32) -> Option<(i64, i64, i64)> {
    let step = 10i64.checked_pow(scale.saturating_sub(digits))?;
    let rest = value.rem_euclid(step);
    Some((value.checked_sub(rest)?, rest, step))
}
