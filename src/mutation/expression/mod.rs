//! Small steps away from one expression, made in its text.

mod chain;
mod threshold;
mod walk;

use std::ops::Range;

use rust_decimal::Decimal;

use super::draft::{DROPPED, Draft};
use super::known::Known;
use super::{Operator, flow};
use crate::diagnostic::Diagnostics;
use crate::expr::syntax::{Ast, AstKind};
use crate::pack::ExprText;
use crate::source::{FileId, MappedText, Span};
use walk::Walk;

/// What an expression is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Use {
    /// A condition, or what chooses a value.
    Criterion,
    /// The formula of a metric or of a computed column: its arithmetic is changed too.
    Formula,
}

/// Mutants of what an expression compares, joins and, in a formula, computes.
pub(super) fn of(text: &ExprText, known: &Known<'_>, purpose: Use) -> Vec<Draft<ExprText>> {
    let Some(ast) = tree(text) else { return Vec::new() };
    let walk = Walk { text, known, formula: purpose == Use::Formula, edits: Vec::new() };
    walk.all(&ast).into_iter().map(|edit| edit.draft(text)).collect()
}

/// The expression with `more` (`+ 1`) behind it; `None` where it cannot be read.
pub(super) fn with_more(text: &ExprText, more: &str) -> Option<ExprText> {
    let ast = tree(text)?;
    let range = range(&ast);
    let needs_parentheses = binds_weaker_than_sum(&ast);
    Some(text.edited(&behind(&range, needs_parentheses, more)))
}

/// The text that an expression gives behind another one; `None` where it cannot be read.
pub(super) fn behind_text(text: &ExprText, first: &str) -> Option<ExprText> {
    let ast = tree(text)?;
    let Range { start, end } = range(&ast);
    let (open, close) = if binds_weaker_than_sum(&ast) { ("(", ")") } else { ("", "") };
    let before = format!("\"{first}\" + {open}");
    Some(text.edited(&[(start..start, before), (end..end, close.to_owned())]))
}

/// The number that an expression is, where it is a literal.
pub(super) fn literal(text: &ExprText) -> Option<Decimal> {
    match tree(text)?.kind {
        AstKind::Number(number) => Some(number),
        _ => None,
    }
}

/// The tree of an expression, with places in its decoded text.
fn tree(text: &ExprText) -> Option<Ast> {
    let alone = MappedText::verbatim(&text.text, FileId(0), 0);
    crate::expr::parse(&alone, &mut Diagnostics::default())
}

fn range(ast: &Ast) -> Range<usize> {
    let Span { start, end, .. } = ast.span;
    start as usize..end as usize
}

fn binds_weaker_than_sum(ast: &Ast) -> bool {
    use AstKind::{And, Compare, If, In, Or};
    matches!(ast.kind, And(..) | Or(..) | Compare(..) | In(..) | If(..))
}

/// Edits that put `more` behind a range, and parentheses around it where it needs them.
fn behind(range: &Range<usize>, parentheses: bool, more: &str) -> Vec<(Range<usize>, String)> {
    let end = range.end..range.end;
    if parentheses {
        vec![(range.start..range.start, "(".to_owned()), (end, format!(") {more}"))]
    } else {
        vec![(end, format!(" {more}"))]
    }
}

/// A change of the text of an expression.
#[derive(Debug, Clone)]
struct Edit {
    operator: Operator,
    variant: u32,
    /// The part that says enough to be shown.
    shown: Range<usize>,
    /// Within what is shown, in order.
    changes: Vec<(Range<usize>, String)>,
}

impl Edit {
    fn draft(self, text: &ExprText) -> Draft<ExprText> {
        let Edit { operator, variant, shown, changes } = self;
        let part = MappedText::verbatim(&text.text[shown.clone()], FileId(0), 0);
        let moved = |(range, new): &(Range<usize>, String)| {
            (range.start - shown.start..range.end - shown.start, new.clone())
        };
        let changed = part.edited(&changes.iter().map(moved).collect::<Vec<_>>());
        let after = flow::one_line(&changed.text);
        Draft {
            operator,
            variant,
            span: text.span(shown.start, shown.end),
            before: flow::one_line(&part.text),
            after: if after.is_empty() { DROPPED.to_owned() } else { after },
            new: text.edited(&changes),
        }
    }
}
