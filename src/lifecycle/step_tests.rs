//! Every row of `docs/lifecycle.md` §3, by hand.

use jiff::civil::{Date, date};

use super::*;
use crate::expr::TierId;
use crate::program::MonthDay;

const VIP: TierId = 0;
const GOLD: TierId = 1;
const MEMBER: TierId = 2;
const AS_OF: Date = date(2026, 6, 15);

fn duration(text: &str) -> Duration {
    text.parse().expect("a duration")
}

fn fixed(period: &str) -> ReviewRule {
    ReviewRule::Fixed { period: duration(period), from: CountedFrom::Evaluation, round: None }
}

/// vip: fixed 10 months, grace 30 days, one down; gold: monthly, at review, lands on what is
/// earned; member: daily.
fn club() -> [TierPolicy; 3] {
    [
        TierPolicy {
            upgrade: Upgrade::AtOnce,
            grace: Some(duration("30 days")),
            landing: Landing::OneDown,
            warn: None,
        },
        TierPolicy {
            upgrade: Upgrade::AtReview,
            grace: None,
            landing: Landing::Earned,
            warn: None,
        },
        TierPolicy { upgrade: Upgrade::AtOnce, grace: None, landing: Landing::Earned, warn: None },
    ]
}

fn reviews() -> [ReviewRule; 3] {
    [fixed("10 months"), ReviewRule::Tick(Tick::Monthly), ReviewRule::Tick(Tick::Daily)]
}

fn run(standing: Standing, decision: Decision) -> Transition {
    run_with(&club(), standing, decision)
}

fn run_with(tiers: &[TierPolicy], standing: Standing, decision: Decision) -> Transition {
    let policy = Policy { tiers, reviews: &reviews(), year_starts: MonthDay { month: 1, day: 1 } };
    step(&standing, &decision, &policy, AS_OF)
}

fn earns(earned: Option<TierId>) -> Decision {
    Decision { earned, ..Decision::default() }
}

/// Held since January, reviewed on the given date.
fn held(tier: TierId, review_on: Date) -> Standing {
    Standing {
        tier: Some(tier),
        since: Some(date(2026, 1, 5)),
        review_on: Some(review_on),
        grace_until: None,
        warned_for: None,
        hold: None,
    }
}

fn entered(tier: TierId, review_on: Date) -> Standing {
    Standing {
        tier: Some(tier),
        since: Some(AS_OF),
        review_on: Some(review_on),
        grace_until: None,
        warned_for: None,
        hold: None,
    }
}

const LATER: Date = date(2026, 9, 1);
const DUE: Date = date(2026, 6, 10);

#[test]
fn row_1_a_pin_stops_everything_until_it_ends() {
    let pin = |until| Some(Hold { tier: Some(VIP), pins: true, until });
    let standing = Standing { hold: pin(Some(date(2026, 6, 16))), ..held(VIP, DUE) };
    assert_eq!(run(standing, earns(None)), Transition { to: standing, event: None });
    let endless = Standing { hold: pin(None), ..held(VIP, DUE) };
    assert_eq!(run(endless, Decision { fault: true, ..earns(None) }).event, None);
    // Its last day was yesterday, and the review was set for today.
    let ended = Standing { hold: pin(Some(AS_OF)), ..held(GOLD, AS_OF) };
    let landed = run(ended, earns(Some(MEMBER)));
    assert_eq!(landed.event, Some(Event::Downgraded));
    assert_eq!(landed.to.tier, Some(MEMBER));
    assert_eq!(landed.to.hold, None);
}

#[test]
fn row_2_a_tier_that_is_gone() {
    let old = Standing { tier: None, ..held(VIP, LATER) };
    let removed = Decision { gone: true, ..earns(Some(MEMBER)) };
    let moved = Transition { to: entered(MEMBER, date(2026, 6, 16)), event: Some(Event::Migrated) };
    assert_eq!(run(old, removed), moved);
    let nowhere = run(old, Decision { gone: true, ..earns(None) });
    assert_eq!((nowhere.to.tier, nowhere.event), (None, Some(Event::Migrated)));
}

#[test]
fn row_3_a_fault_keeps_the_tier() {
    let standing = held(VIP, DUE);
    let faulty = Decision { fault: true, ..Decision::default() };
    assert_eq!(run(standing, faulty), Transition { to: standing, event: Some(Event::Fault) });
}

#[test]
fn row_4_entering() {
    let to = entered(VIP, date(2027, 4, 15));
    assert_eq!(
        run(Standing::default(), earns(Some(VIP))),
        Transition { to, event: Some(Event::Entered) }
    );
    // `upgrade: at review` is about rising, not about entering.
    let to = entered(GOLD, date(2026, 7, 1));
    assert_eq!(
        run(Standing::default(), earns(Some(GOLD))),
        Transition { to, event: Some(Event::Entered) }
    );
    let nobody = Standing::default();
    assert_eq!(run(nobody, earns(None)), Transition { to: nobody, event: None });
}

#[test]
fn row_5_rising() {
    let vip = Transition { to: entered(VIP, date(2027, 4, 15)), event: Some(Event::Upgraded) };
    assert_eq!(run(held(MEMBER, LATER), earns(Some(VIP))), vip);
    // Gold is entered at a review only: read from the tier that would be entered.
    let waits = held(MEMBER, LATER);
    assert_eq!(run(waits, earns(Some(GOLD))), Transition { to: waits, event: None });
    let gold = Transition { to: entered(GOLD, date(2026, 7, 1)), event: Some(Event::Upgraded) };
    assert_eq!(run(held(MEMBER, DUE), earns(Some(GOLD))), gold);
    let graced = Standing { grace_until: Some(LATER), ..held(MEMBER, LATER) };
    assert_eq!(run(graced, earns(Some(GOLD))), gold);
}

#[test]
fn row_6_within_the_period_nobody_is_demoted() {
    let standing = held(VIP, date(2026, 6, 16));
    assert_eq!(run(standing, earns(None)), Transition { to: standing, event: None });
}

#[test]
fn row_7_recovering_in_grace() {
    let standing = Standing { grace_until: Some(date(2026, 7, 10)), ..held(VIP, DUE) };
    let to = Standing {
        grace_until: None,
        // From the review that was due, not from today.
        review_on: Some(date(2027, 4, 10)),
        ..standing
    };
    let kept = Decision { kept: true, ..earns(Some(MEMBER)) };
    assert_eq!(run(standing, kept), Transition { to, event: Some(Event::GraceRecovered) });
    // Also on the day on which the grace is over.
    let over = Standing { grace_until: Some(AS_OF), ..standing };
    assert_eq!(run(over, kept).event, Some(Event::GraceRecovered));
}

#[test]
fn row_8_renewal() {
    let standing = held(VIP, AS_OF);
    let kept = Decision { kept: true, ..earns(Some(MEMBER)) };
    let to = Standing { review_on: Some(date(2027, 4, 15)), ..standing };
    assert_eq!(run(standing, kept), Transition { to, event: Some(Event::Retained) });
    // Earning it is keeping it; a dynamic review says nothing.
    let standing = held(GOLD, date(2026, 6, 1));
    let to = Standing { review_on: Some(date(2026, 7, 1)), ..standing };
    assert_eq!(run(standing, earns(Some(GOLD))), Transition { to, event: None });
}

#[test]
fn row_9_grace_goes_on() {
    let standing = Standing { grace_until: Some(date(2026, 6, 16)), ..held(VIP, DUE) };
    assert_eq!(run(standing, earns(None)), Transition { to: standing, event: None });
}

#[test]
fn row_10_grace_begins() {
    let standing = held(VIP, DUE);
    let to = Standing { grace_until: Some(date(2026, 7, 15)), ..standing };
    assert_eq!(
        run(standing, earns(Some(MEMBER))),
        Transition { to, event: Some(Event::GraceStarted) }
    );
}

#[test]
fn row_11_landing() {
    // One down, whatever was earned; the period starts on the review that was due, and gold's
    // review applies.
    let over = Standing { grace_until: Some(AS_OF), ..held(VIP, DUE) };
    let gold = Standing {
        tier: Some(GOLD),
        since: Some(AS_OF),
        review_on: Some(date(2026, 7, 1)),
        grace_until: None,
        warned_for: None,
        hold: None,
    };
    assert_eq!(run(over, earns(None)), Transition { to: gold, event: Some(Event::Downgraded) });
    // What is earned, at once without a grace.
    let landed = run(held(GOLD, DUE), earns(Some(MEMBER)));
    assert_eq!((landed.to.tier, landed.event), (Some(MEMBER), Some(Event::Downgraded)));
    let left = run(held(GOLD, DUE), earns(None));
    let nobody = Standing { since: Some(AS_OF), ..Standing::default() };
    assert_eq!(left, Transition { to: nobody, event: Some(Event::Left) });
}

#[test]
fn row_11_landing_at_a_tier() {
    let mut tiers = club();
    tiers[VIP].grace = None;
    tiers[VIP].landing = Landing::Tier(GOLD);
    tiers[MEMBER].landing = Landing::Tier(GOLD);
    let tier = |standing, earned| run_with(&tiers, standing, earns(earned)).to.tier;
    assert_eq!(tier(held(VIP, DUE), None), Some(GOLD));
    assert_eq!(tier(held(VIP, DUE), Some(MEMBER)), Some(GOLD));
    assert_eq!(tier(held(VIP, DUE), Some(GOLD)), Some(GOLD));
    // One down from the lowest tier is none.
    tiers[MEMBER].landing = Landing::OneDown;
    let left = run_with(&tiers, held(MEMBER, DUE), earns(None));
    assert_eq!((left.to.tier, left.event), (None, Some(Event::Left)));
    // A landing that is not below the tier held keeps it.
    tiers[MEMBER].landing = Landing::Tier(MEMBER);
    assert_eq!(run_with(&tiers, held(MEMBER, DUE), earns(None)).to.tier, Some(MEMBER));
}

#[test]
fn a_floor_works_as_if_its_tier_were_earned() {
    let hold = Hold { tier: Some(GOLD), pins: false, until: Some(LATER) };
    let floor = Some(hold);
    let standing = Standing { hold: floor, ..held(GOLD, DUE) };
    let kept = run(standing, earns(None));
    assert_eq!((kept.to.tier, kept.event, kept.to.hold), (Some(GOLD), None, floor));
    let risen = run(standing, earns(Some(VIP)));
    assert_eq!((risen.to.tier, risen.to.hold), (Some(VIP), floor));
    let over = Standing { hold: Some(Hold { until: Some(AS_OF), ..hold }), ..standing };
    assert_eq!(run(over, earns(None)).to.tier, None);
}

#[test]
fn a_warning_comes_once_on_a_day_of_its_own_and_where_something_is_lost() {
    let mut tiers = club().map(|tier| TierPolicy { warn: Some(duration("3 months")), ..tier });
    let told = |tiers: &[TierPolicy], standing| run_with(tiers, standing, earns(None));
    let first = told(&tiers, held(VIP, LATER));
    assert_eq!(first.event, Some(Event::Expiring));
    assert_eq!(told(&tiers, first.to).event, None);
    // Who landed there today is told tomorrow: the same pass again must tell nothing.
    assert_eq!(told(&tiers, entered(VIP, LATER)).event, None);
    tiers[VIP].landing = Landing::Tier(VIP);
    assert_eq!(told(&tiers, held(VIP, LATER)).event, None);
}

#[test]
fn the_same_step_twice_changes_nothing() {
    for earned in [None, Some(VIP), Some(GOLD), Some(MEMBER)] {
        for standing in [Standing::default(), held(VIP, DUE), held(GOLD, DUE), held(MEMBER, DUE)] {
            let decision = earns(earned);
            let first = run(standing, decision);
            let second = run(first.to, decision);
            assert_eq!(second, Transition { to: first.to, event: None });
        }
    }
}

#[test]
fn a_fixed_review_that_would_fail_is_told_of_once() {
    let mut tiers = club();
    tiers[VIP].warn = Some(duration("30 days"));
    let review_on = date(2026, 7, 15);
    let vip = held(VIP, review_on);
    let told = run_with(&tiers, vip, earns(Some(GOLD)));
    assert_eq!(told.event, Some(Event::Expiring));
    assert_eq!(told.to, Standing { warned_for: Some(review_on), ..vip });
    let nothing = |tiers: &[TierPolicy], standing, decision| {
        let step = run_with(tiers, standing, decision);
        assert_eq!((step.event, step.to), (None, standing));
    };
    nothing(&tiers, told.to, earns(Some(GOLD)));
    // Kept today; a day too early.
    nothing(&tiers, vip, earns(Some(VIP)));
    nothing(&tiers, held(VIP, date(2026, 7, 16)), earns(Some(GOLD)));
    // The pass that put them there says nothing more when it is run again.
    nothing(&tiers, Standing { since: Some(AS_OF), ..vip }, earns(None));
    // Nothing would be lost.
    tiers[VIP].landing = Landing::Tier(VIP);
    nothing(&tiers, vip, earns(Some(GOLD)));
}
