use super::*;

const TIERS: &str =
    "ladders: { club: { tiers: { vip: { enter: spend > 9 }, member: { enter: always } } } }
";

fn of(benefits: &str) -> Vec<String> {
    shown(&format!("{TIERS}benefits:\n{benefits}"), Operator::Benefit)
}

#[test]
fn every_value_is_a_step_more_or_taken_away() {
    let numbers = "
  a: { kind: percent_off, title: A, tiers: { vip: 20, member: share } }
  b: { kind: amount_off, title: B, tiers: { vip: vip_spend } }
  c: { kind: points_multiplier, title: C, tiers: { vip: 1.5 } }
  d: { kind: cashback, title: D, tiers: { vip: { expr: order_count } } }
";
    assert_eq!(
        of(numbers),
        [
            "4:46 vip: 20 → (dropped)",
            "4:51 vip: 20 → vip: 21",
            "4:55 member: share → (dropped)",
            "4:63 member: share → member: 12.6",
            "5:45 vip: vip_spend → (dropped)",
            "5:50 vip: vip_spend → vip: 1000.01",
            "6:52 vip: 1.5 → (dropped)",
            "6:57 vip: 1.5 → vip: 1.6",
            "7:43 vip: { expr: order_count } → (dropped)",
            "7:56 vip: order_count → vip: order_count + 1",
        ]
    );
}

#[test]
fn shipping_credit_and_perks() {
    let others = "
  a: { kind: free_shipping, title: A, tiers: { vip: always, member: { over: 50 } } }
  b: { kind: credit, title: B, tiers: { vip: { ceiling: 100, days: 30, guarantor: trusted } } }
  c: { kind: perk, category: gift, title: C, on: entry, tiers: { vip: gift, member: Card } }
  d: { kind: perk, category: gift, title: D, tiers: { vip: { en: Book, tr: Kitap }, member: { expr: name } } }
";
    assert_eq!(
        of(others),
        [
            "4:48 vip: always → (dropped)",
            "4:53 vip: always → vip: { over: 1 }",
            "4:61 member: { over: 50 } → (dropped)",
            "4:77 member: { over: 50 } → member: { over: 50.01 }",
            "5:41 vip: { ceiling: 100, days: 30, guarantor: trusted } → (dropped)",
            "5:57 vip: { ceiling: 100 } → vip: { ceiling: 100.01 }",
            "5:68 vip: { days: 30 } → vip: { days: 31 }",
            "5:83 vip: { guarantor: trusted } → vip: { guarantor: false }",
            "6:50 on: entry → (dropped)",
            "6:66 vip: gift → (dropped)",
            "6:71 vip: gift → vip: (changed) Tea",
            "6:77 member: Card → (dropped)",
            "6:85 member: Card → member: (changed) Card",
            "7:55 vip: { en: Book, tr: Kitap } → (dropped)",
            "7:60 vip: Book → vip: (changed) Book",
            "7:85 member: { expr: name } → (dropped)",
            "7:101 member: name → member: \"(changed) \" + name",
        ]
    );
    let all = mutations(&format!("{TIERS}benefits:\n{others}"));
    let every = all.examine(1, |_, _| ());
    assert_eq!((every.not_viable.len(), every.same.len()), (0, 0));
}
