//! Whole numbers of a scale: rounding, and what a decimal can hold.

/// A decimal has 96 bits before its scale.
const DECIMAL_BITS: u32 = 96;

/// 10^exponent; `None` beyond 128 bits.
pub fn power_of_ten(exponent: u8) -> Option<i128> {
    10_i128.checked_pow(u32::from(exponent))
}

/// n ÷ d, rounded half to even. `d` > 0.
pub fn divide_half_even(n: i128, d: i128) -> i128 {
    let (quotient, rest) = (n.div_euclid(d), n.rem_euclid(d));
    // 0 ≤ rest < d; `d - rest` cannot overflow where `2 * rest` could.
    match rest.cmp(&(d - rest)) {
        std::cmp::Ordering::Less => quotient,
        std::cmp::Ordering::Greater => quotient + 1,
        std::cmp::Ordering::Equal => quotient + (quotient & 1),
    }
}

/// The same value at another scale, rounded half to even; `None` where it does not fit.
pub fn rescale(value: i128, from: u8, to: u8) -> Option<i128> {
    if from <= to {
        value.checked_mul(power_of_ten(to - from)?)
    } else {
        Some(divide_half_even(value, power_of_ten(from - to)?))
    }
}

/// Whether a decimal can hold a value of this scale.
pub fn is_decimal(value: i128, scale: u8) -> bool {
    let (mut value, mut scale) = (value.unsigned_abs(), scale);
    while value >> DECIMAL_BITS != 0 && scale > 0 && value.is_multiple_of(10) {
        value /= 10;
        scale -= 1;
    }
    value >> DECIMAL_BITS == 0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn halves_go_to_the_even_neighbour() {
        let cases = [(5, 2, 2), (7, 2, 4), (-5, 2, -2), (-7, 2, -4), (1, 3, 0), (2, 3, 1)];
        for (n, d, expected) in cases.into_iter().chain([(-1, 3, 0), (-2, 3, -1), (0, 7, 0)]) {
            assert_eq!(divide_half_even(n, d), expected, "{n} / {d}");
        }
    }

    #[test]
    fn scales_change_exactly_or_by_rounding() {
        assert_eq!(rescale(15, 1, 3), Some(1500));
        assert_eq!(rescale(1250, 3, 2), Some(125));
        assert_eq!(rescale(1255, 3, 2), Some(126));
        assert_eq!(rescale(1245, 3, 2), Some(124));
        assert_eq!(rescale(i128::MAX, 0, 1), None);
    }

    #[test]
    fn a_decimal_has_96_bits() {
        let most = (1_i128 << 96) - 1;
        assert!(is_decimal(most, 6));
        assert!(is_decimal(-most, 6));
        assert!(!is_decimal(most + 1, 6));
        assert!(is_decimal(most * 100, 2));
        assert!(!is_decimal(most * 100, 0));
    }
}
