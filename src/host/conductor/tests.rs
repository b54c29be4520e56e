//! A conductor by hand: with a clock of the test's own, one look after the other.

mod touched;

use std::fs;
use std::sync::Mutex;

use jiff::ToSpan;
use rusqlite::Connection;
use tempfile::TempDir;

use super::*;
use crate::host::Outcome;
use crate::lifecycle::{Deed, Hold};
use crate::metrics::population::Population;
use crate::pass::{Note, Wanted, do_by_hand, standing_columns};
use crate::store::{CustomerId, Decision, Owner, read_facts};

const PACK: &str = "pack: club
version: 1.0.0
title: Club
requires: '>=0.1'
settings: { currency: EUR, timezone: UTC }
sources:
  orders: { table: orders, customer: customer_id, at: at, columns: { amount: money } }
metrics:
  spend: { sum: orders.amount, within: 12 months }
ladders:
  club:
    tiers:
      vip: { enter: spend >= 1000 }
      gold: { enter: spend >= 100 }
";

/// A clock that stands still until it is moved.
#[derive(Debug)]
struct Hands(Mutex<Timestamp>);

impl Clock for Hands {
    fn now(&self) -> Timestamp {
        *self.0.lock().expect("a clock")
    }
}

struct Shop {
    directory: TempDir,
    clock: Arc<Hands>,
    board: Arc<Board>,
}

impl Shop {
    fn new(now: &str) -> Self {
        let directory = tempfile::tempdir().expect("a directory");
        let shop = Self {
            clock: Arc::new(Hands(Mutex::new(now.parse().expect("a time")))),
            board: Arc::new(Board::new(directory.path().join("state.db"), Status::default())),
            directory,
        };
        fs::create_dir(shop.path("pack")).expect("a directory");
        shop.save(PACK);
        shop.project("");
        shop.store()
            .execute_batch(
                "CREATE TABLE orders (customer_id, at, amount);
                 CREATE INDEX by_customer ON orders (customer_id);
                 INSERT INTO orders VALUES (1, '2026-02-01', 1500), (2, '2026-02-01', 150)",
            )
            .expect("rows");
        shop
    }

    fn path(&self, name: &str) -> PathBuf {
        self.directory.path().join(name)
    }

    fn store(&self) -> Connection {
        Connection::open(self.path("shop.db")).expect("a store")
    }

    fn save(&self, pack: &str) {
        fs::write(self.path("pack/pack.yaml"), pack).expect("written");
    }

    fn project(&self, text: &str) {
        fs::write(self.path("tierkeeper.yaml"), format!("pack: pack\n{text}")).expect("written");
    }

    fn set_clock(&self, now: &str) {
        *self.clock.0.lock().expect("a clock") = now.parse().expect("a time");
    }

    fn start(&self) -> Conductor {
        let settings = Settings {
            inputs: Inputs {
                pack: self.path("pack"),
                config: Some(self.path("tierkeeper.yaml")),
                set: Vec::new(),
                store: Some(self.path("shop.db")),
            },
            store: self.path("shop.db"),
            state: self.path("state.db"),
            as_of: None,
            skip_bad_rows: false,
            threads: 1,
        };
        let owner = Owner { command: "test".to_owned(), pid: 1, since: Timestamp::UNIX_EPOCH };
        let lock = StateLock::acquire(&settings.state, &owner).expect("nobody has it");
        let (board, clock) = (self.board.clone(), self.clock.clone());
        Conductor::start(settings, board, clock, Arc::default(), lock).expect("it begins")
    }

    fn tier(&self, customer: i64) -> String {
        let answers = self.board.answers().expect("a pass was made");
        let customer = answers.customer(&CustomerId::Int(customer), None).expect("a customer");
        customer["ladders"]["club"]["tier"].as_str().unwrap_or("-").to_owned()
    }

    fn last_as_of(&self) -> String {
        self.board.status().last_pass.as_ref().expect("a pass").as_of.to_string()
    }

    /// Makes customer 2 a VIP, as `tierkeeper hold` does beside a host.
    fn hold(&self, conductor: &Conductor) {
        let rules = conductor.live.rules.clone();
        let program = &rules.program;
        let mut state =
            State::open_existing(&self.path("state.db")).expect("opens").expect("there");
        let as_of = conductor.as_of();
        let options = conductor.read_options(&|_, _| None);
        let facts = read_facts(program, &self.path("shop.db"), as_of, &options).expect("facts");
        let standings = state.standings(program, &facts.customers).expect("standings");
        let columns = standing_columns(program, &standings, as_of);
        let population = Population::build(program, facts, &columns, &[], as_of, 1);
        let hold = Hold { tier: Some(0), pins: true, until: None };
        let note = Note { by: None, reason: Some("a friend".to_owned()) };
        let wanted = vec![vec![Wanted { slot: 1, deed: Deed::Hold(hold), note }]];
        let done = do_by_hand(program, &population, &standings, wanted, 1).expect("it is done");
        state.write_by_hand(&rules, &done).expect("stored");
        state.close().expect("closed");
    }
}

#[test]
fn what_is_done_by_hand_while_rules_are_weighed_is_not_missed() {
    let shop = Shop::new("2026-03-21T12:00:00Z");
    // Any demotion has to wait.
    shop.project("guard: { max_demoted: 0 }\n");
    let mut conductor = shop.start();
    conductor.look();
    assert_eq!((shop.tier(1), shop.tier(2)), ("vip".to_owned(), "gold".to_owned()));
    shop.save(&PACK.replace("spend >= 1000", "spend >= 2000"));
    shop.hold(&conductor);
    // Weighing takes note of the state; the look after it still finds who was touched.
    assert_eq!(conductor.reload(true).outcome, Outcome::Waiting);
    conductor.look();
    assert_eq!(shop.tier(2), "vip");
    let pass = shop.board.status().last_pass.clone().expect("a pass");
    assert_eq!((pass.kind.name(), pass.customers), ("touched", 1));
}

#[test]
fn a_rejection_is_known_where_the_state_has_to_be_opened_first() {
    let shop = Shop::new("2026-03-21T12:00:00Z");
    shop.project("guard: { max_demoted: 0 }\n");
    let mut conductor = shop.start();
    conductor.look();
    let live = conductor.live.generation.clone();
    shop.save(&PACK.replace("spend >= 1000", "spend >= 2000"));
    assert_eq!(conductor.reload(true).outcome, Outcome::Waiting);
    let waiting = conductor.waiting.clone().expect("it waits").generation;
    conductor.decide(&waiting, Decision::Rejected, "Ada").expect("rejected");
    // As after a fault of the state; and nothing guards any more.
    conductor.state = None;
    shop.project("guard: off\n");
    assert_eq!(conductor.reload(true).outcome, Outcome::Rejected);
    assert_eq!(conductor.live.generation, live);
    // A person may think again.
    conductor.decide(&waiting, Decision::Approved, "Ada").expect("approved");
    assert_eq!((conductor.live.generation, shop.tier(1)), (waiting, "vip".to_owned()));
}

#[test]
fn a_clock_that_is_set_back_changes_no_date() {
    let shop = Shop::new("2026-03-21T12:00:00Z");
    let mut conductor = shop.start();
    conductor.look();
    shop.set_clock("2026-03-20T12:00:00Z");
    shop.store().execute("INSERT INTO orders VALUES (2, '2026-02-02', 900)", []).expect("a row");
    conductor.look();
    assert_eq!((shop.tier(2), shop.last_as_of()), ("vip".to_owned(), "2026-03-21".to_owned()));
    assert_eq!(shop.board.status().trouble, None);
    drop(conductor);
    // A restart remembers the date.
    let mut conductor = shop.start();
    conductor.look();
    assert_eq!((shop.tier(2), shop.last_as_of()), ("vip".to_owned(), "2026-03-21".to_owned()));
}

#[test]
fn the_first_new_fact_of_a_date_decides_everybody() {
    let shop = Shop::new("2026-03-21T12:00:00Z");
    let mut conductor = shop.start();
    conductor.look();
    // A minute after midnight nothing is due until 03:00.
    shop.set_clock("2026-03-22T00:01:00Z");
    conductor.look();
    assert_eq!(shop.last_as_of(), "2026-03-21");
    shop.store().execute("INSERT INTO orders VALUES (3, '2026-03-22', 100)", []).expect("a row");
    conductor.look();
    assert_eq!((shop.last_as_of(), shop.tier(3)), ("2026-03-22".to_owned(), "gold".to_owned()));
    assert_eq!(shop.board.status().last_pass.as_ref().map(|it| it.kind.name()), Some("full"));
}

#[test]
fn a_scheduled_pass_is_made_once_and_not_put_off_by_a_reload() {
    let shop = Shop::new("2026-03-21T12:00:00Z");
    let mut conductor = shop.start();
    conductor.look();
    let full = |shop: &Shop| shop.board.status().counts.full_passes;
    assert_eq!(full(&shop), 1);
    // The time has come, and the files are looked at before the pass.
    shop.set_clock("2026-03-22T03:00:01Z");
    shop.save(&format!("{PACK}# a remark\n"));
    assert_eq!(conductor.reload(false).outcome, Outcome::Unchanged);
    conductor.look();
    assert_eq!((full(&shop), shop.last_as_of()), (2, "2026-03-22".to_owned()));
    conductor.look();
    assert_eq!(full(&shop), 2);
    // Days without anybody there are caught up once.
    shop.set_clock("2026-03-29T09:00:00Z");
    conductor.look();
    conductor.look();
    assert_eq!((full(&shop), shop.last_as_of()), (3, "2026-03-29".to_owned()));
    let next = conductor.due.checked_sub(18.hours()).expect("a time");
    assert_eq!(next.to_string(), "2026-03-29T09:00:00Z");
}

#[test]
fn rules_that_were_weighed_before_midnight_decide_for_that_date() {
    let shop = Shop::new("2026-03-21T23:59:59Z");
    let mut conductor = shop.start();
    conductor.look();
    shop.save(&PACK.replace("spend >= 100 }", "spend >= 50 }"));
    let loaded = reload_of(&conductor);
    let (_, beginning) = conductor.impact_of(&loaded).expect("it can be told");
    shop.set_clock("2026-03-22T00:00:01Z");
    conductor.go_live(loaded, Some(beginning)).expect("it goes live");
    assert_eq!(shop.last_as_of(), "2026-03-21");
    assert_eq!(shop.board.answers().map(|it| it.as_of.to_string()).as_deref(), Some("2026-03-21"));
}

fn reload_of(conductor: &Conductor) -> Candidate {
    let loaded = crate::host::reload::load(&conductor.settings.inputs).expect("it is read");
    Candidate::of(loaded.built, loaded.origin, loaded.files).expect("a sound pack")
}

#[test]
fn a_state_that_cannot_be_written_keeps_the_answers_and_is_tried_again() {
    let shop = Shop::new("2026-03-21T12:00:00Z");
    let mut conductor = shop.start();
    conductor.look();
    // Somebody else has it.
    let other = Connection::open(shop.path("state.db")).expect("opens");
    other.execute_batch("BEGIN IMMEDIATE").expect("locked");
    shop.store().execute("INSERT INTO orders VALUES (2, '2026-02-02', 900)", []).expect("a row");
    conductor.look();
    assert_eq!(shop.tier(2), "gold");
    let trouble = shop.board.status().trouble.clone().expect("it is told");
    assert!(trouble.contains("locked"), "{trouble}");
    other.execute_batch("ROLLBACK").expect("free");
    drop(other);
    std::thread::sleep(Duration::from_millis(1100));
    conductor.look();
    assert_eq!((shop.tier(2), shop.board.status().trouble.clone()), ("vip".to_owned(), None));
}

#[test]
fn another_store_in_its_place_is_read_as_a_whole() {
    let shop = Shop::new("2026-03-21T12:00:00Z");
    let mut conductor = shop.start();
    conductor.look();
    let other = Connection::open(shop.path("other.db")).expect("made");
    other
        .execute_batch(
            "CREATE TABLE orders (customer_id, at, amount);
             INSERT INTO orders VALUES (2, '2026-02-01', 2000)",
        )
        .expect("rows");
    drop(other);
    fs::rename(shop.path("other.db"), shop.path("shop.db")).expect("replaced");
    conductor.look();
    assert_eq!(shop.tier(2), "vip");
    let answers = shop.board.answers().expect("answers");
    assert!(answers.find(&CustomerId::Int(1)).is_none(), "1 is no customer there");
}
