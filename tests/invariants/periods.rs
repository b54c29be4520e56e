//! 2: within a fixed period nobody is demoted. 5: with `upgrade: at review` and no grace, passes
//! between due dates change nothing.

use proptest::prelude::*;
use tierkeeper::lifecycle::{Event, Standing};
use tierkeeper::pass::PassOutcome;

use super::case::{Case, What};
use super::generate::{Kind, cases};
use super::shop::{Shop, all_rules};
use super::{Outcome, config, reject};
use crate::model::{Ladder, Review};

proptest! {
    #![proptest_config(config(24))]

    #[test]
    fn within_a_fixed_period_nobody_is_demoted(case in cases(Kind::ANY)) {
        each_pass(&case, |ladder, before, after, _| {
            let Some(tier) = before.tier.filter(|_| before.is_safe(after.as_of)) else { return Ok(()) };
            let held = &ladder.tiers[tier];
            // What a change of the rules makes due is not within its period any more.
            let made_due = after.changed && ladder.review_now;
            if !matches!(held.policy.review, Review::Fixed { .. }) || made_due {
                return Ok(());
            }
            prop_assert!(after.standing.tier.is_some_and(|after| after <= tier));
            prop_assert_eq!(after.standing.grace_until, None);
            Ok(())
        })?;
    }

    #[test]
    fn between_due_dates_nothing_changes(
        case in cases(Kind { at_review_only: true, changes: false, ..Kind::ANY }),
    ) {
        let mut case = case;
        case.pack.ladders.iter_mut().for_each(|ladder| ladder.warn = None);
        each_pass(&case, |_, before, after, events| {
            if before.tier.is_none() || !before.is_safe(after.as_of) {
                return Ok(());
            }
            let holds_over = Standing { hold: None, ..*before };
            let held = before.hold.filter(|hold| hold.is_active(after.as_of));
            prop_assert_eq!(&after.standing, &Standing { hold: held, ..holds_over });
            let only_told = |event: &&Event| ![Event::HoldEnded, Event::Fault].contains(event);
            prop_assert_eq!(events.iter().find(only_told), None);
            Ok(())
        })?;
    }
}

/// A standing after a pass.
struct After {
    as_of: jiff::civil::Date,
    /// Whether the rules have changed since the pass before.
    changed: bool,
    standing: Standing,
}

trait Safe {
    fn is_safe(&self, as_of: jiff::civil::Date) -> bool;
}

impl Safe for Standing {
    /// Before the review and not in grace.
    fn is_safe(&self, as_of: jiff::civil::Date) -> bool {
        self.grace_until.is_none() && self.review_on.is_some_and(|review_on| as_of < review_on)
    }
}

/// Looks at everybody's standings before and after each pass, with what happened to them.
fn each_pass(
    case: &Case,
    look: impl Fn(&Ladder, &Standing, &After, &[Event]) -> Outcome,
) -> Outcome {
    let Some(rules) = all_rules(case) else { return reject() };
    let shop = Shop::new(2);
    let (packs, dates) = (case.packs(), case.dates());
    for (number, step) in case.steps.iter().enumerate() {
        let as_of = dates[number];
        let What::Pass(change) = &step.what else {
            shop.step(case, &rules, number);
            continue;
        };
        shop.hold(&case.facts(number));
        let changed = change.is_some();
        let before = shop.standings(&rules[number], &case.facts(number).who(as_of));
        let (outcome, _) = shop.pass(&rules[number], as_of);
        for (id, ladder) in packs[number].ladders.iter().enumerate() {
            for slot in 0..outcome.population.len() {
                let standing = outcome.after.standings.get(id, slot);
                let events = events(&outcome, id, slot);
                look(ladder, &before.get(id, slot), &After { as_of, changed, standing }, &events)?;
            }
        }
    }
    Ok(())
}

fn events(outcome: &PassOutcome, ladder: usize, slot: usize) -> Vec<Event> {
    let all = outcome.ladders[ladder].events.iter();
    all.filter(|moved| moved.slot as usize == slot).map(|moved| moved.event).collect()
}
