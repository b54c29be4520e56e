//! Whoever gets other facts by a change of tracked tables is touched by it.

use super::some::{KEEPING, PACK, candidates, day_of, id_of, lines, since, store_of};
use super::together::rules;
use super::*;
use crate::random::Random;
use crate::store::tracking::track;
use crate::store::{StoreMarks, Touched};

/// A statement that changes rows in some way. It may fail where a table allows less.
fn change(random: &mut Random) -> String {
    let (id, other, at) = (id_of(random), id_of(random), day_of(random));
    let (number, more) = (random.between(0, 70), random.between(0, 70));
    let or = random.pick(&["", "OR REPLACE ", "OR IGNORE "]);
    let order = format!("(number, customer, at, amount) VALUES ({number}, {id}, {at}, {more})");
    match random.between(0, 11) {
        0 | 1 => format!("INSERT {or}INTO orders {order}"),
        2 => format!("INSERT INTO orders (customer, at, amount) VALUES ({id}, {at}, 5)"),
        3 => format!("UPDATE {or}orders SET number = {more} WHERE number = {number}"),
        4 => format!("UPDATE orders SET customer = {other} WHERE number % 9 = {number} % 9"),
        5 => format!("UPDATE orders SET amount = {more} WHERE customer = {id}"),
        6 => format!("DELETE FROM orders WHERE number = {number}"),
        7 => format!("DELETE FROM returns WHERE customer = {id}"),
        8 => format!("INSERT INTO returns (customer, at, amount) VALUES ({id}, {at}, {more})"),
        9 => format!("INSERT {or}INTO customers (id, joined, channel) VALUES ({id}, {at}, 'web')"),
        10 => format!("UPDATE {or}customers SET id = {other} WHERE id = {id}"),
        _ => format!("DELETE FROM customers WHERE id = {id}"),
    }
}

fn lines_of(facts: &Facts, id: &CustomerId) -> Vec<String> {
    lines(facts, std::slice::from_ref(id))
}

#[test]
fn who_gets_other_facts_is_touched() {
    let program = rules(PACK, "");
    let (mut touched_all, mut others) = (0, 0);
    for seed in 0..4 {
        let mut random = Random::new(100 + seed);
        for keeping in KEEPING {
            let shop = shop(&store_of(&mut random, keeping, true));
            for source in ["orders", "returns", "customers"] {
                track(&program, source, &shop.store).unwrap();
            }
            let options = ReadOptions { tier_since: &since, ..shop.options(true, 1) };
            let read = || read_facts(&program, &shop.store, AS_OF, &options).unwrap();
            let mut marks = StoreMarks::take(&program, &shop.store).unwrap();
            let mut before = read();
            let client = Connection::open(&shop.store).unwrap();
            for _ in 0..6 {
                client.pragma_update(None, "recursive_triggers", random.chance(30)).unwrap();
                let changes: Vec<String> =
                    (0..random.between(1, 4)).map(|_| change(&mut random)).collect();
                for sql in &changes {
                    // What a table does not allow changes nothing.
                    let _ = client.execute_batch(sql);
                }
                let (touched, now) = marks.touched(&program, &shop.store).unwrap();
                let Touched::Some(touched) = touched else { panic!("{touched:?}: {changes:?}") };
                let after = read();
                for id in &candidates() {
                    let is_other = lines_of(&before, id) != lines_of(&after, id);
                    let is_touched = touched.contains(id);
                    assert!(!is_other || is_touched, "{id} of {touched:?}: {changes:#?}");
                    touched_all += usize::from(is_touched);
                    others += usize::from(is_other);
                }
                (marks, before) = (now, after);
            }
        }
    }
    // Many are touched, and most of them for a reason.
    assert!(others > 150 && touched_all < others * 4, "{others} of {touched_all}");
}
