//! Whether a condition can hold at all.
//!
//! What is reported as impossible is impossible. What would take too long to try counts as
//! possible.

use super::formula::Formula;
use super::literal::Literal;
use super::range::Range;
use super::terms::Terms;
use crate::source::Span;

/// Literals and alternatives that are tried at most while looking for a way that a condition can hold.
const TRIES: usize = 20_000;

/// What cannot hold together.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Side {
    Literal(Literal),
    /// None of some alternatives fits the rest.
    Alternatives(Span),
}

impl Side {
    pub fn span(&self) -> Span {
        match self {
            Side::Literal(literal) => literal.span,
            Side::Alternatives(span) => *span,
        }
    }
}

/// The sides of a contradiction, in the order they are written. Without a side: it is off by
/// a constant, as a switch is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Conflict {
    pub sides: Vec<Side>,
}

/// Why a formula can never hold; `None` where it can.
pub(super) fn conflict(formula: &Formula, terms: &Terms<'_>) -> Option<Conflict> {
    let mut search = Search { terms, tries: TRIES };
    let mut found = search.solve(vec![formula], Vec::new(), &mut Vec::new()).err()?;
    found.sides.sort_by_key(Side::span);
    found.sides.dedup();
    Some(found)
}

/// An `any` that is still to be decided: so many of these.
type Choice<'f> = (usize, &'f [Formula]);

struct Search<'t, 'a> {
    terms: &'t Terms<'a>,
    tries: usize,
}

impl Search<'_, '_> {
    fn solve<'f>(
        &mut self,
        mut pending: Vec<&'f Formula>,
        mut choices: Vec<Choice<'f>>,
        chosen: &mut Vec<&'f Literal>,
    ) -> Result<(), Conflict> {
        let before = chosen.len();
        let mut outcome = Ok(());
        pending.reverse();
        while let Some(formula) = pending.pop() {
            match formula {
                Formula::Constant(true) => {}
                Formula::Constant(false) => {
                    outcome = Err(Conflict { sides: Vec::new() });
                    break;
                }
                Formula::All(of) => pending.extend(of.iter().rev()),
                Formula::Any { at_least, of, .. } => choices.push((*at_least, of)),
                Formula::Literal(literal) => {
                    chosen.push(literal);
                    outcome = self.fits(literal, chosen);
                    if outcome.is_err() {
                        break;
                    }
                }
            }
        }
        if outcome.is_ok() && !choices.is_empty() {
            outcome = self.choose(choices, chosen);
        }
        chosen.truncate(before);
        outcome
    }

    /// Whether something is left for the term of the literal that was chosen last.
    fn fits(&mut self, last: &Literal, chosen: &[&Literal]) -> Result<(), Conflict> {
        if self.tries == 0 {
            return Ok(());
        }
        self.tries -= 1;
        let about: Vec<&Literal> =
            chosen.iter().copied().filter(|literal| literal.term == last.term).collect();
        match Range::of(self.terms.get(last.term), &about) {
            Ok(_) => Ok(()),
            Err(culprits) => Err(Conflict {
                sides: culprits.iter().map(|i| Side::Literal(about[*i].clone())).collect(),
            }),
        }
    }

    fn choose<'f>(
        &mut self,
        mut choices: Vec<Choice<'f>>,
        chosen: &mut Vec<&'f Literal>,
    ) -> Result<(), Conflict> {
        let (at_least, of) = choices.remove(0);
        if at_least == 0 {
            return self.solve(Vec::new(), choices, chosen);
        }
        let mut conflicts = Vec::new();
        for (index, formula) in of.iter().enumerate() {
            if self.tries == 0 {
                return Ok(());
            }
            self.tries -= 1;
            let rest = &of[index + 1..];
            if rest.len() + 1 < at_least {
                break;
            }
            let mut next = choices.clone();
            if at_least > 1 {
                next.insert(0, (at_least - 1, rest));
            }
            match self.solve(vec![formula], next, chosen) {
                Ok(()) => return Ok(()),
                Err(conflict) => conflicts.push(conflict),
            }
        }
        Err(together(of, conflicts))
    }
}

/// The conflict of an `any` of which no alternative can hold.
fn together(of: &[Formula], conflicts: Vec<Conflict>) -> Conflict {
    let whole = of.iter().filter_map(Formula::span).reduce(Span::to);
    let inside = |side: &Side| {
        let span = side.span();
        whole.is_some_and(|whole| {
            whole.file == span.file && whole.start <= span.start && span.end <= whole.end
        })
    };
    // Switched off, or not a matter of these alternatives.
    let elsewhere = |conflict: &&Conflict| !conflict.sides.iter().any(inside);
    if let Some(conflict) = conflicts.iter().find(elsewhere) {
        return conflict.clone();
    }
    let mut sides: Vec<Side> = whole.map(Side::Alternatives).into_iter().collect();
    for conflict in conflicts {
        sides.extend(conflict.sides.into_iter().filter(|side| !inside(side)));
    }
    Conflict { sides }
}
