//! The real thing: a store, a state, and passes from one into the other.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use jiff::civil::Date;
use rusqlite::{Connection, params};
use tempfile::TempDir;
use tierkeeper::build::{Origin, Rules};
use tierkeeper::lifecycle::{Deed as RealDeed, Hold, OnChange, Standings};
use tierkeeper::metrics::population::Population;
use tierkeeper::pack::PackFiles;
use tierkeeper::pass::{ByHand, Note, PassOutcome, Wanted, do_by_hand, run, standing_columns};
use tierkeeper::program::Program;
use tierkeeper::store::{
    CustomerId, Facts as RealFacts, QUERY_TIME_LIMIT, ReadOptions, State, Written, read_facts,
};

use super::calendar::days_after;
use super::case::{Case, Deed, Facts, What};
use super::model::Pack;

pub struct Shop {
    dir: TempDir,
    store: Connection,
    threads: usize,
}

/// Rules from a pack's text; `None` where `check` finds an error in them.
pub fn rules(pack: &Pack) -> Option<Rules> {
    rules_of_files(vec![("pack.yaml".to_owned(), pack.to_string())])
}

pub fn rules_of_files(files: Vec<(String, String)>) -> Option<Rules> {
    let origin = Origin { files: PackFiles::embedded(files), project: None, set: Vec::new() };
    let built = origin.build();
    built.program.map(|program| Rules { program, texts: built.sources, origin })
}

/// By step of a case; those of one pack are built once.
pub fn all_rules(case: &Case) -> Option<Vec<Arc<Rules>>> {
    let mut built: Vec<(Pack, Arc<Rules>)> = Vec::new();
    let packs = case.packs().into_iter();
    packs
        .map(|pack| {
            if let Some((_, rules)) = built.iter().find(|(known, _)| *known == pack) {
                return Some(Arc::clone(rules));
            }
            let rules = Arc::new(rules(&pack)?);
            built.push((pack, Arc::clone(&rules)));
            Some(rules)
        })
        .collect()
}

impl Shop {
    pub fn new(threads: usize) -> Self {
        // Nothing of it has to outlast the machine.
        let memory = Path::new("/dev/shm");
        let dir = if memory.is_dir() { tempfile::tempdir_in(memory) } else { tempfile::tempdir() };
        let dir = dir.expect("a temporary directory");
        let store = Connection::open(dir.path().join("shop.db")).expect("a store");
        store
            .execute_batch(
                "PRAGMA synchronous = OFF;
                 CREATE TABLE customers (id, joined);
                 CREATE TABLE orders (customer, day, amount);
                 CREATE TABLE visits (customer, day);",
            )
            .expect("tables");
        Self { dir, store, threads }
    }

    pub fn state_path(&self) -> PathBuf {
        self.dir.path().join("shop.tiers.db")
    }

    /// Makes the store hold these facts.
    pub fn hold(&self, facts: &Facts) {
        let id = |customer: &CustomerId| customer.to_string();
        self.store
            .execute_batch("BEGIN; DELETE FROM customers; DELETE FROM orders; DELETE FROM visits;")
            .expect("empty tables");
        for (customer, joined) in facts.customers.iter().filter(|_| facts.roster) {
            let joined = joined.map(|day| day.to_string());
            let sql = "INSERT INTO customers VALUES (?1, ?2)";
            self.store.execute(sql, params![id(customer), joined]).expect("a customer");
        }
        for (customer, day, cents) in &facts.rows {
            let (customer, day) = (id(customer), format!("{day} 21:30:00"));
            let inserted = match cents {
                Some(cents) => {
                    let amount = format!("{}.{:02}", cents / 100, cents % 100);
                    let sql = "INSERT INTO orders VALUES (?1, ?2, ?3)";
                    self.store.execute(sql, params![customer, day, amount])
                }
                None => {
                    let sql = "INSERT INTO visits VALUES (?1, ?2)";
                    self.store.execute(sql, params![customer, day])
                }
            };
            inserted.expect("a row");
        }
        self.store.execute_batch("COMMIT").expect("rows");
    }

    /// A pass as `evaluate` makes it.
    pub fn pass(&self, rules: &Rules, as_of: Date) -> (PassOutcome, Written) {
        let (outcome, state) = self.decide(rules, as_of);
        let path = self.state_path();
        let mut state = state.unwrap_or_else(|| State::create(&path).expect("a state"));
        let written = state.write_pass(rules, &outcome).expect("a stored pass");
        state.close().expect("one file");
        (outcome, written)
    }

    /// A pass that is not stored yet.
    pub fn decide(&self, rules: &Rules, as_of: Date) -> (PassOutcome, Option<State>) {
        let program = &rules.program;
        let state = State::open_existing(&self.state_path()).expect("a state");
        let facts = self.facts(program, state.as_ref(), as_of);
        let mut standings = standings(program, state.as_ref(), &facts.customers);
        let held = state.as_ref().map(|state| state.held_cutoffs(program, as_of).expect("cutoffs"));
        for (ladder, tiers) in changed_tiers(program, state.as_ref()) {
            standings.ladders[ladder].review_now = tiers;
        }
        let held = held.unwrap_or_default();
        (run(program, facts, &standings, &held, as_of, self.threads), state)
    }

    /// Something that is done by hand; `None` where it is refused.
    pub fn by_hand(
        &self,
        rules: &Rules,
        as_of: Date,
        customer: &CustomerId,
        ladder: usize,
        deed: Deed,
    ) -> Option<ByHand> {
        let program = &rules.program;
        let state = State::open_existing(&self.state_path()).expect("a state");
        let facts = self.facts(program, state.as_ref(), as_of);
        let standings = standings(program, state.as_ref(), &facts.customers);
        let held = state.as_ref().map(|state| state.held_cutoffs(program, as_of).expect("cutoffs"));
        let columns = standing_columns(program, &standings, as_of);
        let held = held.unwrap_or_default();
        let population = Population::build(program, facts, &columns, &held, as_of, self.threads);
        let mut wanted = vec![Vec::new(); program.ladders.len()];
        let everybody = 0..population.facts.customers.len();
        let slots: Vec<usize> = match deed {
            Deed::Extend { .. } => everybody.collect(),
            _ => vec![population.facts.slot(customer)?],
        };
        if let (Deed::Adopt { .. }, [slot]) = (deed, &slots[..]) {
            // Nothing says what a tier is that is taken over under a pin.
            let hold = standings.ladders[ladder].hold(*slot);
            if hold.is_some_and(|hold| hold.pins && hold.is_active(as_of)) {
                return None;
            }
        }
        let deed = real_deed(deed, as_of, program.ladders[ladder].tiers.len());
        let wants = slots.into_iter().map(|slot| Wanted {
            slot: slot as u32,
            deed,
            note: Note { by: None, reason: Some("a test".to_owned()) },
        });
        wanted[ladder].extend(wants);
        let done = do_by_hand(program, &population, &standings, wanted, self.threads).ok()?;
        if done.ladders.iter().any(|deeds| !deeds.events.is_empty()) {
            let path = self.state_path();
            let mut state = state.unwrap_or_else(|| State::create(&path).expect("a state"));
            state.write_by_hand(rules, &done).expect("a stored deed");
            state.close().expect("one file");
        }
        Some(done)
    }

    fn facts(&self, program: &Program, state: Option<&State>, as_of: Date) -> RealFacts {
        let since = state.map(|state| state.tier_since(program).expect("dates"));
        let options = ReadOptions {
            skip_bad_rows: false,
            threads: self.threads,
            query_time_limit: QUERY_TIME_LIMIT,
            tier_since: &|ladder, customer| since.as_ref()?.get(ladder, customer),
            progress: &|_, _| {},
            stop: Arc::default(),
        };
        let store = self.dir.path().join("shop.db");
        read_facts(program, &store, as_of, &options).expect("facts")
    }

    /// Everything that happened after event `seq`: number, date, event, customer, ladder, from, to.
    pub fn events(&self, seq: i64) -> Vec<StoredEvent> {
        if !self.state_path().exists() {
            return Vec::new();
        }
        let state = Connection::open(self.state_path()).expect("a state");
        let sql = "SELECT seq, as_of, event, customer, ladder, \"from\", \"to\" FROM tk_event
                   WHERE seq > ?1 ORDER BY seq";
        let mut statement = state.prepare(sql).expect("the view");
        let rows = statement.query_map([seq], |row| {
            Ok(StoredEvent {
                seq: row.get(0)?,
                as_of: row.get(1)?,
                event: row.get(2)?,
                customer: row.get(3)?,
                ladder: row.get(4)?,
                from: row.get(5)?,
                to: row.get(6)?,
            })
        });
        rows.expect("events").collect::<Result<_, _>>().expect("events")
    }

    /// Customer, ladder and tier of everybody for whom a standing is stored.
    pub fn stored_tiers(&self) -> Vec<((String, String), Option<String>)> {
        let state = Connection::open(self.state_path()).expect("a state");
        let sql = "SELECT CAST(standing.customer AS TEXT), ladder.name, tier.name
                   FROM tk_standing AS standing
                   JOIN tk_ladder AS ladder ON ladder.id = standing.ladder
                   LEFT JOIN tk_tier AS tier ON tier.id = standing.tier";
        let mut statement = state.prepare(sql).expect("the tables");
        let rows = statement.query_map([], |row| Ok(((row.get(0)?, row.get(1)?), row.get(2)?)));
        rows.expect("standings").collect::<Result<_, _>>().expect("standings")
    }

    /// Customer, ladder and review of every `tier.expiring`.
    pub fn expiring(&self) -> Vec<(String, i64, i64)> {
        let state = Connection::open(self.state_path()).expect("a state");
        let sql = "SELECT CAST(customer AS TEXT), ladder, review_on FROM tk_event_row
                   WHERE event = (SELECT id FROM tk_event_kind WHERE name = 'tier.expiring')";
        let mut statement = state.prepare(sql).expect("the tables");
        let rows = statement.query_map([], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)));
        rows.expect("events").collect::<Result<_, _>>().expect("events")
    }

    /// The standings of customers as they are stored.
    pub fn standings(&self, rules: &Rules, customers: &[CustomerId]) -> Standings {
        let state = State::open_existing(&self.state_path()).expect("a state");
        standings(&rules.program, state.as_ref(), customers)
    }

    /// All tables of the state, row by row, as text; those that are named are left out.
    pub fn dump(&self, without: &[&str]) -> Vec<String> {
        if !self.state_path().exists() {
            return Vec::new();
        }
        let state = Connection::open(self.state_path()).expect("a state");
        dump(&state, without)
    }

    /// A step of a case: a pass, or something done by hand.
    pub fn step(&self, case: &Case, rules: &[Arc<Rules>], step: usize) {
        self.hold(&case.facts(step));
        let as_of = case.dates()[step];
        match &case.steps[step].what {
            What::Pass(_) => {
                self.pass(&rules[step], as_of);
            }
            What::Deed { customer, ladder, deed } => {
                let customer = &case.customers[*customer].id;
                self.by_hand(&rules[step], as_of, customer, *ladder, *deed);
            }
        }
    }
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredEvent {
    pub seq: i64,
    pub as_of: String,
    pub event: String,
    pub customer: String,
    pub ladder: Option<String>,
    pub from: Option<String>,
    pub to: Option<String>,
}

pub fn dump(state: &Connection, without: &[&str]) -> Vec<String> {
    let sql = "SELECT name FROM sqlite_schema WHERE type = 'table' ORDER BY name";
    let mut names = state.prepare(sql).expect("the tables");
    let names = names.query_map([], |row| row.get::<_, String>(0)).expect("names");
    let names = names.collect::<Result<Vec<_>, _>>().expect("names");
    let mut lines = Vec::new();
    for name in names.iter().filter(|name| !without.contains(&name.as_str())) {
        let mut statement = state.prepare(&format!("SELECT * FROM {name}")).expect("a table");
        let columns = statement.column_count();
        let mut rows = statement.query([]).expect("rows");
        let mut of_table = Vec::new();
        while let Some(row) = rows.next().expect("a row") {
            let cells = (0..columns).map(|column| format!("{:?}", row.get_ref(column)));
            of_table.push(format!("{name}: {}", cells.collect::<Vec<_>>().join(" ")));
        }
        of_table.sort();
        lines.append(&mut of_table);
    }
    lines
}

fn standings(program: &Program, state: Option<&State>, customers: &[CustomerId]) -> Standings {
    match state {
        Some(state) => state.standings(program, customers).expect("standings"),
        None => {
            let (ladders, alerts) = (program.ladders.len(), program.alerts.len());
            Standings::empty(customers.len(), ladders, alerts)
        }
    }
}

/// As `evaluate` finds them, for the ladders that want it.
fn changed_tiers(program: &Program, state: Option<&State>) -> Vec<(usize, Vec<bool>)> {
    let last = state.and_then(|state| state.last_pass().expect("a pass"));
    let Some(last) = last.filter(|last| last.program != program.generation()) else {
        return Vec::new();
    };
    let origin = state.and_then(|state| state.origin(&last.program).expect("a pack"));
    let before = origin.and_then(|origin| origin.build().program).expect("a program that decided");
    let ladders = program.ladders.iter().enumerate();
    let wanting = ladders.filter(|(_, ladder)| ladder.on_change == OnChange::ReviewNow);
    wanting.map(|(id, _)| (id, program.changed_tiers(&before, id))).collect()
}

fn real_deed(deed: Deed, as_of: Date, tiers: usize) -> RealDeed {
    let hold = |tier: usize, pins, days: Option<i32>| {
        let until = days.map(|days| days_after(as_of, days));
        RealDeed::Hold(Hold { tier: Some(tier % tiers), pins, until })
    };
    match deed {
        Deed::Pin { tier, days } => hold(tier, true, days),
        Deed::Floor { tier, days } => hold(tier, false, days),
        Deed::Release => RealDeed::Release,
        Deed::Adopt { tier, since, review_on } => RealDeed::Adopt {
            tier: tier % tiers,
            since: days_after(as_of, -since),
            review_on: review_on.map(|days| days_after(as_of, days)),
        },
        Deed::Extend { days } => RealDeed::Extend(days_after(as_of, days)),
    }
}
