//! What the value of an expression about a customer can be at all.

use rust_decimal::Decimal;

use super::interval::{End, Interval};
use super::terms::Terms;
use crate::expr::Expr;
use crate::program::Program;
use crate::source::Sources;

/// Whether a number can lie between two others, which count; `None` is without an end. It cannot
/// where this is `false`; `true` says nothing for certain.
pub fn can_be(
    program: &Program,
    texts: &Sources,
    expr: &Expr,
    from: Option<Decimal>,
    to: Option<Decimal>,
) -> bool {
    let asked = Interval { low: from.map(End::closed), high: to.map(End::closed) };
    let possible = Terms::new(program, texts, None).interval(expr, &[]);
    !possible.intersect(asked).is_empty()
}

/// Whether a customer may be without a value.
pub fn can_be_unknown(program: &Program, texts: &Sources, expr: &Expr) -> bool {
    Terms::new(program, texts, None).nullable(expr)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::expr::{Condition, Node};
    use crate::pass::fixture;

    #[test]
    fn counts_are_never_negative_and_sums_may_be() {
        let ladder =
            "ladders: { club: { tiers: { vip: { enter: [spend > 0, orders_made > 0] } } } }";
        let rules = fixture::rules("", "", ladder);
        let Condition::All(both) = &rules.program.ladders[0].tiers[0].enter else { panic!() };
        let sides = both.iter().map(|condition| match condition {
            Condition::Expr(Expr { node: Node::Compare(_, measured, _), .. }) => measured,
            _ => panic!(),
        });
        let number = |number: i64| Some(Decimal::from(number));
        let found: Vec<[bool; 4]> = sides
            .map(|expr| {
                let can_be = |from, to| can_be(&rules.program, &rules.texts, expr, from, to);
                [
                    can_be(number(-1), number(-1)),
                    can_be(None, number(0)),
                    can_be(number(5), None),
                    can_be_unknown(&rules.program, &rules.texts, expr),
                ]
            })
            .collect();
        assert_eq!(found, [[true, true, true, false], [false, true, true, false]]);
    }
}
