//! What was not seen, and what a test has to show for it, in words.

use rust_decimal::Decimal;

use super::conditions::conditions;
use super::point::{Aspect, Border, Comparison, Giver, Part, Point, Side, Slot, Stay};
use super::points::{example, is_possible};
use super::threshold::{Standard, Threshold, number, thresholds};
use crate::criteria::Leaf;
use crate::expr::{CompareOp, Expr, Input, Node, Unit, Value, decimal};
use crate::program::Program;
use crate::source::Sources;

/// A sentence about a point that was not seen, and what to try.
pub(super) fn unseen(program: &Program, texts: &Sources, point: Point) -> (String, String) {
    let words = Words { program, texts, part: point.part };
    let name = point.part.name(program);
    match point.aspect {
        Aspect::Criterion(comparison, holds) => words.criterion(comparison, holds),
        Aspect::Threshold(comparison, border, side) => words.threshold(comparison, border, side),
        Aspect::Stay(stay) => words.stay(stay, &name),
        Aspect::Near(true) => {
            let help = "add a customer who is a little short of the tier";
            (format!("nobody was in the segment `{name}`"), help.to_owned())
        }
        Aspect::Near(false) => {
            let help = "add a customer who has the tier, or is far from it";
            (format!("nobody was outside of the segment `{name}`"), help.to_owned())
        }
        Aspect::Given(giver) => words.given(giver, &name),
        Aspect::Withheld(giver) => {
            let one = words.giver(giver);
            let help = "add one for whom its `when` does not hold";
            (format!("`{name}` was never withheld from {one}"), help.to_owned())
        }
        Aspect::Line(line) => {
            let message = format!("line {line} of the script `{name}` never ran");
            (message, "add a customer for whom it runs".to_owned())
        }
    }
}

struct Words<'a> {
    program: &'a Program,
    texts: &'a Sources,
    part: Part,
}

impl<'a> Words<'a> {
    fn leaf(&self, comparison: Comparison) -> Option<Leaf<'a>> {
        let all = conditions(self.program);
        let asked = all.iter().find(|it| it.part == self.part && it.slot == comparison.slot)?;
        asked.leaves().into_iter().nth(comparison.index)
    }

    /// `spend >= 5` in club.vip enter
    fn place(&self, leaf: Leaf<'_>, slot: Slot) -> String {
        let text = leaf.text(self.program, self.texts);
        let name = self.part.name(self.program);
        let slot = match slot {
            Slot::Enter => "enter".to_owned(),
            Slot::Keep => "keep".to_owned(),
            Slot::When => "when".to_owned(),
            Slot::Line(index) => format!("line {}", index + 1),
        };
        format!("`{text}` in {name} {slot}")
    }

    fn criterion(&self, comparison: Comparison, holds: bool) -> (String, String) {
        let Some(leaf) = self.leaf(comparison) else { return Default::default() };
        let message = format!("{} was never {holds}", self.place(leaf, comparison.slot));
        let help = self.value_for(leaf, holds).unwrap_or_else(|| {
            let does = if holds { "holds" } else { "does not hold" };
            let who = match (self.part, comparison.slot) {
                (Part::Tier(..), Slot::Keep) => {
                    format!("a holder of `{}`", self.part.name(self.program))
                }
                _ => "a customer".to_owned(),
            };
            format!("add {who} for whom it {does}")
        });
        (message, help)
    }

    /// A value with which a comparison with a constant comes out so.
    fn value_for(&self, leaf: Leaf<'_>, holds: bool) -> Option<String> {
        let all = thresholds(self.program, leaf);
        let threshold = all.first()?;
        let asked = number(&threshold.constant()?)?;
        let side = match &leaf.expr.node {
            Node::Compare(op, left, _) => {
                let measured_left = std::ptr::eq(&**left, threshold.measured);
                let op = if measured_left { *op } else { op.flipped() };
                match (op, holds) {
                    (CompareOp::GreaterOrEqual, true) | (CompareOp::Less, false) => Side::At,
                    (CompareOp::LessOrEqual, true) | (CompareOp::Greater, false) => Side::At,
                    (CompareOp::GreaterOrEqual, false) | (CompareOp::Less, true) => Side::Below,
                    _ => Side::Above,
                }
            }
            _ if holds => Side::At,
            // Outside of both borders.
            _ if is_possible(self.program, self.texts, threshold, Side::Below) => Side::Below,
            _ => {
                let high = all.last()?;
                let asked = number(&high.constant()?)?;
                return self.try_value(high, asked, Side::Above);
            }
        };
        self.try_value(threshold, asked, side)
    }

    fn threshold(&self, comparison: Comparison, border: Border, side: Side) -> (String, String) {
        let Some(leaf) = self.leaf(comparison) else { return Default::default() };
        let all = thresholds(self.program, leaf);
        let Some(threshold) = all.iter().find(|threshold| threshold.border == border) else {
            return Default::default();
        };
        let where_ = match side {
            Side::Below => "just below",
            Side::At => "exactly at",
            Side::Above => "just above",
        };
        let constant = threshold.constant();
        let asked = match (&constant, threshold.asked) {
            (Some(value), _) => self.shown(threshold.measured, value),
            (None, Standard::Top(_)) => "its border".to_owned(),
            (None, Standard::Expr(expr)) => format!("`{}`", self.written(expr)),
        };
        let message = format!("{} was never {where_} {asked}", self.place(leaf, comparison.slot));
        let tried = constant.as_ref().and_then(|value| match value {
            Value::Number(asked) => self.try_value(threshold, asked.normalize(), side),
            Value::Date(date) => {
                let date = match side {
                    Side::Below => date.yesterday().ok()?,
                    Side::At => *date,
                    Side::Above => date.tomorrow().ok()?,
                };
                Some(self.come_to(threshold.measured, &date.to_string()))
            }
            _ => None,
        });
        let help = tried.unwrap_or_else(|| {
            let step = threshold.step;
            let measured = self.written(threshold.measured);
            match side {
                Side::Below => format!("let `{measured}` come to {step} less than {asked}"),
                Side::At => format!("let `{measured}` come to {asked}"),
                Side::Above => format!("let `{measured}` come to {step} more than {asked}"),
            }
        });
        (message, help)
    }

    fn try_value(&self, threshold: &Threshold<'_>, asked: Decimal, side: Side) -> Option<String> {
        let value = example(self.program, threshold, asked, side)?;
        let value = self.shown(threshold.measured, &Value::Number(value));
        Some(self.come_to(threshold.measured, &value))
    }

    fn come_to(&self, measured: &Expr, value: &str) -> String {
        let named = matches!(measured.node, Node::Input(Input::Metric(_) | Input::Attribute(_)));
        let text = self.written(measured);
        match named {
            true => format!("try `{text}: {value}`"),
            false => format!("let `{text}` come to {value}"),
        }
    }

    fn shown(&self, measured: &Expr, value: &Value) -> String {
        match value {
            // Cents where there are any.
            Value::Number(number) if measured.unit == Unit::Money => {
                let places = u32::from(self.program.settings.money_decimals);
                match number.normalize().scale() {
                    0 => decimal::plain(*number),
                    own if own <= places => decimal::fixed(*number, places),
                    _ => decimal::plain(*number),
                }
            }
            Value::Number(number) => decimal::plain(*number),
            Value::Date(date) => date.to_string(),
            _ => String::new(),
        }
    }

    /// The text of an expression as its author wrote it, on one line.
    fn written(&self, expr: &Expr) -> String {
        match expr.node {
            Node::Input(Input::Metric(metric)) => self.program.metrics[metric].name.clone(),
            Node::Input(Input::Attribute(id)) => self.program.attributes[id].name.clone(),
            _ => {
                let text = self.texts.text(expr.span);
                text.split_whitespace().collect::<Vec<_>>().join(" ")
            }
        }
    }

    fn stay(&self, stay: Stay, name: &str) -> (String, String) {
        let (message, help) = match stay {
            Stay::Entered => ("nobody entered", "let a customer earn it, or put one there by hand"),
            Stay::Held => ("nobody held on to", "add a date on which a customer still has it"),
            Stay::Warned => (
                "nobody was told that they are about to lose",
                "add a date shortly before a review that would fail: `event: tier.expiring`",
            ),
            Stay::Graced => ("nobody got a grace in", "let a review fail: `event: grace.started`"),
            Stay::Left => ("nobody left", "let a customer lose it, or rise from it"),
        };
        (format!("{message} `{name}`"), help.to_owned())
    }

    fn given(&self, giver: Giver, name: &str) -> (String, String) {
        let one = self.giver(giver);
        let help = format!("add {one}, and expect it under `benefits`");
        (format!("`{name}` was never given to {one}"), help)
    }

    /// One of those to whom a benefit goes.
    fn giver(&self, giver: Giver) -> String {
        let Part::Benefit(id) = self.part else { return String::new() };
        let benefit = &self.program.benefits[id];
        match giver {
            Giver::Tier(index) => {
                let it = &benefit.tiers[index];
                format!("a holder of `{}`", Part::Tier(it.ladder, it.tier).name(self.program))
            }
            Giver::Segment(index) => {
                let segment = benefit.segments[index].segment;
                format!("a member of the segment `{}`", self.program.segments[segment].name)
            }
        }
    }
}
