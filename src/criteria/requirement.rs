use super::Leaf;
use crate::expr::{Condition, Expr, Node, Value};

/// A condition down to its single comparisons, with every "not" moved into them.
#[derive(Debug, Clone, PartialEq)]
pub enum Requirement<'e> {
    Always,
    Never,
    Leaf(Leaf<'e>),
    All(Vec<Requirement<'e>>),
    Any { at_least: usize, of: Vec<Requirement<'e>> },
}

impl<'e> Requirement<'e> {
    pub fn of(condition: &'e Condition<Expr>) -> Self {
        Self::condition(condition, false)
    }

    fn condition(condition: &'e Condition<Expr>, negated: bool) -> Self {
        match condition {
            Condition::Always => Self::constant(!negated),
            Condition::Never => Self::constant(negated),
            Condition::Expr(expr) => Self::expr(expr, negated),
            Condition::All(list) => Self::every(list.iter(), negated),
            Condition::Any { at_least, of } => Self::some(*at_least, of, negated),
            Condition::None(list) => Self::some(1, list, !negated),
        }
    }

    fn constant(holds: bool) -> Self {
        if holds { Requirement::Always } else { Requirement::Never }
    }

    /// All of a list hold; not so: at least one does not.
    fn every(list: impl Iterator<Item = &'e Condition<Expr>>, negated: bool) -> Self {
        let of = list.map(|condition| Self::condition(condition, negated)).collect();
        if negated { Requirement::Any { at_least: 1, of } } else { Requirement::All(of) }
    }

    /// At least k of n hold; not so: at least n - k + 1 do not.
    fn some(at_least: usize, list: &'e [Condition<Expr>], negated: bool) -> Self {
        let of: Vec<_> = list.iter().map(|c| Self::condition(c, negated)).collect();
        if !negated {
            return Requirement::Any { at_least, of };
        }
        match (of.len() + 1).saturating_sub(at_least) {
            all if all == of.len() => Requirement::All(of),
            at_least => Requirement::Any { at_least, of },
        }
    }

    fn expr(expr: &'e Expr, negated: bool) -> Self {
        match &expr.node {
            Node::Literal(Value::Flag(holds)) => Self::constant(*holds != negated),
            Node::Not(inner) => Self::expr(inner, !negated),
            Node::And(a, b) | Node::Or(a, b) => {
                let all = matches!(expr.node, Node::And(..)) != negated;
                // `a && b && c` leans to the left: its parts stand side by side.
                let mut of = Vec::new();
                for side in [a, b] {
                    match (Self::expr(side, negated), all) {
                        (Requirement::All(list), true)
                        | (Requirement::Any { at_least: 1, of: list }, false) => of.extend(list),
                        (other, _) => of.push(other),
                    }
                }
                if all { Requirement::All(of) } else { Requirement::Any { at_least: 1, of } }
            }
            _ => Requirement::Leaf(Leaf { expr, negated }),
        }
    }

    /// The comparisons in the order in which they are written, and how each is joined to the
    /// one before it.
    pub fn leaves(&self) -> Vec<(Leaf<'e>, Joined)> {
        match self {
            Requirement::Always | Requirement::Never => Vec::new(),
            Requirement::Leaf(leaf) => vec![(*leaf, Joined::And)],
            Requirement::All(of) => of.iter().flat_map(Requirement::leaves).collect(),
            Requirement::Any { at_least, of } => {
                let mut all = Vec::new();
                for (index, branch) in of.iter().enumerate() {
                    let mut leaves = branch.leaves();
                    if let Some((_, joined)) = leaves.first_mut() {
                        match (index, *at_least) {
                            (0, 0 | 1) => {}
                            (0, count) => *joined = Joined::AtLeast(count),
                            _ => *joined = Joined::Or,
                        }
                    }
                    all.extend(leaves);
                }
                all
            }
        }
    }
}

/// How a comparison is joined to the one before it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Joined {
    And,
    /// It begins another alternative.
    Or,
    /// It begins alternatives of which so many must hold.
    AtLeast(usize),
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::expr::{Input, Type, Unit};
    use crate::source::Span;

    fn flag(metric: usize) -> Expr {
        Expr {
            node: Node::Input(Input::Metric(metric)),
            ty: Type::Flag,
            unit: Unit::Number,
            span: Span::default(),
        }
    }

    fn leaf(expr: &Expr, negated: bool) -> Requirement<'_> {
        Requirement::Leaf(Leaf { expr, negated })
    }

    #[test]
    fn none_asks_that_each_is_false() {
        let condition = Condition::None(vec![Condition::Expr(flag(0)), Condition::Expr(flag(1))]);
        let (a, b) = (flag(0), flag(1));
        assert_eq!(
            Requirement::of(&condition),
            Requirement::All(vec![leaf(&a, true), leaf(&b, true)])
        );
    }

    #[test]
    fn not_two_of_three_is_two_of_three_not() {
        let of = (0..3).map(|metric| Condition::Expr(flag(metric))).collect();
        let condition = Condition::None(vec![Condition::Any { at_least: 2, of }]);
        let flags = [flag(0), flag(1), flag(2)];
        let of = flags.iter().map(|flag| leaf(flag, true)).collect();
        let inner = Requirement::Any { at_least: 2, of };
        assert_eq!(Requirement::of(&condition), Requirement::All(vec![inner]));
    }

    #[test]
    fn operators_are_conditions_too() {
        let both = |a, b| Expr { node: Node::And(Box::new(a), Box::new(b)), ..flag(0) };
        let condition = Condition::Expr(both(both(flag(0), flag(1)), flag(2)));
        let flags = [flag(0), flag(1), flag(2)];
        let of = flags.iter().map(|flag| leaf(flag, false)).collect();
        assert_eq!(Requirement::of(&condition), Requirement::All(of));
    }

    #[test]
    fn alternatives_begin_with_or() {
        let expr = |metric| Condition::Expr(flag(metric));
        let pair = Condition::All(vec![expr(1), expr(2)]);
        let of = vec![pair, expr(3)];
        let condition = Condition::All(vec![
            expr(0),
            Condition::Any { at_least: 1, of },
            Condition::Any { at_least: 2, of: vec![expr(4), expr(5), expr(6)] },
        ]);
        let joined: Vec<Joined> =
            Requirement::of(&condition).leaves().into_iter().map(|(_, joined)| joined).collect();
        use Joined::{And, AtLeast, Or};
        assert_eq!(joined, [And, And, And, Or, AtLeast(2), Or, Or]);
    }
}
