//! The border of a top: whoever ranks at or above it is in.

use std::cmp::Ordering;

use rust_decimal::Decimal;
use serde_json::{Value as Json, json};

use super::join::scale_of;
use super::statistics::Whole;
use super::top::{Ranks, Ties, measured, rank};
use crate::expr::column::Column;
use crate::expr::decimal::{plain, representable};
use crate::metrics::exact::rescale;
use crate::store::CustomerId;

/// The last one in a top, as its ranking sees them, for a database.
#[derive(Debug, Clone, PartialEq)]
pub struct Border {
    /// The measure, and what ranks after it; `None`: without a value, below everybody.
    pub values: Vec<Option<Decimal>>,
    /// Where the smaller customer id decides between equals.
    pub customer: Option<CustomerId>,
}

/// The same with whole numbers of columns, which may be larger than a decimal holds.
#[derive(Debug, Clone, PartialEq)]
pub struct LastMember {
    values: Vec<Option<Exact>>,
    customer: Option<CustomerId>,
}

/// A whole number × 10^-scale.
#[derive(Debug, Clone, Copy)]
struct Exact {
    whole: i128,
    scale: u8,
}

impl LastMember {
    /// The last one of the members that were found; `None` where nobody is in the top.
    pub(super) fn of<T: Whole>(
        column: &Column,
        values: &[T],
        holds: &[bool],
        ranks: &Ranks<'_>,
        customers: &[CustomerId],
    ) -> Option<LastMember> {
        let exact = |whole: i128, column: &Column| Exact { whole, scale: scale_of(column) };
        let inside = || (0..holds.len()).filter(|&row| holds[row]);
        let smallest = inside().map(|row| values[row]).min()?;
        let mut last: Vec<usize> = inside().filter(|&row| values[row] == smallest).collect();
        let mut border = vec![Some(exact(smallest.into(), column))];
        for column in ranks.of(&last, holds.len()).iter() {
            let lowest = last.iter().map(|&row| rank(column, row)).min()?;
            last.retain(|&row| rank(column, row) == lowest);
            border.push(lowest.map(|lowest| exact(lowest, column)));
        }
        let by_id = ranks.ties == Ties::Break;
        let customer = by_id.then(|| last.last().map(|&row| customers[row].clone())).flatten();
        Some(LastMember { values: border, customer })
    }

    /// A flag per customer: who of those in the mask is at the border or above it.
    pub(super) fn members<T: Whole>(
        &self,
        column: &Column,
        values: &[T],
        mask: &[bool],
        ranks: &Ranks<'_>,
        customers: &[CustomerId],
    ) -> Vec<bool> {
        let mut holds = vec![false; mask.len()];
        let Some((Some(measure), then)) = self.values.split_first() else { return holds };
        let scale = scale_of(column);
        let mut equal = Vec::new();
        for row in (0..mask.len()).filter(|&row| measured(column, mask, row)) {
            match (Exact { whole: values[row].into(), scale }).order(*measure) {
                Ordering::Greater => holds[row] = true,
                Ordering::Equal => equal.push(row),
                Ordering::Less => {}
            }
        }
        for (column, border) in ranks.of(&equal, mask.len()).iter().zip(then) {
            let scale = scale_of(column);
            equal.retain(|&row| {
                let order = match (rank(column, row), border) {
                    (Some(whole), Some(border)) => Exact { whole, scale }.order(*border),
                    (own, border) => own.is_some().cmp(&border.is_some()),
                };
                holds[row] = order == Ordering::Greater;
                order == Ordering::Equal
            });
        }
        let smaller = |row: &usize| self.customer.as_ref().is_none_or(|it| customers[*row] <= *it);
        equal.into_iter().filter(smaller).for_each(|row| holds[row] = true);
        holds
    }

    /// As a database keeps it; `None` where a number is too large to be kept.
    pub(super) fn border(&self) -> Option<Border> {
        let kept = |value: &Option<Exact>| match value {
            Some(Exact { whole, scale }) => representable(*whole, (*scale).into()).ok().map(Some),
            None => Some(None),
        };
        let values = self.values.iter().map(kept).collect::<Option<_>>()?;
        Some(Border { values, customer: self.customer.clone() })
    }
}

impl Border {
    pub(super) fn last_member(&self) -> LastMember {
        let exact = |value: Decimal| Exact { whole: value.mantissa(), scale: value.scale() as u8 };
        LastMember {
            values: self.values.iter().map(|value| value.map(exact)).collect(),
            customer: self.customer.clone(),
        }
    }

    /// As one line of JSON, for a database: `{"values":["123.45",null],"customer":"42"}`.
    pub fn to_json(&self) -> String {
        let values: Vec<Option<String>> =
            self.values.iter().map(|value| value.map(plain)).collect();
        json!({ "values": values, "customer": self.customer.as_ref().map(CustomerId::to_string) })
            .to_string()
    }

    /// `None` for what [`Border::to_json`] does not write.
    pub fn from_json(text: &str) -> Option<Border> {
        let json: Json = serde_json::from_str(text).ok()?;
        let number = |value: &Json| match value {
            Json::Null => Some(None),
            Json::String(text) => Decimal::from_str_exact(text).ok().map(Some),
            _ => None,
        };
        let values = json.get("values")?.as_array()?.iter().map(number).collect::<Option<_>>()?;
        let customer = match json.get("customer")? {
            Json::Null => None,
            Json::String(id) => Some(CustomerId::parse(id)),
            _ => return None,
        };
        Some(Border { values, customer })
    }
}

impl Exact {
    /// How it compares with another, whatever the scales.
    fn order(self, other: Exact) -> Ordering {
        if self.scale >= other.scale {
            // What 128 bits cannot hold is further from 0 than every value.
            match rescale(other.whole, other.scale, self.scale) {
                Some(whole) => self.whole.cmp(&whole),
                None => 0.cmp(&other.whole),
            }
        } else {
            other.order(self).reverse()
        }
    }
}

impl PartialEq for Exact {
    fn eq(&self, other: &Self) -> bool {
        self.order(*other) == Ordering::Equal
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn d(text: &str) -> Decimal {
        Decimal::from_str_exact(text).expect(text)
    }

    #[test]
    fn a_border_is_the_same_after_it_was_stored() {
        let border = |values: &[Option<&str>], customer: Option<&str>| Border {
            values: values.iter().map(|value| value.map(d)).collect(),
            customer: customer.map(CustomerId::parse),
        };
        let stored = border(&[Some("123.45"), None], Some("42"));
        assert_eq!(stored.to_json(), r#"{"values":["123.45",null],"customer":"42"}"#);
        for border in [
            stored,
            border(&[Some("-0.000001")], None),
            border(&[Some("79228162514264337593543950335"), Some("0")], Some("042")),
            border(&[Some("1")], Some("Ayşe \"7\"\n")),
        ] {
            assert_eq!(Border::from_json(&border.to_json()), Some(border));
        }
        assert_eq!(
            border(&[Some("1.50")], None).to_json(),
            r#"{"values":["1.5"],"customer":null}"#
        );
        for damaged in ["", "[]", r#"{"values":["x"],"customer":null}"#, r#"{"values":["1"]}"#] {
            assert_eq!(Border::from_json(damaged), None, "{damaged}");
        }
    }

    #[test]
    fn numbers_of_other_scales_compare_exactly() {
        let exact = |whole, scale| Exact { whole, scale };
        let order = |whole, scale, other| exact(whole, scale).order(other);
        assert_eq!(order(150, 2, exact(15, 1)), Ordering::Equal);
        assert_eq!(exact(150, 2), exact(15, 1));
        assert_eq!(order(1, 0, exact(15, 1)), Ordering::Less);
        assert_eq!(order(2, 0, exact(15, 1)), Ordering::Greater);
        assert_eq!(order(-2, 0, exact(-15, 1)), Ordering::Less);
        assert_eq!(order(i128::MAX, 0, exact(1, 1)), Ordering::Greater);
        assert_eq!(order(i128::MIN, 0, exact(1, 1)), Ordering::Less);
        let most = (1_i128 << 96) - 1;
        assert_eq!(order(5, 28, exact(most, 0)), Ordering::Less);
        assert_eq!(order(5, 28, exact(-most, 0)), Ordering::Greater);
        assert_eq!(order(i128::MAX, 0, exact(i128::MAX, 1)), Ordering::Greater);
        assert_eq!(order(i128::MAX, 1, exact(i128::MAX, 0)), Ordering::Less);
    }
}
