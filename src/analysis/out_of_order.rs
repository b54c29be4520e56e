//! Lower tiers that ask for more than higher ones.

use super::terms::{Kind, Terms};
use super::thresholds::{Direction, Thresholds};
use crate::diagnostic::{Code, Diagnostic, Diagnostics};
use crate::expr::{Condition, Expr};
use crate::program::Ladder;

/// Reports where a tier asks for more of a metric than a higher tier, and tops that are not
/// larger than the next higher tier's. Ladders of shares are in order by what they are.
pub(super) fn report(ladder: &Ladder, terms: &mut Terms<'_>, findings: &mut Diagnostics) {
    let asked: Vec<Vec<Thresholds>> =
        ladder.tiers.iter().map(|tier| terms.thresholds(&tier.enter)).collect();
    for (id, tier) in ladder.tiers.iter().enumerate() {
        for lower in &asked[id] {
            // The next higher tier that speaks of it.
            let above = (0..id).rev().find_map(|higher| {
                let same = |t: &&Thresholds| t.term == lower.term && t.direction == lower.direction;
                asked[higher].iter().find(same).map(|thresholds| (higher, thresholds))
            });
            let Some((higher, above)) = above else { continue };
            let finding = if terms.get(lower.term).kind == Kind::Rank {
                top(ladder, id, lower, higher, above)
            } else {
                let bands = lower.direction == Direction::AtMost
                    && asked[id].iter().chain(&asked[higher]).any(|other| {
                        other.term == lower.term && other.direction == Direction::AtLeast
                    });
                let harder = lower.direction.is_harder(lower.easiest(), above.hardest());
                // Where tiers are bands of one metric, a lower one ends lower.
                let counts = harder
                    && !bands
                    && (terms.needs(&tier.enter, lower.easiest())
                        || suffices(&ladder.tiers[higher].enter, above, terms));
                counts.then(|| threshold(ladder, id, lower, higher, above, terms))
            };
            if let Some(finding) = finding {
                findings.push(finding);
            }
        }
    }
}

/// Whether the easiest threshold alone is enough for a condition.
fn suffices(condition: &Condition<Expr>, thresholds: &Thresholds, terms: &mut Terms<'_>) -> bool {
    terms.follows(thresholds.easiest(), condition)
}

fn threshold(
    ladder: &Ladder,
    id: usize,
    lower: &Thresholds,
    higher: usize,
    above: &Thresholds,
    terms: &Terms<'_>,
) -> Diagnostic {
    let (low, high) = (&ladder.tiers[id].name, &ladder.tiers[higher].name);
    let (own, other) = (lower.easiest(), above.hardest());
    let name = terms.get(lower.term).name.clone();
    let message = match (name, terms.words(own), terms.words(other)) {
        (Some(name), Some(own), Some(other)) => {
            format!("`{low}` is below `{high}` but asks for more: `{name}` {own}, not {other}")
        }
        _ => format!("`{low}` is below `{high}` but asks for more"),
    };
    Diagnostic::new(Code::TiersOutOfOrder, own.span, message)
        .help("tiers are written highest first: swap the numbers, or the tiers")
        .related(other.span, format!("what `{high}` asks"))
}

fn top(
    ladder: &Ladder,
    id: usize,
    lower: &Thresholds,
    higher: usize,
    above: &Thresholds,
) -> Option<Diagnostic> {
    let (own, other) = (lower.easiest(), above.hardest());
    if other.test != above.easiest().test || lower.direction.is_harder(other, own) {
        return None;
    }
    let (low, high) = (&ladder.tiers[id].name, &ladder.tiers[higher].name);
    let message =
        format!("the top of `{low}` adds nobody to the top of `{high}`: it must be larger");
    Some(
        Diagnostic::new(Code::TopNotAbove, own.span, message)
            .help(format!("write a larger number than in `{high}`"))
            .related(other.span, format!("the top of `{high}`")),
    )
}
