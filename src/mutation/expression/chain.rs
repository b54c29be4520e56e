//! What `&&` and `||` join: each part dropped, and the one for the other.

use super::range;
use super::walk::Walk;
use crate::expr::syntax::{Ast, AstKind};
use crate::mutation::Operator;

/// The variant of the first part that is dropped; a criterion that is dropped as a whole is 0.
const FIRST: u32 = 1;

impl Walk<'_> {
    /// A chain of one operator, from its outermost node.
    pub fn chain(&mut self, ast: &Ast) {
        let is_and = matches!(ast.kind, AstKind::And(..));
        let parts = parts(ast, is_and);
        let (symbol, other) = if is_and { ("&&", "||") } else { ("||", "&&") };
        for index in 0..parts.len() {
            let gone = match index.checked_sub(1) {
                None => range(parts[0]).start..range(parts[1]).start,
                Some(before) => range(parts[before]).end..range(parts[index]).end,
            };
            let variant = FIRST + index as u32;
            self.push(Operator::Criterion, variant, ast, vec![(gone, String::new())]);
        }
        let operators = parts.windows(2).filter_map(|pair| self.between(pair[0], pair[1], symbol));
        // A chain of the one binds where it stands like a chain of the other: what binds weaker
        // around it or stronger within it is in parentheses, or of the other kind already.
        let changes = operators.map(|place| (place, other.to_owned())).collect();
        self.push(Operator::AllAny, 0, ast, changes);
        parts.into_iter().for_each(|part| self.node(part));
    }
}

/// The operands of a chain, from left to right. A part in parentheses is one operand.
fn parts(ast: &Ast, is_and: bool) -> Vec<&Ast> {
    let (AstKind::And(a, b) | AstKind::Or(a, b)) = &ast.kind else { return vec![ast] };
    let continues =
        matches!((&a.kind, is_and), (AstKind::And(..), true) | (AstKind::Or(..), false));
    let in_parentheses = match &a.kind {
        AstKind::And(first, _) | AstKind::Or(first, _) => range(a).start < range(first).start,
        _ => false,
    };
    let mut found = if continues && !in_parentheses { parts(a, is_and) } else { vec![&**a] };
    found.push(b);
    found
}
