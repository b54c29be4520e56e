//! A simulation from empty comes to what really evaluating the same dates comes to, customer by
//! customer: over generated orders, with rules that look back at standings in every way.

use std::path::Path;
use std::sync::Arc;

use jiff::ToSpan;
use jiff::civil::{Date, date};
use rusqlite::{Connection, params};
use tempfile::TempDir;
use tierkeeper::build::{Origin, Rules};
use tierkeeper::lifecycle::Standings;
use tierkeeper::pack::PackFiles;
use tierkeeper::pass::{PassOutcome, run};
use tierkeeper::simulate::{Before, LadderStep, Simulation, Step};
use tierkeeper::store::{
    CustomerId, Facts, History, QUERY_TIME_LIMIT, ReadOptions, State, read_facts,
};

const PACK: &str = r#"
pack: generated
version: 1.0.0
title: Generated
requires: ">=0.1"
settings: { currency: EUR, timezone: UTC, population: spend > 0 }
sources:
  orders:
    table: orders
    customer: customer
    at: at
    columns: { amount: money, channel: text }
metrics:
  spend: { sum: orders.amount, within: 6 months }
  before_that: { sum: orders.amount, within: 6 months, ago: 6 months }
  visits: { distinct: orders.at, within: 12 months }
  since_move: { sum: orders.amount, within: tier club }
  away: { days_since_last: orders }
  web: { percent: orders, where: channel == "web" && days_since(at) < 200 }
ladders:
  club:
    cutoffs: monthly
    defaults: { grace: 20 days, landing: one_down }
    tiers:
      vip:
        enter:
          any:
            - spend >= 900
            - all:
                - spend >= 600
                - days_since_held(club.vip) < 150
        keep: spend + since_move >= 500
        review: { fixed: 4 months, round: end of month }
      gold:
        enter:
          - spend >= 300
          - top_percent(60, spend)
        keep: away < 60
        review: { fixed: 2 months, from: entry }
        upgrade: at review
      silver:
        enter: visits >= 2
        review: { dynamic: monthly }
        grace: 40 days
      member:
        enter: spend > 0
        review: { dynamic: weekly }
  loyal:
    tiers:
      old: { enter: days_held(club.silver) + days_held(club.gold) > 60 && !in_grace(club) }
      web: { enter: web > 50 }
benefits:
  discount: { kind: percent_off, title: Discount, tiers: { vip: 20, gold: 10 }, ladder: club, cost: spend * value / 100 }
segments:
  rising: { when: spend > before_that && holds(club.silver) }
  near_vip: { near: club.vip, short_by: 40 }
alerts:
  quiet: { for: club.silver, when: away > 45, every: 60 days, action: [call] }
"#;

fn rules() -> Rules {
    let files = PackFiles::embedded(vec![("pack.yaml", PACK.to_owned())]);
    let origin = Origin { files, project: None, set: Vec::new() };
    let built = origin.build();
    match built.program {
        Some(program) => Rules { program, texts: built.sources, origin },
        None => panic!("{:#?}", built.findings),
    }
}

/// Numbers that look random and are the same everywhere (Knuth's multiplier).
struct Random(u64);

impl Random {
    fn below(&mut self, limit: u64) -> u64 {
        self.0 =
            self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % limit
    }
}

/// Orders over two years; customers come one after the other, with ids in no order.
fn fill(store: &Path, random: &mut Random) {
    let mut connection = Connection::open(store).unwrap();
    let transaction = connection.transaction().unwrap();
    transaction
        .execute("CREATE TABLE orders (customer, at TEXT, amount NUMERIC, channel TEXT)", [])
        .unwrap();
    for order in 0..600 {
        let newest = 5 + order / 12;
        let rank = random.below(newest);
        let id = (rank * 7919) % 97;
        let day = date(2024, 1, 1).saturating_add((random.below(30) as i64 + order as i64).days());
        let amount = 20 + random.below(300) as i64;
        let channel = if random.below(2) == 0 { "web" } else { "shop" };
        if id.is_multiple_of(5) {
            let id = format!("c{id}");
            let row = params![id, day.to_string(), amount, channel];
            transaction.execute("INSERT INTO orders VALUES (?1, ?2, ?3, ?4)", row).unwrap();
        } else {
            let row = params![id as i64, day.to_string(), amount, channel];
            transaction.execute("INSERT INTO orders VALUES (?1, ?2, ?3, ?4)", row).unwrap();
        }
    }
    transaction.commit().unwrap();
}

type TierSince<'a> = &'a (dyn Fn(usize, &CustomerId) -> Option<Date> + Sync);

fn options(tier_since: TierSince<'_>) -> ReadOptions<'_> {
    ReadOptions {
        skip_bad_rows: false,
        threads: 2,
        query_time_limit: QUERY_TIME_LIMIT,
        tier_since,
        progress: &|_, _| {},
        stop: Arc::default(),
    }
}

/// A pass as `evaluate` takes it, stored.
fn evaluate(rules: &Rules, store: &Path, state: &Path, as_of: Date) -> PassOutcome {
    let program = &rules.program;
    let mut state = State::open_or_create(state).unwrap();
    let since = state.tier_since(program).unwrap();
    let tier_since = |ladder, customer: &CustomerId| since.get(ladder, customer);
    let facts = read_facts(program, store, as_of, &options(&tier_since)).unwrap();
    let standings = state.standings(program, &facts.customers).unwrap();
    let held = state.held_cutoffs(program, as_of).unwrap();
    let outcome = run(program, facts, &standings, &held, as_of, 2);
    state.write_pass(rules, &outcome).unwrap();
    state.close().unwrap();
    outcome
}

fn assert_same_step(step: &Step, outcome: &PassOutcome) {
    let which = step.as_of;
    assert_eq!(step.customers, outcome.population.facts.customers.len() as u64, "{which}");
    for (ladder, outcome) in step.ladders.iter().zip(&outcome.ladders) {
        assert_eq!((&ladder.tiers, ladder.none), (&outcome.tiers, outcome.none), "{which}");
        assert_eq!(ladder.moves, outcome.moves, "{which}");
    }
    assert_eq!(step.costs, outcome.costs, "{which}");
}

fn assert_same_standings(simulated: &Before, stored: &Standings) {
    let now = &simulated.standings;
    for (ladder, (now, stored)) in now.ladders.iter().zip(&stored.ladders).enumerate() {
        assert_eq!(now.left_on, stored.left_on, "ladder {ladder}");
        for (slot, customer) in simulated.customers.iter().enumerate() {
            assert_eq!(now.get(slot), stored.get(slot), "ladder {ladder}, customer {customer}");
        }
    }
    assert_eq!(now.raised_on, stored.raised_on);
    assert_eq!(now.segments, stored.segments);
}

#[test]
fn a_simulation_from_empty_is_what_evaluating_comes_to() {
    let rules = rules();
    let program = &rules.program;
    let mut seen = Seen::default();
    for seed in 1..=4 {
        let folder = TempDir::new().unwrap();
        let (store, state) = (folder.path().join("shop.db"), folder.path().join("state.db"));
        let mut random = Random(seed);
        fill(&store, &mut random);
        let mut dates = vec![date(2024, 1, 10)];
        while dates[dates.len() - 1] < date(2025, 10, 1) {
            let next = dates[dates.len() - 1].saturating_add((1 + random.below(45) as i64).days());
            dates.push(next);
        }
        let last = dates[dates.len() - 1];
        let history = History::read(program, &store, last, &options(&|_, _| None)).unwrap();
        let mut simulation = Simulation::from_empty(program, 2);
        for &as_of in &dates {
            let outcome = evaluate(&rules, &store, &state, as_of);
            let step = simulation.step(as_of, |since| history.facts(program, as_of, since));
            assert_same_step(&step, &outcome);
            seen.add(&step, &outcome.population.facts);
        }
        let stored = State::open_existing(&state).unwrap().unwrap();
        let simulated = simulation.standings();
        let standings = stored.standings(program, &simulated.customers).unwrap();
        assert_same_standings(simulated, &standings);
    }
    seen.assert_enough();
}

/// That the orders are such that something happens.
#[derive(Default)]
struct Seen {
    moves: [u64; 7],
    flapping: u64,
    customers: std::collections::BTreeSet<usize>,
}

impl Seen {
    fn add(&mut self, step: &Step, facts: &Facts) {
        for LadderStep { moves, .. } in &step.ladders {
            let now = [
                moves.entered,
                moves.upgraded,
                moves.downgraded,
                moves.retained,
                moves.left,
                moves.grace_started,
                moves.grace_recovered,
            ];
            self.moves.iter_mut().zip(now).for_each(|(all, now)| *all += now);
        }
        self.flapping = self.flapping.max(step.ladders[0].flapping);
        self.customers.insert(facts.customers.len());
    }

    fn assert_enough(&self) {
        assert!(self.moves.iter().all(|moves| *moves > 10), "{:?}", self.moves);
        assert!(self.flapping > 0 && self.customers.len() > 20);
    }
}

/// From the stored standings of a date, a simulation goes on as evaluating does.
#[test]
fn a_simulation_from_stored_standings_goes_on_from_them() {
    let rules = rules();
    let program = &rules.program;
    let folder = TempDir::new().unwrap();
    let (store, state) = (folder.path().join("shop.db"), folder.path().join("state.db"));
    fill(&store, &mut Random(77));
    let dates = |from: Date| (0..8).map(move |month: i64| from.saturating_add(month.months()));
    for as_of in dates(date(2024, 3, 1)) {
        evaluate(&rules, &store, &state, as_of);
    }
    let (first, last) = (date(2024, 11, 1), date(2025, 6, 1));
    let history = History::read(program, &store, last, &options(&|_, _| None)).unwrap();
    let customers = history.facts(program, first, &|_, _| None).customers;
    let stored = State::open_existing(&state).unwrap().unwrap();
    let standings = stored.standings(program, &customers).unwrap();
    let held = stored.held_cutoffs(program, first).unwrap();
    stored.close().unwrap();
    let before = Before { customers, standings, held };
    let mut simulation = Simulation::from_standings(program, before, 2);
    for as_of in dates(first) {
        let step = simulation.step(as_of, |since| history.facts(program, as_of, since));
        assert_same_step(&step, &evaluate(&rules, &store, &state, as_of));
    }
}
