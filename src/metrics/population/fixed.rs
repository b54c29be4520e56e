//! Fixed-point arithmetic on whole numbers with a scale.

use rust_decimal::Decimal;

use crate::expr::Fault;

/// 10^places; `None` where it does not fit.
pub(crate) fn power(places: u32) -> Option<i128> {
    10_i128.checked_pow(places)
}

/// `dividend / divisor`, rounded half to even. The divisor is positive.
pub(crate) fn divide_half_even(dividend: i128, divisor: i128) -> i128 {
    let quotient = dividend.div_euclid(divisor);
    let remainder = dividend.rem_euclid(divisor);
    // The remainder against what is missing to the next: no doubling, so no overflow.
    match remainder.cmp(&(divisor - remainder)) {
        std::cmp::Ordering::Less => quotient,
        std::cmp::Ordering::Greater => quotient + 1,
        std::cmp::Ordering::Equal => quotient + quotient.rem_euclid(2),
    }
}

/// The same value at another scale, rounded half to even where places are lost.
pub(crate) fn rescale(value: i128, from: u8, to: u8) -> Result<i128, Fault> {
    if to >= from {
        power(u32::from(to - from)).and_then(|factor| value.checked_mul(factor))
    } else {
        // A whole number of 128 bits has fewer than 40 digits: beyond it everything rounds to 0.
        Some(power(u32::from(from - to)).map_or(0, |divisor| divide_half_even(value, divisor)))
    }
    .ok_or(Fault::Overflow)
}

/// The decimal of a whole number with a scale; a fault where no decimal can hold it.
pub(crate) fn decimal(value: i128, scale: u8) -> Result<Decimal, Fault> {
    let (mut value, mut scale) = (value, u32::from(scale));
    loop {
        if let Ok(decimal) = Decimal::try_from_i128_with_scale(value, scale) {
            return Ok(decimal.normalize());
        }
        if scale == 0 || value % 10 != 0 {
            return Err(Fault::Overflow);
        }
        value /= 10;
        scale -= 1;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn halves_go_to_the_even_neighbour() {
        let halves = [(5, 2), (15, 2), (25, 2), (-5, 0), (-15, -2), (-25, -2), (4, 0), (6, 1)];
        for (tenths, whole) in halves {
            let expected = if tenths == 5 { 0 } else { whole };
            assert_eq!(divide_half_even(tenths, 10), expected, "{tenths}");
        }
    }

    #[test]
    fn scales() {
        assert_eq!(rescale(125, 2, 6), Ok(1_250_000));
        assert_eq!(rescale(1_234_500, 6, 3), Ok(1_234));
        assert_eq!(rescale(1_235_500, 6, 3), Ok(1_236));
        assert_eq!(rescale(i128::MAX, 0, 1), Err(Fault::Overflow));
        assert_eq!(decimal(1_500_000, 6), Ok(Decimal::new(15, 1)));
        assert_eq!(decimal(i128::MAX, 6), Err(Fault::Overflow));
    }
}
