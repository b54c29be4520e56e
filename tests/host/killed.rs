//! A host that is killed at any moment, with orders coming in and rules changing.

use std::collections::HashMap;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::Duration;

use rusqlite::{Connection, OpenFlags};
use serde_json::json;

use crate::harness::{Shop, club};

const CUSTOMERS: i64 = 120;
const MOMENTS: u64 = 100;
/// Between two moments.
const STEP: Duration = Duration::from_millis(7);

#[test]
fn whenever_it_is_killed_nothing_is_lost_or_doubled() {
    let spend: Vec<i64> = (1..=CUSTOMERS).map(|customer| customer * 50).collect();
    let shop = Shop::new(&club(3000, 20), &spend);
    shop.project("guard: off\n");
    let stop = AtomicBool::new(false);
    let mut events = 0;
    thread::scope(|scope| {
        scope.spawn(|| {
            for number in 0.. {
                if stop.load(Ordering::Relaxed) {
                    break;
                }
                shop.order(number % CUSTOMERS + 1, 10);
                thread::sleep(Duration::from_millis(5));
            }
        });
        for moment in 0..MOMENTS {
            // Rules change in every second life.
            shop.save(&club(if moment % 4 < 2 { 3000 } else { 3100 }, 20));
            let mut host = shop.launch(&[]);
            thread::sleep(STEP * (moment as u32 * 13 % 50));
            if moment % 2 == 1 {
                shop.save(&club(if moment % 4 < 2 { 3100 } else { 3000 }, 20));
                thread::sleep(Duration::from_millis(moment * 3));
            }
            host.kill_now();
            drop(host);
            events = check(&shop, events);
        }
        stop.store(true, Ordering::Relaxed);
    });
    // What came in while nobody was there is not lost.
    shop.save(&club(3000, 20));
    let host = shop.run();
    let spent = spent(&shop);
    for (customer, spent) in spent {
        let tier = if spent >= 3000 {
            json!("vip")
        } else if spent >= 100 {
            json!("gold")
        } else {
            json!(null)
        };
        host.until("everybody is where their orders put them", || host.tier(customer) == tier);
    }
    assert!(host.stop().success());
    check(&shop, events);
}

/// Looks at what a killed host has left: how many events there are. There were so many before.
fn check(shop: &Shop, before: i64) -> i64 {
    if !shop.state().exists() {
        assert_eq!(before, 0, "the state is there");
        return 0;
    }
    let state = Connection::open_with_flags(shop.state(), OpenFlags::SQLITE_OPEN_READ_WRITE);
    let state = state.expect("the state opens");
    let text = |sql: &str| state.query_row(sql, [], |row| row.get::<_, String>(0)).expect(sql);
    assert_eq!(text("PRAGMA integrity_check"), "ok");
    let tables: i64 = state
        .query_row("SELECT count(*) FROM sqlite_schema WHERE name = 'tk_event'", [], |row| {
            row.get(0)
        })
        .expect("a schema");
    if tables == 0 {
        assert_eq!(before, 0);
        return 0;
    }
    let (count, last): (i64, i64) = state
        .query_row("SELECT count(*), coalesce(max(seq), 0) FROM tk_event", [], |row| {
            Ok((row.get(0)?, row.get(1)?))
        })
        .expect("events");
    assert_eq!(count, last, "sequence numbers have no gap and no repeat");
    assert!(last >= before, "events stay: {before} → {last}");
    // Every event of a tier begins where the one before it ended, and the last one is the standing.
    let mut statement = state
        .prepare(
            "SELECT customer, \"from\", \"to\" FROM tk_event WHERE ladder = 'club'
             AND event NOT IN ('decision.fault', 'tier.expiring', 'near.entered') ORDER BY seq",
        )
        .expect("events");
    let mut tiers: HashMap<String, Option<String>> = HashMap::new();
    let rows = statement.query_map([], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)));
    for row in rows.expect("events") {
        let (customer, from, to): (String, Option<String>, Option<String>) = row.expect("a row");
        let held = tiers.insert(customer.clone(), to).flatten();
        assert_eq!(held, from, "customer {customer}");
    }
    let mut statement = state
        .prepare(
            "SELECT CAST(customer AS TEXT), tk_tier.name FROM tk_standing
             LEFT JOIN tk_tier ON tk_tier.id = tier",
        )
        .expect("standings");
    let rows = statement.query_map([], |row| Ok((row.get(0)?, row.get(1)?)));
    for row in rows.expect("standings") {
        let (customer, tier): (String, Option<String>) = row.expect("a row");
        assert_eq!(tiers.get(&customer), Some(&tier), "customer {customer}");
    }
    last
}

/// What each customer has spent.
fn spent(shop: &Shop) -> Vec<(i64, i64)> {
    let store = shop.store();
    let mut statement = store
        .prepare("SELECT customer_id, sum(CAST(amount AS INTEGER)) FROM orders GROUP BY 1")
        .expect("orders");
    let rows = statement.query_map([], |row| Ok((row.get(0)?, row.get(1)?)));
    rows.expect("orders").map(|row| row.expect("a row")).collect()
}
