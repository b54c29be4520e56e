//! What changes a definition and what does not.

use crate::pass::fixture::from_files;
use crate::program::Program;

const PACK: &str = "
pack: shop
version: 1.0.0
settings: { currency: EUR, timezone: Europe/Istanbul, population: orders_made > 0 }
parameters:
  unused: { type: money, default: 5 }
  vip_spend: { type: money, default: 1000 }
  reached: { type: number, default: 2 }
  season: { type: duration, default: 6 months }
customers:
  table: customers
  id: id
  columns: { birthday: date, joined: date, level: { type: number, column: grade } }
sources:
  visits: { table: visits, customer: who, at: day }
  orders:
    table: orders
    customer: customer_id
    at: placed_at
    columns:
      note: text
      cost: money
      price: { type: money, column: price_cents, unit: minor }
      amount: { type: money, expr: price - cost }
metrics:
  seen: { count: visits }
  spend: { sum: orders.amount, where: cost > 0 && note != \"gift\", within: season }
  orders_made: { count: orders, within: 12 months }
  points:
    score:
      - { when: spend > 10, add: orders_made * 2, cap: 50 }
  rfm: { rfm: { recency: away, frequency: orders_made, monetary: spend } }
  away: { days_since_last: orders }
  months: { expr: days_since(joined) / 30 }
ladders:
  side:
    tiers:
      best: { enter: seen > 3 }
      fine: { enter: always }
  club:
    cutoffs: monthly
    ties: { break_by: [points] }
    tiers:
      vip:
        enter:
          - spend >= vip_spend
          - any: [\"top_percent(5, spend)\", rfm >= 12]
        keep: orders_made > 3 || in_tier(side.best) || level > 2
        review: { fixed: { expr: 'lengths::period(customer, 3)' }, from: joined }
        grace: 30 days
        landing: gold
      silver: { enter: spend > average(months) }
      gold: { enter: spend >= 400 }
      member: { enter: always }
segments:
  young: { when: seen > 1 }
";

const LENGTHS: &str = "
fn period(customer, least) { if customer.orders_made > 5 { help::longest(customer) } else { least } }
fn other() { 1 }
";
const HELP: &str = "
// The longest.
fn longest(customer) { if customer.away > 5 { 90 } else { 60 * customer.reached } }
";

fn program(pack: &str) -> Program {
    scripted(pack, LENGTHS, HELP)
}

fn scripted(pack: &str, lengths: &str, help: &str) -> Program {
    from_files(vec![
        ("pack.yaml", pack.to_owned()),
        ("scripts/help.rhai", help.to_owned()),
        ("scripts/lengths.rhai", lengths.to_owned()),
    ])
    .program
}

/// The definition of `club.vip`, and the identities of the cutoffs that `club` holds.
fn of(program: &Program) -> (String, Vec<String>) {
    let ladder = program.ladders.iter().position(|ladder| ladder.name == "club").unwrap();
    let tier = program.ladders[ladder].tiers.iter().position(|tier| tier.name == "vip").unwrap();
    let held = program.cutoffs.iter().filter(|cutoff| cutoff.held_by == Some(ladder));
    (program.tier_definition(ladder, tier), held.map(|cutoff| cutoff.identity(program)).collect())
}

/// The pack with this in place of that.
fn changed(changes: &[(&str, &str)]) -> Program {
    let mut pack = PACK.to_owned();
    for (old, new) in changes {
        assert_eq!(pack.matches(old).count(), 1, "{old}");
        pack = pack.replace(old, new);
    }
    program(&pack)
}

#[test]
fn what_does_not_concern_a_part_leaves_its_definition() {
    let plain = of(&program(PACK));
    assert_eq!(plain.1.len(), 2);
    for changes in [
        // Other parts before and between them, which moves all ids.
        &[("parameters:\n", "parameters:\n  more: { type: money, default: 1 }\n")][..],
        &[("metrics:\n", "metrics:\n  first: { count: visits }\n")],
        &[("columns: { birthday: date, ", "columns: { phone: text, birthday: date, ")],
        &[("      note: text\n", "      shop: text\n      note: text\n")],
        &[("sources:\n", "sources:\n  calls: { table: calls, customer: who, at: day }\n")],
        &[(
            "ladders:\n",
            "ladders:\n  top: { tiers: { only: { enter: spend > total(spend) } } }\n",
        )],
        &[(
            "tiers:\n      vip:",
            "tiers:\n      star: { enter: 'top_percent(1, spend)' }\n      vip:",
        )],
        &[("tiers:\n      best:", "tiers:\n      rare: { enter: seen > 90 }\n      best:")],
        // Parts of their own that they do not read.
        &[("  seen: { count: visits }", "  seen: { count: visits, within: 1 year }")],
        &[("type: money, default: 5 }", "type: money, default: 6 }")],
        &[("fine: { enter: always }", "fine: { enter: never }")],
        &[("best: { enter: seen > 3 }", "best: { enter: seen > 4 }")],
        &[("gold: { enter: spend >= 400 }", "gold: { enter: spend >= 300, grace: 9 days }")],
        &[("segments:\n", "segments:\n  old: { when: seen > 2 }\n")],
        // Layout, words, and a number that is written out.
        &[("  away: {", "  away: { title: Days away,")],
        &[("spend >= vip_spend\n", "spend    >= 1000  # a comment\n")],
    ] {
        let (tier, held) = of(&changed(changes));
        assert_eq!(tier, plain.0, "{changes:?}");
        // A further cutoff of the ladder comes first.
        assert!(held.ends_with(&plain.1), "{changes:?}");
    }
    let metrics = PACK.split("metrics:\n").nth(1).unwrap().split("ladders:").next().unwrap();
    let seen = "  seen: { count: visits }\n";
    let reordered = format!("{}{seen}", metrics.replace(seen, ""));
    assert_eq!(of(&program(&PACK.replace(metrics, &reordered))), plain);
    let comments = scripted(PACK, &LENGTHS.replace("fn other", "// Short.\nfn other"), HELP);
    assert_eq!(of(&comments), plain);
}

/// Whether the tier, the top and the average are defined otherwise after a change.
fn differs(changes: &[(&str, &str)]) -> [bool; 3] {
    let (plain, new) = (of(&program(PACK)), of(&changed(changes)));
    [plain.0 != new.0, plain.1[0] != new.1[0], plain.1[1] != new.1[1]]
}

#[test]
fn whatever_a_part_depends_on_changes_its_definition() {
    const TIER: [bool; 3] = [true, false, false];
    const TOP: [bool; 3] = [true, true, false];
    const ALL: [bool; 3] = [true, true, true];
    for (change, expected) in [
        // Parameters, in expressions, as a window, and read by a script.
        (("type: money, default: 1000 }", "type: money, default: 1001 }"), TIER),
        (("default: 6 months }", "default: 7 months }"), TOP),
        (("type: number, default: 2 }", "type: number, default: 3 }"), TIER),
        // Metrics: windows, filters, columns and what these are bound to.
        (
            ("orders_made: { count: orders, within: 12 months }", "orders_made: { count: orders }"),
            ALL,
        ),
        (("cost > 0 && note", "cost >= 0 && note"), TOP),
        (("column: price_cents", "column: price_kurus"), TOP),
        ((", unit: minor", ""), TOP),
        (("expr: price - cost", "expr: price - 2 * cost"), TOP),
        (("sum: orders.amount", "sum: orders.price"), TOP),
        (("table: orders", "table: sales"), ALL),
        (("at: placed_at", "at: paid_at"), ALL),
        (("cap: 50", "cap: 51"), TOP),
        (("expr: days_since(joined) / 30", "expr: days_since(joined) / 31"), [false, false, true]),
        (("away: { days_since_last: orders }", "away: { days_since_first: orders }"), TIER),
        (("column: grade", "column: rank"), TIER),
        // Who counts, who there is, and what a day is.
        (("population: orders_made > 0", "population: orders_made > 1"), ALL),
        (("table: customers", "table: people"), ALL),
        (("Europe/Istanbul", "Europe/Berlin"), ALL),
        // The criteria and the policies themselves.
        (("orders_made > 3 ||", "orders_made > 4 ||"), TIER),
        (("in_tier(side.best)", "holds(side.best)"), TIER),
        (("from: joined", "from: entry"), TIER),
        (("grace: 30 days", "grace: 31 days"), TIER),
        (("landing: gold", "landing: member"), TIER),
        (("landing: gold", "upgrade: at review"), TIER),
        // How the ladder takes its cutoffs.
        (("top_percent(5, spend)", "top_percent(6, spend)"), TOP),
        (("break_by: [points]", "break_by: [orders_made]"), TOP),
        (("cutoffs: monthly", "cutoffs: weekly"), ALL),
    ] {
        assert_eq!(differs(&[change]), expected, "{change:?}");
    }
    let plain = of(&program(PACK));
    for (lengths, help) in [
        (LENGTHS.replace("> 5", "> 6"), HELP.to_owned()),
        (LENGTHS.to_owned(), HELP.replace("90", "91")),
    ] {
        let scripted = of(&scripted(PACK, &lengths, &help));
        assert_ne!(scripted.0, plain.0);
        assert_eq!(scripted.1, plain.1);
    }
}

#[test]
fn two_ladders_hold_cutoffs_of_their_own() {
    let twin = PACK.split("  club:").nth(1).unwrap().split("segments:").next().unwrap();
    let pack = PACK.replace("  club:", &format!("  twin:{twin}  club:"));
    let program = program(&pack);
    let mut identities: Vec<String> =
        program.cutoffs.iter().map(|cutoff| cutoff.identity(&program)).collect();
    assert_eq!(identities.len(), 4);
    identities.sort();
    identities.dedup();
    assert_eq!(identities.len(), 4);
    assert!(identities.iter().all(|identity| identity.starts_with("sha256:")));
}
