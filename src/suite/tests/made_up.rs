use std::collections::{BTreeSet, HashSet};
use std::fmt::Write;
use std::path::Path;

use jiff::Span;
use jiff::civil::{Date, date};

use crate::build::{Request, build};
use crate::expr::Value;
use crate::pack::PackFiles;
use crate::pass::fixture::{first_pass, from_files, tiers};
use crate::program::Program;
use crate::store::{MemoryStore, read_memory};
use crate::suite::made_up;

const AS_OF: Date = date(2026, 11, 22);

const SHOP: &str = r#"
pack: shop
version: 1.0.0
settings: { currency: EUR, timezone: UTC }
parameters: { warm: { type: list, default: [coats, scarves] } }
customers:
  table: customers
  id: id
  columns: { joined: date, way: text, consent: flag, age: count, discount: money }
sources:
  orders:
    table: orders
    customer: who
    at: at
    columns:
      amount: money
      weight: number
      pieces: count
      kind: text
      paid: flag
      due: date
      double: { type: money, expr: amount * 2 }
  visits: { table: visits, customer: who, at: at }
metrics:
  spend: { sum: orders.double, where: 'kind == "bags" || kind in warm' }
ladders:
  club:
    tiers:
      vip: { enter: 'way != "web" && consent && spend > 100' }
      member: { enter: always }
"#;

fn shop() -> Program {
    from_files(vec![("pack.yaml", SHOP.to_owned())]).program
}

/// The pack with more in it, before and after what is there.
fn larger_shop() -> Program {
    let text = SHOP
        .replace("{ joined: date", "{ first: text, joined: date")
        .replace("sources:\n", "sources:\n  calls: { table: calls, customer: who, at: at }\n")
        .replace("      amount: money\n", "      place: text\n      amount: money\n");
    from_files(vec![("pack.yaml", text)]).program
}

/// FNV-1a.
fn checksum(store: &MemoryStore) -> u64 {
    let mut text = String::new();
    write!(text, "{store:?}").unwrap();
    let step = |hash: u64, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01B3);
    text.bytes().fold(0xCBF2_9CE4_8422_2325, step)
}

#[test]
fn the_same_comes_out_everywhere() {
    let made = made_up(&shop(), 40, 7, AS_OF);
    assert_eq!(checksum(&made), checksum(&made_up(&shop(), 40, 7, AS_OF)));
    assert_ne!(checksum(&made), checksum(&made_up(&shop(), 40, 8, AS_OF)));
    // Taken from the first run; whoever changes what is made up changes snapshots everywhere.
    assert_eq!(checksum(&made), 3_529_341_992_573_695_517);
}

#[test]
fn what_is_there_stays_when_the_pack_grows() {
    let (small, large) = (made_up(&shop(), 60, 7, AS_OF), made_up(&larger_shop(), 90, 7, AS_OF));
    for ((id, before), (same, after)) in small.customers.iter().zip(&large.customers) {
        assert_eq!((id, &before[..]), (same, &after[1..]));
    }
    let after: Vec<_> = large.sources[1].iter().take(small.sources[0].len()).collect();
    for (before, after) in small.sources[0].iter().zip(after) {
        assert_eq!((&before.customer, before.at), (&after.customer, after.at));
        assert_eq!(before.values[..], after.values[1..]);
    }
    let visits = |store: &MemoryStore, source: usize| {
        let rows = store.sources[source].iter().take(small.sources[1].len());
        rows.map(|row| (row.customer.clone(), row.at)).collect::<Vec<_>>()
    };
    assert_eq!(visits(&small, 1), visits(&large, 2));
}

/// All values of a column, in the form of messages.
fn column(store: &MemoryStore, column: usize) -> BTreeSet<String> {
    let values = store.sources[0].iter().map(|row| &row.values[column]);
    values.map(|value| format!("{value:?}")).collect()
}

#[test]
fn values_are_of_their_kind_and_exercise_the_rules() {
    let program = shop();
    let store = made_up(&program, 300, 1, AS_OF);
    let texts = |texts: &[&str]| -> BTreeSet<String> {
        let texts = texts.iter().map(|text| format!("{:?}", Value::text(text)));
        texts.chain(["Null".to_owned()]).collect()
    };
    assert_eq!(column(&store, 3), texts(&["bags", "coats", "other", "scarves"]));
    let ways = store.customers.iter().map(|(_, values)| format!("{:?}", values[1]));
    assert_eq!(ways.collect::<BTreeSet<_>>(), texts(&["other", "web"]));
    // Computed ones stay out, and everything else is known most of the time.
    assert_eq!(column(&store, 6).len(), 1);
    let rows = &store.sources[0];
    assert!(rows.iter().filter(|row| row.values[0] == Value::Null).count() * 20 < rows.len());
    let (first, last) = (date(2023, 11, 24), AS_OF);
    assert!(rows.iter().all(|row| first <= row.at.date() && row.at.date() <= last));
    let mut counts = vec![0; 301];
    for row in rows {
        counts[row.customer.to_string().parse::<usize>().unwrap()] += 1;
    }
    let between = |low, high| counts[1..].iter().filter(|&&n| low <= n && n <= high).count();
    assert!(between(0, 0) > 20 && between(1, 3) > 20 && between(4, 20) > 20, "{counts:?}");
    assert!(between(21, 80) > 10 && between(81, 200) > 2, "{counts:?}");
    // What has no money is rare with most, so that "two complaints" is not everybody.
    let mut visits = vec![0; 301];
    for row in &store.sources[1] {
        visits[row.customer.to_string().parse::<usize>().unwrap()] += 1;
    }
    let between = |low, high| visits[1..].iter().filter(|&&n| low <= n && n <= high).count();
    assert!(between(0, 0) > 100 && between(1, 3) > 60 && between(10, 200) > 5, "{visits:?}");
    // Everything can be read.
    read_memory(&program, &store, AS_OF, &|_, _| None).unwrap();
}

#[test]
fn the_packs_that_come_with_the_program_fill_every_tier() {
    for pack in ["rules/fashion-retail", "rules/corner-shop"] {
        let files = PackFiles::read(&Path::new(env!("CARGO_MANIFEST_DIR")).join(pack)).unwrap();
        let request = Request { files: &files, project: None, set: &[], store: None };
        let program = build(&request).unwrap().program.unwrap();
        for seed in [1, 7, 42] {
            let store = made_up(&program, 500, seed, AS_OF);
            let facts = read_memory(&program, &store, AS_OF, &|_, _| None).unwrap();
            let of_late = AS_OF - Span::new().months(12);
            let mut recent = HashSet::new();
            let rows = store.sources[0].iter().filter(|row| row.at.date() > of_late);
            recent.extend(rows.map(|row| row.customer.clone()));
            assert!(recent.len() >= 240, "{pack}, seed {seed}: {} bought", recent.len());
            let found = tiers(&program, &first_pass(&program, facts, AS_OF));
            for tier in &program.ladders[0].tiers {
                let holders = found.iter().filter(|name| **name == tier.name).count();
                assert!(holders >= 5, "{pack}, seed {seed}: {holders} in {}", tier.name);
            }
        }
    }
}
