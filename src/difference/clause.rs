//! Conditions in a form in which they can be held against each other.

use super::side::Side;
use super::words::percent;
use super::written::Constants;
use crate::criteria::{Asked, Leaf, Requirement, Sides};
use crate::expr::{Condition, CutoffId, Expr, Node, SourceId};
use crate::program::CutoffKind;

/// A condition without brackets that mean nothing. Two with the same `exact` text ask the same,
/// in the same order.
#[derive(Debug, Clone)]
pub(super) enum Clause<'r> {
    Always,
    Never,
    Criterion(Criterion<'r>),
    Group(Group<'r>),
}

#[derive(Debug, Clone)]
pub(super) struct Group<'r> {
    pub joined: Joined,
    pub of: Vec<Clause<'r>>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Joined {
    All,
    /// So many of them are enough.
    AtLeast(usize),
}

/// One comparison, or another expression that is true or false.
#[derive(Debug, Clone)]
pub(super) struct Criterion<'r> {
    pub leaf: Leaf<'r>,
    pub sides: Sides<'r>,
    /// With the values of parameters.
    pub exact: String,
    /// As people read it.
    pub text: String,
    /// What is measured, and in which manner: `over spend`.
    pub subject: String,
    /// What is asked of it, where it may be asked of something else: `>= 1000`.
    pub asked: Option<String>,
}

impl Joined {
    pub fn words(self) -> String {
        match self {
            Joined::All => "all".to_owned(),
            Joined::AtLeast(1) => "any".to_owned(),
            Joined::AtLeast(count) => format!("at least {count}"),
        }
    }
}

impl<'r> Clause<'r> {
    pub fn of(side: &Side<'r>, condition: &'r Condition<Expr>, rows: Option<SourceId>) -> Self {
        Self::requirement(side, Requirement::of(condition), rows)
    }

    fn requirement(side: &Side<'r>, asked: Requirement<'r>, rows: Option<SourceId>) -> Self {
        match asked {
            Requirement::Always => Clause::Always,
            Requirement::Never => Clause::Never,
            Requirement::Leaf(leaf) => Clause::Criterion(Criterion::of(side, leaf, rows)),
            Requirement::All(list) => Self::group(side, Joined::All, list, rows),
            Requirement::Any { at_least, of } => {
                Self::group(side, Joined::AtLeast(at_least), of, rows)
            }
        }
    }

    fn group(
        side: &Side<'r>,
        joined: Joined,
        list: Vec<Requirement<'r>>,
        rows: Option<SourceId>,
    ) -> Self {
        let mut of = Vec::with_capacity(list.len());
        let mergeable = matches!(joined, Joined::All | Joined::AtLeast(1));
        for asked in list {
            match Self::requirement(side, asked, rows) {
                Clause::Group(inner) if mergeable && inner.joined == joined => of.extend(inner.of),
                clause => of.push(clause),
            }
        }
        match of.len() {
            1 if mergeable => of.swap_remove(0),
            _ => Clause::Group(Group { joined, of }),
        }
    }

    /// The same text means the same condition.
    pub fn exact(&self) -> String {
        self.written(Constants::Valued, false)
    }

    /// As people read it.
    pub fn text(&self) -> String {
        self.written(Constants::Named, false)
    }

    fn written(&self, constants: Constants, inside: bool) -> String {
        match self {
            Clause::Always => "always".to_owned(),
            Clause::Never => "never".to_owned(),
            Clause::Criterion(criterion) => match constants {
                Constants::Named => criterion.text.clone(),
                Constants::Valued => criterion.exact.clone(),
            },
            Clause::Group(Group { joined, of }) => {
                let parts = of.iter().map(|clause| clause.written(constants, true));
                let parts: Vec<String> = parts.collect();
                match joined {
                    Joined::AtLeast(count) if *count != 1 => {
                        format!("at least {count} of ({})", parts.join(", "))
                    }
                    _ => {
                        let word = if *joined == Joined::All { " and " } else { " or " };
                        let text = parts.join(word);
                        if inside { format!("({text})") } else { text }
                    }
                }
            }
        }
    }

    /// What its criteria measure, in their order.
    pub fn subjects(&self) -> Vec<&str> {
        match self {
            Clause::Always | Clause::Never => Vec::new(),
            Clause::Criterion(criterion) => vec![&criterion.subject],
            Clause::Group(group) => group.of.iter().flat_map(Clause::subjects).collect(),
        }
    }

    /// How many of its criteria measure what one of the other's does.
    pub fn likeness(&self, other: &Clause<'_>) -> usize {
        let mut theirs = other.subjects();
        self.subjects()
            .into_iter()
            .filter(|subject| match theirs.iter().position(|their| their == subject) {
                Some(found) => {
                    theirs.swap_remove(found);
                    true
                }
                None => false,
            })
            .count()
    }
}

impl<'r> Criterion<'r> {
    /// Whether the same is asked of something else.
    pub fn asks_like(&self, other: &Criterion<'_>) -> bool {
        self.asked.is_some() && self.asked == other.asked && self.leaf.negated == other.leaf.negated
    }

    fn of(side: &Side<'r>, leaf: Leaf<'r>, rows: Option<SourceId>) -> Self {
        let sides = leaf.sides(side.program);
        let write = |expr, constants| side.expr(expr, rows, constants);
        let measured = write(sides.measured, Constants::Valued);
        let manner = match sides.asked {
            Asked::Compared(..) | Asked::Between(..) => "over",
            Asked::Top(_) => "top by",
            Asked::In(_) | Asked::Items(_) | Asked::Lists => "among",
            Asked::Flag(_) => "is",
        };
        let not = |text: String| match (leaf.negated, &leaf.expr.node) {
            (false, _) => text,
            // A call or a name needs no brackets.
            (true, Node::Input(_) | Node::Call(..) | Node::Script { .. }) => format!("!{text}"),
            (true, _) => format!("!({text})"),
        };
        let whole = |constants| {
            not(match sides.asked {
                // The measured side first, whatever stood first in the pack.
                Asked::Compared(op, asked) => {
                    let turned = Expr {
                        node: Node::Compare(
                            op,
                            Box::new(sides.measured.clone()),
                            Box::new(asked.clone()),
                        ),
                        ..leaf.expr.clone()
                    };
                    side.expr(&turned, rows, constants)
                }
                _ => side.expr(leaf.expr, rows, constants),
            })
        };
        let (exact, text) = match sides.asked {
            Asked::Top(cutoff) => {
                let text = side.top(cutoff);
                let text = if leaf.negated { format!("not {text}") } else { text };
                (format!("{} {}", whole(Constants::Valued), side.ranks_after(cutoff)), text)
            }
            _ => (whole(Constants::Valued), whole(Constants::Named)),
        };
        let asked = match sides.asked {
            Asked::Compared(op, asked) => {
                Some(format!("{} {}", op.symbol(), write(asked, Constants::Valued)))
            }
            Asked::Top(cutoff) => Some(side.top_size(cutoff)),
            Asked::In(list) => Some(write(list, Constants::Valued)),
            Asked::Between(..) | Asked::Items(_) | Asked::Lists | Asked::Flag(_) => None,
        };
        let subject = format!("{manner} {measured}");
        Self { leaf, sides, exact, text, subject, asked }
    }
}

impl Side<'_> {
    /// `top 3 % by margin`, of a ladder of shares `top 20 % by rfm, spend`
    pub fn top(&self, cutoff: CutoffId) -> String {
        let measure = self.expr(&self.program.cutoffs[cutoff].measure, None, Constants::Named);
        let text = format!("{} by {measure}", self.top_size(cutoff));
        match self.ranks_after(cutoff) {
            after if after.is_empty() => text,
            after => format!("{text}, {after}"),
        }
    }

    /// `top 3 %`
    pub fn top_size(&self, cutoff: CutoffId) -> String {
        match &self.program.cutoffs[cutoff].kind {
            CutoffKind::TopPercent(share) => format!("top {}", percent(*share)),
            CutoffKind::TopCount(count) => format!("top {count}"),
            CutoffKind::MakesPercent(share) => format!("those who make {}", percent(*share)),
            _ => self.cutoff(cutoff, Constants::Named),
        }
    }
}
