//! Numbers as digits, without a decimal in between: what the hot path writes.

/// Digits of the largest 128-bit number, a sign, a point, and a zero before it.
const LONGEST: usize = 42;

/// Writes `mantissa × 10^-scale` without trailing zeros and without exponent. The scale is at
/// most that of a decimal.
pub(super) fn push(text: &mut String, mantissa: i128, scale: u32) {
    let mut digits = Digits { bytes: [0; LONGEST], start: LONGEST, places: scale };
    let mut magnitude = mantissa.unsigned_abs();
    let mut rest = loop {
        match u64::try_from(magnitude) {
            Ok(narrow) => break narrow,
            Err(_) => {
                digits.push((magnitude % 10) as u8);
                magnitude /= 10;
            }
        }
    };
    loop {
        let is_whole = digits.places == 0;
        digits.push((rest % 10) as u8);
        rest /= 10;
        if is_whole && rest == 0 {
            break;
        }
    }
    if mantissa < 0 {
        digits.put(b'-');
    }
    text.push_str(digits.as_str());
}

/// A number from its last digit to its first.
struct Digits {
    bytes: [u8; LONGEST],
    start: usize,
    /// Places that are still to come before the point.
    places: u32,
}

impl Digits {
    fn push(&mut self, digit: u8) {
        if self.places == 0 {
            return self.put(b'0' + digit);
        }
        self.places -= 1;
        let follows = self.start < LONGEST;
        if digit != 0 || follows {
            self.put(b'0' + digit);
        }
        if self.places == 0 && self.start < LONGEST {
            self.put(b'.');
        }
    }

    fn put(&mut self, byte: u8) {
        self.start -= 1;
        self.bytes[self.start] = byte;
    }

    fn as_str(&self) -> &str {
        str::from_utf8(&self.bytes[self.start..]).unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use rust_decimal::Decimal;

    use super::*;
    use crate::criteria::number_json;

    fn written(mantissa: i128, scale: u32) -> String {
        let mut text = String::new();
        push(&mut text, mantissa, scale);
        text
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
