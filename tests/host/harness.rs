//! A shop with a pack, a store and a running host.

use std::fs;
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::{Duration, Instant};

use rusqlite::{Connection, params};
use serde_json::Value as Json;
use tempfile::TempDir;

/// The date of every test.
pub const AS_OF: &str = "2026-03-21";

/// How long something may take before a test gives up: nothing is as slow as that.
const PATIENCE: Duration = Duration::from_secs(60);

/// `vip` at a spend, `gold` at 100; the discount of a VIP is a number too, so that an answer shows
/// which rules made it.
pub fn club(vip: u32, discount: u32) -> String {
    format!(
        "pack: club
version: 1.0.0
title: Club
requires: '>=0.1'
settings: {{ currency: EUR, timezone: UTC }}
sources:
  orders:
    table: orders
    customer: customer_id
    at: placed_at
    columns: {{ amount: money }}
metrics:
  spend: {{ sum: orders.amount, within: 12 months }}
ladders:
  club:
    on_change: review_now
    tiers:
      vip: {{ enter: spend >= {vip} }}
      gold: {{ enter: spend >= 100 }}
benefits:
  discount:
    kind: percent_off
    tiers: {{ vip: {discount}, gold: 1 }}
segments:
  big: {{ when: spend >= {vip} }}
"
    )
}

/// A project in a directory of its own.
#[derive(Debug)]
pub struct Shop {
    directory: TempDir,
    program: PathBuf,
    /// Who runs the host, where that is not whoever runs the test.
    user: Option<u32>,
}

/// "nobody" on most systems. Nothing is forbidden to root, who often runs tests in containers.
const NOBODY: u32 = 65_534;

impl Shop {
    /// A store in which customer 1, 2, … have spent that much, and a pack.
    pub fn new(pack: &str, spend: &[i64]) -> Self {
        let directory = tempfile::tempdir().expect("a directory");
        let program = PathBuf::from(env!("CARGO_BIN_EXE_tierkeeper"));
        let shop = Self { directory, program, user: None };
        fs::create_dir(shop.pack()).expect("a directory");
        shop.save(pack);
        shop.project("");
        let store = shop.store();
        store
            .execute_batch(
                "PRAGMA journal_mode = WAL;
                 CREATE TABLE orders (id INTEGER PRIMARY KEY, customer_id INTEGER NOT NULL,
                     placed_at TEXT NOT NULL, amount TEXT NOT NULL);
                 CREATE INDEX orders_by_customer ON orders (customer_id, placed_at);
                 BEGIN;",
            )
            .expect("tables");
        for (amount, customer) in spend.iter().zip(1..) {
            insert(&store, customer, *amount);
        }
        store.execute_batch("COMMIT").expect("rows");
        shop
    }

    /// The shop of somebody who is not root.
    #[cfg(unix)]
    pub fn of_a_user(mut self) -> Self {
        use std::os::unix::fs::{MetadataExt, chown};
        let directory = self.path("");
        if fs::metadata(&directory).expect("it is there").uid() != 0 {
            return self;
        }
        // Where the program is, only root may look.
        let program = self.path("tierkeeper");
        if fs::hard_link(&self.program, &program).is_err() {
            // By another process: one that this one starts meanwhile would have the file open.
            let copied = Command::new("cp").args([&self.program, &program]).status();
            assert!(copied.expect("cp is there").success());
        }
        for entry in
            [&directory, &self.pack(), &self.path("shop.db"), &self.path("tierkeeper.yaml")]
        {
            chown(entry, Some(NOBODY), Some(NOBODY)).expect("given away");
        }
        (self.program, self.user) = (program, Some(NOBODY));
        self
    }

    pub fn path(&self, name: &str) -> PathBuf {
        self.directory.path().join(name)
    }

    pub fn pack(&self) -> PathBuf {
        self.path("pack")
    }

    pub fn state(&self) -> PathBuf {
        self.path("shop.tiers.db")
    }

    /// Saves the pack as a program does that writes a new file and renames it.
    pub fn save(&self, pack: &str) {
        let unfinished = self.pack().join(".pack.yaml.new");
        fs::write(&unfinished, pack).expect("written");
        fs::rename(&unfinished, self.pack().join("pack.yaml")).expect("renamed");
    }

    /// The project file, with more lines.
    pub fn project(&self, more: &str) {
        let text = format!("pack: pack\nstore: shop.db\nlisten: 127.0.0.1:0\n{more}");
        fs::write(self.path("tierkeeper.yaml"), text).expect("written");
    }

    /// A connection of the shop's own.
    pub fn store(&self) -> Connection {
        let store = Connection::open(self.path("shop.db")).expect("a store");
        store.busy_timeout(PATIENCE).expect("a timeout");
        store
    }

    pub fn order(&self, customer: i64, amount: i64) {
        insert(&self.store(), customer, amount);
    }

    pub fn run(&self) -> Running {
        self.run_with(&[])
    }

    /// Starts a host and waits until it answers.
    pub fn run_with(&self, arguments: &[&str]) -> Running {
        let running = self.launch(arguments);
        running.until("it is ready", || running.status_of("/readyz") == 200);
        running
    }

    /// Starts a host and waits until it listens.
    pub fn launch(&self, arguments: &[&str]) -> Running {
        Self::listening(self.spawn(arguments))
    }

    /// Starts a host with limits for the process, as `ulimit` has them, and waits until it is ready.
    /// With `-f` no file may become longer: for them the disk is full then.
    #[cfg(unix)]
    pub fn run_within(&self, limits: &str) -> Running {
        let mut command = Command::new("sh");
        // A program that ignores the signal gets an error instead of it.
        let script = format!("trap '' XFSZ; ulimit {limits}; exec \"$0\" run --as-of {AS_OF}");
        command.args(["-c", &script]).arg(&self.program);
        let running = Self::listening(self.start(command));
        running.until("it is ready", || running.status_of("/readyz") == 200);
        running
    }

    fn listening(mut child: Child) -> Running {
        let log = Log::of(&mut child);
        let address = log.address().unwrap_or_else(|| panic!("it listens:\n{}", log.text()));
        Running { child, address, log }
    }

    /// Starts a host that is expected to end by itself: how it ended, and what it said.
    pub fn fails(&self, arguments: &[&str]) -> (Option<i32>, String) {
        let mut child = self.spawn(arguments);
        let log = Log::of(&mut child);
        let status = ended(&mut child).expect("it ends");
        thread::sleep(Duration::from_millis(100));
        (status.code(), log.text())
    }

    fn spawn(&self, arguments: &[&str]) -> Child {
        let mut command = self.command(&["run", "--as-of", AS_OF]);
        command.args(arguments);
        self.start(command)
    }

    fn start(&self, mut command: Command) -> Child {
        self.prepare(&mut command);
        command.stdout(Stdio::null()).stderr(Stdio::piped()).spawn().expect("the program starts")
    }

    /// Any command, in the project's directory.
    pub fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(&self.program);
        command.args(arguments);
        self.prepare(&mut command);
        command
    }

    fn prepare(&self, command: &mut Command) {
        command.current_dir(self.directory.path());
        #[cfg(unix)]
        if let Some(user) = self.user {
            use std::os::unix::process::CommandExt;
            command.uid(user).gid(user);
        }
        command.env_remove("TIERKEEPER_AS_OF").env_remove("TIERKEEPER_LOG");
    }
}

fn insert(store: &Connection, customer: i64, amount: i64) {
    store
        .execute(
            "INSERT INTO orders (customer_id, placed_at, amount) VALUES (?1, '2026-02-01', ?2)",
            params![customer, amount.to_string()],
        )
        .expect("a row");
}

/// What a process says on stderr, as it comes.
#[derive(Debug, Clone)]
pub struct Log {
    text: Arc<Mutex<String>>,
}

impl Log {
    fn of(child: &mut Child) -> Self {
        let text = Arc::new(Mutex::new(String::new()));
        let stderr = child.stderr.take().expect("stderr is ours");
        let lines = text.clone();
        thread::spawn(move || {
            for line in BufReader::new(stderr).lines().map_while(Result::ok) {
                lines.lock().expect("a log").push_str(&format!("{line}\n"));
            }
        });
        Self { text }
    }

    pub fn text(&self) -> String {
        self.text.lock().expect("a log").clone()
    }

    /// Where it says that it answers.
    fn address(&self) -> Option<String> {
        let until = Instant::now() + PATIENCE;
        while Instant::now() < until {
            let text = self.text();
            if let Some((_, rest)) = text.split_once("answering at http://") {
                let end =
                    rest.find(|letter: char| !(letter.is_ascii_digit() || ".:".contains(letter)));
                return Some(rest[..end.unwrap_or(rest.len())].to_owned());
            }
            thread::sleep(Duration::from_millis(5));
        }
        None
    }
}

/// An answer of the service.
#[derive(Debug, Clone)]
pub struct Answer {
    pub status: u16,
    /// The header `tierkeeper-generation`.
    pub generation: String,
    pub json: Json,
}

/// A host that runs.
#[derive(Debug)]
pub struct Running {
    child: Child,
    pub address: String,
    pub log: Log,
}

impl Running {
    pub fn get(&self, path: &str) -> Answer {
        get(&self.address, path).unwrap_or_else(|error| panic!("{path}: {error}"))
    }

    pub fn post(&self, path: &str, body: &str) -> Answer {
        let url = format!("http://{}{path}", self.address);
        let request = agent().post(&url).header("Content-Type", "application/json");
        answer(request.send(body)).unwrap_or_else(|error| panic!("{path}: {error}"))
    }

    pub fn status_of(&self, path: &str) -> u16 {
        get(&self.address, path).map_or(0, |answer| answer.status)
    }

    pub fn status(&self) -> Json {
        self.get("/v1/status").json
    }

    /// The live generation.
    pub fn generation(&self) -> String {
        self.get("/healthz").generation
    }

    /// The tier of a customer in `club`.
    pub fn tier(&self, customer: i64) -> Json {
        self.get(&format!("/v1/customers/{customer}")).json["ladders"]["club"]["tier"].clone()
    }

    /// Waits until something is so.
    #[track_caller]
    pub fn until(&self, what: &str, is_so: impl Fn() -> bool) {
        let until = Instant::now() + PATIENCE;
        while !is_so() {
            assert!(Instant::now() < until, "{what} in time:\n{}", self.log.text());
            thread::sleep(Duration::from_millis(10));
        }
    }

    pub fn process(&self) -> u32 {
        self.child.id()
    }

    /// Sends a signal, by its name.
    pub fn signal(&self, name: &str) {
        let done = Command::new("kill").args([name, &self.child.id().to_string()]).status();
        assert!(done.expect("kill is there").success());
    }

    /// Asks it to end, and waits.
    pub fn stop(mut self) -> ExitStatus {
        self.signal("-TERM");
        ended(&mut self.child).unwrap_or_else(|| panic!("it ends:\n{}", self.log.text()))
    }

    /// Ends it in the middle of whatever it does.
    pub fn kill_now(&mut self) {
        self.child.kill().expect("killed");
        self.child.wait().expect("ended");
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn ended(child: &mut Child) -> Option<ExitStatus> {
    let until = Instant::now() + PATIENCE;
    while Instant::now() < until {
        if let Some(status) = child.try_wait().expect("a child") {
            return Some(status);
        }
        thread::sleep(Duration::from_millis(10));
    }
    None
}

/// An answer from an address, or why there is none.
pub fn get(address: &str, path: &str) -> Result<Answer, ureq::Error> {
    answer(agent().get(format!("http://{address}{path}")).call())
}

fn answer(
    answer: Result<ureq::http::Response<ureq::Body>, ureq::Error>,
) -> Result<Answer, ureq::Error> {
    let mut answer = answer?;
    let generation = answer.headers().get("tierkeeper-generation");
    let generation = generation.and_then(|value| value.to_str().ok()).unwrap_or_default();
    let (generation, status) = (generation.to_owned(), answer.status().as_u16());
    let text = answer.body_mut().read_to_string()?;
    let json = serde_json::from_str(&text).unwrap_or(Json::String(text));
    Ok(Answer { status, generation, json })
}

fn agent() -> ureq::Agent {
    let config = ureq::Agent::config_builder().http_status_as_error(false).proxy(None);
    config.timeout_global(Some(PATIENCE)).build().into()
}

/// The generation of a pack as text, built by itself.
pub fn generation_of(pack: &str, directory: &Path) -> String {
    let files = tierkeeper::pack::PackFiles::embedded([("pack.yaml", pack.to_owned())]);
    let project = tierkeeper::pack::ProjectFile::read(&directory.join("tierkeeper.yaml"));
    let origin = tierkeeper::build::Origin {
        files,
        project: Some(project.expect("a project")),
        set: Vec::new(),
    };
    origin.build().program.expect("a sound pack").generation()
}
