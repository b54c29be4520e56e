//! Some customers at a time, and those who read beside a writer.

use super::*;
use crate::lifecycle::{Event, Hold};
use crate::pass::run_fixed;

/// What is remembered of everybody: holds, tiers that were left, segments and alerts.
const ALL: &str = "
ladders:
  club:
    tiers:
      vip: { enter: spend >= 1000 }
      gold: { enter: 'spend / orders_made >= 10' }
segments:
  once: { when: days_since_held(club.vip) < 100 }
alerts:
  absent: { when: days_away > 30, every: 14 days, message: Call them }
";

const NEXT: Date = date(2026, 6, 16);

/// A pass of all four customers, a hold, and a pass of the next date in which a VIP has left.
fn two_days(path: &Path, rules: &Rules) -> PassOutcome {
    pass(path, rules, &ROWS, AS_OF);
    let state = Connection::open(path).expect("opens");
    state
        .execute_batch(
            "INSERT INTO tk_hold (ladder, customer, tier, floor, until)
             SELECT ladder, 7, id, 0, NULL FROM tk_tier WHERE name = 'gold'",
        )
        .expect("a hold");
    drop(state);
    pass(path, rules, &[(900, 1, 1), (500, 1, 41), (0, 0, 1), (1000, 1, 1)], NEXT).0
}

fn open(path: &Path) -> State {
    State::open_existing(path).expect("opens").expect("is there")
}

#[test]
fn standings_of_some_are_those_of_everybody() {
    let (place, rules) = (place(), rules("", "", ALL));
    let outcome = two_days(&place.path, &rules);
    let everybody = &outcome.population.facts.customers;
    let state = open(&place.path);
    let all = state.standings(&rules.program, everybody).expect("loads");
    let ladder = &all.ladders[0];
    assert_eq!(ladder.hold(1), Some(Hold { tier: Some(1), pins: true, until: None }));
    let is_known = |days: &[i32]| days.iter().any(|day| *day != crate::lifecycle::NO_DAY);
    assert!(is_known(&ladder.left_on[0]) && is_known(&all.raised_on[0]) && all.segments[0][0]);
    for some in 0..1 << everybody.len() {
        let slots: Vec<usize> = (0..everybody.len()).filter(|slot| some >> slot & 1 == 1).collect();
        let customers: Vec<_> = slots.iter().map(|&slot| everybody[slot].clone()).collect();
        let loaded = state.standings_of(&rules.program, &customers).expect("loads");
        assert_eq!(loaded, all.rows(&slots), "{customers:?}");
    }
    // Somebody of whom nothing is stored.
    let stranger = [CustomerId::parse("stranger")];
    let loaded = state.standings_of(&rules.program, &stranger).expect("loads");
    assert_eq!((loaded.get(0, 0).tier, loaded.ladders[0].hold(0)), (None, None));
}

/// A copy of the file by itself.
fn alone(path: &Path) -> PathBuf {
    let copy = path.with_extension("copy");
    fs::copy(path, &copy).expect("copied");
    copy
}

/// A pass of customer 7 alone, on the date of a pass of everybody.
fn touched(path: &Path, rules: &Rules, all: &PassOutcome, row: (i64, i64, i64)) -> PassOutcome {
    let program = &rules.program;
    let mut facts = facts(program, &[row]);
    facts.customers = vec![CustomerId::Int(7)];
    let standings = open(path).standings_of(program, &facts.customers).expect("loads");
    run_fixed(program, facts, &standings, &all.population.fixed(), all.population.as_of, 1)
}

#[test]
fn a_pass_of_some_changes_them_and_nobody_else() {
    let (place, rules) = (place(), rules("", "", PACK));
    let (all, _) = pass(&place.path, &rules, &ROWS, AS_OF);
    let before = events(&place.path);
    let outcome = touched(&place.path, &rules, &all, (1000, 1, 1));
    let mut state = open(&place.path);
    let written = state.write_touched(&rules, &outcome).expect("writes");
    assert_eq!(written, Written { standings: 1, events: 1, alerts: 1, segments: 0 });
    assert_eq!(state.last_event(), 5);
    state.close().expect("closes");
    let told = events(&place.path);
    assert_eq!(told[..4], before[..]);
    // An alert ends without an event.
    assert_eq!(told[4..], ["2026-06-15 club tier.upgraded 7 gold vip"]);
    let standings = open(&place.path).standings(&rules.program, &all.population.facts.customers);
    let standings = standings.expect("loads");
    let tiers: Vec<_> = (0..4).map(|slot| standings.get(0, slot).tier).collect();
    assert_eq!(tiers, [Some(0), Some(0), None, Some(0)]);
}

#[test]
fn a_pass_of_some_that_finds_nothing_new_leaves_every_byte() {
    let (place, rules) = (place(), rules("", "", PACK));
    let (all, _) = pass(&place.path, &rules, &ROWS, AS_OF);
    // 500 / 0 is a fault, which is told once a date.
    let outcome = touched(&place.path, &rules, &all, (500, 0, 40));
    let written = open(&place.path).write_touched(&rules, &outcome).expect("writes");
    assert_eq!(written, Written { events: 1, ..Written::default() });
    let before = fs::read(&place.path).expect("a file");
    for _ in 0..2 {
        let outcome = touched(&place.path, &rules, &all, (500, 0, 41));
        assert_eq!(outcome.ladders[0].events[0].event, Event::Fault);
        let written = open(&place.path).write_touched(&rules, &outcome).expect("writes");
        assert_eq!(written, Written::default());
    }
    assert!(fs::read(&place.path).expect("a file") == before);
}

#[test]
fn a_pass_of_some_belongs_to_the_last_pass_of_everybody() {
    let (place, rules) = (place(), rules("", "", PACK));
    let (all, _) = pass(&place.path, &rules, &ROWS, AS_OF);
    let outcome = touched(&place.path, &rules, &all, (1000, 1, 1));
    let before = events(&place.path);
    // Other rules.
    let other = crate::pass::fixture::rules("", "", &PACK.replace("1000", "1001"));
    let refused = open(&place.path).write_touched(&other, &outcome).expect_err("refused");
    assert!(matches!(refused, StateError::AnotherPass { as_of: AS_OF }), "{refused}");
    // Somebody else was faster.
    let mut slow = open(&place.path);
    let faster = touched(&place.path, &rules, &all, (1000, 2, 1));
    open(&place.path).write_touched(&rules, &faster).expect("writes");
    let refused = slow.write_touched(&rules, &outcome).expect_err("refused");
    assert!(matches!(refused, StateError::Overtaken { .. }), "{refused}");
    slow.close().expect("closes");
    assert_eq!(events(&place.path).len(), before.len() + 1);
    // Another date.
    pass(&place.path, &rules, &ROWS, NEXT);
    let refused = open(&place.path).write_touched(&rules, &outcome).expect_err("refused");
    assert!(matches!(refused, StateError::AnotherPass { as_of: AS_OF }), "{refused}");
}

#[test]
fn readers_see_what_is_in_the_log_and_a_checkpoint_puts_it_into_the_file() {
    let (place, rules) = (place(), rules("", "", PACK));
    let missing = StateReader::open(&place.path).expect_err("there is none");
    assert!(matches!(missing, StateError::Unopenable { .. }), "{missing}");
    let (all, _) = pass(&place.path, &rules, &ROWS, AS_OF);
    let reader = StateReader::open(&place.path).expect("opens");
    let seqs = |after, limit| -> Vec<i64> {
        let events = reader.events_after(after, limit).expect("reads");
        events.iter().map(|event| event.seq).collect()
    };
    assert_eq!((seqs(0, 9), seqs(1, 2), seqs(4, 9)), (vec![1, 2, 3, 4], vec![2, 3], vec![]));
    let outcome = touched(&place.path, &rules, &all, (1000, 1, 1));
    let mut state = open(&place.path);
    state.write_touched(&rules, &outcome).expect("writes");
    assert_eq!(seqs(4, 9), [5]);
    assert_eq!(reader.history(&CustomerId::Int(7)).expect("reads").len(), 3);
    let alone = || events(&alone(&place.path)).len();
    assert_eq!(alone(), 4);
    state.checkpoint().expect("there is room");
    assert_eq!(alone(), 5);
    // While others read, an end does the same.
    let outcome = touched(&place.path, &rules, &all, (500, 0, 1));
    state.write_touched(&rules, &outcome).expect("writes");
    assert_eq!(alone(), 5);
    state.close().expect("closes");
    assert_eq!(alone(), 6);
    assert_eq!(seqs(5, 9), [6]);
}

#[test]
fn what_a_reader_holds_back_is_put_into_the_file_later() {
    let (place, rules) = (place(), rules("", "", PACK));
    let (all, _) = pass(&place.path, &rules, &ROWS, AS_OF);
    let mut state = open(&place.path);
    let write = |state: &mut State, row| {
        let outcome = touched(&place.path, &rules, &all, row);
        state.write_touched(&rules, &outcome).expect("writes");
    };
    write(&mut state, (1000, 1, 1));
    let reader = Connection::open(&place.path).expect("opens");
    reader.execute_batch("BEGIN; SELECT count(*) FROM tk_event").expect("reads");
    write(&mut state, (500, 0, 1));
    let alone = || events(&alone(&place.path)).len();
    state.checkpoint().expect("a part of it");
    assert_eq!(alone(), 5);
    reader.execute_batch("COMMIT").expect("ends");
    state.checkpoint().expect("the rest");
    assert_eq!(alone(), 6);
}

#[test]
fn a_decision_gets_into_the_file_too() {
    let (place, rules) = (place(), rules("", "", PACK));
    let (all, _) = pass(&place.path, &rules, &ROWS, AS_OF);
    let mut state = open(&place.path);
    let outcome = touched(&place.path, &rules, &all, (1000, 1, 1));
    state.write_touched(&rules, &outcome).expect("writes");
    state.checkpoint().expect("there is room");
    state.decide("sha256:new", Decision::Rejected, Timestamp::UNIX_EPOCH, "Ada").expect("writes");
    state.checkpoint().expect("there is room");
    assert_eq!(
        open(&alone(&place.path)).decision("sha256:new").expect("reads"),
        Some(Decision::Rejected)
    );
}
