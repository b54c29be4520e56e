//! After every look of a host: its state and its answers are those that everybody's facts would
//! have led to, decided against the same cutoffs.

use rusqlite::types::Value;

use super::*;
use crate::evaluation::begin;
use crate::host::answers::{Layer, Members};
use crate::metrics::population::Fixed;
use crate::pass::{PassOutcome, asks_standings, run_fixed};
use crate::program::Program;
use crate::random::Random;

const METRICS: &str = "pack: club
version: 1.0.0
title: Club
requires: '>=0.1'
settings: { currency: EUR, timezone: UTC }
sources:
  orders:
    table: orders
    customer: customer_id
    at: at
    columns: { amount: money, kind: text }
metrics:
  spend: { sum: orders.amount, within: 12 months }
  order_count: { count: orders, within: 12 months }
  days_away: { days_since_last: orders }
  coats_percent: { percent: orders, where: kind == \"coats\" }
  last_amount: { last: orders.amount }
  since_entry: { sum: orders.amount, within: tier club }
  points: { score: [{ when: spend >= 300, add: 7 }, { when: always, add: order_count * 2 }] }
  rfm: { rfm: { recency: days_away, frequency: order_count, monetary: spend, bins: 4 } }
";

const CONDITIONS: [&str; 20] = [
    "spend >= 600",
    "order_count >= 3",
    "days_away <= 20",
    "coats_percent > 30",
    "last_amount >= 300",
    "since_entry >= 200",
    "points >= 9",
    "rfm >= 8",
    "rfm.m >= 3",
    "top_percent(30, spend)",
    "top_count(4, points - days_away)",
    "makes_percent(50, spend)",
    "spend >= percentile(60, spend)",
    "spend > average(spend)",
    // A fault where there is one order.
    "1000 / (order_count - 1) >= 400",
    "days_held(club.gold) > 5",
    "days_since_held(club.vip) < 40",
    "in_grace(club)",
    "in_tier(club.gold)",
    "holds(circle.high)",
];

fn pack_of(random: &mut Random) -> String {
    let mut condition = || *random.pick(&CONDITIONS);
    let conditions: Vec<&str> = (0..9).map(|_| condition()).collect();
    let [vip, keep, gold, other, member, regulars, quiet, when, loyal] = conditions[..] else {
        unreachable!("nine were picked")
    };
    let mut pick = |of: &[&'static str]| *random.pick(of);
    let ties = pick(&["include", "exclude", "{ break_by: [order_count] }"]);
    let review = pick(&["{ fixed: 2 months }", "{ dynamic: daily }", "{ dynamic: monthly }"]);
    let grace = pick(&["", ", grace: 10 days"]);
    let population = pick(&["", ", population: order_count > 0"]);
    let metrics = METRICS.replace("UTC }", &format!("UTC{population} }}"));
    format!(
        "{metrics}ladders:
  club:
    ties: {ties}
    warn: 20 days
    tiers:
      vip: {{ enter: ['{vip}'], keep: {{ any: ['{keep}', '{vip}'] }}, review: {review}{grace} }}
      gold: {{ enter: {{ any: ['{gold}', '{other}'] }}, review: {review}{grace} }}
      member: {{ enter: ['{member}'], review: {review} }}
  circle:
    ties: {ties}
    rank_by: [rfm, spend]
    tiers: {{ high: {{ share: 20, review: {review} }}, low: {{ share: rest }} }}
segments:
  regulars: {{ when: ['{regulars}'] }}
  loyal: {{ when: ['{loyal}', in_segment(regulars), holds(club.gold)] }}
alerts:
  quiet: {{ when: ['{quiet}'], every: 14 days, message: Call them }}
benefits:
  discount:
    kind: percent_off
    ladder: club
    tiers: {{ vip: 10, gold: 5 }}
    when: ['{when}']
"
    )
}

/// Orders of some of the customers, of some who are new, and of nobody.
fn orders(random: &mut Random, most: i64) -> String {
    let order = |random: &mut Random| {
        let customer = match random.between(0, 20) {
            0 => "NULL".to_owned(),
            1 => format!("'c-{}'", random.between(1, 3)),
            _ => random.between(1, 25).to_string(),
        };
        let (month, day) = (random.between(1, 3), random.between(1, 28));
        let (amount, kind) = (random.between(1, 500), *random.pick(&["coats", "bags", "shoes"]));
        format!("({customer}, '2026-{month:02}-{day:02} 10:00:00', {amount}, '{kind}')")
    };
    let rows: Vec<String> = (0..random.between(1, most)).map(|_| order(random)).collect();
    format!("INSERT INTO orders VALUES {}", rows.join(", "))
}

impl Shop {
    /// A copy of the state as it is.
    fn copy(&self, name: &str) -> PathBuf {
        let copy = self.path(name);
        let _ = fs::remove_file(&copy);
        let state = Connection::open(self.path("state.db")).expect("opens");
        state.execute("VACUUM INTO ?1", [copy.to_str()]).expect("copied");
        copy
    }

    /// Everybody's facts as they are now, decided against the cutoffs of the day's full pass, into a
    /// copy of the state. `before`: the state as it was before that pass.
    fn everybody(&self, conductor: &Conductor, state: PathBuf, before: Option<&PathBuf>) -> Whole {
        let rules = conductor.live.rules.clone();
        let program = &rules.program;
        let day = conductor.day.as_ref().expect("a full pass was made");
        let open = |path: &PathBuf| State::open_existing(path).expect("opens").expect("is there");
        let (beginning, _) = begin(program, before.map(open), day.date, |since| {
            let since = |ladder, customer: &CustomerId| since.get(ladder, customer);
            let options = conductor.read_options(&since);
            Ok::<_, Trouble>(read_facts(program, &self.path("shop.db"), day.date, &options)?)
        })
        .expect("it begins");
        let mut copy = open(&state);
        let facts = beginning.facts;
        let mut standings = copy.standings(program, &facts.customers).expect("they are read");
        if asks_standings(program) {
            standings.asked = Some(Box::new(beginning.standings));
        }
        let outcome = run_fixed(program, facts, &standings, &day.fixed, day.date, 2);
        copy.write_touched(&rules, &outcome).expect("it is stored");
        copy.close().expect("closed");
        Whole { rules, outcome, fixed: day.fixed.clone(), state }
    }
}

struct Whole {
    rules: Arc<crate::build::Rules>,
    outcome: PassOutcome,
    fixed: Fixed,
    state: PathBuf,
}

/// All rows of all tables, by table.
fn rows(state: &PathBuf) -> Vec<(String, Vec<Vec<Value>>)> {
    let connection = Connection::open(state).expect("opens");
    let names = "SELECT name FROM sqlite_schema WHERE type = 'table' ORDER BY name";
    let mut names = connection.prepare(names).expect("a statement");
    let names = names.query_map([], |row| row.get(0)).expect("names");
    let names: Vec<String> = names.collect::<Result<_, _>>().expect("names");
    let table = |name: String| {
        let mut all = connection.prepare(&format!("SELECT * FROM {name}")).expect("a statement");
        let columns = all.column_count();
        let rows = all.query_map([], |row| (0..columns).map(|place| row.get(place)).collect());
        let mut rows: Vec<Vec<Value>> =
            rows.expect("rows").collect::<Result<_, _>>().expect("rows");
        rows.sort_by_key(|row| format!("{row:?}"));
        (name, rows)
    };
    names.into_iter().map(table).collect()
}

fn assert_same(shop: &Shop, whole: Whole, what: &str) -> usize {
    let stored = rows(&shop.path("state.db"));
    for ((name, found), (_, expected)) in stored.iter().zip(rows(&whole.state)) {
        let missing = |rows: &[Vec<Value>], of: &[Vec<Value>]| -> Vec<Vec<Value>> {
            of.iter().filter(|row| !rows.contains(row)).cloned().collect()
        };
        assert_eq!(missing(&expected, found), missing(found, &expected), "{name}: {what}");
        assert_eq!(found.len(), expected.len(), "{name}: {what}");
    }
    let answers = shop.board.answers().expect("answers");
    let program: &Program = &whole.rules.program;
    let all = Answers::of_everybody(whole.rules.clone(), Layer::of(program, whole.outcome));
    let all = Answers { fixed: whole.fixed, ..all };
    assert_eq!(answers.tiers, all.tiers, "{what}");
    assert_eq!(answers.segments, all.segments, "{what}");
    for customer in all.everybody.customers() {
        assert_eq!(answers.customer(customer, None), all.customer(customer, None), "{what}");
        assert_eq!(answers.explanation(customer, None), all.explanation(customer, None), "{what}");
    }
    let (ladders, segments) = (&program.ladders, program.segments.len());
    let tiers = ladders
        .iter()
        .enumerate()
        .flat_map(|(ladder, it)| (0..it.tiers.len()).map(move |tier| Members::Tier(ladder, tier)));
    for members in tiers.chain((0..segments).map(Members::Segment)) {
        assert_eq!(answers.page(members, None, 100), all.page(members, None, 100), "{what}");
    }
    all.everybody.customers().len()
}

#[test]
fn touched_passes_come_to_what_everybody_would() {
    let mut seen = (0, 0, 0);
    for seed in 0..24 {
        let mut random = Random::new(seed);
        let shop = Shop::new("2026-03-10T12:00:00Z");
        shop.save(&pack_of(&mut random));
        let store = shop.store();
        store.execute_batch("ALTER TABLE orders ADD COLUMN kind").expect("a column");
        store.execute_batch(&orders(&mut random, 60)).expect("rows");
        let mut conductor = shop.start();
        let mut before = None;
        conductor.look();
        if random.chance(70) {
            // Another day's pass comes before.
            store.execute_batch(&orders(&mut random, 20)).expect("rows");
            conductor.look();
            before = Some(shop.copy("before.db"));
            shop.set_clock("2026-03-21T12:00:00Z");
            conductor.look();
            assert_eq!(shop.last_as_of(), "2026-03-21");
        }
        // Sometimes those who were touched are soon put among everybody.
        if random.chance(50) {
            conductor.always_apart = 4;
        }
        for step in 0..8 {
            if random.chance(80) {
                store.execute_batch(&orders(&mut random, 6)).expect("rows");
            }
            if random.chance(20) {
                shop.hold(&conductor);
            }
            let what = format!("seed {seed}, step {step}");
            let whole = shop.everybody(&conductor, shop.copy("copy.db"), before.as_ref());
            conductor.look();
            assert_eq!(shop.board.status().trouble, None, "{what}");
            seen.0 += assert_same(&shop, whole, &what);
            seen.2 += u64::from(shop.board.answers().expect("answers").touched.is_none());
        }
        seen.1 += shop.board.status().counts.touched_passes;
    }
    let (customers, passes, joined) = seen;
    assert!(customers > 24 * 8 * 15 && passes > 24 * 6 && joined > 24, "{seen:?}");
}
