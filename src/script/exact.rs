//! Exact decimal arithmetic: whole mantissas and powers of ten, never rounded but for `/`.

use rust_decimal::Decimal;

use crate::expr::{Fault, NUMBER_SCALE};

/// mantissa × 10^-scale, without trailing zeros.
#[derive(Clone, Copy)]
struct Exact {
    mantissa: i128,
    scale: i32,
}

impl Exact {
    fn of(number: Decimal) -> Self {
        Exact { mantissa: number.mantissa(), scale: number.scale() as i32 }.stripped()
    }

    fn stripped(mut self) -> Self {
        if self.mantissa == 0 {
            return Exact { mantissa: 0, scale: 0 };
        }
        while self.mantissa % 10 == 0 {
            self.mantissa /= 10;
            self.scale -= 1;
        }
        self
    }

    /// The mantissa at a scale that is not smaller than its own.
    fn at(self, scale: i32) -> Option<i128> {
        let power = power_of_ten(u32::try_from(scale - self.scale).ok()?)?;
        self.mantissa.checked_mul(power)
    }

    fn decimal(self) -> Result<Decimal, Fault> {
        let stripped = self.stripped();
        let scale = stripped.scale.max(0);
        let mantissa = stripped.at(scale).ok_or(Fault::Overflow)?;
        Decimal::try_from_i128_with_scale(mantissa, scale as u32).map_err(|_| Fault::Overflow)
    }
}

fn power_of_ten(exponent: u32) -> Option<i128> {
    10_i128.checked_pow(exponent)
}

pub(super) fn add(a: Decimal, b: Decimal) -> Result<Decimal, Fault> {
    let (a, b) = (Exact::of(a), Exact::of(b));
    let scale = a.scale.max(b.scale).max(0);
    // Where a side does not fit at the common scale, the sum needs more digits than there are.
    let sum = a.at(scale).zip(b.at(scale)).and_then(|(a, b)| a.checked_add(b));
    Exact { mantissa: sum.ok_or(Fault::Overflow)?, scale }.decimal()
}

pub(super) fn subtract(a: Decimal, b: Decimal) -> Result<Decimal, Fault> {
    add(a, -b)
}

pub(super) fn multiply(a: Decimal, b: Decimal) -> Result<Decimal, Fault> {
    let (mut a, mut b) = (Exact::of(a), Exact::of(b));
    if a.mantissa == 0 || b.mantissa == 0 {
        return Ok(Decimal::ZERO);
    }
    // A two of one and a five of the other make a ten: a power less, and room for the product.
    for _ in 0..2 {
        while a.mantissa % 2 == 0 && b.mantissa % 5 == 0 {
            a = Exact { mantissa: a.mantissa / 2, scale: a.scale - 1 };
            b.mantissa /= 5;
        }
        std::mem::swap(&mut a, &mut b);
    }
    let mantissa = a.mantissa.checked_mul(b.mantissa).ok_or(Fault::Overflow)?;
    Exact { mantissa, scale: a.scale + b.scale }.decimal()
}

/// Rounded half to even to six places.
pub(super) fn divide(a: Decimal, b: Decimal) -> Result<Decimal, Fault> {
    let (a, b) = (Exact::of(a), Exact::of(b));
    if b.mantissa == 0 {
        return Err(Fault::DivisionByZero);
    }
    let places = i32::from(NUMBER_SCALE);
    // quotient × 10^6 = a.mantissa × 10^shift / b.mantissa
    let shift = places + b.scale - a.scale;
    let (mut dividend, mut divisor) = (a.mantissa.abs(), b.mantissa.abs());
    let mut digits = 0;
    if shift >= 0 {
        digits = shift;
    } else {
        let power = power_of_ten(shift.unsigned_abs());
        match power.and_then(|power| divisor.checked_mul(power)) {
            Some(product) => divisor = product,
            // The divisor is more than twice the largest dividend.
            None => return Ok(Decimal::ZERO),
        }
    }
    let mut quotient = dividend / divisor;
    dividend %= divisor;
    for _ in 0..digits {
        dividend *= 10;
        quotient = quotient
            .checked_mul(10)
            .and_then(|quotient| quotient.checked_add(dividend / divisor))
            .ok_or(Fault::Overflow)?;
        dividend %= divisor;
    }
    let twice = dividend.checked_mul(2).ok_or(Fault::Overflow)?;
    if twice > divisor || (twice == divisor && quotient % 2 == 1) {
        quotient += 1;
    }
    let negative = (a.mantissa < 0) != (b.mantissa < 0);
    Exact { mantissa: if negative { -quotient } else { quotient }, scale: places }.decimal()
}

/// What is left of a truncated division: it has the sign of the dividend.
pub(super) fn remainder(a: Decimal, b: Decimal) -> Result<Decimal, Fault> {
    if b.is_zero() {
        return Err(Fault::DivisionByZero);
    }
    let rest = a.checked_rem(b).ok_or(Fault::Overflow)?;
    Ok(rest.normalize())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn number(text: &str) -> Decimal {
        text.parse().expect("a number")
    }

    #[test]
    fn sums_and_products_are_exact_or_an_overflow() {
        assert_eq!(add(number("0.1"), number("0.2")), Ok(number("0.3")));
        assert_eq!(subtract(number("1"), number("1.5")), Ok(number("-0.5")));
        assert_eq!(multiply(number("2.50"), number("4")), Ok(number("10")));
        assert_eq!(add(Decimal::MAX, number("1")), Err(Fault::Overflow));
        // 29 digits would be needed; rounding is not an answer.
        assert_eq!(
            add(number("10000000000000000000000000000"), number("0.1")),
            Err(Fault::Overflow)
        );
        assert_eq!(
            multiply(number("0.00000000000001"), number("0.000000000000001")),
            Err(Fault::Overflow)
        );
    }

    #[test]
    fn products_of_twos_and_fives_fit() {
        let twos = Decimal::from(1_u128 << 90);
        let fives = Decimal::from(5_u64.pow(27));
        let product = multiply(twos, fives);
        assert_eq!(product, Err(Fault::Overflow));
        let small = Decimal::try_from_i128_with_scale(5_i128.pow(27), 28).expect("fits");
        // 2^90 × 5^27 / 10^28 = 2^63 / 10
        assert_eq!(multiply(twos, small), Ok(number("922337203685477580.8")));
    }

    #[test]
    fn quotients_round_half_to_even_at_six_places() {
        assert_eq!(divide(number("7"), number("2")), Ok(number("3.5")));
        assert_eq!(divide(number("1"), number("3")), Ok(number("0.333333")));
        assert_eq!(divide(number("0.000001"), number("2")), Ok(number("0")));
        assert_eq!(divide(number("0.000003"), number("2")), Ok(number("0.000002")));
        assert_eq!(divide(number("-0.000003"), number("2")), Ok(number("-0.000002")));
        assert_eq!(divide(number("1"), number("0.0")), Err(Fault::DivisionByZero));
        assert_eq!(divide(Decimal::MAX, number("0.1")), Err(Fault::Overflow));
        assert_eq!(
            divide(number("0.0000000000000000000000000001"), Decimal::MAX),
            Ok(Decimal::ZERO)
        );
    }

    #[test]
    fn remainders_have_the_sign_of_the_dividend() {
        assert_eq!(remainder(number("7"), number("3")), Ok(number("1")));
        assert_eq!(remainder(number("-7"), number("3")), Ok(number("-1")));
        assert_eq!(remainder(number("5.5"), number("2")), Ok(number("1.5")));
        assert_eq!(remainder(number("1"), number("0")), Err(Fault::DivisionByZero));
    }
}
