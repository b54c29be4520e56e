//! Values over a population: nearest ranks, means, totals, spread.
//!
//! Each takes the measured values as whole numbers of one scale and may reorder them.

use rust_decimal::Decimal;

use super::squares::Square;
use crate::expr::decimal::representable;
use crate::expr::{Fault, NUMBER_SCALE};
use crate::metrics::exact::{divide_half_even, power_of_ten, rescale};

/// A whole number of a fixed-point column.
pub(super) trait Whole: Copy + Ord + Send + Sync + Into<i128> {}
impl Whole for i64 {}
impl Whole for i128 {}

/// ⌈count × percent / 100⌉.
pub(super) fn share_of(count: usize, percent: Decimal) -> usize {
    let percent = percent.max(Decimal::ZERO).normalize();
    let hundred = 100 * 10_u128.pow(percent.scale());
    // A percent up to 100 has at most 31 digits and a count at most 10: 128 bits hold both.
    let share = (count as u128).saturating_mul(percent.mantissa().unsigned_abs()).div_ceil(hundred);
    usize::try_from(share).unwrap_or(count).min(count)
}

/// The ⌈N × percent / 100⌉-th smallest; for 0 the smallest. No values: 0.
pub(super) fn percentile<T: Whole>(
    values: &mut [T],
    scale: u8,
    percent: Decimal,
) -> Result<Decimal, Fault> {
    if values.is_empty() {
        return Ok(Decimal::ZERO);
    }
    let rank = share_of(values.len(), percent).max(1);
    let (_, value, _) = values.select_nth_unstable(rank - 1);
    representable((*value).into(), scale.into())
}

pub(super) fn sum<T: Whole>(values: &[T]) -> Result<i128, Fault> {
    values
        .iter()
        .try_fold(0_i128, |sum, &value| sum.checked_add(value.into()))
        .ok_or(Fault::Overflow)
}

/// The sum, six decimals.
pub(super) fn total<T: Whole>(values: &[T], scale: u8) -> Result<Decimal, Fault> {
    let sum = sum(values)?;
    let places = scale.min(NUMBER_SCALE);
    representable(rescale(sum, scale, places).ok_or(Fault::Overflow)?, places.into())
}

/// The mean, six decimals, half to even. No values: 0.
pub(super) fn average<T: Whole>(values: &[T], scale: u8) -> Result<Decimal, Fault> {
    mean(sum(values)?, values.len(), scale)
}

/// The middle value; of an even number the mean of the two. Six decimals, half to even.
pub(super) fn median<T: Whole>(values: &mut [T], scale: u8) -> Result<Decimal, Fault> {
    let count = values.len();
    if count == 0 {
        return Ok(Decimal::ZERO);
    }
    let (lower, middle, _) = values.select_nth_unstable(count / 2);
    let middle: i128 = (*middle).into();
    if count % 2 == 1 {
        return mean(middle, 1, scale);
    }
    let below = lower.iter().copied().max().map_or(middle, Into::into);
    mean(middle.checked_add(below).ok_or(Fault::Overflow)?, 2, scale)
}

/// `sum / count` with six decimals.
fn mean(sum: i128, count: usize, scale: u8) -> Result<Decimal, Fault> {
    let Some(count) = i128::try_from(count).ok().filter(|count| *count > 0) else {
        return Ok(Decimal::ZERO);
    };
    let rounded = if scale <= NUMBER_SCALE {
        divide_half_even(rescale(sum, scale, NUMBER_SCALE).ok_or(Fault::Overflow)?, count)
    } else {
        let divisor = power_of_ten(scale - NUMBER_SCALE)
            .and_then(|power| power.checked_mul(count))
            .ok_or(Fault::Overflow)?;
        divide_half_even(sum, divisor)
    };
    representable(rounded, NUMBER_SCALE.into())
}

/// The standard deviation of a whole population (the squares are divided by N, not N − 1), six
/// decimals, half to even, exact: the root is searched among whole numbers.
pub(super) fn deviation<T: Whole>(values: &[T], scale: u8) -> Result<Decimal, Fault> {
    let root = deviation_root(values, scale).ok_or(Fault::Overflow)?;
    representable(root, NUMBER_SCALE.into())
}

/// The deviation × 10^6; `None` where 256 bits are not enough.
fn deviation_root<T: Whole>(values: &[T], scale: u8) -> Option<i128> {
    let count = values.len() as u128;
    if count == 0 {
        return Some(0);
    }
    // N² × variance = N × Σx² − (Σx)²; distances from the first value keep the squares small.
    let origin: i128 = values[0].into();
    let mut sum = 0_i128;
    let mut squares = Square::ZERO;
    for &value in values {
        let distance = value.into().checked_sub(origin)?;
        sum = sum.checked_add(distance)?;
        let size = distance.unsigned_abs();
        squares = squares.checked_add(Square::product(size, size))?;
    }
    let size = sum.unsigned_abs();
    let spread = squares.checked_mul(count)?.checked_sub(Square::product(size, size))?;
    // root / 10^6 = sqrt(spread) / (N × 10^scale), so (root × N × 10^a)² = spread × 10^2b.
    let ten = |places: u8| 10_u128.checked_pow(u32::from(places));
    let divisor = count.checked_mul(ten(scale.saturating_sub(NUMBER_SCALE))?)?;
    let factor = ten(NUMBER_SCALE.saturating_sub(scale))?;
    let target = spread.checked_mul(factor)?.checked_mul(factor)?;
    let squared = |root: u128| {
        let side = root.checked_mul(divisor)?;
        Some(Square::product(side, side))
    };
    let (mut low, mut high) = (0_u128, 1_u128 << 100);
    while low < high {
        let middle = low + (high - low).div_ceil(2);
        match squared(middle) {
            Some(square) if square <= target => low = middle,
            _ => high = middle - 1,
        }
    }
    // (2 root + 1)² N² against 4 × target decides the last place.
    let half = {
        let side = low.checked_mul(2)?.checked_add(1)?.checked_mul(divisor)?;
        target.checked_mul(4)?.cmp(&Square::product(side, side))
    };
    let up = half.is_gt() || (half.is_eq() && low % 2 == 1);
    i128::try_from(low + u128::from(up)).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn number(text: &str) -> Decimal {
        text.parse().expect("a number")
    }

    #[test]
    fn shares_round_up() {
        assert_eq!(share_of(97, number("5")), 5);
        assert_eq!(share_of(100, number("5")), 5);
        assert_eq!(share_of(1, number("0.1")), 1);
        assert_eq!(share_of(1000, number("12.5")), 125);
        assert_eq!(share_of(0, number("5")), 0);
        assert_eq!(share_of(7, number("0")), 0);
        assert_eq!(share_of(7, number("100")), 7);
    }

    #[test]
    fn nearest_ranks() {
        let rank = |percent| percentile(&mut [15_i64, 20, 35, 40, 50], 0, number(percent));
        assert_eq!(rank("0"), Ok(number("15")));
        assert_eq!(rank("5"), Ok(number("15")));
        assert_eq!(rank("30"), Ok(number("20")));
        assert_eq!(rank("40"), Ok(number("20")));
        assert_eq!(rank("50"), Ok(number("35")));
        assert_eq!(rank("100"), Ok(number("50")));
        assert_eq!(percentile::<i64>(&mut [], 2, number("50")), Ok(Decimal::ZERO));
    }

    #[test]
    fn means_and_totals() {
        assert_eq!(average(&[100_i64, 200, 200], 2), Ok(number("1.666667")));
        assert_eq!(average(&[1_i64, 0, 0], 0), Ok(number("0.333333")));
        assert_eq!(median(&mut [5_i64, 1, 9], 0), Ok(number("5")));
        assert_eq!(median(&mut [5_i64, 1, 9, 2], 0), Ok(number("3.5")));
        // 0.000001 and 0.000002: the half goes to the even neighbour.
        assert_eq!(median(&mut [1_i64, 2], 6), Ok(number("0.000002")));
        assert_eq!(median(&mut [2_i64, 3], 6), Ok(number("0.000002")));
        assert_eq!(total(&[1_i128 << 100, 1 << 100], 0), Err(Fault::Overflow));
        assert_eq!(total(&[150_i64, 250], 2), Ok(number("4")));
        assert_eq!(average::<i64>(&[], 2), Ok(Decimal::ZERO));
    }

    #[test]
    fn deviation_of_a_population() {
        // The textbook's eight values with a deviation of exactly 2.
        assert_eq!(deviation(&[2_i64, 4, 4, 4, 5, 5, 7, 9], 0), Ok(number("2")));
        // sqrt(2/3) = 0.8164965809…
        assert_eq!(deviation(&[1_i64, 2, 3], 0), Ok(number("0.816497")));
        assert_eq!(deviation(&[100_i64, 200, 300], 2), Ok(number("0.816497")));
        assert_eq!(
            deviation(&[10_000_000_i128, 20_000_000, 30_000_000], 7),
            Ok(number("0.816497"))
        );
        assert_eq!(deviation(&[7_i64, 7], 0), Ok(Decimal::ZERO));
        assert_eq!(deviation::<i64>(&[], 0), Ok(Decimal::ZERO));
    }
}
