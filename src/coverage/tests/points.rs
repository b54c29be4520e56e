//! Which points a shop has, and what is said of them.

use super::*;

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
