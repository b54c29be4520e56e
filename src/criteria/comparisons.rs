use serde_json::{Value as Json, json};

use super::cell::{Cell, Cells};
use super::recorded::Recording;
use super::{Asked, Direction, Leaf, Recorded, Requirement, Sides, value_json};
use crate::expr::{Condition, Evaluated, Expr, Inputs, Value, compare, evaluate};
use crate::program::Program;
use crate::source::Sources;

/// The comparisons of a condition in the order in which they are written: what can be said once
/// for everybody ([`Comparisons::template`]), and what each customer measured
/// ([`Comparisons::record`]).
#[derive(Debug, Clone)]
pub struct Comparisons<'p> {
    program: &'p Program,
    leaves: Vec<Leaf<'p>>,
}

impl<'p> Comparisons<'p> {
    pub fn of(program: &'p Program, condition: &'p Condition<Expr>) -> Self {
        let leaves = Requirement::of(condition).leaves();
        Self { program, leaves: leaves.into_iter().map(|(leaf, _)| leaf).collect() }
    }

    /// Whether it asks nothing of anybody.
    pub fn is_empty(&self) -> bool {
        self.leaves.is_empty()
    }

    /// For each comparison `{"tier", "slot", "text", "asked"}`; `asked` is null where it is not
    /// the same for every customer in every pass, and stands in what is recorded instead.
    pub fn template(&self, texts: &Sources, tier: Option<&str>, slot: &str) -> Json {
        let leaves = self.leaves.iter().map(|leaf| {
            let asked = leaf.sides(self.program).asked.constant();
            json!({
                "tier": tier,
                "slot": slot,
                "text": leaf.text(self.program, texts),
                "asked": asked.as_ref().map(value_json),
            })
        });
        leaves.collect()
    }

    /// A text for each asked row of a block: for each comparison `[met, measured, gap]`, and
    /// `asked` as a fourth where the template has none. `met` is 1 or 0; what is unknown or a
    /// fault is null.
    pub fn record(&self, block: &dyn Inputs, asked: &[bool]) -> Recorded {
        if !asked.contains(&true) {
            return Recorded::default();
        }
        let measured: Vec<Measured<'_>> =
            self.leaves.iter().map(|leaf| self.measure(leaf, block, asked)).collect();
        let lanes: Vec<Lane<'_>> = measured.iter().map(Measured::lane).collect();
        let mut recording = Recording::default();
        for row in (0..asked.len()).filter(|row| asked[*row]) {
            recording.bytes.push(b'[');
            for (index, lane) in lanes.iter().enumerate() {
                if index > 0 {
                    recording.bytes.push(b',');
                }
                lane.write(row, &mut recording.bytes);
            }
            recording.bytes.push(b']');
            recording.end();
        }
        recording.done()
    }

    fn measure<'a>(&self, leaf: &Leaf<'p>, block: &'a dyn Inputs, active: &[bool]) -> Measured<'a> {
        let of = |expr: &Expr| evaluate(expr, block, Some(active));
        let Sides { measured, asked, direction } = leaf.sides(self.program);
        let measured = of(measured);
        let constant = asked.constant().is_some();
        let (holds, asked) = match asked {
            Asked::Compared(op, asked) => {
                let asked = of(asked);
                (Some(compare(op, &measured, &asked, block.len())), Standard::Value(asked))
            }
            Asked::Between(low, high) => {
                (Some(of(leaf.expr)), Standard::Between(of(low), of(high)))
            }
            Asked::Top(cutoff) => {
                let border = block.cutoff(cutoff).map_or_else(Evaluated::Fault, |border| {
                    Evaluated::Constant(Value::Number(border))
                });
                (Some(of(leaf.expr)), Standard::Value(border))
            }
            Asked::In(list) => (Some(of(leaf.expr)), Standard::Value(of(list))),
            Asked::Items(items) => {
                (Some(of(leaf.expr)), Standard::Items(items.iter().map(of).collect()))
            }
            Asked::Lists => {
                (Some(of(leaf.expr)), Standard::Value(Evaluated::Constant(Value::Null)))
            }
            Asked::Flag(flag) => (None, Standard::Value(Evaluated::Constant(Value::Flag(flag)))),
        };
        Measured { holds, negated: leaf.negated, measured, asked, constant, direction }
    }
}

/// A comparison over a block.
struct Measured<'a> {
    /// `None`: what is measured is the answer.
    holds: Option<Evaluated<'a>>,
    negated: bool,
    measured: Evaluated<'a>,
    asked: Standard<Evaluated<'a>>,
    /// Whether the template has what is asked.
    constant: bool,
    direction: Direction,
}

/// What a measured value is held against.
enum Standard<T> {
    Value(T),
    Between(T, T),
    Items(Vec<T>),
}

impl Measured<'_> {
    fn lane(&self) -> Lane<'_> {
        let measured = Cells::of(&self.measured);
        Lane {
            holds: self.holds.as_ref().map_or(measured, Cells::of),
            negated: self.negated,
            measured,
            asked: match &self.asked {
                Standard::Value(value) => Standard::Value(Cells::of(value)),
                Standard::Between(low, high) => Standard::Between(Cells::of(low), Cells::of(high)),
                Standard::Items(items) => Standard::Items(items.iter().map(Cells::of).collect()),
            },
            constant: self.constant,
            direction: self.direction,
        }
    }
}

/// A comparison over a block, to be written row by row.
struct Lane<'a> {
    holds: Cells<'a>,
    negated: bool,
    measured: Cells<'a>,
    asked: Standard<Cells<'a>>,
    constant: bool,
    direction: Direction,
}

impl Lane<'_> {
    fn write(&self, row: usize, text: &mut Vec<u8>) {
        let measured = self.measured.get(row);
        let mut direction = self.direction;
        let (asked, items) = match &self.asked {
            Standard::Value(value) => (value.get(row), None),
            Standard::Between(low, high) => {
                let high = high.get(row);
                if measured.is_more_than(high) {
                    direction = Direction::AtMost;
                    (high, None)
                } else {
                    (low.get(row), None)
                }
            }
            Standard::Items(items) => {
                let is_faulty = |cells: &Cells<'_>| matches!(cells.get(row), Cell::Fault);
                match items.iter().any(is_faulty) {
                    true => (Cell::Fault, None),
                    false => (Cell::Null, Some(items)),
                }
            }
        };
        let met = match self.holds.get(row) {
            Cell::Fault => false,
            holds => matches!(holds, Cell::Flag(true)) != self.negated,
        };
        let is_faulty = matches!(measured, Cell::Fault) || matches!(asked, Cell::Fault);
        text.extend(if met && !is_faulty { b"[1," } else { b"[0," });
        measured.write(text);
        text.push(b',');
        Cell::gap(direction, measured, asked).write(text);
        match items {
            Some(items) => {
                text.push(b',');
                write_items(items, row, text);
            }
            None if !self.constant => {
                text.push(b',');
                asked.write(text);
            }
            None => {}
        }
        text.push(b']');
    }
}

fn write_items(items: &[Cells<'_>], row: usize, text: &mut Vec<u8>) {
    text.push(b'[');
    for (index, item) in items.iter().enumerate() {
        if index > 0 {
            text.push(b',');
        }
        item.get(row).write(text);
    }
    text.push(b']');
}
