//! Every point of a program, with its place. What certainly nobody can show is none.

use rust_decimal::Decimal;

use super::conditions::{Asked, certain, conditions};
use super::grid::{grid, lies_on};
use super::point::{Aspect, Comparison, Giver, Part, Point, Side, Stay};
use super::threshold::{Standard, Threshold, number, thresholds};
use crate::analysis::{can_be, can_be_unknown};
use crate::criteria::Leaf;
use crate::expr::{CompareOp, Expr, Input, LadderId, Node, TierId, Type, decimal};
use crate::lifecycle::Landing;
use crate::program::{Ladder, Program, SegmentRule};
use crate::source::{Sources, Span};

/// Every point of a program and where it stands.
pub fn points(program: &Program, texts: &Sources) -> Vec<(Point, Span)> {
    let mut found = Vec::new();
    for asked in conditions(program) {
        of_condition(program, texts, &asked, &mut found);
    }
    for (id, ladder) in program.ladders.iter().enumerate() {
        of_ladder(id, ladder, &mut found);
    }
    for (id, segment) in program.segments.iter().enumerate() {
        if let SegmentRule::Near { .. } = segment.rule {
            let part = Part::Segment(id);
            let near = |near| (Point { part, aspect: Aspect::Near(near) }, segment.span);
            found.extend([near(true), near(false)]);
        }
    }
    of_benefits(program, &mut found);
    for line in program.scripts.lines() {
        let part = Part::Script(line.module);
        let span = line_span(texts, program.scripts.modules[line.module].file, line.line);
        found.push((Point { part, aspect: Aspect::Line(line.line) }, span));
    }
    found
}

fn of_condition(
    program: &Program,
    texts: &Sources,
    asked: &Asked<'_>,
    found: &mut Vec<(Point, Span)>,
) {
    let Asked { part, slot, .. } = *asked;
    for (index, leaf) in asked.leaves().into_iter().enumerate() {
        if !depends(leaf.expr) {
            continue;
        }
        let comparison = Comparison { slot, index };
        let mut push = |aspect| found.push((Point { part, aspect }, leaf.expr.span));
        for holds in [true, false] {
            if may_come_out(program, texts, leaf, holds) {
                push(Aspect::Criterion(comparison, holds));
            }
        }
        for threshold in thresholds(program, leaf) {
            for side in [Side::Below, Side::At, Side::Above] {
                if is_possible(program, texts, &threshold, side) {
                    push(Aspect::Threshold(comparison, threshold.border, side));
                }
            }
        }
    }
}

/// Whether anything can change an expression: a customer, a date, a parameter.
fn depends(expr: &Expr) -> bool {
    let mut found = expr.reads_as_of();
    expr.visit(&mut |part| {
        found |= matches!(part.node, Node::Input(_) | Node::Cutoff(_) | Node::Parameter(..));
    });
    found
}

/// Whether a comparison can come out so; `true` where nothing is certain.
fn may_come_out(program: &Program, texts: &Sources, leaf: Leaf<'_>, holds: bool) -> bool {
    if let Node::Input(Input::Top(cutoff)) = leaf.expr.node
        && !holds
    {
        let cutoff = &program.cutoffs[cutoff];
        let counts = certain(&program.settings.population) == Some(true);
        let all = counts && cutoff.kind.is_everybody();
        return !all || can_be_unknown(program, texts, &cutoff.measure);
    }
    let Node::Compare(written, ..) = leaf.expr.node else { return true };
    let all = thresholds(program, leaf);
    let [threshold @ Threshold { measured, .. }] = all[..] else { return true };
    let Some(asked) = threshold.constant().as_ref().and_then(number) else { return true };
    if !holds && can_be_unknown(program, texts, measured) {
        return true;
    }
    // The measured side may stand on the right.
    let Node::Compare(_, left, _) = &leaf.expr.node else { return true };
    let op = if std::ptr::eq(&**left, measured) { written } else { written.flipped() };
    let up = matches!(op, CompareOp::Greater | CompareOp::GreaterOrEqual) == holds;
    let with_equal = matches!(op, CompareOp::GreaterOrEqual | CompareOp::LessOrEqual) == holds;
    let beyond = if up { Side::Above } else { Side::Below };
    let end = if with_equal { Some(asked) } else { nearest(program, measured, asked, beyond) };
    let end = Some(end.unwrap_or(asked));
    match up {
        true => can_be(program, texts, measured, end, None),
        false => can_be(program, texts, measured, None, end),
    }
}

/// Whether a customer can be on a side of a threshold; `true` where nothing is certain.
pub(super) fn is_possible(
    program: &Program,
    texts: &Sources,
    threshold: &Threshold<'_>,
    side: Side,
) -> bool {
    let measured = threshold.measured;
    if let Standard::Top(cutoff) = threshold.asked {
        return side != Side::Below || !program.cutoffs[cutoff].kind.is_everybody();
    }
    let Some(asked) = threshold.constant().as_ref().and_then(number) else { return true };
    let grid = grid(program, measured);
    let (from, to) = match side {
        Side::At if grid.is_some_and(|grid| !lies_on(asked, grid)) => return false,
        Side::At => (asked, asked),
        Side::Below => {
            let Ok(least) = decimal::subtract(asked, threshold.step) else { return true };
            (least, nearest(program, measured, asked, side).unwrap_or(asked))
        }
        Side::Above => {
            let Ok(most) = decimal::add(asked, threshold.step) else { return true };
            (nearest(program, measured, asked, side).unwrap_or(asked), most)
        }
    };
    can_be(program, texts, measured, Some(from), Some(to))
}

/// The value of an expression that is nearest to a number and below or above it; `None` where it
/// is not known in which steps it changes.
pub(super) fn nearest(
    program: &Program,
    measured: &Expr,
    asked: Decimal,
    side: Side,
) -> Option<Decimal> {
    let grid = grid(program, measured).filter(|grid| !grid.is_zero())?;
    let rest = decimal::remainder(asked, grid).ok()?;
    // The multiple at the number or towards 0 from it.
    let inner = decimal::subtract(asked, rest).ok()?;
    match side {
        Side::At => rest.is_zero().then_some(asked),
        Side::Below if inner < asked => Some(inner),
        Side::Below => decimal::subtract(inner, grid).ok(),
        Side::Above if inner > asked => Some(inner),
        Side::Above => decimal::add(inner, grid).ok(),
    }
}

/// A value on a side of a number, as near as "just" is, or as near as it can come.
pub(super) fn example(
    program: &Program,
    threshold: &Threshold<'_>,
    asked: Decimal,
    side: Side,
) -> Option<Decimal> {
    let Threshold { measured, step, .. } = *threshold;
    let stepped = match side {
        Side::Below => decimal::subtract(asked, step).ok()?,
        Side::At => asked,
        Side::Above => decimal::add(asked, step).ok()?,
    };
    match grid(program, measured) {
        Some(grid) if !lies_on(stepped, grid) => nearest(program, measured, asked, side),
        _ if measured.ty == Type::Number => Some(stepped),
        _ => None,
    }
}

/// What becomes of tiers. Who always earns a tier or a higher one, or always keeps it, is never
/// warned, never in a grace, and leaves it only for a higher one. What is done by hand can put
/// everybody everywhere, so every tier can be entered and held.
fn of_ladder(id: LadderId, ladder: &Ladder, found: &mut Vec<(Point, Span)>) {
    let enters = |tier: TierId| certain(&ladder.tiers[tier].enter);
    for (tier, rules) in ladder.tiers.iter().enumerate() {
        let part = Part::Tier(id, tier);
        let mut push = |stay| found.push((Point { part, aspect: Aspect::Stay(stay) }, rules.span));
        let kept = rules.keep.as_ref().and_then(certain) == Some(true)
            || (0..=tier).any(|tier| enters(tier) == Some(true));
        let lost = !kept && !matches!(rules.landing, Landing::Tier(to) if to <= tier);
        let rises = (0..tier).any(|tier| enters(tier) != Some(false));
        push(Stay::Entered);
        push(Stay::Held);
        if lost && ladder.warn.is_some() && rules.review.is_fixed() {
            push(Stay::Warned);
        }
        if !kept && rules.grace.is_some() {
            push(Stay::Graced);
        }
        if lost || rises {
            push(Stay::Left);
        }
    }
}

fn of_benefits(program: &Program, found: &mut Vec<(Point, Span)>) {
    for (id, benefit) in program.benefits.iter().enumerate() {
        let part = Part::Benefit(id);
        let tiers = benefit.tiers.iter().enumerate();
        let tiers = tiers.map(|(index, tier)| (Giver::Tier(index), tier.span));
        let segments = benefit.segments.iter().enumerate();
        let segments = segments.map(|(index, segment)| (Giver::Segment(index), segment.span));
        let when = certain(&benefit.when);
        for (giver, span) in tiers.chain(segments) {
            if when != Some(false) {
                found.push((Point { part, aspect: Aspect::Given(giver) }, span));
            }
            if when != Some(true) {
                found.push((Point { part, aspect: Aspect::Withheld(giver) }, span));
            }
        }
    }
}

/// The code of a line, without the blanks around it.
fn line_span(texts: &Sources, file: crate::source::FileId, line: usize) -> Span {
    let text = &texts.file(file).text;
    let start: usize = text.split_inclusive('\n').take(line - 1).map(str::len).sum();
    let code = text[start..].lines().next().unwrap_or_default();
    let start = start + code.len() - code.trim_start().len();
    Span::new(file, start, start + code.trim().len())
}
