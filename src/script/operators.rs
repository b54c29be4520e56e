//! The operators of scripts: exact arithmetic, and comparisons that refuse what they cannot
//! compare. They replace Rhai's own, which answer `false` to `"a" >= 1` and 3 to `7 / 2`.

use std::cmp::Ordering;

use jiff::civil::Date;
use rhai::{Dynamic, INT, ImmutableString};
use rust_decimal::Decimal;

use super::library::Library;
use super::numbers::{self, Failure, failure};
use crate::expr::{ArithmeticOp, CompareOp, decimal};

const ARITHMETIC: [ArithmeticOp; 5] = [
    ArithmeticOp::Add,
    ArithmeticOp::Subtract,
    ArithmeticOp::Multiply,
    ArithmeticOp::Divide,
    ArithmeticOp::Remainder,
];

const COMPARISONS: [CompareOp; 6] = [
    CompareOp::Equal,
    CompareOp::NotEqual,
    CompareOp::Less,
    CompareOp::LessOrEqual,
    CompareOp::Greater,
    CompareOp::GreaterOrEqual,
];

/// The largest exponent of `**`; no base but 0 and ±1 has an exact result beyond it.
const LARGEST_EXPONENT: INT = 96;

pub(super) fn register(library: &mut Library) {
    for op in ARITHMETIC {
        register_arithmetic(library, op);
    }
    for op in COMPARISONS {
        register_comparison(library, op);
    }
    library.register_fn("**", power);
    library.register_fn("-", |value: Dynamic| negate(&value));
    library.register_fn("+", |value: Dynamic| positive(&value));
    library.register_fn("!", |flag: bool| !flag);
    // An unknown flag reads as false.
    library.register_fn("!", |(): ()| true);
    library.register_fn("contains", list_contains);
}

// Pairs of numbers, texts and dates have overloads of their own, which Rhai finds at once; the
// one for any two values is found last.
fn register_arithmetic(library: &mut Library, op: ArithmeticOp) {
    let name = op.symbol();
    library.register_fn(name, move |a: INT, b: INT| numbers::whole_arithmetic(op, a, b));
    library.register_fn(name, move |a: Decimal, b: Decimal| numbers::arithmetic(op, a, b));
    library.register_fn(name, move |a: Decimal, b: INT| numbers::arithmetic(op, a, b.into()));
    library.register_fn(name, move |a: INT, b: Decimal| numbers::arithmetic(op, a.into(), b));
    library.register_fn(name, move |a: Dynamic, b: Dynamic| calculate(op, &a, &b));
    let assignment = format!("{name}=");
    library.register_fn(assignment, move |a: &mut Dynamic, b: Dynamic| {
        *a = calculate(op, a, &b)?;
        Ok::<(), Failure>(())
    });
}

fn register_comparison(library: &mut Library, op: CompareOp) {
    let name = op.symbol();
    library.register_fn(name, move |a: INT, b: INT| op.holds(a.cmp(&b)));
    library.register_fn(name, move |a: Decimal, b: Decimal| op.holds(decimal::compare(a, b)));
    library.register_fn(name, move |a: Decimal, b: INT| op.holds(a.cmp(&b.into())));
    library.register_fn(name, move |a: INT, b: Decimal| op.holds(Decimal::from(a).cmp(&b)));
    library.register_fn(name, move |a: ImmutableString, b: ImmutableString| {
        op.holds(a.as_str().cmp(b.as_str()))
    });
    library.register_fn(name, move |a: Date, b: Date| op.holds(a.cmp(&b)));
    library.register_fn(name, move |a: Dynamic, b: Dynamic| compare(op, &a, &b));
}

fn calculate(op: ArithmeticOp, a: &Dynamic, b: &Dynamic) -> Result<Dynamic, Failure> {
    if let (Some(a), Some(b)) = (numbers::to_decimal(a), numbers::to_decimal(b)) {
        return numbers::arithmetic(op, a, b);
    }
    let unknown = |value: &Dynamic| value.is_unit();
    let number = |value: &Dynamic| numbers::to_decimal(value).is_some();
    if (unknown(a) && (unknown(b) || number(b))) || (unknown(b) && number(a)) {
        return Ok(Dynamic::UNIT);
    }
    if let (ArithmeticOp::Add, Ok(a), Ok(b)) = (op, a.as_array_ref(), b.as_array_ref()) {
        // Both are within their limit, so the sum may be made before it is looked at.
        return Ok(a.iter().chain(b.iter()).cloned().collect::<rhai::Array>().into());
    }
    let symbol = op.symbol();
    Err(failure(format!("`{symbol}` cannot be used on {} and {}", words(a), words(b))))
}

fn compare(op: CompareOp, a: &Dynamic, b: &Dynamic) -> Result<bool, Failure> {
    if a.is_unit() || b.is_unit() {
        return Ok(false);
    }
    match order(op, a, b) {
        Some(ordering) => Ok(op.holds(ordering)),
        None => {
            Err(failure(format!("`{}` cannot compare {} with {}", op.symbol(), words(a), words(b))))
        }
    }
}

/// The order of two known values of one kind. Flags are only equal or not.
fn order(op: CompareOp, a: &Dynamic, b: &Dynamic) -> Option<Ordering> {
    if let (Some(a), Some(b)) = (numbers::to_decimal(a), numbers::to_decimal(b)) {
        return Some(a.cmp(&b));
    }
    if let (Some(a), Some(b)) = (text(a), text(b)) {
        return Some(a.as_str().cmp(b.as_str()));
    }
    if let (Some(a), Some(b)) = (date(a), date(b)) {
        return Some(a.cmp(&b));
    }
    if let (Ok(a), Ok(b)) = (a.as_bool(), b.as_bool())
        && matches!(op, CompareOp::Equal | CompareOp::NotEqual)
    {
        return Some(a.cmp(&b));
    }
    None
}

/// A text, or a character as one.
fn text(value: &Dynamic) -> Option<ImmutableString> {
    if let Ok(character) = value.as_char() {
        return Some(character.to_string().into());
    }
    value.as_immutable_string_ref().ok().map(|text| text.clone())
}

pub(super) fn date(value: &Dynamic) -> Option<Date> {
    value.read_lock::<Date>().map(|date| *date)
}

/// `x in list`: whether an item equals `x`. Unknown values are in no list.
fn list_contains(list: &mut rhai::Array, value: Dynamic) -> Result<bool, Failure> {
    for item in list.iter() {
        if compare(CompareOp::Equal, &value, item)? {
            return Ok(true);
        }
    }
    Ok(false)
}

fn negate(value: &Dynamic) -> Result<Dynamic, Failure> {
    if value.is_unit() {
        return Ok(Dynamic::UNIT);
    }
    match numbers::to_decimal(value) {
        Some(number) => Ok(numbers::from_decimal(-number)),
        None => Err(failure(format!("`-` cannot be used on {}", words(value)))),
    }
}

fn positive(value: &Dynamic) -> Result<Dynamic, Failure> {
    negate(value).and_then(|value| negate(&value))
}

/// A whole power from 0 on, exact.
fn power(base: Dynamic, exponent: INT) -> Result<Dynamic, Failure> {
    if base.is_unit() {
        return Ok(Dynamic::UNIT);
    }
    let Some(base) = numbers::to_decimal(&base) else {
        return Err(failure(format!("`**` cannot be used on {}", words(&base))));
    };
    if !(0..=LARGEST_EXPONENT).contains(&exponent) {
        return Err(failure(format!("an exponent is a whole number from 0 to {LARGEST_EXPONENT}")));
    }
    let mut product = Decimal::ONE;
    for _ in 0..exponent {
        product = decimal::multiply(product, base).map_err(numbers::arithmetic_failure)?;
    }
    Ok(numbers::from_decimal(product))
}

/// The word for what a value is, with its article.
pub(super) fn words(value: &Dynamic) -> &'static str {
    if value.is_unit() {
        "nothing"
    } else if numbers::to_decimal(value).is_some() {
        "a number"
    } else if value.is_bool() {
        "true or false"
    } else if value.is_string() || value.is_char() {
        "text"
    } else if value.is_array() {
        "a list"
    } else if value.is_map() {
        "a map"
    } else if date(value).is_some() {
        "a date"
    } else if value.is_fnptr() {
        "a function"
    } else {
        "something else"
    }
}
