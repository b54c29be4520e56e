//! Plans over a handful of customers, worked out by hand.

use jiff::civil::{Date, date};

use super::*;
use crate::explain::Slot;
use crate::lifecycle::{Hold, LadderStandings, Standing, TierCode};
use crate::limits::Limits;
use crate::pass::fixture::{facts, nobody, rules};

const AS_OF: Date = date(2026, 3, 21);

/// Spend from 1000 is vip, from 400 gold; a vip is safe for ten months and kept from 500.
const CLUB: &str = "
ladders:
  club:
    tiers:
      vip:
        enter: spend >= 1000
        keep: spend >= 500
        review: { fixed: 10 months }
        grace: 30 days
      gold: { enter: spend >= 400 }
      member: { enter: orders_made >= 1 }
benefits:
  discount:
    kind: percent_off
    tiers: { vip: 20, gold: 10 }
    cost: spend * value / 100
segments:
  regulars: { when: orders_made >= 2 }
alerts:
  quiet: { when: days_away > 30 }
";

fn club(changes: &[(&str, &str)]) -> Rules {
    let pack = changes.iter().fold(CLUB.to_owned(), |pack, (from, to)| {
        assert!(pack.contains(from), "{from}");
        pack.replace(from, to)
    });
    rules("", "", &pack)
}

fn side<'p>(rules: &'p Rules, rows: &[(i64, i64, i64)]) -> Side<'p> {
    let facts = facts(&rules.program, rows);
    let standings = nobody(&rules.program, rows.len());
    Side { rules, facts, standings, held: Vec::new() }
}

/// Spend, orders, days away of customers 1 to 5.
const ROWS: [(i64, i64, i64); 5] =
    [(1200, 3, 1), (1000, 1, 40), (700, 2, 5), (100, 1, 90), (0, 0, 36_500)];

fn matrix<'a>(plan: &'a Plan<'_>) -> &'a [Vec<u64>] {
    &plan.ladders[0].matrix
}

fn moves<'a>(plan: &'a Plan<'_>) -> Vec<(String, Option<&'a str>, Option<&'a str>, Way)> {
    let moves = plan.movers.iter().map(|mover| {
        let (from, to) = plan.tiers(mover);
        (plan.customer(mover).to_string(), from, to, mover.way)
    });
    moves.collect()
}

fn why(plan: &Plan<'_>, place: usize) -> Because {
    Reasons::of_plan(plan).of(&plan.movers[place])
}

/// The criteria of a mover: as written, and whether each is met.
fn because(plan: &Plan<'_>, place: usize) -> Vec<(Slot, String, bool, String)> {
    let found = why(plan, place);
    let Because::Criteria(criteria) = &found else { panic!("{found:?}") };
    let told = criteria.iter().map(|it| {
        let gap = it.gap.map_or_else(String::new, |gap| gap.normalize().to_string());
        (it.slot, it.text.clone(), it.met, gap)
    });
    told.collect()
}

#[test]
fn a_higher_threshold_demotes_those_between() {
    let (old, new) = (club(&[]), club(&[("enter: spend >= 1000", "enter: spend >= 1100")]));
    let plan = plan(side(&old, &ROWS), side(&new, &ROWS), AS_OF, false, 2);
    // 1 is vip in both; 2 becomes gold; 3 is gold, 4 a member, and 5 nothing in both.
    assert_eq!(
        matrix(&plan),
        [vec![1, 1, 0, 0], vec![0, 1, 0, 0], vec![0, 0, 1, 0], vec![0, 0, 0, 1]]
    );
    let club = &plan.ladders[0];
    assert_eq!((club.promoted, club.demoted, club.across, club.unchanged), (0, 1, 0, 4));
    assert_eq!((club.holders(), plan.customers), (4, 5));
    assert_eq!(moves(&plan), [("2".into(), Some("vip"), Some("gold"), Way::Demoted)]);
    // They did not hold it, so it is the entering that decides.
    let short = (Slot::Enter, "spend >= 1100".into(), false, "100".into());
    assert_eq!(because(&plan, 0), [short]);
    // 20 % of 1200 and 1000, 10 % of 700; then 10 % of 1000 instead.
    let (before, after) = plan.cost();
    assert_eq!(before.unwrap().unwrap().to_string(), "510");
    assert_eq!(after.unwrap().unwrap().to_string(), "410");
    assert_eq!(plan.costs()[0].before.unwrap().customers, 3);
    let same = |name, count| Pair { name, before: Some(count), after: Some(count) };
    assert_eq!(plan.segments(), [same("regulars", 2)]);
    assert_eq!(plan.alerts(), [same("quiet", 3)]);
    assert_eq!(plan.from.outcome.ladders[0].moves.entered, 4);
}

#[test]
fn the_other_way_round_it_is_a_rise() {
    let (old, new) = (club(&[]), club(&[("enter: spend >= 1000", "enter: spend >= 1100")]));
    let plan = plan(side(&new, &ROWS), side(&old, &ROWS), AS_OF, false, 2);
    assert_eq!(moves(&plan), [("2".into(), Some("gold"), Some("vip"), Way::Promoted)]);
    let met = (Slot::Enter, "spend >= 1000".into(), true, "0".into());
    assert_eq!(because(&plan, 0), [met]);
}

#[test]
fn what_the_change_turned_is_told_apart() {
    let asks = |spend: &str| {
        let any = "enter:\n          any:\n            - spend >= 5000\n            - all:\n";
        let all = format!("                - {spend}\n                - orders_made >= 1");
        club(&[("enter: spend >= 1000", &format!("{any}{all}"))])
    };
    let (old, new) = (asks("spend >= 1000"), asks("spend >= 1100"));
    for (from, to, way) in [(&old, &new, Way::Demoted), (&new, &old, Way::Promoted)] {
        let plan = plan(side(from, &ROWS), side(to, &ROWS), AS_OF, false, 2);
        assert_eq!((plan.movers.len(), plan.movers[0].way), (1, way));
        let reasons = Reasons::of_plan(&plan);
        let Because::Criteria(criteria) = reasons.of(&plan.movers[0]) else { panic!() };
        // Customer 2 spent 1000: never 5000, and the one order was there before, too.
        assert_eq!(criteria.len(), 3);
        let turned = reasons.turned(&plan.movers[0], &criteria);
        let turned: Vec<_> = turned.iter().map(|it| (it.met, it.text.as_str())).collect();
        let expected = match way {
            Way::Demoted => (false, "spend >= 1100"),
            _ => (true, "spend >= 1000"),
        };
        assert_eq!(turned, [expected]);
    }
}

#[test]
fn the_same_pack_moves_nobody() {
    let (one, other) = (club(&[]), club(&[]));
    let plan = plan(side(&one, &ROWS), side(&other, &ROWS), AS_OF, false, 2);
    assert_eq!(plan.movers, []);
    assert_eq!(plan.ladders[0].unchanged, 5);
    assert_eq!(
        plan.cost_rise(),
        CostRise::By { before: 510.into(), amount: 0.into(), percent: Some(0.into()) }
    );
}

/// Customer 1 holds vip with a review on that date, and a grace until another.
fn holding(rules: &Rules, spend: i64, review: Date, grace: Option<Date>) -> Side<'_> {
    let mut side = side(rules, &[(spend, 1, 1)]);
    let standing = Standing {
        tier: Some(0),
        since: Some(date(2025, 5, 1)),
        review_on: Some(review),
        grace_until: grace,
        ..Standing::default()
    };
    side.standings.ladders[0].last_pass = crate::expr::days_from_date(date(2026, 3, 1));
    side.standings.ladders[0].set(0, TierCode::new(Some(0)), &standing, None);
    side
}

#[test]
fn a_promised_period_is_kept_unless_everybody_is_reviewed() {
    let (old, new) = (club(&[]), club(&[("keep: spend >= 500", "keep: spend >= 800")]));
    let planned = |review_all, on, grace| {
        let (from, to) = (holding(&old, 600, on, grace), holding(&new, 600, on, grace));
        plan(from, to, AS_OF, review_all, 2)
    };
    let later = date(2026, 9, 1);
    assert_eq!(planned(false, later, None).movers, []);
    // Reviewed now, 600 is too little, and there is no grace to wait for.
    let reviewed = planned(true, later, None);
    assert_eq!(moves(&reviewed), [("1".into(), Some("vip"), Some("gold"), Way::Demoted)]);
    let short = (Slot::Keep, "spend >= 800".into(), false, "200".into());
    assert_eq!(because(&reviewed, 0), [short]);
    // Due on the date: a grace begins.
    let due = planned(false, AS_OF, None);
    assert_eq!(due.movers, []);
    let begun = |plan: &Plan<'_>| {
        [&plan.from, &plan.to].map(|passed| passed.outcome.ladders[0].moves.grace_started)
    };
    assert_eq!(begun(&due), [0, 1]);
    let due = planned(true, AS_OF, None);
    assert_eq!((begun(&due), due.movers.len()), ([0, 0], 1));
    // A grace that runs keeps the tier, and is over where everybody is reviewed.
    let running = Some(date(2026, 4, 10));
    assert_eq!(planned(false, AS_OF, running).movers, []);
    assert_eq!(planned(true, AS_OF, running).movers.len(), 1);
}

#[test]
fn what_is_kept_in_the_other_pack_rests_on_its_keep() {
    // Here 600 is too little to keep vip, there it is enough.
    let (old, new) = (club(&[("keep: spend >= 500", "keep: spend >= 800")]), club(&[]));
    let on = date(2026, 9, 1);
    let plan = plan(holding(&old, 600, on, None), holding(&new, 600, on, None), AS_OF, true, 2);
    assert_eq!(moves(&plan), [("1".into(), Some("gold"), Some("vip"), Way::Promoted)]);
    let kept = (Slot::Keep, "spend >= 500".into(), true, "-100".into());
    assert_eq!(because(&plan, 0), [kept]);
}

#[test]
fn pins_stay_when_everybody_is_reviewed() {
    let (old, new) = (club(&[]), club(&[("keep: spend >= 500", "keep: spend >= 800")]));
    let pinned = |rules| {
        let mut side = holding(rules, 600, date(2026, 9, 1), None);
        let hold = Hold { tier: Some(0), pins: true, until: None };
        side.standings.ladders[0].set_hold(0, Some(hold));
        side
    };
    assert_eq!(plan(pinned(&old), pinned(&new), AS_OF, true, 2).movers, []);
}

#[test]
fn where_nothing_measured_decides_that_is_said() {
    const GRACE: (&str, &str) = ("        grace: 30 days\n", "");
    let (later, plain) = (date(2026, 9, 1), club(&[GRACE]));
    // 300 is too little to keep vip, and enough for a member.
    let due = |rules| holding(rules, 300, AS_OF, None);
    let told = |from, to| {
        let plan = plan(from, to, AS_OF, false, 2);
        let (_, from, to, _) = moves(&plan).remove(0);
        (from.unwrap().to_owned(), to.unwrap().to_owned(), why(&plan, 0))
    };
    let rise = |to: &str, stays| ("member".to_owned(), to.to_owned(), Because::Stays(stays));
    let graced = club(&[]);
    let until = date(2026, 4, 20);
    assert_eq!(told(due(&plain), due(&graced)), rise("vip", Stays::InGrace { until }));
    let landing = club(&[("        grace: 30 days\n", "        landing: one_down\n")]);
    assert_eq!(told(due(&plain), due(&landing)), rise("gold", Stays::Lands));
    // Only the first pack has everybody reviewed whose rules changed.
    let mut reviewed = holding(&plain, 300, later, None);
    reviewed.standings.ladders[0].review_now = vec![true; 3];
    let safe = holding(&plain, 300, later, None);
    assert_eq!(told(reviewed, safe), rise("vip", Stays::Safe { until: later }));
    let mut pinned = due(&plain);
    let hold = Hold { tier: Some(0), pins: true, until: Some(later) };
    pinned.standings.ladders[0].set_hold(0, Some(hold));
    assert_eq!(told(due(&plain), pinned), rise("vip", Stays::Held { until: Some(later) }));
    // A customer with one order divides by nothing.
    let faulty = club(&[GRACE, ("spend >= 500", "spend / (orders_made - 1) >= 500")]);
    assert_eq!(told(due(&plain), due(&faulty)), rise("vip", Stays::NoAnswer));
}

#[test]
fn who_rises_at_the_review_only_is_not_told_what_they_have() {
    const SAFE: (&str, &str) = (
        "gold: { enter: spend >= 400 }",
        "gold: { enter: spend >= 400, review: { fixed: 6 months } }",
    );
    let (at_once, waits) =
        (club(&[SAFE]), club(&[SAFE, ("        grace: 30 days", "        upgrade: at review")]));
    let gold = |rules| {
        let mut side = holding(rules, 1200, date(2026, 9, 1), None);
        side.standings.ladders[0].tier[0] = TierCode::new(Some(1));
        side
    };
    let plan = plan(gold(&at_once), gold(&waits), AS_OF, false, 2);
    assert_eq!(moves(&plan), [("1".into(), Some("vip"), Some("gold"), Way::Demoted)]);
    assert_eq!(why(&plan, 0), Because::Stays(Stays::Waits { until: date(2026, 9, 1) }));
}

#[test]
fn a_tier_that_was_renamed_is_no_move() {
    let old = club(&[]);
    let new = club(&[
        ("      gold: {", "      premium: {"),
        ("gold: 10", "premium: 10"),
        ("  club:\n    tiers:", "  club:\n    renamed: { gold: premium }\n    tiers:"),
    ]);
    let held = |rules| {
        let mut side = side(rules, &[(700, 1, 1)]);
        let ladder: &mut LadderStandings = &mut side.standings.ladders[0];
        let gold = rules.program.ladders[0].tiers.iter().position(|tier| tier.name == "gold");
        ladder.last_pass = crate::expr::days_from_date(date(2026, 3, 1));
        let standing = Standing {
            since: Some(date(2026, 1, 1)),
            review_on: Some(date(2026, 3, 2)),
            ..Standing::default()
        };
        match gold {
            Some(tier) => ladder.set(0, TierCode::new(Some(tier)), &standing, None),
            None => {
                ladder.gone = vec!["gold".into()];
                ladder.set(0, TierCode::gone(0), &standing, None);
            }
        }
        side
    };
    let there = plan(held(&old), held(&new), AS_OF, false, 2);
    assert_eq!((there.ladders[0].unchanged, &there.movers[..]), (1, &[] as &[Mover]));
    assert_eq!(matrix(&there)[1][1], 1);
    let back = plan(held(&new), held(&old), AS_OF, false, 2);
    assert_eq!((back.ladders[0].unchanged, &back.movers[..]), (1, &[] as &[Mover]));
}

#[test]
fn a_tier_or_ladder_that_the_other_pack_does_not_have() {
    let old = club(&[]);
    let without_gold = club(&[("      gold: { enter: spend >= 400 }\n", ""), (", gold: 10", "")]);
    let plan_ = plan(side(&old, &ROWS), side(&without_gold, &ROWS), AS_OF, false, 2);
    assert_eq!(moves(&plan_), [("3".into(), Some("gold"), Some("member"), Way::Demoted)]);
    assert_eq!(why(&plan_, 0), Because::NoTier);
    let circle = club(&[("  club:", "  circle:")]);
    let plan_ = plan(side(&old, &ROWS), side(&circle, &ROWS), AS_OF, false, 2);
    let names: Vec<&str> = plan_.ladders.iter().map(|ladder| ladder.name.as_str()).collect();
    assert_eq!(names, ["club", "circle"]);
    // Rows are vip, gold, member and none; there is one column.
    assert_eq!(matrix(&plan_), [[2], [1], [1], [1]]);
    assert_eq!(plan_.ladders[0].demoted, 4);
    assert_eq!(plan_.ladders[1].matrix, [[2, 1, 1, 1]]);
    assert_eq!((plan_.ladders[1].promoted, plan_.ladders[1].holders()), (4, 0));
    assert_eq!(why(&plan_, 0), Because::NoLadder);
    assert_eq!(because(&plan_, 4)[0].1, "spend >= 1000");
}

#[test]
fn customers_of_one_pack_only_are_without_a_tier_in_the_other() {
    let (old, new) = (club(&[]), club(&[]));
    let (mut from, mut to) = (side(&old, &ROWS[..2]), side(&new, &ROWS[..2]));
    from.facts.customers = vec![CustomerId::Int(1), CustomerId::Int(2)];
    to.facts.customers = vec![CustomerId::Int(2), CustomerId::Int(7)];
    let plan = plan(from, to, AS_OF, false, 2);
    assert_eq!(plan.customers, 3);
    // 2 has spent 1000 here and 1200 there.
    assert_eq!(matrix(&plan)[0], [1, 0, 0, 1]);
    assert_eq!(matrix(&plan)[3], [1, 0, 0, 0]);
    assert_eq!(
        moves(&plan),
        [
            ("1".into(), Some("vip"), None, Way::Demoted),
            ("7".into(), None, Some("vip"), Way::Promoted)
        ]
    );
    assert_eq!(why(&plan, 0), Because::NoCustomer);
}

#[test]
fn cutoffs_are_matched_by_their_text() {
    let relative = |share: &str| {
        club(&[("enter: spend >= 1000", &format!("enter: top_percent({share}, spend)"))])
    };
    let (old, new) = (relative("20"), relative("40"));
    let plan = plan(side(&old, &ROWS), side(&new, &ROWS), AS_OF, false, 2);
    let told: Vec<_> = plan
        .cutoffs()
        .into_iter()
        .map(|pair| {
            let value = |taken: Option<&crate::metrics::population::Taken>| {
                taken.map(|taken| taken.value.unwrap().normalize().to_string())
            };
            (pair.text.to_owned(), pair.ladder, value(pair.before), value(pair.after))
        })
        .collect();
    // The first of five, and the first two.
    assert_eq!(
        told,
        [
            ("top_percent(20, spend)".into(), Some("club"), Some("1200".into()), None),
            ("top_percent(40, spend)".into(), Some("club"), None, Some("1000".into())),
        ]
    );
}

#[test]
fn limits_are_kept_up_to_their_number() {
    let (old, new) = (club(&[]), club(&[("enter: spend >= 1000", "enter: spend >= 1100")]));
    let there = plan(side(&old, &ROWS), side(&new, &ROWS), AS_OF, false, 2);
    // One of the two VIPs, and of four who hold a tier.
    let over = |limit: &str| {
        let limits = Limits { max_demoted: Some(limit.parse().unwrap()), ..Limits::default() };
        there.verdicts(limits)[0].over
    };
    assert_eq!(["49.999999%", "50%", "0", "1", "0%"].map(over), [true, false, true, false, true]);
    // One person is too few to be counted where it takes two.
    let of_people = |at_least| {
        let limits =
            Limits { max_demoted: Some("49%".parse().unwrap()), at_least, ..Limits::default() };
        there.verdicts(limits)[0].over
    };
    assert_eq!([0, 1, 2].map(of_people), [true, true, false]);
    let back = plan(side(&new, &ROWS), side(&old, &ROWS), AS_OF, false, 2);
    // From 410 to 510: by 100, which is 24.390243902… %.
    let rises = |plan: &Plan<'_>, limit: &str| {
        let limits = Limits { max_cost_rise: Some(limit.parse().unwrap()), ..Limits::default() };
        plan.verdicts(limits)[0].over
    };
    let limits = ["24.390243%", "24.390244%", "99.999999", "100", "0"];
    assert_eq!(limits.map(|limit| rises(&back, limit)), [true, false, true, false, true]);
    assert!(!rises(&there, "0%"));
    // From nothing.
    let free = club(&[("    cost: spend * value / 100\n", "")]);
    let free = plan(side(&free, &ROWS), side(&old, &ROWS), AS_OF, false, 2);
    assert_eq!(
        (rises(&free, "1000000%"), rises(&free, "510"), rises(&free, "509")),
        (true, false, true)
    );
    assert_eq!(free.cost().0, None);
}
