use jiff::civil::{Date, date};

use super::body;
use crate::build::Rules;
use crate::pass::fixture::{facts, first_pass, from_files, rules};
use crate::pass::run;
use crate::store::CustomerId;

const TODAY: Date = date(2026, 11, 22);

const TIERS: &str = "
ladders:
  club:
    tiers:
      vip:
        title: Our best
        enter:
          any:
            - spend >= 1000
            - all:
                - top_percent(50, spend)
                - orders_made >= 5
        review: { fixed: 10 months }
      gold: { enter: spend >= 400 }
";

const REST: &str = "
segments:
  near_vip: { near: club.vip, short_by: 20 }
  away: { when: days_away > 14 }
alerts:
  absent: { for: club.gold, when: days_away > 14, action: [call] }
benefits:
  discount:
    kind: percent_off
    tiers: { vip: 20, gold: 10 }
    cost: spend * value / 100
";

/// Spend, orders and days away of customers 1 to 5.
const FIVE: [(i64, i64, i64); 5] =
    [(1200, 1, 1), (900, 6, 1), (820, 2, 20), (100, 1, 1), (0, 0, 36_500)];

fn first(rules: &Rules, rows: &[(i64, i64, i64)], sample: Option<u32>) -> String {
    let outcome = first_pass(&rules.program, facts(&rules.program, rows), TODAY);
    body(rules, &outcome, sample)
}

/// Four customers count, so that two are in the top 50 %. The first is a VIP by the amount alone,
/// although also in the top; the second by the top and the orders.
#[test]
fn a_pass_line_by_line() {
    let rules = rules("  population: orders_made > 0", "", &format!("{TIERS}{REST}"));
    let expected = "\
as of: 2026-11-22
customers: 5
population: 4

tiers of club:
  vip: 2
  gold: 1
  none: 2

moves in club:
  entered: 3

cutoffs:
  top_percent(50, spend): 900.00, 2 in it

segments:
  away: 2
  near_vip: 1

alerts:
  absent: 1

costs a year:
  discount: 502.00, given to 3

each customer:
1  club  vip  until 2027-09-22  entered  spend 1200.00 of 1000.00
2  club  vip  until 2027-09-22  entered  spend, top 50 % 900.00 of 900.00; orders_made 6 of 5
3  club  gold  entered  spend 820.00 of 400.00
4  club  none
5  club  none
";
    assert_eq!(first(&rules, &FIVE, None), expected);
}

#[test]
fn where_parts_are_written_makes_no_difference() {
    let more = "  another:\n    tiers: { low: { enter: orders_made < 3 } }\n";
    let one = rules("", "", &format!("{TIERS}{more}{REST}"));
    let (ladders, tiers) = TIERS.split_at("\nladders:\n".len());
    let pack = one.origin.files.files[0].bytes.clone();
    let pack = String::from_utf8(pack).expect("text");
    let pack = &pack[..pack.find("\nladders:").expect("ladders")];
    let other = from_files(vec![
        ("a.yaml", REST.to_owned()),
        ("pack.yaml", pack.to_owned()),
        ("z.yaml", format!("{ladders}{more}{tiers}")),
    ]);
    assert_ne!(one.program.ladders[0].name, other.program.ladders[0].name);
    let text = first(&one, &FIVE, None);
    assert_eq!(text, first(&other, &FIVE, None));
    assert!(text.contains("\n2  another  none\n2  club  vip  "), "{text}");
}

/// Of 1 to 5 the ids 4, 3 and 1 have the smallest hashes.
#[test]
fn a_sample_says_of_how_many() {
    let rules = rules("", "", TIERS);
    let text = first(&rules, &FIVE, Some(3));
    assert!(text.starts_with("as of: 2026-11-22\ncustomers: 5\npopulation: 5\nsample: 3 of 5\n"));
    let (head, customers) = text.split_once("each customer:\n").expect("customers");
    assert!(head.contains("\n  vip: 2\n"), "the head is about everybody: {head}");
    let ids: Vec<&str> = customers.lines().map(|line| &line[..1]).collect();
    assert_eq!(ids, ["1", "3", "4"]);
    let all = first(&rules, &FIVE, Some(50));
    assert_eq!(all.replace("sample: 5 of 5\n", ""), first(&rules, &FIVE, None));
}

#[test]
fn later_passes_say_what_happened() {
    let rules = rules(
        "",
        "",
        "
ladders:
  club:
    tiers:
      vip:
        enter: [spend >= 1000, orders_made >= 2]
        keep: spend >= 800
        review: { fixed: 10 months }
        grace: 30 days
      gold: { enter: spend >= 400 }
      member: { enter: always }
",
    );
    let program = &rules.program;
    let then = [(1200, 3, 1), (1000, 2, 1), (500, 1, 1), (500, 1, 1), (0, 0, 1)];
    let before = first_pass(program, facts(program, &then), date(2026, 1, 22));
    let now = [(900, 3, 1), (700, 2, 1), (1500, 2, 1), (100, 1, 1), (0, 0, 1)];
    let outcome = run(program, facts(program, &now), &before.after.standings, &[], TODAY, 1);
    let text = body(&rules, &outcome, None);
    let expected = "
tiers of club:
  vip: 3
  gold: 0
  member: 2
  none: 0

moves in club:
  upgraded: 1
  downgraded: 1
  retained: 1
  grace started: 1

each customer:
1  club  vip  until 2027-09-22  retained  spend 900.00 of 800.00
2  club  vip  grace until 2026-12-22  grace.started  spend 700.00 of 800.00: 100.00 short
3  club  vip  until 2027-09-22  upgraded from gold  spend 1500.00 of 1000.00; orders_made 2 of 2
4  club  member  downgraded from gold  spend 100.00 of 400.00: 300.00 short
5  club  member
";
    assert_eq!(text, format!("as of: 2026-11-22\ncustomers: 5\npopulation: 5\n{expected}"));
}

#[test]
fn faults_are_counted_and_named() {
    let pack = "
ladders:
  club: { tiers: { vip: { enter: orders_made / days_away > 0.333 } } }
";
    let text = first(&rules("", "", pack), &[(100, 1, 3), (100, 1, 0)], None);
    let expected = "
tiers of club:
  vip: 1
  none: 1

moves in club:
  entered: 1

faults:
  ladder club, a division by zero: 1

each customer:
1  club  vip  entered  orders_made / days_away > 0.333 0.333333, more than 0.333 is asked
2  club  none  decision.fault (a division by zero)
";
    assert_eq!(text, format!("as of: 2026-11-22\ncustomers: 2\npopulation: 2\n{expected}"));
}

#[test]
fn ids_of_any_kind_stay_on_their_line() {
    let rules = rules("", "", "ladders:\n  club: { tiers: { all: { enter: always } } }\n");
    let mut facts = facts(&rules.program, &[(0, 0, 0); 3]);
    facts.customers = ["a\nb", "ayşe", "c  d"].map(CustomerId::parse).to_vec();
    let outcome = first_pass(&rules.program, facts, TODAY);
    let text = body(&rules, &outcome, None);
    let (_, customers) = text.split_once("each customer:\n").expect("customers");
    assert_eq!(
        customers,
        "\"a\\nb\"  club  all  entered\nayşe  club  all  entered\n\"c  d\"  club  all  entered\n"
    );
}
