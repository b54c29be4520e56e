//! Numbers as digits, without a decimal in between: what the hot path writes.

use std::ops::{Div, Rem};

/// Digits of the largest 128-bit number, a sign, a point, and a zero before it.
const LONGEST: usize = 42;

/// Writes `mantissa × 10^-scale` without trailing zeros and without exponent. The scale is at
/// most that of a decimal.
pub(super) fn push(text: &mut Vec<u8>, mantissa: i128, scale: u32) {
    let mut digits = Digits { bytes: [0; LONGEST], start: LONGEST };
    let magnitude = mantissa.unsigned_abs();
    // 64 bits are several times faster, and mostly enough.
    match u64::try_from(magnitude) {
        Ok(narrow) => digits.put_all(narrow, scale),
        Err(_) => digits.put_all(magnitude, scale),
    }
    if mantissa < 0 {
        digits.put(b'-');
    }
    text.extend(&digits.bytes[digits.start..]);
}

/// A number, written from its last digit to its first.
struct Digits {
    bytes: [u8; LONGEST],
    start: usize,
}

impl Digits {
    fn put_all<T>(&mut self, mut rest: T, mut places: u32)
    where
        T: Copy + PartialEq + From<u8> + Div<Output = T> + Rem<Output = T> + TryInto<u8>,
    {
        let (zero, ten) = (T::from(0), T::from(10));
        while places > 0 && rest % ten == zero {
            rest = rest / ten;
            places -= 1;
        }
        loop {
            self.put(b'0' + (rest % ten).try_into().unwrap_or_default());
            rest = rest / ten;
            match places {
                0 if rest == zero => return,
                0 => {}
                1 => {
                    self.put(b'.');
                    places = 0;
                }
                _ => places -= 1,
            }
        }
    }

    fn put(&mut self, byte: u8) {
        self.start -= 1;
        self.bytes[self.start] = byte;
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use rust_decimal::Decimal;

    use super::*;
    use crate::criteria::number_json;

    fn written(mantissa: i128, scale: u32) -> String {
        let mut text = Vec::new();
        push(&mut text, mantissa, scale);
        String::from_utf8(text).expect("digits")
    }

    #[test]
    fn numbers_have_no_zeros_at_their_end() {
        assert_eq!(written(81_240, 2), "812.4");
        assert_eq!(written(100, 0), "100");
        assert_eq!(written(-100, 2), "-1");
        assert_eq!(written(-5, 28), "-0.0000000000000000000000000005");
        assert_eq!(written(0, 6), "0");
        assert_eq!(written(i128::MIN, 0), "-170141183460469231731687303715884105728");
    }

    proptest! {
        #[test]
        fn the_same_digits_as_a_decimal(
            mantissa in prop_oneof![
                -2_000i128..2_000,
                (-2_000i128..2_000).prop_map(|short| short * 1_000),
                -(1i128 << 96) + 1..1i128 << 96,
            ],
            scale in 0u32..=28,
        ) {
            let number = Decimal::from_i128_with_scale(mantissa, scale);
            prop_assert_eq!(written(mantissa, scale), number_json(number).to_string());
        }
    }
}
