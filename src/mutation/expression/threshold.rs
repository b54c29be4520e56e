//! What is asked of a number or a date, moved up and down.

use rust_decimal::Decimal;

use super::walk::Walk;
use super::{behind, range};
use crate::expr::syntax::{Ast, AstKind};
use crate::expr::{ArithmeticOp as Op, Type, Unit, Value};
use crate::mutation::{Operator, step};
use crate::program::ParameterValue;

impl Walk<'_> {
    /// The asked side of a comparison: the constant one, or else the right one.
    pub fn compared(&mut self, shown: &Ast, a: &Ast, b: &Ast) {
        let asked = if self.is_constant(a) && !self.is_constant(b) { a } else { b };
        self.asked(shown, asked, &[a, b], 0);
    }

    /// Numbers and dates that a function asks for.
    pub fn asked_in_call(&mut self, shown: &Ast, callee: &str, arguments: &[Ast]) {
        match (callee, arguments) {
            ("between", [value, low, high]) => {
                self.asked(shown, low, &[value, low, high], 0);
                self.asked(shown, high, &[value, low, high], 10);
            }
            ("top_percent" | "makes_percent" | "percentile", [size, _]) => {
                self.moved(shown, size, Unit::Percent, 0);
            }
            ("top_count", [size, _]) => self.moved(shown, size, Unit::Count, 0),
            _ => {}
        }
    }

    /// `first` is the first variant.
    fn asked(&mut self, shown: &Ast, asked: &Ast, sides: &[&Ast], first: u32) {
        let kinds: Vec<_> = sides.iter().filter_map(|side| self.kind(side)).collect();
        let is_a = |ty| kinds.iter().any(|(found, _)| *found == ty);
        if is_a(Type::Date) {
            self.moved_date(shown, asked, first);
        } else if is_a(Type::Number) || self.known.constant(asked).is_some() {
            let unit = kinds.iter().map(|(_, unit)| *unit).find(|unit| *unit != Unit::Number);
            self.moved(shown, asked, unit.unwrap_or(Unit::Number), first);
        }
    }

    fn moved(&mut self, shown: &Ast, asked: &Ast, unit: Unit, first: u32) {
        let smallest = step::smallest(unit, self.places(asked), self.known.money_decimals());
        if let AstKind::Number(number) = asked.kind {
            for (variant, moved) in step::moved(number, smallest) {
                let change = (range(asked), moved.to_string());
                self.push(Operator::Threshold, first + variant, shown, vec![change]);
            }
            return;
        }
        let weak = super::binds_weaker_than_sum(asked);
        for (variant, more) in self.steps(asked, unit, smallest) {
            let sum = matches!(asked.kind, AstKind::Arithmetic(Op::Add | Op::Subtract, ..));
            let parentheses = weak || sum && more.starts_with('*');
            let changes = behind(&range(asked), parentheses, &more);
            self.push(Operator::Threshold, first + variant, shown, changes);
        }
    }

    /// What to write behind an expression to move it.
    fn steps(&self, asked: &Ast, unit: Unit, smallest: Decimal) -> Vec<(u32, String)> {
        let mut steps =
            vec![(step::UP, format!("+ {smallest}")), (step::DOWN, format!("- {smallest}"))];
        let tenth = match self.known.constant(asked) {
            None => true,
            // What is whole is never between two steps.
            Some(value) if matches!(unit, Unit::Count | Unit::Days) => {
                if let Some(tenth) = step::tenth(value, smallest) {
                    steps.push((step::TENTH_UP, format!("+ {tenth}")));
                    steps.push((step::TENTH_DOWN, format!("- {tenth}")));
                }
                false
            }
            Some(value) => step::tenth(value, smallest).is_some(),
        };
        if tenth {
            steps.push((step::TENTH_UP, "* 1.1".to_owned()));
            steps.push((step::TENTH_DOWN, "* 0.9".to_owned()));
        }
        steps
    }

    /// A date that is written, or a parameter's, a day later and earlier.
    fn moved_date(&mut self, shown: &Ast, asked: &Ast, first: u32) {
        let (date, quoted) = match &asked.kind {
            AstKind::Call { callee, arguments, .. } if callee == "date" => match &arguments[..] {
                [Ast { kind: AstKind::Text(text), .. }] => (text.parse().ok(), Some(&arguments[0])),
                _ => (None, None),
            },
            AstKind::Name(name) => match self.known.parameter(name) {
                Some(ParameterValue::Value(Value::Date(date))) => (Some(*date), None),
                _ => (None, None),
            },
            _ => (None, None),
        };
        let Some(date): Option<jiff::civil::Date> = date else { return };
        for (variant, moved) in [(step::UP, date.tomorrow()), (step::DOWN, date.yesterday())] {
            let Ok(moved) = moved else { continue };
            let change = match quoted {
                Some(text) => (range(text), format!("\"{moved}\"")),
                None => (range(asked), format!("date(\"{moved}\")")),
            };
            self.push(Operator::Threshold, first + variant, shown, vec![change]);
        }
    }

    fn is_constant(&self, ast: &Ast) -> bool {
        match &ast.kind {
            AstKind::Name(name) => self.known.parameter(name).is_some(),
            AstKind::Call { callee, .. } => callee == "date",
            _ => self.known.constant(ast).is_some(),
        }
    }

    /// The most decimal places among the numbers of an expression: as written, or as a parameter
    /// has them.
    fn places(&self, ast: &Ast) -> u32 {
        match &ast.kind {
            AstKind::Number(_) => step::places(&self.text.text[range(ast)]),
            AstKind::Name(_) => self.known.constant(ast).map_or(0, |value| value.scale()),
            AstKind::Negate(inner) => self.places(inner),
            AstKind::Arithmetic(_, a, b) => self.places(a).max(self.places(b)),
            _ => 0,
        }
    }
}
