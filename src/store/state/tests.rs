//! Passes in a state database: stored once, read back, and never half.

mod some;

use std::fs;
use std::path::PathBuf;

use jiff::civil::{Date, date};

use super::*;
use crate::pass::fixture::{facts, rules, tiers};
use crate::pass::run;
use crate::store::Facts;

const AS_OF: Date = date(2026, 6, 15);

const PACK: &str = "
ladders:
  club:
    tiers:
      vip: { enter: spend >= 1000, review: { fixed: 10 months } }
      gold: { enter: 'spend / orders_made >= 10' }
alerts:
  absent: { when: days_away > 30, every: 14 days, message: Call them }
";

const ROWS: [(i64, i64, i64); 4] = [(1000, 9, 1), (500, 1, 40), (0, 1, 1), (1000, 1, 1)];

struct Place {
    _directory: tempfile::TempDir,
    path: PathBuf,
}

fn place() -> Place {
    let directory = tempfile::tempdir().expect("a directory");
    let path = directory.path().join("shop.tiers.db");
    Place { _directory: directory, path }
}

/// Customers -5, 7, `05` and `a`: integers and texts.
fn shop_facts(program: &Program, rows: &[(i64, i64, i64)]) -> Facts {
    let mut facts = facts(program, rows);
    let ids = ["-5", "7", "05", "a"].map(CustomerId::parse);
    facts.customers = ids.into_iter().take(rows.len()).collect();
    facts
}

/// One pass, from the database and into it.
fn pass(
    path: &Path,
    rules: &Rules,
    rows: &[(i64, i64, i64)],
    as_of: Date,
) -> (PassOutcome, Written) {
    let program = &rules.program;
    let mut state = State::open_or_create(path).expect("opens");
    let facts = shop_facts(program, rows);
    let standings = state.standings(program, &facts.customers).expect("loads");
    let outcome = run(program, facts, &standings, &[], as_of, 1);
    let written = state.write_pass(rules, &outcome).expect("writes");
    state.close().expect("closes");
    (outcome, written)
}

fn events(path: &Path) -> Vec<String> {
    let connection = Connection::open(path).expect("opens");
    let mut statement = connection
        .prepare("SELECT seq, id, as_of, event, customer, ladder, \"from\", \"to\", because FROM tk_event ORDER BY seq")
        .expect("the view");
    let text = |row: &rusqlite::Row<'_>, column| {
        row.get::<_, Option<String>>(column).map(|text| text.unwrap_or_else(|| "-".to_owned()))
    };
    let rows = statement.query_map([], |row| {
        let moved = [text(row, 3)?, text(row, 4)?, text(row, 6)?, text(row, 7)?];
        Ok(format!("{} {} {}", text(row, 2)?, text(row, 5)?, moved.join(" ")))
    });
    rows.expect("rows").collect::<Result<_, _>>().expect("texts")
}

#[test]
fn a_pass_is_stored_and_read_back() {
    let (place, rules) = (place(), rules("", "", PACK));
    let (outcome, written) = pass(&place.path, &rules, &ROWS, AS_OF);
    assert_eq!(tiers(&rules.program, &outcome), ["vip", "gold", "-", "vip"]);
    assert_eq!(written, Written { standings: 3, events: 4, alerts: 1, segments: 0 });
    let state = State::open_existing(&place.path).expect("opens").expect("is there");
    let customers = &outcome.population.facts.customers;
    assert_eq!(state.standings(&rules.program, customers).expect("loads"), outcome.after.standings);
    let last = StoredPass { as_of: AS_OF, program: rules.program.generation() };
    assert_eq!(state.last_pass().expect("reads"), Some(last));
    assert_eq!(
        events(&place.path),
        [
            "2026-06-15 club tier.entered -5 - vip",
            "2026-06-15 club tier.entered 7 - gold",
            "2026-06-15 club tier.entered a - vip",
            "2026-06-15 - alert.raised 7 - absent",
        ]
    );
    // Standings find their customers when others come between and some are missing.
    let others = ["-6", "-5", "8", "a", "b"].map(CustomerId::parse);
    let standings = state.standings(&rules.program, &others).expect("loads");
    let held: Vec<_> = (0..5).map(|slot| standings.get(0, slot).tier).collect();
    assert_eq!(held, [None, Some(0), None, Some(0), None]);
}

#[test]
fn the_same_pass_again_leaves_every_byte() {
    let (place, rules) = (place(), rules("", "", PACK));
    // A fault is there too: 500 / 0.
    let rows = [(1000, 9, 1), (500, 0, 40), (0, 1, 1)];
    let (first, written) = pass(&place.path, &rules, &rows, AS_OF);
    assert_eq!(first.decision_faults(), 1);
    // Somebody entered, a fault, and an alert.
    assert_eq!(written.events, 3);
    let before = fs::read(&place.path).expect("a file");
    let (again, written) = pass(&place.path, &rules, &rows, AS_OF);
    assert_eq!(again.decision_faults(), 1);
    assert_eq!(written, Written::default());
    assert!(fs::read(&place.path).expect("a file") == before);
}

#[test]
fn after_closing_it_is_one_file() {
    let (place, rules) = (place(), rules("", "", PACK));
    pass(&place.path, &rules, &ROWS, AS_OF);
    drop(State::open_existing(&place.path).expect("opens"));
    let directory = place.path.parent().expect("a directory");
    let names: Vec<_> = fs::read_dir(directory)
        .expect("reads")
        .map(|entry| entry.expect("an entry").file_name())
        .collect();
    assert_eq!(names, ["shop.tiers.db"]);
}

#[test]
fn readers_are_not_disturbed_while_it_is_written() {
    let (place, rules) = (place(), rules("", "", PACK));
    let (outcome, _) = pass(&place.path, &rules, &ROWS, AS_OF);
    let mut state = State::open_or_create(&place.path).expect("opens");
    let journal = |state: &State| -> String {
        let mode = state.connection().pragma_query_value(None, "journal_mode", |row| row.get(0));
        mode.expect("a mode")
    };
    assert_eq!(journal(&state), "delete");
    let mut later = outcome;
    later.population.as_of = date(2026, 6, 16);
    state.write_pass(&rules, &later).expect("writes");
    assert_eq!(journal(&state), "wal");
    state.close().expect("closes");
    let state = State::open_existing(&place.path).expect("opens").expect("is there");
    assert_eq!(journal(&state), "delete");
}

#[test]
fn a_pass_that_was_overtaken_writes_nothing() {
    let (place, rules) = (place(), rules("", "", PACK));
    let mut slow = State::open_or_create(&place.path).expect("opens");
    let facts = shop_facts(&rules.program, &ROWS);
    let standings = slow.standings(&rules.program, &facts.customers).expect("loads");
    let outcome = run(&rules.program, facts, &standings, &[], AS_OF, 1);
    pass(&place.path, &rules, &ROWS, AS_OF);
    let before = events(&place.path);
    let refused = slow.write_pass(&rules, &outcome).expect_err("refused");
    assert!(matches!(refused, StateError::Overtaken { .. }), "{refused}");
    slow.close().expect("closes");
    assert_eq!(events(&place.path), before);
    assert!(matches!(State::create(&place.path), Err(StateError::Overtaken { .. })));
}

#[test]
fn an_earlier_date_is_refused() {
    let (place, rules) = (place(), rules("", "", PACK));
    let (outcome, _) = pass(&place.path, &rules, &ROWS, AS_OF);
    let mut state = State::open_or_create(&place.path).expect("opens");
    let yesterday = date(2026, 6, 14);
    let refused = state.check_date(yesterday).expect_err("refused");
    assert_eq!(
        refused.to_string(),
        "a pass as of 2026-06-14 comes before the last one, as of 2026-06-15; passes go forward in time"
    );
    let mut earlier = outcome;
    earlier.population.as_of = yesterday;
    assert!(state.write_pass(&rules, &earlier).is_err());
}

#[test]
fn a_full_disk_leaves_the_old_state() {
    let (place, rules) = (place(), rules("", "", PACK));
    pass(&place.path, &rules, &ROWS, AS_OF);
    let before = events(&place.path);
    let mut state = State::open_or_create(&place.path).expect("opens");
    let pages: i64 = state
        .connection()
        .pragma_query_value(None, "page_count", |row| row.get(0))
        .expect("a number");
    state.connection().pragma_update(None, "max_page_count", pages + 1).expect("a limit");
    let mut facts = facts(&rules.program, &vec![(1000, 1, 1); 5000]);
    facts.customers = (100..5100).map(CustomerId::Int).collect();
    let standings = state.standings(&rules.program, &facts.customers).expect("loads");
    let outcome = run(&rules.program, facts, &standings, &[], date(2026, 6, 16), 1);
    let full = state.write_pass(&rules, &outcome).expect_err("no space");
    assert!(matches!(full, StateError::Full { .. }), "{full}");
    state.close().expect("closes");
    assert_eq!(events(&place.path), before);
    let state = State::open_existing(&place.path).expect("opens").expect("is there");
    assert_eq!(state.last_pass().expect("reads").map(|last| last.as_of), Some(AS_OF));
}

#[test]
fn alerts_are_remembered_while_they_go_on() {
    let (place, rules) = (place(), rules("", "", PACK));
    let day = |rows: &[(i64, i64, i64)], as_of| {
        let (outcome, _) = pass(&place.path, &rules, rows, as_of);
        (outcome.alerts[0].members.count, outcome.alerts[0].raised.count)
    };
    assert_eq!(day(&ROWS, AS_OF), (1, 1));
    assert_eq!(day(&ROWS, date(2026, 6, 20)), (1, 0));
    assert_eq!(day(&ROWS, date(2026, 6, 29)), (1, 1));
    let back = [(1000, 9, 1), (500, 1, 0), (0, 1, 1), (1000, 1, 1)];
    assert_eq!(day(&back, date(2026, 6, 30)), (0, 0));
    assert_eq!(day(&ROWS, date(2026, 7, 1)), (1, 1));
}

#[test]
fn a_tier_that_is_gone_from_the_pack_is_migrated() {
    let (place, rules) = (place(), rules("", "", PACK));
    pass(&place.path, &rules, &ROWS, AS_OF);
    let renamed = crate::pass::fixture::rules("", "", &PACK.replace("vip:", "star:"));
    let (outcome, _) = pass(&place.path, &renamed, &ROWS, date(2026, 6, 16));
    assert_eq!(outcome.ladders[0].moves.migrated, 2);
    assert_eq!(
        events(&place.path)[4..],
        ["2026-06-16 club tier.migrated -5 vip star", "2026-06-16 club tier.migrated a vip star",]
    );
}

#[test]
fn a_tier_that_is_gone_was_left_when_its_holders_moved() {
    let place = place();
    let pack = |tiers: &str, rest: &str| {
        rules("", "", &format!("ladders: {{ club: {{ tiers: {{ {tiers} }} }} }}\n{rest}"))
    };
    let vip = "vip: { enter: spend >= 1000 }, ";
    let gold = "gold: { enter: always }";
    pass(&place.path, &pack(&format!("{vip}{gold}"), ""), &ROWS, AS_OF);
    let (outcome, _) = pass(&place.path, &pack(gold, ""), &ROWS, date(2026, 6, 16));
    assert_eq!(outcome.ladders[0].moves.migrated, 2);
    // It comes back, and somebody asks when it was held.
    let back = pack(
        &format!("vip: {{ enter: never }}, {gold}"),
        "segments: { once: { when: days_since_held(club.vip) < 100 } }",
    );
    let (outcome, _) = pass(&place.path, &back, &ROWS, date(2026, 6, 20));
    assert_eq!(outcome.after.segments[0].holds, [true, false, false, true]);
    let left = crate::expr::days_from_date(date(2026, 6, 16));
    let left_on = &outcome.after.standings.ladders[0].left_on[0];
    assert_eq!(left_on[..], [left, crate::lifecycle::NO_DAY, crate::lifecycle::NO_DAY, left]);
}

#[test]
fn a_second_pass_over_other_facts_keeps_its_own_cutoffs() {
    let place = place();
    let rules =
        rules("", "", "ladders: { club: { tiers: { vip: { enter: spend >= average(spend) } } } }");
    pass(&place.path, &rules, &[(100, 1, 1), (300, 1, 1)], AS_OF);
    // Nobody moves, and the average is another one.
    let (_, written) = pass(&place.path, &rules, &[(100, 1, 1), (500, 1, 1)], AS_OF);
    assert_eq!(written, Written::default());
    let state = State::open_existing(&place.path).expect("opens").expect("is there");
    let used = state.used_cutoffs(&rules.program, AS_OF).expect("reads");
    assert_eq!(used[0].as_ref().map(|cutoff| cutoff.value), Some(Ok(300.into())));
}

#[test]
fn the_window_of_who_left_a_ladder_begins_then() {
    let place = place();
    let recent = "  recent: { count: orders, within: tier club }\n";
    let rules =
        rules("", recent, "ladders: { club: { tiers: { vip: { enter: spend >= 1000 } } } }");
    pass(&place.path, &rules, &[(1000, 1, 1), (10, 1, 1)], AS_OF);
    let left = date(2026, 6, 16);
    pass(&place.path, &rules, &[(900, 1, 1), (10, 1, 1)], left);
    let state = State::open_existing(&place.path).expect("opens").expect("is there");
    let since = state.tier_since(&rules.program).expect("reads");
    assert_eq!(since.get(0, &CustomerId::Int(-5)), Some(left));
    // Who never had a tier has everything in the window.
    assert_eq!(since.get(0, &CustomerId::Int(7)), None);
}

#[test]
fn other_files_are_refused() {
    let place = place();
    assert!(State::open_existing(&place.path).expect("none").is_none());
    let directory = place.path.parent().expect("a directory");
    assert!(matches!(State::open_or_create(directory), Err(StateError::Directory { .. })));
    Connection::open(&place.path)
        .and_then(|store| store.execute_batch("CREATE TABLE orders (id)"))
        .expect("a store");
    let before = fs::read(&place.path).expect("a file");
    for opened in [
        State::open_or_create(&place.path),
        State::open_existing(&place.path).map(|state| state.expect("there")),
    ] {
        assert!(matches!(opened, Err(StateError::Foreign { .. })));
    }
    assert!(fs::read(&place.path).expect("a file") == before);
    fs::write(&place.path, "spend,orders\n".repeat(100)).expect("writes");
    assert!(matches!(State::open_or_create(&place.path), Err(StateError::Foreign { .. })));
}

#[test]
fn a_newer_version_is_refused() {
    let place = place();
    let state = State::open_or_create(&place.path).expect("opens");
    state.connection().pragma_update(None, "user_version", 99).expect("writes");
    drop(state);
    let newer = State::open_or_create(&place.path).expect_err("refused").to_string();
    assert!(newer.contains("has version 99, made by a newer tierkeeper"), "{newer}");
}
