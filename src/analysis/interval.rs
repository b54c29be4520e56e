//! Exact intervals of decimals with open or closed ends.

use rust_decimal::{Decimal, RoundingStrategy};

use crate::expr::decimal;

/// One end of an interval; a closed one belongs to it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct End {
    pub value: Decimal,
    pub closed: bool,
}

impl End {
    pub fn closed(value: Decimal) -> End {
        End { value, closed: true }
    }

    pub fn open(value: Decimal) -> End {
        End { value, closed: false }
    }
}

/// What a number can be; `None` is without an end. Arithmetic never makes it too small: where
/// an end cannot be computed exactly, there is none.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct Interval {
    pub low: Option<End>,
    pub high: Option<End>,
}

impl Interval {
    pub const ALL: Interval = Interval { low: None, high: None };

    pub fn point(value: Decimal) -> Interval {
        Interval { low: Some(End::closed(value)), high: Some(End::closed(value)) }
    }

    pub fn at_least(value: i64) -> Interval {
        Interval { low: Some(End::closed(value.into())), high: None }
    }

    pub fn between(low: i64, high: i64) -> Interval {
        Interval { low: Some(End::closed(low.into())), high: Some(End::closed(high.into())) }
    }

    /// The one value that it holds.
    pub fn single(self) -> Option<Decimal> {
        match (self.low, self.high) {
            (Some(low), Some(high)) if low == high && low.closed => Some(low.value),
            _ => None,
        }
    }

    pub fn is_empty(self) -> bool {
        match (self.low, self.high) {
            (Some(low), Some(high)) => {
                low.value > high.value || (low.value == high.value && !(low.closed && high.closed))
            }
            _ => false,
        }
    }

    pub fn contains(self, value: Decimal) -> bool {
        let above =
            self.low.is_none_or(|low| value > low.value || value == low.value && low.closed);
        let below =
            self.high.is_none_or(|high| value < high.value || value == high.value && high.closed);
        above && below
    }

    pub fn intersect(self, other: Interval) -> Interval {
        Interval {
            low: tighter(self.low, other.low, |a, b| a > b),
            high: tighter(self.high, other.high, |a, b| a < b),
        }
    }

    /// The higher of two low ends.
    pub fn intersect_low(self, other: Interval) -> Option<End> {
        self.intersect(other).low
    }

    /// The lower of two high ends.
    pub fn intersect_high(self, other: Interval) -> Option<End> {
        self.intersect(other).high
    }

    /// The smallest interval that holds both.
    pub fn hull(self, other: Interval) -> Interval {
        let outer = |a: Option<End>, b: Option<End>, wider: fn(Decimal, Decimal) -> bool| {
            let (a, b) = (a?, b?);
            Some(match a.value == b.value {
                true => End { value: a.value, closed: a.closed || b.closed },
                false if wider(a.value, b.value) => a,
                false => b,
            })
        };
        Interval {
            low: outer(self.low, other.low, |a, b| a < b),
            high: outer(self.high, other.high, |a, b| a > b),
        }
    }

    pub fn negate(self) -> Interval {
        let turn = |end: Option<End>| end.map(|end| End { value: -end.value, ..end });
        Interval { low: turn(self.high), high: turn(self.low) }
    }

    pub fn add(self, other: Interval) -> Interval {
        let sum = |a: Option<End>, b: Option<End>| {
            let (a, b) = (a?, b?);
            let value = decimal::add(a.value, b.value).ok()?;
            Some(End { value, closed: a.closed && b.closed })
        };
        Interval { low: sum(self.low, other.low), high: sum(self.high, other.high) }
    }

    /// Every value times a constant.
    pub fn scale(self, factor: Decimal) -> Interval {
        if factor.is_zero() {
            return Interval::point(Decimal::ZERO);
        }
        let times = |end: Option<End>| {
            let end = end?;
            Some(End { value: decimal::multiply(end.value, factor).ok()?, ..end })
        };
        let (low, high) = (times(self.low), times(self.high));
        if factor.is_sign_negative() {
            Interval { low: high, high: low }
        } else {
            Interval { low, high }
        }
    }

    pub fn multiply(self, other: Interval) -> Interval {
        match (self.single(), other.single()) {
            (Some(factor), _) => return other.scale(factor),
            (_, Some(factor)) => return self.scale(factor),
            _ => {}
        }
        if self.is_never_negative() && other.is_never_negative() {
            let product = |a: Option<End>, b: Option<End>| {
                let (a, b) = (a?, b?);
                let value = decimal::multiply(a.value, b.value).ok()?;
                // A product is 0 where one side may be.
                let zero = |end: End| end.value.is_zero() && end.closed;
                Some(End { value, closed: a.closed && b.closed || zero(a) || zero(b) })
            };
            return Interval {
                low: product(self.low, other.low),
                high: product(self.high, other.high),
            };
        }
        let ends = [self.low, self.high, other.low, other.high].map(|end| end.map(|end| end.value));
        let [Some(a), Some(b), Some(c), Some(d)] = ends else { return Interval::ALL };
        let products: Result<Vec<Decimal>, _> = [(a, c), (a, d), (b, c), (b, d)]
            .into_iter()
            .map(|(a, b)| decimal::multiply(a, b))
            .collect();
        match products.as_deref() {
            Ok([first, rest @ ..]) => rest.iter().fold(Interval::point(*first), |hull, product| {
                hull.hull(Interval::point(*product))
            }),
            _ => Interval::ALL,
        }
    }

    /// Quotients have six places, so an open end may be reached by rounding.
    pub fn divide(self, other: Interval) -> Interval {
        if let Some(divisor) = other.single()
            && !divisor.is_zero()
        {
            let over =
                |end: Option<End>| decimal::divide(end?.value, divisor).ok().map(End::closed);
            let (low, high) = (over(self.low), over(self.high));
            return if divisor.is_sign_negative() {
                Interval { low: high, high: low }
            } else {
                Interval { low, high }
            };
        }
        if self.is_never_negative() && other.is_never_negative() {
            return Interval::at_least(0);
        }
        Interval::ALL
    }

    /// The ends moved inwards to whole multiples of 10^-`places`.
    pub fn on_grid(self, places: u32) -> Interval {
        let step = Decimal::new(1, places);
        let moved = |end: Option<End>, strategy, step: Decimal| {
            let end = end?;
            let value = end.value.round_dp_with_strategy(places, strategy);
            if value != end.value || end.closed {
                return Some(End::closed(value));
            }
            Some(decimal::add(value, step).map_or(end, End::closed))
        };
        Interval {
            low: moved(self.low, RoundingStrategy::ToPositiveInfinity, step),
            high: moved(self.high, RoundingStrategy::ToNegativeInfinity, -step),
        }
    }

    pub fn is_never_negative(self) -> bool {
        self.low.is_some_and(|low| low.value >= Decimal::ZERO)
    }
}

fn tighter(a: Option<End>, b: Option<End>, inner: fn(Decimal, Decimal) -> bool) -> Option<End> {
    match (a, b) {
        (Some(a), Some(b)) if a.value == b.value => {
            Some(End { value: a.value, closed: a.closed && b.closed })
        }
        (Some(a), Some(b)) => Some(if inner(a.value, b.value) { a } else { b }),
        (end, None) | (None, end) => end,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn d(text: &str) -> Decimal {
        Decimal::from_str_exact(text).expect(text)
    }

    #[test]
    fn ends_meet_only_where_both_are_closed() {
        let from = Interval { low: Some(End::closed(d("5"))), high: None };
        let to = Interval { low: None, high: Some(End::closed(d("5"))) };
        let below = Interval { low: None, high: Some(End::open(d("5"))) };
        assert!(!from.intersect(to).is_empty());
        assert!(from.intersect(below).is_empty());
    }

    #[test]
    fn moves_ends_onto_the_grid() {
        let open = Interval { low: Some(End::open(d("5"))), high: Some(End::open(d("5.01"))) };
        assert!(open.on_grid(2).is_empty());
        assert!(!open.on_grid(3).is_empty());
        let between = Interval { low: Some(End::closed(d("0.5"))), high: Some(End::open(d("2"))) };
        assert_eq!(between.on_grid(0), Interval::point(d("1")));
    }

    #[test]
    fn computes_with_ends() {
        let low = Interval { low: Some(End::open(d("2"))), high: Some(End::closed(d("3"))) };
        assert_eq!(low.negate().low, Some(End::closed(d("-3"))));
        assert_eq!(low.scale(d("-2")).high, Some(End::open(d("-4"))));
        assert_eq!(low.add(Interval::at_least(1)).low, Some(End::open(d("3"))));
        assert_eq!(low.multiply(Interval::at_least(0)).low, Some(End::closed(d("0"))));
        // 2.000001 / 3000000 rounds down to 0.000001, 2 / 3000000 too.
        assert_eq!(low.divide(Interval::point(d("3"))).low, Some(End::closed(d("0.666667"))));
        let signed = Interval::between(-2, 3).multiply(Interval::between(-5, 1));
        assert_eq!(signed, Interval::between(-15, 10));
    }
}
