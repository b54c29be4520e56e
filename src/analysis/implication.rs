use super::formula::Formula;
use super::literal::Literal;
use super::solve::conflict;
use super::terms::Terms;
use crate::expr::{Condition, Expr};

impl Terms<'_> {
    pub fn can_hold(&mut self, condition: &Condition<Expr>) -> bool {
        let formula = self.of_condition(condition, true);
        conflict(&formula, self).is_none()
    }

    /// Whether one condition holds for sure wherever another holds. Nothing follows from a
    /// condition that can never hold.
    pub fn implies(&mut self, from: &Condition<Expr>, to: &Condition<Expr>) -> bool {
        if !self.can_hold(from) {
            return false;
        }
        let both = vec![self.of_condition(from, true), self.of_condition(to, false)];
        conflict(&Formula::All(both), self).is_some()
    }

    /// Whether a literal holds for sure wherever a condition holds, and it can hold.
    pub fn needs(&mut self, condition: &Condition<Expr>, literal: &Literal) -> bool {
        if !self.can_hold(condition) {
            return false;
        }
        let without = Formula::Literal(literal.opposite());
        let both = vec![self.of_condition(condition, true), without];
        conflict(&Formula::All(both), self).is_some()
    }

    /// Whether a literal alone is enough for a condition.
    pub fn follows(&mut self, literal: &Literal, condition: &Condition<Expr>) -> bool {
        let both = vec![Formula::Literal(literal.clone()), self.of_condition(condition, false)];
        conflict(&Formula::All(both), self).is_some()
    }
}
