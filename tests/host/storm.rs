//! Many changes at once: rules are saved ten times a second, a third of them broken and some half
//! written, orders come in, and clients read. Whatever they read, one generation has made it.
//!
//! A few seconds here; `TIERKEEPER_STORM_SECONDS=120 cargo test --release --test host storm --
//! --nocapture` for two hours' worth.

use std::collections::HashMap;
use std::fs;
use std::io::Write;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use serde_json::{Value as Json, json};
use tierkeeper::build::{Origin, Rules};
use tierkeeper::lifecycle::Standings;
use tierkeeper::pack::{PackFiles, ProjectFile};
use tierkeeper::pass::{PassOutcome, run};
use tierkeeper::store::{CustomerId, QUERY_TIME_LIMIT, ReadOptions, read_facts};

use crate::harness::{AS_OF, Answer, Running, Shop, club, get};

/// Customers whose facts stay as they are, so that their answers can be recomputed.
const STEADY: i64 = 200;
const SECONDS: u64 = 6;
const CLIENTS: u64 = 4;
const SAVES_A_SECOND: u64 = 10;
/// Rules that are saved in turn: thresholds and discounts.
const VARIANTS: u32 = 12;
/// Memory that may come on top of what there was after the first third.
const MEMORY_GROWTH: f64 = 1.4;

/// Rules of one generation, and whom they put where.
struct Variant {
    pack: String,
    generation: String,
    vip: u32,
    discount: u32,
    rules: Rules,
    outcome: PassOutcome,
}

impl Variant {
    fn new(shop: &Shop, number: u32) -> Self {
        let (vip, discount) = (5000 + number * 100, 20 + number);
        let pack = club(vip, discount);
        let origin = Origin {
            files: PackFiles::embedded([("pack.yaml", pack.clone())]),
            project: Some(ProjectFile::read(&shop.path("tierkeeper.yaml")).expect("a project")),
            set: Vec::new(),
        };
        let built = origin.build();
        let program = built.program.expect("a sound pack");
        let rules = Rules { program, texts: built.sources, origin };
        let as_of = AS_OF.parse().expect("a date");
        let options = ReadOptions {
            skip_bad_rows: false,
            threads: 1,
            query_time_limit: QUERY_TIME_LIMIT,
            tier_since: &|_, _| None,
            progress: &|_, _| {},
            stop: Arc::default(),
        };
        let facts = read_facts(&rules.program, &shop.path("shop.db"), as_of, &options);
        let facts = facts.expect("the store is read");
        let nobody = Standings::empty(facts.customers.len(), 1, 0);
        let outcome = run(&rules.program, facts, &nobody, &[], as_of, 1);
        let generation = rules.program.generation();
        Self { pack, generation, vip, discount, rules, outcome }
    }

    /// The tier that these rules give a steady customer.
    fn tier(&self, customer: i64) -> Json {
        let slot = self.outcome.population.facts.slot(&CustomerId::Int(customer));
        let standing = self.outcome.after.standings.get(0, slot.expect("a customer"));
        json!(standing.tier.map(|tier| &self.rules.program.ladders[0].tiers[tier].name))
    }

    /// Whether an answer is made by these rules, and by nothing else.
    fn check(&self, customer: i64, answer: &Answer) {
        let json = &answer.json;
        assert_eq!(json["generation"], json!(self.generation), "body and header: {json}");
        let tier = self.tier(customer);
        assert_eq!(json["ladders"]["club"]["tier"], tier, "{json}");
        let discount = if tier == "vip" { self.discount } else { 1 };
        assert_eq!(json["benefits"][0]["value"], discount, "{json}");
        assert_eq!(json["segments"].as_array().map(Vec::len), Some(usize::from(tier == "vip")));
        if let Some(criteria) = json["ladders"]["club"]["criteria"].as_array() {
            assert_eq!(criteria[0]["asked"], self.vip, "{json}");
            assert_eq!(criteria[0]["met"], tier == "vip", "{json}");
        }
    }
}

#[test]
#[expect(clippy::print_stdout, reason = "a long storm tells what came of it")]
fn no_answer_mixes_two_generations() {
    let seconds = std::env::var("TIERKEEPER_STORM_SECONDS").ok();
    let seconds = seconds.and_then(|text| text.parse().ok()).unwrap_or(SECONDS);
    let spend: Vec<i64> = (1..=STEADY).map(|customer| customer * 50 + 100).collect();
    let shop = Shop::new(&club(5000, 20), &spend);
    // What is tried here is not how many people a change hits.
    shop.project("guard: off\nschedule: every minute\n");
    let variants: Vec<Variant> = (0..VARIANTS).map(|number| Variant::new(&shop, number)).collect();
    let known: HashMap<&str, &Variant> =
        variants.iter().map(|variant| (variant.generation.as_str(), variant)).collect();
    let host = shop.run();
    let (stop, answers) = (AtomicBool::new(false), AtomicU64::new(0));
    let mut memory = Vec::new();
    let last = thread::scope(|scope| {
        for client in 0..CLIENTS {
            let (host, known, stop, answers) = (&host, &known, &stop, &answers);
            scope.spawn(move || read(host, known, client, stop, answers));
        }
        scope.spawn(|| buy(&shop, &stop));
        let last = save(&shop, &host, &variants, seconds, &mut memory);
        stop.store(true, Ordering::Relaxed);
        last
    });
    host.until("the last good save is live", || host.generation() == last.generation);
    last.check(1, &host.get("/v1/customers/1/explanation"));
    let status = host.status();
    assert_eq!(status["last_attempt"]["ok"], true, "{status}");
    let (early, late) = (memory[memory.len() / 3], memory[memory.len() - 1]);
    println!(
        "{seconds} s: {} answers, {} → {} MB after the first third and at the end",
        answers.load(Ordering::Relaxed),
        early / 1_000_000,
        late / 1_000_000
    );
    assert!(late as f64 <= early as f64 * MEMORY_GROWTH + 20e6, "{memory:?}");
    assert!(answers.load(Ordering::Relaxed) > 100, "clients did read");
    assert!(host.stop().success());
}

/// Reads until the storm is over.
fn read(
    host: &Running,
    known: &HashMap<&str, &Variant>,
    client: u64,
    stop: &AtomicBool,
    answers: &AtomicU64,
) {
    let mut number = client;
    while !stop.load(Ordering::Relaxed) {
        number = number.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963);
        let customer = 1 + (number >> 33) as i64 % STEADY;
        let part = if number & 1 << 40 == 0 { "" } else { "/explanation" };
        let path = format!("/v1/customers/{customer}{part}");
        let answer = get(&host.address, &path).expect("no request fails");
        assert_eq!(answer.status, 200, "{path}: {}", answer.json);
        let variant = known.get(answer.generation.as_str());
        variant.expect("a generation that was saved").check(customer, &answer);
        answers.fetch_add(1, Ordering::Relaxed);
    }
}

/// Orders of others come in all the time.
fn buy(shop: &Shop, stop: &AtomicBool) {
    let mut customer = 0;
    while !stop.load(Ordering::Relaxed) {
        customer += 1;
        shop.order(STEADY + customer % 500 + 1, 40);
        thread::sleep(Duration::from_millis(20));
    }
}

/// Saves rules, and gives the last good ones.
fn save<'v>(
    shop: &Shop,
    host: &Running,
    variants: &'v [Variant],
    seconds: u64,
    memory: &mut Vec<u64>,
) -> &'v Variant {
    let start = Instant::now();
    let mut last = &variants[0];
    for number in 0..seconds * SAVES_A_SECOND {
        let variant = &variants[number as usize % variants.len()];
        let pack = &variant.pack;
        match number % 6 {
            0 => shop.save(&pack.replace("spend >=", "spnd >=")),
            3 => shop.save(&pack[..pack.len() / 2]),
            1 => {
                write_in_pieces(shop, pack);
                last = variant;
            }
            _ => {
                shop.save(pack);
                last = variant;
            }
        }
        memory.push(resident(host.process()));
        let next = Duration::from_millis((number + 1) * 1000 / SAVES_A_SECOND);
        thread::sleep(next.saturating_sub(start.elapsed()));
    }
    last
}

/// In place, the first half some time before the second.
fn write_in_pieces(shop: &Shop, pack: &str) {
    let mut file = fs::File::create(shop.pack().join("pack.yaml")).expect("it can be written");
    let (first, second) = pack.split_at(pack.len() / 2);
    file.write_all(first.as_bytes()).expect("written");
    file.flush().expect("written");
    thread::sleep(Duration::from_millis(30));
    file.write_all(second.as_bytes()).expect("written");
}

/// Bytes of memory.
fn resident(process: u32) -> u64 {
    let status = fs::read_to_string(format!("/proc/{process}/status")).unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("RssAnon:"));
    let kilobytes = line.and_then(|line| line.split_ascii_whitespace().next()?.parse::<u64>().ok());
    kilobytes.unwrap_or(0) * 1000
}
