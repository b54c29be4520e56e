use super::*;

const CLUB: &str = "ladders:
  club:
    warn: 1 week
    defaults: { grace: 1 month }
    tiers:
      vip:
        enter: spend >= 100
        review: { fixed: 10 months, from: entry, round: end of quarter }
        grace: patience
        landing: one_down
      gold:
        enter: spend >= 50
        review: { dynamic: weekly }
        upgrade: at review
        landing: member
      silver:
        enter: spend >= 10
        review: { dynamic: 2 months }
        grace: none
      member:
        enter: always
        review: { fixed: { expr: 'if spend > 5 { 30 } else { 60 }' } }
";

#[test]
fn reviews_are_later_and_of_the_other_kind() {
    assert_eq!(
        shown(CLUB, Operator::Review),
        [
            "3:11 warn: 1 week → warn: 2 weeks",
            "8:26 fixed: 10 months → fixed: 11 months",
            "8:26 fixed: 10 months → dynamic: daily",
            "8:43 from: entry → (dropped)",
            "8:57 round: end of quarter → (dropped)",
            "13:28 dynamic: weekly → dynamic: monthly",
            "18:28 dynamic: 2 months → dynamic: 3 months",
            "22:26 fixed: { expr: if spend > 5 { 30 } else { 60 } } → dynamic: daily",
        ]
    );
    let member = shown(CLUB, Operator::Comparison);
    assert_eq!(member.last().map(String::as_str), Some("22:38 spend > 5 → spend >= 5"));
}

#[test]
fn graces_landings_and_upgrades_are_changed_where_they_are_written() {
    assert_eq!(
        shown(CLUB, Operator::Grace),
        [
            "4:24 grace: 1 month → grace: none",
            "4:24 grace: 1 month → grace: 2 months",
            "4:24 grace: 1 month → grace: 27 days",
            "9:16 grace: patience → grace: none",
            "9:16 grace: patience → grace: 15 days",
            "9:16 grace: patience → grace: 13 days",
        ]
    );
    assert_eq!(
        shown(CLUB, Operator::Landing),
        [
            "10:18 landing: one_down → landing: earned",
            "15:18 landing: member → landing: one_down",
            "15:18 landing: member → landing: earned",
        ]
    );
    assert_eq!(shown(CLUB, Operator::Upgrade), ["14:18 upgrade: at review → upgrade: at once"]);
}

#[test]
fn shares_and_nearness_are_thresholds() {
    let text = "ladders:
  shares:
    rank_by: spend
    tiers: { vip: { share: 12.5 }, gold: { share: share }, rest: { share: rest } }
segments:
  close: { near: shares.vip, short_by: 5 }
alerts:
  away: { when: days_away > 30, every: 2 weeks, message: gone }
";
    assert_eq!(
        shown(text, Operator::Threshold),
        [
            "4:28 share: 12.5 → share: 12.6",
            "4:28 share: 12.5 → share: 12.4",
            "4:28 share: 12.5 → share: 13.8",
            "4:28 share: 12.5 → share: 11.2",
            "4:51 share: share → share: 12.6",
            "4:51 share: share → share: 12.4",
            "4:51 share: share → share: 13.8",
            "4:51 share: share → share: 11.2",
            "6:40 short_by: 5 → short_by: 6",
            "6:40 short_by: 5 → short_by: 4",
            "8:17 days_away > 30 → days_away > 31",
            "8:17 days_away > 30 → days_away > 29",
            "8:17 days_away > 30 → days_away > 33",
            "8:17 days_away > 30 → days_away > 27",
        ]
    );
    assert_eq!(shown(text, Operator::Alert), ["8:40 every: 2 weeks → every: 15 days"]);
}
