//! A process that ends in the middle of writing: the state is the old one or the new one, never
//! between, and the next command goes on from there.
//!
//! Twice: at every write of the log, as files that such an end leaves behind; and for real, by
//! killing the program.

#[allow(dead_code, reason = "each test file uses a part of it")]
#[path = "shop/mod.rs"]
mod shop;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::time::{Duration, Instant};

use jiff::civil::{Date, date};
use rusqlite::Connection;
use shop::Shop;
use tempfile::TempDir;
use tierkeeper::build::{Origin, Rules};
use tierkeeper::lifecycle::{Deed, Hold};
use tierkeeper::metrics::population::Population;
use tierkeeper::pack::PackFiles;
use tierkeeper::pass::{Note, Wanted, do_by_hand, run, standing_columns};
use tierkeeper::store::{QUERY_TIME_LIMIT, ReadOptions, State, read_facts};

const STATE: &str = "shop.tiers.db";
const BEFORE: Date = date(2026, 3, 1);
const THEN: Date = date(2026, 3, 2);

/// The header of a log, and a page in it with its own header.
const LOG_HEADER: usize = 32;
const LOG_PAGE: usize = 4096 + 24;
const PAGE: usize = 4096;

/// Customers with an order each: some for every tier.
fn bring(shop: &Shop, customers: std::ops::Range<u32>) {
    let store = Connection::open(shop.path().join("shop.db")).unwrap();
    store
        .execute_batch(&format!(
            "CREATE TABLE IF NOT EXISTS orders (customer_id, placed_at, amount, channel);
             WITH RECURSIVE n (i) AS
                 (SELECT {} UNION ALL SELECT i + 1 FROM n WHERE i < {})
             INSERT INTO orders SELECT i, '2026-02-20', 300 + i % 10 * 100, 'web' FROM n",
            customers.start,
            customers.end - 1
        ))
        .unwrap();
}

/// Everything that a state holds, row by row.
fn content(path: &Path) -> Vec<String> {
    let state = Connection::open(path).unwrap();
    let checked: String = state.query_row("PRAGMA integrity_check", [], |row| row.get(0)).unwrap();
    assert_eq!(checked, "ok");
    let sql = "SELECT name FROM sqlite_schema WHERE type = 'table' ORDER BY name";
    let mut names = state.prepare(sql).unwrap();
    let names: Vec<String> =
        names.query_map([], |row| row.get(0)).unwrap().map(Result::unwrap).collect();
    let mut lines = Vec::new();
    for name in names {
        let mut statement = state.prepare(&format!("SELECT * FROM {name}")).unwrap();
        let columns = statement.column_count();
        let mut rows = statement.query([]).unwrap();
        while let Some(row) = rows.next().unwrap() {
            let cells = (0..columns).map(|column| format!("{:?}", row.get_ref(column).unwrap()));
            lines.push(format!("{name}: {}", cells.collect::<Vec<_>>().join(" ")));
        }
    }
    lines.sort();
    lines
}

fn is_one_file(path: &Path) -> bool {
    ["-wal", "-shm", "-journal"].iter().all(|end| !beside(path, end).exists())
}

fn beside(path: &Path, end: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(end);
    name.into()
}

/// What is written at once, by the library.
#[derive(Debug, Clone, Copy)]
enum Writing {
    Pass,
    Holds,
    Extension,
}

/// Writes into a state, and calls `written` when it is in the log and the log is still there.
fn write(shop: &Shop, state: &Path, writing: Writing, written: impl FnOnce()) {
    let files = PackFiles::read(&shop.path().join("rules/tiny")).unwrap();
    let origin = Origin { files, project: None, set: Vec::new() };
    let built = origin.build();
    let rules = Rules { program: built.program.unwrap(), texts: built.sources, origin };
    let program = &rules.program;
    let mut state = State::open_existing(state).unwrap().unwrap();
    let options = ReadOptions {
        skip_bad_rows: false,
        threads: 1,
        query_time_limit: QUERY_TIME_LIMIT,
        tier_since: &|_, _| None,
        progress: &|_, _| {},
        stop: Arc::default(),
    };
    let facts = read_facts(program, &shop.path().join("shop.db"), THEN, &options).unwrap();
    let standings = state.standings(program, &facts.customers).unwrap();
    let deed = match writing {
        Writing::Pass => {
            let outcome = run(program, facts, &standings, &[], THEN, 1);
            state.write_pass(&rules, &outcome).unwrap();
            written();
            return state.close().unwrap();
        }
        Writing::Holds => Deed::Hold(Hold { tier: Some(1), pins: true, until: None }),
        Writing::Extension => Deed::Extend(date(2028, 1, 1)),
    };
    let wanted = (0..facts.customers.len() as u32).map(|slot| Wanted {
        slot,
        deed,
        note: Note { by: None, reason: Some("a test".to_owned()) },
    });
    let wanted = vec![wanted.collect()];
    let columns = standing_columns(program, &standings, THEN);
    let population = Population::build(program, facts, &columns, &[], THEN, 1);
    let done = do_by_hand(program, &population, &standings, wanted, 1).unwrap();
    state.write_by_hand(&rules, &done).unwrap();
    written();
    state.close().unwrap();
}

/// Files that a process leaves behind.
struct Left {
    dir: TempDir,
}

impl Left {
    fn new(state: &[u8], log: &[u8]) -> Self {
        let dir = tempfile::tempdir().unwrap();
        fs::write(dir.path().join(STATE), state).unwrap();
        fs::write(dir.path().join(format!("{STATE}-wal")), log).unwrap();
        Self { dir }
    }

    fn path(&self) -> PathBuf {
        self.dir.path().join(STATE)
    }

    /// What it holds once it was opened and closed.
    fn content(&self) -> Vec<String> {
        State::open_existing(&self.path()).unwrap().unwrap().close().unwrap();
        assert!(is_one_file(&self.path()));
        content(&self.path())
    }
}

#[test]
fn whatever_was_written_of_the_log_is_the_old_state_or_the_new_one() {
    let shop = Shop::new();
    bring(&shop, 0..500);
    shop.run(["evaluate", "--as-of", &BEFORE.to_string()]).assert().success();
    bring(&shop, 300..800);
    let path = shop.path().join(STATE);
    let old_bytes = fs::read(&path).unwrap();
    let old = content(&path);
    for writing in [Writing::Pass, Writing::Holds, Writing::Extension] {
        fs::write(&path, &old_bytes).unwrap();
        let (mut state, mut log) = (Vec::new(), Vec::new());
        write(&shop, &path, writing, || {
            state = fs::read(&path).unwrap();
            log = fs::read(beside(&path, "-wal")).unwrap();
        });
        let new_bytes = fs::read(&path).unwrap();
        let new = content(&path);
        assert!(old != new);
        let pages = (log.len() - LOG_HEADER) / LOG_PAGE;
        assert!(pages > 8, "{writing:?} writes {pages} pages");
        // Nothing yet, then after each page, some of them torn.
        let mut lengths = vec![0, LOG_HEADER / 2, LOG_HEADER];
        for page in (1..=pages).filter(|page| page % 3 == 0 || page + 3 > pages) {
            let end = LOG_HEADER + page * LOG_PAGE;
            lengths.extend([end - 1000 - page, end]);
        }
        for length in lengths {
            let left = Left::new(&state, &log[..length]);
            let whole = length == log.len();
            let expected = if whole { &new } else { &old };
            assert!(left.content() == *expected, "{writing:?}, {length} bytes of the log");
            if !whole && length % 5 == 0 {
                write(&shop, &left.path(), writing, || {});
                assert!(content(&left.path()) == new, "{writing:?} after {length} bytes");
            }
        }
        // The log is whole, and some of its pages are in their places.
        for pages in (1..new_bytes.len() / PAGE).step_by(7) {
            let mut moving = state.clone();
            moving.resize(moving.len().max((pages + 1) * PAGE), 0);
            // The first page says last that there is no log any more.
            let moved = PAGE..(pages + 1) * PAGE;
            moving[moved.clone()].copy_from_slice(&new_bytes[moved]);
            let left = Left::new(&moving, &log);
            assert!(left.content() == new, "{writing:?}, {pages} pages moved");
        }
    }
}

/// When a program is killed.
#[derive(Debug, Clone, Copy)]
enum Moment {
    /// So many thousandths of the time that it takes.
    After(u32),
    /// Once the log has so many thousandths of its size.
    Log(u64),
    /// Once the log is there and the state has grown by a thousandth of what it grows by.
    State(u64),
}

/// A command, and the states before and after it.
struct Scenario<'a> {
    shop: &'a Shop,
    arguments: Vec<&'static str>,
    old_bytes: Option<Vec<u8>>,
    old: Vec<String>,
    new: Vec<String>,
    /// After the pass that follows.
    next: Vec<String>,
    takes: Duration,
    log_size: u64,
    new_size: u64,
}

impl<'a> Scenario<'a> {
    /// Runs the command without being disturbed, and the pass after it.
    fn new(shop: &'a Shop, arguments: &[&'static str], old_bytes: Option<Vec<u8>>) -> Self {
        let mut scenario = Self {
            shop,
            arguments: arguments.to_vec(),
            old_bytes,
            old: Vec::new(),
            new: Vec::new(),
            next: Vec::new(),
            takes: Duration::ZERO,
            log_size: 0,
            new_size: 0,
        };
        // The log lives for a moment only: whoever looks may miss it.
        for _ in 0..10 {
            scenario.begin();
            scenario.old = scenario.content();
            let began = Instant::now();
            let mut child = scenario.spawn();
            while child.try_wait().unwrap().is_none() {
                scenario.log_size = scenario.log_size.max(scenario.log().unwrap_or(0));
            }
            scenario.takes = began.elapsed();
            if scenario.log_size > LOG_HEADER as u64 {
                break;
            }
        }
        scenario.new_size = size(&scenario.state());
        scenario.new = scenario.content();
        scenario.pass_after();
        scenario.next = scenario.content();
        assert!(scenario.old != scenario.new && scenario.new != scenario.next);
        scenario
    }

    fn state(&self) -> PathBuf {
        self.shop.path().join(STATE)
    }

    /// The size of the log, of new pages or of old ones; `None`: there is none.
    fn log(&self) -> Option<u64> {
        let logs = ["-wal", "-journal"].map(|end| fs::metadata(beside(&self.state(), end)));
        logs.into_iter().filter_map(Result::ok).map(|log| log.len()).max()
    }

    fn begin(&self) {
        for end in ["", "-wal", "-shm", "-journal"] {
            let _ = fs::remove_file(beside(&self.state(), end));
        }
        if let Some(bytes) = &self.old_bytes {
            fs::write(self.state(), bytes).unwrap();
        }
    }

    fn spawn(&self) -> Child {
        Command::new(assert_cmd::cargo::cargo_bin("tierkeeper"))
            .current_dir(self.shop.path())
            .env_remove("TIERKEEPER_AS_OF")
            .args(&self.arguments)
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap()
    }

    fn pass_after(&self) {
        self.shop.run(["evaluate", "--as-of", "2026-03-10"]).assert().success();
    }

    /// Of the state as it lies there, without touching it; a state in which nothing was ever
    /// stored is none.
    fn content(&self) -> Vec<String> {
        let dir = tempfile::tempdir().unwrap();
        for end in ["", "-wal", "-journal"] {
            let to = dir.path().join(format!("{STATE}{end}"));
            let _ = fs::copy(beside(&self.state(), end), to);
        }
        let mut lines = content(&dir.path().join(STATE));
        lines.retain(|line| !line.starts_with("tk_event_kind"));
        lines
    }

    /// Runs it and kills it; whether it was still running.
    fn kill(&self, moment: Moment) -> bool {
        let mut child = self.spawn();
        let began = Instant::now();
        let old_size = self.old_bytes.as_ref().map_or(0, |bytes| bytes.len() as u64);
        let grows = self.new_size.saturating_sub(old_size);
        let has_come = || match moment {
            Moment::After(thousandths) => began.elapsed() >= self.takes * thousandths / 1000,
            Moment::Log(thousandths) => {
                self.log().is_some_and(|log| log >= self.log_size * thousandths / 1000)
            }
            Moment::State(thousandths) => {
                size(&self.state()) > old_size + grows * thousandths / 1000 && self.log().is_some()
            }
        };
        while !has_come() && child.try_wait().unwrap().is_none() {}
        let running = child.try_wait().unwrap().is_none();
        let _ = child.kill();
        child.wait().unwrap();
        running
    }

    /// One of them killed at a moment, and what follows. Whether it was killed, and whether the
    /// new state was there.
    fn round(&self, moment: Moment, goes_on: bool) -> (bool, bool) {
        self.begin();
        let killed = self.kill(moment);
        let found = self.content();
        let is_new = found == self.new;
        assert!(is_new || found == self.old, "{:?}: {moment:?}: a state between", self.arguments);
        if is_new {
            self.shop.run(["list", "--limit", "1"]).assert().success();
        } else {
            let mut again = shop::tierkeeper();
            again.current_dir(self.shop.path()).args(&self.arguments).assert().success();
        }
        assert!(is_one_file(&self.state()), "{:?}: {moment:?}", self.arguments);
        if goes_on {
            assert!(self.content() == self.new, "{:?}: {moment:?}: not the same", self.arguments);
            self.pass_after();
            assert!(self.content() == self.next, "{:?}: {moment:?}: then", self.arguments);
            assert!(is_one_file(&self.state()));
        }
        (killed, is_new)
    }
}

fn size(path: &Path) -> u64 {
    fs::metadata(path).map_or(0, |metadata| metadata.len())
}

#[cfg(unix)]
#[test]
fn whenever_it_is_killed_the_state_is_the_old_one_or_the_new_one() {
    let shop = Shop::new();
    bring(&shop, 0..1000);
    shop.run(["evaluate", "--as-of", "2026-03-01"]).assert().success();
    let old = fs::read(shop.path().join(STATE)).unwrap();
    bring(&shop, 500..1600);
    let holds = (0..1600).map(|customer| format!("{customer},club.gold\n"));
    shop.write("holds.csv", format!("customer,tier\n{}", holds.collect::<String>()));
    let adopted = (0..1600).map(|customer| format!("{customer},club,vip,2026-01-01\n"));
    let head = "customer,ladder,tier,since\n";
    shop.write("adopted.csv", format!("{head}{}", adopted.collect::<String>()));
    let dated = ["--as-of", "2026-03-02"];
    let evaluate = [&["evaluate"], &dated[..]].concat();
    let hold = [&["hold", "--from", "holds.csv", "--reason", "test"], &dated[..]].concat();
    let adopt = [&["adopt", "adopted.csv", "--replace"], &dated[..]].concat();
    let extend = [&["extend", "--until", "2028-01-01", "--reason", "test"], &dated[..]].concat();
    let scenarios = [
        (evaluate.clone(), Some(old.clone()), 16_u32),
        (evaluate, None, 10),
        (hold, Some(old.clone()), 10),
        (adopt, Some(old.clone()), 10),
        (extend, Some(old), 10),
    ];
    let (mut rounds, mut killed, mut new) = (0, 0, 0);
    for (arguments, old, count) in scenarios {
        let scenario = Scenario::new(&shop, &arguments, old);
        for round in 0..count {
            // Of four moments one by the clock, two while the log grows, one while the state does.
            let part = (round / 4 * 1000 + 500) / count.div_ceil(4);
            let moment = match round % 4 {
                0 => Moment::After(part),
                1 => Moment::Log(u64::from(part)),
                2 => Moment::Log(u64::from(1000 - part / 8)),
                _ => Moment::State(u64::from(part)),
            };
            let (was_killed, is_new) = scenario.round(moment, round % 3 == 0);
            rounds += 1;
            killed += u32::from(was_killed);
            new += u32::from(is_new);
        }
    }
    assert!(rounds >= 50 && killed * 2 > rounds, "{killed} of {rounds} were killed");
    assert!(0 < new && new < rounds, "{new} of {rounds} times the new state");
}
