//! Tiers that are harder to keep than to enter.

use super::literal::Literal;
use super::terms::Terms;
use super::thresholds::Thresholds;
use super::tiers::TierTexts;
use crate::diagnostic::{Code, Diagnostic, Diagnostics};
use crate::expr::{Condition, Expr};
use crate::program::{Ladder, Tier};

pub(super) fn report(
    ladder: &Ladder,
    texts: &TierTexts<'_>,
    terms: &mut Terms<'_>,
    findings: &mut Diagnostics,
) {
    for (id, tier) in ladder.tiers.iter().enumerate() {
        let Some(keep) = &tier.keep else { continue };
        // By invitation: whoever is in did not have to meet anything.
        if tier.enter == Condition::Never || *keep == Condition::Never {
            continue;
        }
        let stricter = stricter(keep, &tier.enter, terms);
        let whole = terms.implies(keep, &tier.enter) && !terms.implies(&tier.enter, keep);
        let needed: Vec<_> =
            stricter.iter().filter(|(kept, _)| whole || terms.needs(keep, kept)).collect();
        for (kept, entered) in &needed {
            findings.push(threshold(tier, kept, entered, terms));
        }
        if whole && needed.is_empty() {
            let message = format!(
                "`{}` is harder to keep than to enter: this asks for more than its `enter`",
                tier.name
            );
            findings.push(
                Diagnostic::new(Code::StricterKeep, texts.keep(id), message)
                    .help("ask for less in `keep`, or leave it out: then `enter` counts")
                    .related(texts.enter(id), "what entering asks"),
            );
        }
    }
}

/// The thresholds of `keep` that are harder than all of `enter` on the same metric, each with
/// the one it is held against.
fn stricter(
    keep: &Condition<Expr>,
    enter: &Condition<Expr>,
    terms: &mut Terms<'_>,
) -> Vec<(Literal, Literal)> {
    let entered = terms.thresholds(enter);
    let same = |kept: &Thresholds| {
        entered.iter().find(|e| e.term == kept.term && e.direction == kept.direction)
    };
    terms
        .thresholds(keep)
        .iter()
        .filter_map(|kept| Some((kept, same(kept)?)))
        .filter(|(kept, entered)| kept.direction.is_harder(kept.easiest(), entered.hardest()))
        .map(|(kept, entered)| (kept.easiest().clone(), entered.hardest().clone()))
        .collect()
}

fn threshold(tier: &Tier, kept: &Literal, entered: &Literal, terms: &Terms<'_>) -> Diagnostic {
    let term = terms.get(kept.term);
    let message = match (&term.name, terms.words(kept), terms.words(entered)) {
        (Some(name), Some(kept), Some(entered)) => format!(
            "`{}` is harder to keep than to enter: `{name}` {kept} to stay, {entered} to get in",
            tier.name
        ),
        _ => format!("`{}` is harder to keep than to enter", tier.name),
    };
    Diagnostic::new(Code::StricterKeep, kept.span, message)
        .help("ask for less in `keep`, or leave it out: then `enter` counts")
        .related(entered.span, "what entering asks")
}
