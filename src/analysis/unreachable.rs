//! Tiers that a higher tier always empties.

use super::terms::Terms;
use super::tiers::TierTexts;
use crate::diagnostic::{Code, Diagnostic, Diagnostics};
use crate::expr::Condition;
use crate::program::Ladder;

/// Reports every tier whose `enter` holds only where a higher tier's holds too. A tier by
/// invitation (`enter: never`) is meant to be empty.
pub(super) fn report(
    ladder: &Ladder,
    texts: &TierTexts<'_>,
    terms: &mut Terms<'_>,
    findings: &mut Diagnostics,
) {
    for (id, tier) in ladder.tiers.iter().enumerate().skip(1) {
        if tier.enter == Condition::Never {
            continue;
        }
        let taker = (0..id).find(|higher| {
            let higher = &ladder.tiers[*higher].enter;
            *higher == Condition::Always || terms.implies(&tier.enter, higher)
        });
        let Some(taker) = taker else { continue };
        let higher = &ladder.tiers[taker];
        let message = if higher.enter == Condition::Always {
            format!("nobody can reach `{}`: everybody is in `{}` already", tier.name, higher.name)
        } else {
            format!(
                "nobody can reach `{}`: whoever meets this is in `{}`, which is higher",
                tier.name, higher.name
            )
        };
        findings.push(
            Diagnostic::new(Code::UnreachableTier, texts.enter(id), message)
                .help("tiers are written highest first, each easier to enter than the one above")
                .related(texts.enter(taker), format!("what `{}` asks", higher.name)),
        );
    }
}
