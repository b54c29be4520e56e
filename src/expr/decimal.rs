//! The reference arithmetic: exact decimals, never a rounded product, never a wrap.
//!
//! A number is representable with a mantissa of 96 bits and at most 28 places after its
//! trailing zeros are gone; everything else is [`Fault::Overflow`]. Columns and scripts must
//! agree with these functions. Results are normalised: without trailing zeros.

use std::cmp::Ordering;

use rust_decimal::Decimal;

use super::syntax::ArithmeticOp;
use super::value::{Fault, NUMBER_SCALE};

/// Places that a decimal can have.
pub const MAX_SCALE: u32 = 28;
/// The first mantissa that a decimal cannot have.
pub(super) const MANTISSA_END: u128 = 1 << 96;

pub fn apply(op: ArithmeticOp, a: Decimal, b: Decimal) -> Result<Decimal, Fault> {
    match op {
        ArithmeticOp::Add => add(a, b),
        ArithmeticOp::Subtract => subtract(a, b),
        ArithmeticOp::Multiply => multiply(a, b),
        ArithmeticOp::Divide => divide(a, b),
        ArithmeticOp::Remainder => remainder(a, b),
    }
}

pub fn add(a: Decimal, b: Decimal) -> Result<Decimal, Fault> {
    let (a, b) = (a.normalize(), b.normalize());
    let scale = a.scale().max(b.scale());
    // If one side cannot be aligned in 128 bits, then neither can the sum be represented: the
    // last digit of the other, normalised side is not 0, so nothing can be taken off.
    let sum = raised(a, scale).zip(raised(b, scale)).and_then(|(a, b)| a.checked_add(b));
    representable(sum.ok_or(Fault::Overflow)?, scale)
}

pub fn subtract(a: Decimal, b: Decimal) -> Result<Decimal, Fault> {
    add(a, -b)
}

pub fn multiply(a: Decimal, b: Decimal) -> Result<Decimal, Fault> {
    let scale = a.scale() + b.scale();
    if let Some(product) = a.mantissa().checked_mul(b.mantissa()) {
        return representable(product, scale);
    }
    let (a, b, scale) = without_common_tens(a.mantissa(), b.mantissa(), scale);
    representable(a.checked_mul(b).ok_or(Fault::Overflow)?, scale)
}

/// Takes factors of ten off a product of two, as far as its scale goes.
fn without_common_tens(mut a: i128, mut b: i128, mut scale: u32) -> (i128, i128, u32) {
    while scale > 0 {
        match (a, b) {
            _ if a % 10 == 0 => a /= 10,
            _ if b % 10 == 0 => b /= 10,
            _ if a % 2 == 0 && b % 5 == 0 => (a, b) = (a / 2, b / 5),
            _ if a % 5 == 0 && b % 2 == 0 => (a, b) = (a / 5, b / 2),
            _ => break,
        }
        scale -= 1;
    }
    (a, b, scale)
}

/// At most six places, rounded half to even.
pub fn divide(a: Decimal, b: Decimal) -> Result<Decimal, Fault> {
    if b.is_zero() {
        return Err(Fault::DivisionByZero);
    }
    let (a, b) = (a.normalize(), b.normalize());
    let negative = (a.mantissa() < 0) != (b.mantissa() < 0);
    let (dividend, mut divisor) = (a.mantissa().unsigned_abs(), b.mantissa().unsigned_abs());
    let places = u32::from(NUMBER_SCALE) + b.scale();
    if let Some(fewer) = a.scale().checked_sub(places) {
        // A divisor beyond 128 bits is more than twice any dividend: the quotient rounds to 0.
        match 10u128.checked_pow(fewer).and_then(|factor| divisor.checked_mul(factor)) {
            Some(raised) => divisor = raised,
            None => return Ok(Decimal::ZERO),
        }
    }
    let mut quotient = dividend / divisor;
    let mut rest = dividend % divisor;
    // Long division: the rest stays below 96 bits while there are digits to come.
    for _ in a.scale()..places {
        rest *= 10;
        quotient = quotient
            .checked_mul(10)
            .and_then(|quotient| quotient.checked_add(rest / divisor))
            .ok_or(Fault::Overflow)?;
        rest %= divisor;
    }
    let rounds_up = match rest.cmp(&(divisor - rest)) {
        Ordering::Less => false,
        Ordering::Equal => quotient % 2 == 1,
        Ordering::Greater => true,
    };
    let quotient = i128::try_from(quotient + u128::from(rounds_up)).map_err(|_| Fault::Overflow)?;
    representable(if negative { -quotient } else { quotient }, u32::from(NUMBER_SCALE))
}

/// What is left of a truncated division; it has the sign of `a`.
pub fn remainder(a: Decimal, b: Decimal) -> Result<Decimal, Fault> {
    if b.is_zero() {
        return Err(Fault::DivisionByZero);
    }
    let (a, b) = (a.normalize(), b.normalize());
    let scale = a.scale().max(b.scale());
    let Some(divisor) = raised(b, scale) else {
        return Ok(a);
    };
    let mut rest = a.mantissa() % divisor;
    for _ in a.scale()..scale {
        rest = rest * 10 % divisor;
    }
    representable(rest, scale)
}

/// Half to even.
pub fn round(number: Decimal, digits: u32) -> Decimal {
    number.round_dp(digits).normalize()
}

pub fn floor(number: Decimal) -> Decimal {
    number.floor().normalize()
}

pub fn ceil(number: Decimal) -> Decimal {
    number.ceil().normalize()
}

pub fn compare(a: Decimal, b: Decimal) -> Ordering {
    let scale = a.scale().max(b.scale());
    match (raised(a, scale), raised(b, scale)) {
        (Some(a), Some(b)) => a.cmp(&b),
        // What does not fit into 128 bits is farther from 0 than what needs no raising.
        (None, _) => sign(a).cmp(&0),
        (_, None) => 0.cmp(&sign(b)),
    }
}

fn sign(number: Decimal) -> i128 {
    number.mantissa().signum()
}

/// A mantissa with a scale as a decimal.
pub fn representable(mantissa: i128, scale: u32) -> Result<Decimal, Fault> {
    let (mut mantissa, mut scale) = (mantissa, scale);
    while (mantissa.unsigned_abs() >= MANTISSA_END || scale > MAX_SCALE)
        && scale > 0
        && mantissa % 10 == 0
    {
        mantissa /= 10;
        scale -= 1;
    }
    if mantissa == 0 {
        return Ok(Decimal::ZERO);
    }
    Decimal::try_from_i128_with_scale(mantissa, scale)
        .map(|number| number.normalize())
        .map_err(|_| Fault::Overflow)
}

/// The whole number of 10^-`scale` that a number is; `None` where that has more than 128 bits.
/// The scale is not below the number's own.
pub fn raised(number: Decimal, scale: u32) -> Option<i128> {
    let factor = 10i128.checked_pow(scale - number.scale())?;
    number.mantissa().checked_mul(factor)
}

/// Without trailing zeros and without an exponent: `1500.5`.
pub fn plain(number: Decimal) -> String {
    number.normalize().to_string()
}

/// With exactly so many places, rounded half to even: `1500.50`.
pub fn fixed(number: Decimal, places: u32) -> String {
    let rounded = round(number, places);
    format!("{rounded:.*}", places as usize)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn d(text: &str) -> Decimal {
        Decimal::from_str_exact(text).expect(text)
    }

    const LARGEST: &str = "79228162514264337593543950335";

    #[test]
    fn sums_and_products_are_exact_or_overflow() {
        assert_eq!(add(d("0.1"), d("0.2")), Ok(d("0.3")));
        assert_eq!(add(d(LARGEST), d("1")), Err(Fault::Overflow));
        assert_eq!(add(d(LARGEST), d("0.1")), Err(Fault::Overflow));
        assert_eq!(
            add(d("10000000000000000000000000000"), d("0.0000000000000000000000000001")),
            Err(Fault::Overflow)
        );
        assert_eq!(subtract(d("1.50"), d("0.5")).map(|n| n.to_string()), Ok("1".into()));
        assert_eq!(multiply(d("1.5"), d("-2")), Ok(d("-3")));
        assert_eq!(multiply(d("0.000000000000001"), d("0.00000000000001")), Err(Fault::Overflow));
        assert_eq!(
            multiply(d("0.00000000000001"), d("0.00000000000001")),
            Ok(d("0.0000000000000000000000000001"))
        );
        assert_eq!(
            multiply(d("1.1111111111111111111"), d("1.1111111111111111111")),
            Err(Fault::Overflow)
        );
        // 2^95 × 5^-… : the zeros of the product appear only after multiplying.
        assert_eq!(
            multiply(d("39614081257132168796771975168"), d("0.0000000000000000000000000005")),
            Ok(d("19.807040628566084398385987584"))
        );
        assert_eq!(multiply(d(LARGEST), d("1.00")), Ok(d(LARGEST)));
    }

    #[test]
    fn quotients_have_six_places_half_to_even() {
        assert_eq!(divide(d("7"), d("2")), Ok(d("3.5")));
        assert_eq!(divide(d("1"), d("3")), Ok(d("0.333333")));
        assert_eq!(divide(d("2"), d("3")), Ok(d("0.666667")));
        assert_eq!(divide(d("-2"), d("3")), Ok(d("-0.666667")));
        assert_eq!(divide(d("0.0000005"), d("1")), Ok(d("0")));
        assert_eq!(divide(d("0.0000015"), d("1")), Ok(d("0.000002")));
        assert_eq!(divide(d("0.00000050000001"), d("1")), Ok(d("0.000001")));
        assert_eq!(divide(d("0.0000000000000000000000000001"), d(LARGEST)), Ok(d("0")));
        assert_eq!(divide(d(LARGEST), d("0.1")), Err(Fault::Overflow));
        assert_eq!(divide(d(LARGEST), d("0.0000000000000000000000000001")), Err(Fault::Overflow));
        assert_eq!(divide(d(LARGEST), d(LARGEST)), Ok(d("1")));
        assert_eq!(divide(d("0"), d("0")), Err(Fault::DivisionByZero));
    }

    #[test]
    fn remainders_have_the_sign_of_the_dividend() {
        assert_eq!(remainder(d("7"), d("3")), Ok(d("1")));
        assert_eq!(remainder(d("-7"), d("3")), Ok(d("-1")));
        assert_eq!(remainder(d("7"), d("-3")), Ok(d("1")));
        assert_eq!(remainder(d("5.5"), d("2")), Ok(d("1.5")));
        assert_eq!(remainder(d("0.5"), d(LARGEST)), Ok(d("0.5")));
        assert_eq!(remainder(d(LARGEST), d("0.0000000000000000000000000003")), Ok(d("0")));
        assert_eq!(remainder(d("1"), d("0.00")), Err(Fault::DivisionByZero));
    }

    #[test]
    fn rounds_half_to_even_and_compares_over_scales() {
        assert_eq!(round(d("2.5"), 0), d("2"));
        assert_eq!(round(d("3.5"), 0), d("4"));
        assert_eq!(round(d("-2.345"), 2), d("-2.34"));
        assert_eq!((floor(d("-1.5")), ceil(d("-1.5"))), (d("-2"), d("-1")));
        assert_eq!(compare(d(LARGEST), d("0.0000000000000000000000000001")), Ordering::Greater);
        assert_eq!(
            compare(d("-79228162514264337593543950335"), d("0.1000000000000000000000000001")),
            Ordering::Less
        );
        assert_eq!(compare(d("0.0000000000000000000000000001"), d(LARGEST)), Ordering::Less);
        assert_eq!(compare(d("1.50"), d("1.5")), Ordering::Equal);
    }

    #[test]
    fn shows_numbers_without_exponent() {
        assert_eq!(plain(d("1500.50")), "1500.5");
        assert_eq!(fixed(d("1500.5"), 2), "1500.50");
        assert_eq!(fixed(d("0.125"), 2), "0.12");
        assert_eq!(plain(d("0.0000000000000000000000000001")), "0.0000000000000000000000000001");
    }
}
