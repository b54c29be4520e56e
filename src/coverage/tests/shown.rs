//! What customers show in passes.

use super::*;
use crate::expr::days_from_date;
use crate::lifecycle::TierCode;

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
