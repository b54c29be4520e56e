//! What a host may meet while it runs: each time a clear answer, and nothing is lost.

use std::fs;
use std::net::TcpStream;
#[cfg(unix)]
use std::os::unix::fs::PermissionsExt;
#[cfg(unix)]
use std::path::Path;
use std::time::{Duration, Instant};

use rusqlite::Connection;
use serde_json::json;

use super::harness::{Shop, club};

fn shop() -> Shop {
    Shop::new(&club(1000, 20), &[1500, 150, 15])
}

#[cfg(unix)]
fn allow(path: &Path, mode: u32) {
    fs::set_permissions(path, fs::Permissions::from_mode(mode)).expect("set");
}

/// New orders of new customers, each of them gold.
fn many_orders(shop: &Shop, customers: i64) {
    shop.store()
        .execute(
            "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ?1)
             INSERT INTO orders (customer_id, placed_at, amount)
             SELECT i + 1000, '2026-02-01', 200 FROM n",
            [customers],
        )
        .expect("rows");
}

#[cfg(unix)]
#[test]
fn a_pack_that_cannot_be_read_at_the_start() {
    let shop = shop().of_a_user();
    allow(&shop.pack(), 0o000);
    let (code, log) = shop.fails(&[]);
    assert_eq!(code, Some(2), "{log}");
    assert!(log.contains("pack") && log.contains("Permission denied"), "{log}");
    allow(&shop.pack(), 0o755);
    let host = shop.run();
    let good = host.generation();
    assert!(host.stop().success());
    // With rules from before it begins with those.
    allow(&shop.pack(), 0o000);
    let host = shop.run();
    assert_eq!((host.generation(), host.tier(1)), (good.clone(), json!("vip")));
    let attempt = &host.status()["last_attempt"];
    assert_eq!(attempt["ok"], false);
    let error = attempt["error"].as_str().expect("why").to_owned();
    assert!(error.contains("Permission denied"), "{error}");
    assert_eq!(host.status()["from_state"], true);
    allow(&shop.pack(), 0o755);
    shop.save(&club(1400, 30));
    host.until("the rules on disk are live", || host.status()["from_state"] == false);
    assert_ne!(host.generation(), good);
}

#[cfg(unix)]
#[test]
fn a_state_that_may_not_be_written() {
    let shop = shop().of_a_user();
    assert!(shop.run().stop().success());
    allow(&shop.state(), 0o444);
    let host = shop.run();
    assert_eq!(host.tier(2), "gold");
    shop.order(2, 900);
    host.until("it is told", || host.status()["trouble"].is_string());
    let trouble = host.status()["trouble"].as_str().expect("words").to_owned();
    assert!(trouble.contains("shop.tiers.db") && trouble.contains("read"), "{trouble}");
    assert_eq!((host.tier(2), host.status_of("/readyz")), (json!("gold"), 200));
    allow(&shop.state(), 0o644);
    host.until("nothing is lost", || host.tier(2) == "vip");
    host.until("all is well", || host.status()["trouble"].is_null());
}

#[cfg(unix)]
#[test]
fn a_disk_that_is_full() {
    let shop = shop();
    let host = shop.run_within("-f 1024");
    many_orders(&shop, 30_000);
    host.until("it is told", || host.status()["trouble"].is_string());
    let trouble = host.status()["trouble"].as_str().expect("words").to_owned();
    assert!(trouble.contains("shop.tiers.db"), "{trouble}");
    // Answers are those of before, whole.
    assert_eq!((host.tier(1), host.status_of("/v1/customers/1001")), (json!("vip"), 404));
    assert_eq!(host.get("/v1/events?after=3").json["events"], json!([]));
    assert!(host.stop().success());
    let host = shop.run();
    assert_eq!((host.tier(1), host.tier(1001)), (json!("vip"), json!("gold")));
    assert!(host.stop().success());
    let state = Connection::open(shop.state()).expect("opens");
    let count = |sql: &str| state.query_row(sql, [], |row| row.get::<_, i64>(0)).expect("a number");
    let events = count("SELECT count(*) FROM tk_event WHERE event = 'tier.entered'");
    assert_eq!(events, 30_002);
    assert_eq!(count("SELECT max(seq) FROM tk_event"), count("SELECT count(*) FROM tk_event"));
}

#[cfg(unix)]
#[test]
fn two_thousand_idle_connections() {
    let shop = shop();
    // Room for 512 connections.
    let host = shop.run_within("-n 1024");
    let mut idle = Vec::new();
    while idle.len() < 2000
        && let Ok(stream) = TcpStream::connect(&host.address)
    {
        idle.push(stream);
    }
    // Where few files may be open, some are needed for the requests.
    let open = idle.len().saturating_sub(100);
    idle.truncate(open);
    assert!(open > 600, "{open}");
    let began = Instant::now();
    for _ in 0..20 {
        assert_eq!(host.tier(1), "vip");
    }
    assert!(began.elapsed() < Duration::from_secs(10), "{:?}", began.elapsed());
    shop.order(2, 900);
    host.until("it goes on deciding", || host.tier(2) == "vip");
    let began = Instant::now();
    assert!(host.stop().success());
    assert!(began.elapsed() < Duration::from_secs(5), "{:?}", began.elapsed());
    drop(idle);
}
