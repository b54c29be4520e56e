//! Small shops whose coverage is worked out by hand.

use std::fmt::Write as _;

use jiff::civil::{Date, date};
use serde_json::json;

use super::*;
use crate::build::Rules;
use crate::expr::column::{Column, Data};
use crate::expr::days_from_date;
use crate::lifecycle::{Standings, TierCode};
use crate::pass::{PassOutcome, fixture, run};
use crate::program::Program;
use crate::source::{FileId, Position};
use crate::store::Facts;

/// What is said of every point that was not seen, each after its line of the pack.
fn unseen(rules: &Rules, coverage: &Coverage) -> String {
    let report = coverage.report(&rules.program, &rules.texts);
    let mut text = String::new();
    for it in &report.uncovered {
        let pack = &rules.texts.file(FileId(0)).text;
        let line = pack.lines().nth(it.place.line - 1).unwrap_or_default();
        let from = line.chars().skip(it.place.column - 1).collect::<String>();
        let _ = writeln!(text, "{from} | {}: {}", it.message, it.help);
    }
    text
}

/// Every point that was seen and how often: `club.vip enter 0 true x2`.
fn seen(program: &Program, coverage: &Coverage) -> Vec<String> {
    let counts = coverage.counts.iter();
    counts.map(|(point, count)| format!("{} x{count}", name(program, *point))).collect()
}

fn name(program: &Program, point: Point) -> String {
    let slot = |comparison: Comparison| match comparison.slot {
        Slot::Line(line) => format!("line {line} {}", comparison.index),
        slot => format!("{slot:?} {}", comparison.index).to_lowercase(),
    };
    let aspect = match point.aspect {
        Aspect::Criterion(comparison, holds) => format!("{} {holds}", slot(comparison)),
        Aspect::Threshold(comparison, Border::Only, side) => {
            format!("{} {side:?}", slot(comparison))
        }
        Aspect::Threshold(comparison, border, side) => {
            format!("{} {border:?} {side:?}", slot(comparison))
        }
        Aspect::Stay(stay) => format!("{stay:?}"),
        other => format!("{other:?}"),
    };
    format!("{} {}", point.part.name(program), aspect.to_lowercase())
}

/// Cents, orders, days away, and whether there is consent, of each customer.
fn facts(program: &Program, rows: &[(i64, i64, i64, bool)]) -> Facts {
    let mut facts = fixture::facts(program, &vec![(0, 0, 0); rows.len()]);
    let columns = [
        ("spend", Column::narrow(2, rows.iter().map(|row| row.0).collect())),
        ("orders_made", Column::narrow(0, rows.iter().map(|row| row.1).collect())),
        ("days_away", Column::narrow(0, rows.iter().map(|row| row.2).collect())),
    ];
    for (name, column) in columns {
        facts.metrics[fixture::metric(program, name)] = Some(column);
    }
    let consent = program.attributes.iter().position(|it| it.name == "consent").expect("consent");
    let flags = rows.iter().map(|row| row.3).collect();
    facts.attributes[consent] = Some(Column::new(Data::Flag(flags)));
    let mut joined = Column::new(Data::Date(vec![0; rows.len()]));
    joined.known = Some(vec![false; rows.len()]);
    facts.attributes[0] = Some(joined);
    facts
}

/// A pass over those customers, of whom the given slots are looked at.
fn pass(
    program: &Program,
    coverage: &mut Coverage,
    before: &Standings,
    (as_of, rows): (Date, &[(i64, i64, i64, bool)]),
    slots: &[usize],
) -> PassOutcome {
    let outcome = run(program, facts(program, rows), before, &[], as_of, 1);
    coverage.observe(program, before, &outcome, slots);
    outcome
}

fn first_pass(program: &Program, rows: &[(i64, i64, i64, bool)], slots: &[usize]) -> Coverage {
    let mut coverage = Coverage::default();
    let nobody = fixture::nobody(program, rows.len());
    pass(program, &mut coverage, &nobody, (date(2026, 1, 15), rows), slots);
    coverage
}

/// Points whose names begin so.
fn about(program: &Program, coverage: &Coverage, start: &str) -> Vec<String> {
    let all = seen(program, coverage).into_iter();
    all.filter_map(|name| name.strip_prefix(start).map(str::to_owned)).collect()
}

#[test]
fn every_point_has_its_place_and_says_what_to_try() {
    let rules = fixture::rules("", "", SHOP);
    let found = unseen(&rules, &Coverage::default());
    let expected = r#"vip: | nobody entered `club.vip`: let a customer earn it, or put one there by hand
vip: | nobody held on to `club.vip`: add a date on which a customer still has it
vip: | nobody was told that they are about to lose `club.vip`: add a date shortly before a review that would fail: `event: tier.expiring`
vip: | nobody got a grace in `club.vip`: let a review fail: `event: grace.started`
vip: | nobody left `club.vip`: let a customer lose it, or rise from it
spend >= 1000 | `spend >= 1000` in club.vip enter was never false: try `spend: 999.99`
spend >= 1000 | `spend >= 1000` in club.vip enter was never true: try `spend: 1000`
spend >= 1000 | `spend >= 1000` in club.vip enter was never just below 1000: try `spend: 999.99`
spend >= 1000 | `spend >= 1000` in club.vip enter was never exactly at 1000: try `spend: 1000`
spend >= 1000 | `spend >= 1000` in club.vip enter was never just above 1000: try `spend: 1000.01`
orders_made > 0 | `orders_made > 0` in club.vip enter was never false: try `orders_made: 0`
orders_made > 0 | `orders_made > 0` in club.vip enter was never true: try `orders_made: 1`
orders_made > 0 | `orders_made > 0` in club.vip enter was never exactly at 0: try `orders_made: 0`
orders_made > 0 | `orders_made > 0` in club.vip enter was never just above 0: try `orders_made: 1`
between(days_away, 0, 30) | `between(days_away, 0, 30)` in club.vip enter was never false: try `days_away: 31`
between(days_away, 0, 30) | `between(days_away, 0, 30)` in club.vip enter was never true: try `days_away: 0`
between(days_away, 0, 30) | `between(days_away, 0, 30)` in club.vip enter was never exactly at 0: try `days_away: 0`
between(days_away, 0, 30) | `between(days_away, 0, 30)` in club.vip enter was never just above 0: try `days_away: 1`
between(days_away, 0, 30) | `between(days_away, 0, 30)` in club.vip enter was never just below 30: try `days_away: 29`
between(days_away, 0, 30) | `between(days_away, 0, 30)` in club.vip enter was never exactly at 30: try `days_away: 30`
between(days_away, 0, 30) | `between(days_away, 0, 30)` in club.vip enter was never just above 30: try `days_away: 31`
spend >= 800.50 | `spend >= 800.50` in club.vip keep was never false: try `spend: 800.49`
spend >= 800.50 | `spend >= 800.50` in club.vip keep was never true: try `spend: 800.50`
spend >= 800.50 | `spend >= 800.50` in club.vip keep was never just below 800.50: try `spend: 800.49`
spend >= 800.50 | `spend >= 800.50` in club.vip keep was never exactly at 800.50: try `spend: 800.50`
spend >= 800.50 | `spend >= 800.50` in club.vip keep was never just above 800.50: try `spend: 800.51`
gold: | nobody entered `club.gold`: let a customer earn it, or put one there by hand
gold: | nobody held on to `club.gold`: add a date on which a customer still has it
gold: | nobody left `club.gold`: let a customer lose it, or rise from it
spend > 100 * 4 | `spend > 100 * 4` in club.gold enter was never false: try `spend: 400`
spend > 100 * 4 | `spend > 100 * 4` in club.gold enter was never true: try `spend: 400.01`
spend > 100 * 4 | `spend > 100 * 4` in club.gold enter was never just below 400: try `spend: 399.99`
spend > 100 * 4 | `spend > 100 * 4` in club.gold enter was never exactly at 400: try `spend: 400`
spend > 100 * 4 | `spend > 100 * 4` in club.gold enter was never just above 400: try `spend: 400.01`
patron: | nobody entered `club.patron`: let a customer earn it, or put one there by hand
patron: | nobody held on to `club.patron`: add a date on which a customer still has it
patron: | nobody left `club.patron`: let a customer lose it, or rise from it
member: | nobody entered `club.member`: let a customer earn it, or put one there by hand
member: | nobody held on to `club.member`: add a date on which a customer still has it
member: | nobody left `club.member`: let a customer lose it, or rise from it
joined >= date("2024-03-01") } | `joined >= date("2024-03-01")` in joiners when was never false: add a customer for whom it does not hold
joined >= date("2024-03-01") } | `joined >= date("2024-03-01")` in joiners when was never true: add a customer for whom it holds
joined >= date("2024-03-01") } | `joined >= date("2024-03-01")` in joiners when was never just below 2024-03-01: try `joined: 2024-02-29`
joined >= date("2024-03-01") } | `joined >= date("2024-03-01")` in joiners when was never exactly at 2024-03-01: try `joined: 2024-03-01`
joined >= date("2024-03-01") } | `joined >= date("2024-03-01")` in joiners when was never just above 2024-03-01: try `joined: 2024-03-02`
nearly: { near: club.vip, short_by: 20 } | nobody was outside of the segment `nearly`: add a customer who has the tier, or is far from it
nearly: { near: club.vip, short_by: 20 } | nobody was in the segment `nearly`: add a customer who is a little short of the tier
days_away > days_since(joined) / 2, action: [call], message: gone } | `days_away > days_since(joined) / 2` in absent when was never false: add a customer for whom it does not hold
days_away > days_since(joined) / 2, action: [call], message: gone } | `days_away > days_since(joined) / 2` in absent when was never true: add a customer for whom it holds
days_away > days_since(joined) / 2, action: [call], message: gone } | `days_away > days_since(joined) / 2` in absent when was never just below `days_since(joined) / 2`: let `days_away` come to 1 less than `days_since(joined) / 2`
days_away > days_since(joined) / 2, action: [call], message: gone } | `days_away > days_since(joined) / 2` in absent when was never exactly at `days_since(joined) / 2`: let `days_away` come to `days_since(joined) / 2`
days_away > days_since(joined) / 2, action: [call], message: gone } | `days_away > days_since(joined) / 2` in absent when was never just above `days_since(joined) / 2`: let `days_away` come to 1 more than `days_since(joined) / 2`
vip: 20, member: 5 } | `discount` was never given to a holder of `club.vip`: add a holder of `club.vip`, and expect it under `benefits`
vip: 20, member: 5 } | `discount` was never withheld from a holder of `club.vip`: add one for whom its `when` does not hold
member: 5 } | `discount` was never given to a holder of `club.member`: add a holder of `club.member`, and expect it under `benefits`
member: 5 } | `discount` was never withheld from a holder of `club.member`: add one for whom its `when` does not hold
joiners: 7 } | `discount` was never given to a member of the segment `joiners`: add a member of the segment `joiners`, and expect it under `benefits`
joiners: 7 } | `discount` was never withheld from a member of the segment `joiners`: add one for whom its `when` does not hold
consent' | `consent` in discount when was never false: add a customer for whom it does not hold
consent' | `consent` in discount when was never true: add a customer for whom it holds
vip: always } } | `shipping` was never given to a holder of `club.vip`: add a holder of `club.vip`, and expect it under `benefits`
"#;
    assert_eq!(found, expected);
}

#[test]
fn just_is_within_the_smallest_unit() {
    let ladder = "ladders:\n  club:\n    tiers:\n      vip:\n        enter:\n          \
                  - spend >= 1000\n          - between(days_away, 5, 6)\n          \
                  - none: [spend - 0.5 < 10]";
    let program = fixture::program("", "", ladder);
    let rows = [
        (99_998, 0, 3, true),
        (99_999, 0, 4, true),
        (100_000, 0, 5, true),
        (100_001, 0, 6, true),
        (100_002, 0, 7, true),
        (1_049, 0, 8, true),
        (1_050, 0, 9, true),
        (1_051, 0, 9, true),
    ];
    let coverage = first_pass(&program, &rows, &[0, 1, 2, 3, 4, 5, 6, 7, 7]);
    let expected = [
        "0 false x5",
        "0 true x3",
        "1 false x6",
        "1 true x2",
        // As it is written: 10.49 - 0.5 < 10.
        "2 false x7",
        "2 true x1",
        "0 below x1",
        "0 at x1",
        "0 above x1",
        // 4; 5; 6 and 5; 6; 7.
        "1 low below x1",
        "1 low at x1",
        "1 low above x1",
        "1 high below x1",
        "1 high at x1",
        "1 high above x1",
        "2 below x1",
        "2 at x1",
        "2 above x1",
    ];
    assert_eq!(about(&program, &coverage, "club.vip enter "), expected);
}

#[test]
fn dates_and_what_differs_by_customer() {
    let rest = "
segments:
  fresh: { when: joined > as_of }
  old: { when: 'days_away >= orders_made * 2' }
";
    let program = fixture::program("", "", rest);
    let rows =
        [(0, 2, 3, true), (0, 2, 4, true), (0, 2, 5, true), (0, 2, 6, true), (0, 2, 9, true)];
    let mut known = facts(&program, &rows);
    let day = |day| days_from_date(date(2026, 1, day));
    let mut joined = Column::new(Data::Date(vec![day(13), day(14), day(15), day(16), 0]));
    joined.known = Some(vec![true, true, true, true, false]);
    known.attributes[0] = Some(joined);
    let nobody = fixture::nobody(&program, 5);
    let outcome = run(&program, known, &nobody, &[], date(2026, 1, 15), 1);
    let mut coverage = Coverage::default();
    coverage.observe(&program, &nobody, &outcome, &[0, 1, 2, 3, 4]);
    let expected = [
        // Unknown is not true.
        "fresh when 0 false x4",
        "fresh when 0 true x1",
        "fresh when 0 below x1",
        "fresh when 0 at x1",
        "fresh when 0 above x1",
        "old when 0 false x1",
        "old when 0 true x4",
        "old when 0 below x1",
        "old when 0 at x1",
        "old when 0 above x1",
    ];
    assert_eq!(seen(&program, &coverage), expected);
}

/// vip on 15 January 2026 with a review on 15 November; told of it in the month before; a grace of
/// 30 days; a member from 15 December.
#[test]
fn a_tier_from_its_beginning_to_its_end() {
    let program = fixture::program("", "", SHOP);
    let mut coverage = Coverage::default();
    let mut standings = fixture::nobody(&program, 2);
    let none = [(0, 0, 99, true), (0, 0, 99, true)];
    let rich = [(100_000, 1, 99, true), (0, 0, 99, true)];
    let dates = [
        (date(2026, 1, 15), rich),
        (date(2026, 3, 1), none),
        (date(2026, 11, 1), none),
        (date(2026, 11, 15), none),
        (date(2026, 12, 15), none),
    ];
    let mut points = Vec::new();
    for (as_of, rows) in dates {
        let mut here = Coverage::default();
        let outcome = pass(&program, &mut here, &standings, (as_of, &rows), &[0]);
        standings = outcome.after.standings;
        points.push(
            seen(&program, &here)
                .into_iter()
                .filter(|it| is_stay(it))
                .collect::<Vec<_>>()
                .join(", "),
        );
        coverage.merge(&here);
    }
    let expected = [
        "club.vip entered x1",
        "club.vip held x1",
        "club.vip held x1, club.vip warned x1",
        "club.vip held x1, club.vip graced x1",
        "club.vip left x1, club.member entered x1",
    ];
    assert_eq!(points, expected);
    // The second customer is background: nobody saw a member before.
    let all: Vec<_> = seen(&program, &coverage).into_iter().filter(|it| is_stay(it)).collect();
    let expected = [
        "club.vip entered x1",
        "club.vip held x3",
        "club.vip warned x1",
        "club.vip graced x1",
        "club.vip left x1",
        "club.member entered x1",
    ];
    assert_eq!(all, expected);
    // What is kept was asked of a holder only: on four dates, not on the first.
    assert_eq!(about(&program, &coverage, "club.vip keep "), ["0 false x4"]);
    // So was the alert: of one who was vip after the pass. Nobody knows when they joined.
    assert_eq!(about(&program, &coverage, "absent "), ["when 0 false x4"]);
}

fn is_stay(name: &str) -> bool {
    [" entered", " held", " warned", " graced", " left"].iter().any(|stay| name.contains(stay))
}

#[test]
fn by_hand_a_tier_is_entered_and_left_too() {
    let program = fixture::program("", "", SHOP);
    let (vip, patron) = (TierCode::new(Some(0)), TierCode::new(Some(2)));
    let standings = |codes: [TierCode; 2]| {
        let mut standings = fixture::nobody(&program, 2);
        standings.ladders[0].tier = codes.to_vec();
        standings
    };
    let mut coverage = Coverage::default();
    let (before, after) = (standings([vip, vip]), standings([patron, vip]));
    coverage.observe_by_hand(&before, &after, &[0, 1]);
    assert_eq!(seen(&program, &coverage), ["club.vip left x1", "club.patron entered x1"]);
}

#[test]
fn benefits_are_given_withheld_or_neither() {
    let program = fixture::program("", "", SHOP);
    // vip without and with consent (then nothing is given), gold, a member; nobody's joining is
    // known, so there are no joiners. Near: 810 of 1000 with an order, and not 799.
    let rows = [
        (100_000, 1, 99, false),
        (100_000, 1, 99, true),
        (81_000, 1, 99, false),
        (0, 1, 99, false),
        (79_900, 1, 99, false),
    ];
    let coverage = first_pass(&program, &rows, &[0, 1, 2, 3, 4]);
    let expected = [
        "when 0 false x2",
        "when 0 true x1",
        "given(tier(0)) x1",
        "given(tier(1)) x1",
        "withheld(tier(0)) x1",
    ];
    assert_eq!(about(&program, &coverage, "discount "), expected);
    assert_eq!(about(&program, &coverage, "shipping "), ["given(tier(0)) x2"]);
    assert_eq!(about(&program, &coverage, "nearly "), ["near(false) x4", "near(true) x1"]);
}

#[test]
fn criteria_read_standings_before_the_pass_and_segments_after_it() {
    let rest = "
ladders:
  club:
    tiers:
      vip: { enter: holds(club.gold) }
      gold: { enter: always }
segments:
  golden: { when: holds(club.gold) }
  again: { when: in_segment(golden) }
";
    let program = fixture::program("", "", rest);
    let coverage = first_pass(&program, &[(0, 0, 0, true)], &[0]);
    let expected = [
        "club.vip enter 0 false x1",
        "club.gold entered x1",
        "golden when 0 true x1",
        "again when 0 true x1",
    ];
    assert_eq!(seen(&program, &coverage), expected);
}

#[test]
fn the_border_of_a_top_is_a_threshold() {
    let rest = "
ladders:
  club:
    tiers:
      vip:
        enter: top_count(2, spend)
";
    let program = fixture::program("  population: orders_made > 0", "", rest);
    // The border is 50.00. The last one has as much and is not of the population.
    let rows = [
        (5_001, 1, 0, true),
        (5_000, 1, 0, true),
        (4_999, 1, 0, true),
        (4_998, 1, 0, true),
        (5_000, 0, 0, true),
    ];
    let coverage = first_pass(&program, &rows, &[0, 1, 2, 3, 4]);
    let expected = ["0 false x3", "0 true x2", "0 below x1", "0 at x1", "0 above x1"];
    assert_eq!(about(&program, &coverage, "club.vip enter "), expected);
    // Nobody is in it, so it has no border.
    let coverage = first_pass(&program, &[(0, 0, 0, true)], &[0]);
    assert_eq!(about(&program, &coverage, "club.vip enter "), ["0 false x1"]);
}

#[test]
fn what_nobody_can_show_is_no_point() {
    let metrics = "
  points: { score: [ { when: spend > 5, add: 15 }, { when: '!consent', add: 5 } ] }
";
    let rest = "
ladders:
  club:
    warn: 30 days
    defaults: { review: { fixed: 1 year }, grace: 30 days }
    tiers:
      top:
        enter:
          - points >= 7
          - orders_made >= 0
          - 2 > 1
      low: { enter: always }
  other:
    warn: 30 days
    defaults: { grace: 30 days }
    tiers:
      safe: { enter: consent, keep: always, review: { fixed: 1 year } }
      stuck: { enter: never, landing: stuck, review: { fixed: 1 year } }
      loose: { enter: spend == 1 }
benefits:
  card: { kind: perk, category: gift, tiers: { top: Card }, when: always }
";
    let rules = fixture::rules("", metrics, rest);
    let all = points(&rules.program, &rules.texts);
    let names: Vec<String> = all.iter().map(|(point, _)| name(&rules.program, *point)).collect();
    let expected = [
        "points line 0 0 true",
        "points line 0 0 false",
        "points line 0 0 below",
        "points line 0 0 at",
        "points line 0 0 above",
        "points line 1 0 true",
        "points line 1 0 false",
        "club.top enter 0 true",
        "club.top enter 0 false",
        // Points come in fives: 5 and 10 are the nearest, and 7 there is not.
        "club.top enter 0 below",
        "club.top enter 0 above",
        // A count is never below 0; `2 > 1` nobody can change.
        "club.top enter 1 true",
        "club.top enter 1 at",
        "club.top enter 1 above",
        "other.safe enter 0 true",
        "other.safe enter 0 false",
        "other.loose enter 0 true",
        "other.loose enter 0 false",
        "club.top entered",
        "club.top held",
        "club.top warned",
        "club.top graced",
        "club.top left",
        // Everybody earns it: it is left for a higher one only.
        "club.low entered",
        "club.low held",
        "club.low left",
        // Nobody loses it, and there is none above.
        "other.safe entered",
        "other.safe held",
        // Whoever loses it lands in it.
        "other.stuck entered",
        "other.stuck held",
        "other.stuck graced",
        "other.stuck left",
        // Its review is not fixed.
        "other.loose entered",
        "other.loose held",
        "other.loose graced",
        "other.loose left",
        "card given(tier(0))",
    ];
    assert_eq!(names, expected);
}

#[test]
fn everybody_is_a_top_without_anything_below() {
    let rest = "
ladders:
  club:
    rank_by: [spend]
    tiers:
      vip: { share: 10 }
      rest: { share: rest }
";
    let of_shares = |settings: &str| -> Vec<String> {
        let rules = fixture::rules(settings, "", rest);
        let all = points(&rules.program, &rules.texts);
        let names = all.iter().map(|(point, _)| name(&rules.program, *point));
        names.filter_map(|it| it.strip_prefix("club.rest enter 0 ").map(str::to_owned)).collect()
    };
    assert_eq!(of_shares(""), ["true", "at", "above"]);
    let some = of_shares("  population: orders_made > 0");
    assert_eq!(some, ["true", "false", "at", "above"]);
}

#[test]
fn parameter_values_share_their_points() {
    let parameters = "parameters: { limit: { type: money, default: 1000 } }";
    let ladder = "ladders: { club: { tiers: { vip: { enter: spend >= limit } } } }";
    let mut rules = fixture::rules("", "", &format!("{ladder}\n{parameters}"));
    let mut coverage = first_pass(&rules.program, &[(99_999, 0, 0, true)], &[0]);
    rules.origin.set = vec![("limit".to_owned(), "500".to_owned())];
    let lower = rules.origin.build().program.expect("a program");
    coverage.merge(&first_pass(&lower, &[(50_000, 0, 0, true)], &[0]));
    let found = unseen(&rules, &coverage);
    let expected = "\
vip: { enter: spend >= limit } } } } | nobody held on to `club.vip`: add a date on which a customer still has it
vip: { enter: spend >= limit } } } } | nobody left `club.vip`: let a customer lose it, or rise from it
spend >= limit } } } } | `spend >= limit` in club.vip enter was never just above 1000: try `spend: 1000.01`
";
    assert_eq!(found, expected);
}

const SCRIPTED: &str = "
ladders:
  club:
    tiers:
      vip: { enter: 'rules::good(spend, days_away)' }
      gold: { enter: always, keep: 'rules::good(spend, 1)' }
benefits:
  tip:
    kind: perk
    category: gift
    tiers:
      vip:
        expr: tips::tip(orders_made)
";

const RULES: &str = "\
// Who is good.
fn good(spend, days) {
    if days > 30 {
        return false;
    }
    spend > 10 && known()
}

fn known() { true } fn never() { 1 }
";

const TIPS: &str = "\
fn tip(orders) {
    switch orders {
        0 => \"come in\",
        1 => \"come again\",
        _ => \"stay\"
    }
}
";

fn scripted() -> Rules {
    let pack = fixture::text("", "", SCRIPTED);
    let (rules, tips) = (RULES.to_owned(), TIPS.to_owned());
    fixture::from_files(vec![
        ("pack.yaml", pack),
        ("scripts/rules.rhai", rules),
        ("scripts/tips.rhai", tips),
    ])
}

/// One customer is good: decided once, and written down why. `keep` is asked of nobody. What the
/// observation asks by itself counts for nothing; the tip that it gives does.
#[test]
fn lines_of_scripts_count_as_the_pass_ran_them() {
    let rules = scripted();
    let (counted, lines) = rules.program.counted();
    let ran = |module: usize| -> Vec<(usize, u64)> {
        let lines = lines.lines().into_iter().filter(|(line, _)| line.module == module);
        lines.map(|(line, count)| (line.line, count)).collect()
    };
    let nobody = fixture::nobody(&counted, 1);
    let one = facts(&counted, &[(2_000, 1, 3, true)]);
    let outcome = run(&counted, one, &nobody, &[], date(2026, 1, 15), 1);
    let of_pass = [(3, 2), (4, 0), (6, 2), (9, 2)];
    assert_eq!((ran(0).as_slice(), ran(1)), (&of_pass[..], vec![(2, 0), (3, 0), (4, 0), (5, 0)]));
    let mut coverage = Coverage::default();
    coverage.observe(&counted, &nobody, &outcome, &[0]);
    assert_eq!((ran(0).as_slice(), ran(1)), (&of_pass[..], vec![(2, 1), (3, 0), (4, 1), (5, 0)]));
    coverage.observe_lines(&lines);
    assert_eq!(about(&counted, &coverage, "rules "), ["line(3) x2", "line(6) x2", "line(9) x2"]);
    assert_eq!(about(&counted, &coverage, "tips "), ["line(2) x1", "line(4) x1"]);
    assert_eq!(about(&counted, &coverage, "club.vip enter "), ["0 true x1"]);
    let found = unseen(&rules, &coverage);
    for missing in [
        "line 4 of the script `rules` never ran",
        "line 3 of the script `tips` never ran",
        "line 5 of the script `tips` never ran",
    ] {
        assert!(found.contains(missing), "{found}");
    }
    let report = coverage.report(&rules.program, &rules.texts);
    let of = |name: &str| report.parts.iter().find(|part| part.name == name).map(|part| part.tally);
    assert_eq!(of("rules"), Some(Tally { covered: 3, points: 4 }));
    assert_eq!(of("tips"), Some(Tally { covered: 2, points: 4 }));
    let place = report.uncovered.last().map(|it| (it.file.as_str(), it.place));
    let expected = Position { line: 5, column: 9, end_line: 5, end_column: 20 };
    assert_eq!(place, Some(("scripts/tips.rhai", expected)));
    // The plain program decides the same.
    let rows = [(2_000, 1, 3, true), (2_000, 1, 31, true), (500, 1, 3, true)];
    let tiers = |program: &Program| {
        let nobody = fixture::nobody(program, rows.len());
        let facts = facts(program, &rows);
        let outcome = run(program, facts, &nobody, &[], date(2026, 1, 15), 2);
        fixture::tiers(program, &outcome)
    };
    assert_eq!(tiers(&counted), ["vip", "gold", "gold"]);
    assert_eq!(tiers(&rules.program), tiers(&counted));
    assert_eq!(counted.generation(), rules.program.generation());
}

const TWO_TIERS: &str = "
ladders:
  club:
    tiers:
      vip: { enter: spend >= 10 }
      gold: { enter: [consent, days_away < 9], keep: always }
";

#[test]
fn lcov_has_lines_and_branches() {
    let mut rules = scripted();
    let pack = fixture::text("", "", TWO_TIERS);
    let first = pack.lines().position(|line| line.contains("vip:")).expect("a line") + 1;
    let plain = fixture::rules("", "", TWO_TIERS);
    let program = &plain.program;
    // Just below twice, at once.
    let rows = [(999, 0, 5, true), (999, 0, 8, true), (1_000, 0, 9, true)];
    let coverage = first_pass(program, &rows, &[0, 1, 2]);
    let report = coverage.report(program, &plain.texts);
    // The first block of `vip`: entered 1, held, left. Then the comparison false and true, below,
    // at and above. Consent was never false, and 9 days were never just passed.
    let (vip, gold) = (first, first + 1);
    let expected = format!(
        "TN:\nSF:rules/shop/pack.yaml\n\
         BRDA:{vip},0,0,2\nBRDA:{vip},0,1,1\n\
         BRDA:{vip},1,0,2\nBRDA:{vip},1,1,1\nBRDA:{vip},1,2,0\n\
         BRDA:{vip},2,0,1\nBRDA:{vip},2,1,0\nBRDA:{vip},2,2,0\n\
         BRDA:{gold},0,0,0\nBRDA:{gold},0,1,3\n\
         BRDA:{gold},1,0,1\nBRDA:{gold},1,1,2\n\
         BRDA:{gold},2,0,1\nBRDA:{gold},2,1,1\nBRDA:{gold},2,2,0\n\
         BRDA:{gold},3,0,2\nBRDA:{gold},3,1,0\nBRDA:{gold},3,2,0\n\
         BRF:18\nBRH:11\nDA:{vip},2\nDA:{gold},3\nLF:2\nLH:2\nend_of_record\n"
    );
    assert_eq!(report.lcov("rules/shop/"), expected);
    // Lines of scripts have no branches, and of what never ran nothing was taken.
    rules.program = rules.program.counted().0;
    let lcov = Coverage::default().report(&rules.program, &rules.texts).lcov("");
    assert!(lcov.contains("BRDA:"), "{lcov}");
    assert!(lcov.lines().filter(|line| line.starts_with("BRDA")).all(|line| line.ends_with(",-")));
    let tips = "SF:scripts/tips.rhai\nBRF:0\nBRH:0\nDA:2,0\nDA:3,0\nDA:4,0\nDA:5,0\nLF:4\nLH:0\n";
    assert!(lcov.contains(tips), "{lcov}");
}

#[test]
fn json_has_totals_kinds_parts_and_places() {
    let rules = fixture::rules("", "", TWO_TIERS);
    let rows = [(999, 0, 5, true), (999, 0, 8, true), (1_000, 0, 9, true)];
    let coverage = first_pass(&rules.program, &rows, &[0, 1, 2]);
    let mut json = coverage.report(&rules.program, &rules.texts).json();
    let uncovered = json["uncovered"].take();
    let expected = json!({
        "covered": 11, "points": 18, "percent": 61.1,
        "kinds": {
            "criteria": { "covered": 5, "points": 6, "percent": 83.3 },
            "thresholds": { "covered": 4, "points": 6, "percent": 66.6 },
            "tiers": { "covered": 2, "points": 6, "percent": 33.3 },
        },
        "parts": [
            { "part": "tier", "name": "club.vip", "covered": 5, "points": 8, "percent": 62.5 },
            { "part": "tier", "name": "club.gold", "covered": 6, "points": 10, "percent": 60 },
        ],
        "uncovered": null,
    });
    assert_eq!(json.to_string(), expected.to_string());
    assert_eq!(uncovered.as_array().map(Vec::len), Some(7));
    let pack = &rules.texts.file(FileId(0)).text;
    let line = pack.lines().position(|line| line.contains("vip:")).expect("a line") + 1;
    let last = json!({
        "kind": "thresholds", "part": "club.vip",
        "message": "`spend >= 10` in club.vip enter was never just above 10", "help": "try `spend: 10.01`",
        "file": "pack.yaml", "line": line, "column": 21, "end_line": line, "end_column": 32,
    });
    assert_eq!(uncovered[2], last);
}

const SHOP: &str = "
ladders:
  club:
    warn: 30 days
    tiers:
      vip:
        enter:
          - spend >= 1000
          - any:
              - orders_made > 0
              - between(days_away, 0, 30)
        keep: spend >= 800.50
        review: { fixed: 10 months }
        grace: 30 days
      gold:
        enter: spend > 100 * 4
        keep: always
      patron:
        enter: never
      member:
        enter: always
segments:
  joiners: { when: joined >= date(\"2024-03-01\") }
  nearly: { near: club.vip, short_by: 20 }
alerts:
  absent: { for: club.vip, when: days_away > days_since(joined) / 2, action: [call], message: gone }
benefits:
  discount:
    kind: percent_off
    tiers: { vip: 20, member: 5 }
    segments: { joiners: 7 }
    when: '!consent'
  shipping: { kind: free_shipping, tiers: { vip: always } }
";
