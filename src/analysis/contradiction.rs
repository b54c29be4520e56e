//! Conditions that can never hold.

use super::formula::Formula;
use super::literal::{Literal, Test};
use super::solve::{Conflict, Side, conflict};
use super::terms::{Kind, Terms};
use crate::diagnostic::{Code, Diagnostic, Diagnostics};
use crate::expr::{Condition, Expr};

/// Reports the innermost parts of a condition that can never hold.
pub(super) fn report(
    condition: &Condition<Expr>,
    terms: &mut Terms<'_>,
    findings: &mut Diagnostics,
) {
    let formula = terms.of_condition(condition, true);
    let mut finder = Finder { terms, findings };
    finder.find(&formula, false);
}

/// The same for an expression that is true or false, as after an `if`.
pub(super) fn report_expr(expr: &Expr, terms: &mut Terms<'_>, findings: &mut Diagnostics) {
    let formula = terms.of_expr(expr, true);
    let mut finder = Finder { terms, findings };
    finder.find(&formula, false);
}

struct Finder<'t, 'a, 'f> {
    terms: &'t Terms<'a>,
    findings: &'f mut Diagnostics,
}

impl Finder<'_, '_, '_> {
    /// Whether the formula, or a part that is written in it, was reported.
    fn find(&mut self, formula: &Formula, alternative: bool) -> bool {
        match formula {
            Formula::All(of) => {
                // What is reported by itself says nothing about the others.
                let (sound, broken): (Vec<&Formula>, Vec<&Formula>) = of.iter().partition(|part| {
                    matches!(part, Formula::Literal(_)) || !self.find(part, alternative)
                });
                let rest = Formula::All(sound.into_iter().cloned().collect());
                self.impossible(&rest, alternative) || !broken.is_empty()
            }
            Formula::Any { of, written: true, .. } => {
                let mut found = false;
                for part in of {
                    found |= self.find(part, true);
                }
                found || self.impossible(formula, alternative)
            }
            _ => self.impossible(formula, alternative),
        }
    }

    /// Reports a formula that can never hold as a whole.
    fn impossible(&mut self, formula: &Formula, alternative: bool) -> bool {
        let Some(conflict) = conflict(formula, self.terms) else { return false };
        if conflict.sides.is_empty() || alternative && is_switched_off(&conflict) {
            return false;
        }
        let finding = self.finding(&conflict);
        self.findings.push(finding);
        true
    }

    fn finding(&self, conflict: &Conflict) -> Diagnostic {
        let (last, earlier) = conflict.sides.split_last().expect("a conflict with a side");
        let terms = self.terms;
        let subject = terms.quoted(last.span()).unwrap_or_else(|| "this".to_owned());
        let mut message = match (last, earlier) {
            (Side::Literal(last), []) => format!("{subject} can never hold{}", self.why(last)),
            (_, []) => "none of these alternatives can hold".to_owned(),
            (Side::Literal(last), [Side::Literal(first)]) => {
                let name = terms.get(last.term).name.as_ref();
                match (name, terms.words(first), terms.words(last)) {
                    (Some(name), Some(first), Some(last)) => {
                        format!("`{name}` cannot be {first} and {last} at the same time")
                    }
                    _ => format!("{subject} cannot hold together with {}", self.other(earlier)),
                }
            }
            (Side::Alternatives(_), _) => {
                format!("none of these alternatives can hold together with {}", self.other(earlier))
            }
            (Side::Literal(_), _) => {
                format!("{subject} cannot hold together with {}", self.other(earlier))
            }
        };
        if conflict.sides.len() == 1
            && let Side::Literal(literal) = last
            && let Some(parameter) = literal.parameters.and_then(|span| terms.quoted(span))
        {
            message = format!("{message} (with {parameter} as it is set)");
        }
        let mut finding = Diagnostic::new(Code::Contradiction, last.span(), message);
        for side in earlier.iter().filter(|side| side.span() != last.span()) {
            let label = match side {
                Side::Literal(literal) => {
                    match (terms.words(literal), &terms.get(literal.term).name) {
                        (Some(words), Some(name)) => format!("here `{name}` is {words}"),
                        _ => "the other condition".to_owned(),
                    }
                }
                Side::Alternatives(_) => "the other conditions".to_owned(),
            };
            finding = finding.related(side.span(), label);
        }
        if earlier.is_empty() {
            finding.help("change it, or write `never` if that is meant")
        } else {
            finding.help("change one of them, or write them under `any:` if one is enough")
        }
    }

    fn other(&self, earlier: &[Side]) -> String {
        match earlier {
            [one] => self.terms.quoted(one.span()),
            _ => None,
        }
        .unwrap_or_else(|| "the conditions before it".to_owned())
    }

    /// What the term of a literal can be, where that is why it never holds.
    fn why(&self, literal: &Literal) -> String {
        let term = self.terms.get(literal.term);
        let (Kind::Number, Some(name)) = (term.kind, &term.name) else { return String::new() };
        let value = |end: super::interval::End| self.terms.value(term, end.value);
        let asked = literal.test.interval();
        let (low, high) = (term.interval.low, term.interval.high);
        match (low, high) {
            (Some(low), _) if asked.high.is_some_and(|high| high.value <= low.value) => {
                format!(": `{name}` is never less than {}", value(low))
            }
            (_, Some(high)) if asked.low.is_some_and(|low| low.value >= high.value) => {
                format!(": `{name}` is never more than {}", value(high))
            }
            _ if matches!(literal.test, Test::OneOf(_)) && term.places == Some(0) => {
                format!(": `{name}` is a whole number")
            }
            _ => String::new(),
        }
    }
}

/// An alternative that a parameter's value takes out of the range of what it is compared with.
fn is_switched_off(conflict: &Conflict) -> bool {
    matches!(&conflict.sides[..], [Side::Literal(literal)] if literal.parameters.is_some())
}
