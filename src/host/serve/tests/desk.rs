//! A service over a small shop, and somebody who speaks to it byte by byte.

use std::io::{Read, Write};
use std::net::{Ipv4Addr, SocketAddr, TcpStream};
use std::path::PathBuf;
use std::sync::{Arc, mpsc};
use std::thread;
use std::time::Duration;

use jiff::civil::{Date, date};
use serde_json::Value as Json;

use crate::build::Rules;
use crate::host::{
    Answers, Board, Command, Decided, Layer, Outcome, Refused, Reloaded, Service, ServiceOptions,
    Status, Token,
};
use crate::pass::fixture;
use crate::store::CustomerId;

pub(super) const AS_OF: Date = date(2026, 3, 10);
pub(super) const READ: &str = "a-token-for-reading";
pub(super) const WRITE: &str = "a-token-for-commands";

pub(super) const CLUB: &str = "
ladders:
  club:
    tiers:
      vip: { enter: spend >= 1000, review: { fixed: 10 months } }
      gold: { enter: spend >= 400 }
benefits:
  discount: { kind: percent_off, tiers: { vip: 20, gold: 10 }, ladder: club }
segments:
  regulars: { when: orders_made >= 3 }
alerts:
  quiet: { when: days_away > 30, message: away }
";

/// Customers `1` and `2` who are vip, `3` and `a/b` who are gold, and `ä` with nothing. All but
/// `3` are regulars; `2` and `ä` are quiet.
pub(super) fn answers() -> Answers {
    answers_of(CLUB)
}

/// The same customers with other rules.
pub(super) fn answers_of(club: &str) -> Answers {
    let rules: Arc<Rules> = Arc::new(fixture::rules("", "", club));
    let rows = [(1500, 3, 1), (1000, 4, 31), (400, 2, 30), (999, 3, 1), (0, 5, 90)];
    let mut facts = fixture::facts(&rules.program, &rows);
    facts.customers = ["1", "2", "3", "a/b", "ä"].map(CustomerId::parse).to_vec();
    let outcome = fixture::first_pass(&rules.program, facts, AS_OF);
    let everybody = Layer::of(&rules.program, outcome);
    Answers::of_everybody(rules, everybody)
}

pub(super) fn with_tokens(options: &mut ServiceOptions) {
    options.read_token = Some(Token::new(READ).expect("a token"));
    options.write_token = Some(Token::new(WRITE).expect("a token"));
}

pub(super) struct Desk {
    pub board: Arc<Board>,
    pub generation: String,
    pub address: SocketAddr,
    service: Option<Service>,
}

/// What came back.
#[derive(Debug, Clone)]
pub(super) struct Answer {
    pub status: u16,
    /// Names in lower case.
    pub headers: Vec<(String, String)>,
    pub body: Vec<u8>,
}

impl Desk {
    /// With answers and without tokens.
    pub fn open() -> Self {
        Self::with(|_| {})
    }

    pub fn with_tokens() -> Self {
        Self::with(with_tokens)
    }

    pub fn with(set: impl FnOnce(&mut ServiceOptions)) -> Self {
        let answers = answers();
        let desk = Self::before_the_first_pass(&answers.generation, set);
        desk.board.publish(Arc::new(answers));
        desk
    }

    pub fn before_the_first_pass(generation: &str, set: impl FnOnce(&mut ServiceOptions)) -> Self {
        Self::over(PathBuf::from("/nowhere/state.db"), generation, set)
    }

    pub fn over(state: PathBuf, generation: &str, set: impl FnOnce(&mut ServiceOptions)) -> Self {
        let generation = generation.to_owned();
        let status = Status { generation: generation.clone(), ..Status::default() };
        let board = Arc::new(Board::new(state, status));
        let mut options = ServiceOptions::at(SocketAddr::from((Ipv4Addr::LOCALHOST, 0)));
        set(&mut options);
        let (commands, received) = mpsc::channel();
        let live = generation.clone();
        thread::spawn(move || conductor(&received, &live));
        let service = Service::start(options, Arc::clone(&board), commands).expect("it starts");
        Self { board, generation, address: service.address(), service: Some(service) }
    }

    pub fn stop(&mut self, within: Duration) {
        self.service.take().expect("it runs").stop(within);
    }

    pub fn connect(&self) -> TcpStream {
        let stream = TcpStream::connect(self.address).expect("it listens");
        stream.set_read_timeout(Some(Duration::from_secs(30))).expect("a limit");
        stream
    }

    /// Bytes as they are; all that comes back until the service closes the connection.
    pub fn raw(&self, bytes: &[u8]) -> Vec<u8> {
        let mut stream = self.connect();
        // The service may have answered and gone before everything was sent.
        let _ = stream.write_all(bytes);
        let mut back = Vec::new();
        let _ = stream.read_to_end(&mut back);
        back
    }

    /// One request, with these header lines besides `host`.
    pub fn ask(&self, method: &str, path: &str, headers: &[&str], body: &str) -> Answer {
        let mut lines = format!("{method} {path} HTTP/1.1\r\nhost: localhost\r\n");
        for header in headers {
            lines += header;
            lines += "\r\n";
        }
        let length = body.len();
        lines += &format!("content-length: {length}\r\nconnection: close\r\n\r\n{body}");
        Answer::read(&self.raw(lines.as_bytes()))
    }

    pub fn get(&self, path: &str) -> Answer {
        self.ask("GET", path, &[], "")
    }

    pub fn post(&self, path: &str, body: &str) -> Answer {
        self.ask("POST", path, &[], body)
    }
}

impl Answer {
    #[track_caller]
    pub fn read(bytes: &[u8]) -> Self {
        let end = bytes.windows(4).position(|four| four == b"\r\n\r\n");
        let end = end.unwrap_or_else(|| panic!("no head: {:?}", String::from_utf8_lossy(bytes)));
        let head = std::str::from_utf8(&bytes[..end]).expect("a head is ASCII");
        let mut lines = head.split("\r\n");
        let status = lines.next().and_then(|line| line.split(' ').nth(1)).expect("a status");
        let header = |line: &str| {
            let (name, value) = line.split_once(": ").expect("a header");
            (name.to_ascii_lowercase(), value.to_owned())
        };
        Self {
            status: status.parse().expect("a number"),
            headers: lines.map(header).collect(),
            body: bytes[end + 4..].to_vec(),
        }
    }

    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str())
    }

    #[track_caller]
    pub fn json(&self) -> Json {
        serde_json::from_slice(&self.body)
            .unwrap_or_else(|error| panic!("{error}: {}", String::from_utf8_lossy(&self.body)))
    }

    /// The detail of a problem that has everything a problem has.
    #[track_caller]
    pub fn problem(&self, status: u16, name: &str) -> String {
        let json = self.json();
        assert_eq!(self.status, status, "{json}");
        assert_eq!(self.header("content-type"), Some("application/problem+json"));
        assert_eq!(json["type"], format!("urn:tierkeeper:problem:{name}"), "{json}");
        assert_eq!(json["status"], status);
        assert!(json["title"].is_string() && json["instance"].is_string(), "{json}");
        json["detail"].as_str().expect("a detail").to_owned()
    }
}

/// Says yes to `sha256:new`, and to others why not. Replies to `hang` never come, and of `gone` it
/// loses the question.
fn conductor(received: &mpsc::Receiver<Command>, live: &str) {
    let mut hanging = Vec::new();
    while let Ok(command) = received.recv() {
        let (generation, by, reply) = match command {
            Command::Reload(Some(reply)) => {
                let generation = Some(live.to_owned());
                let message = "nothing has changed".to_owned();
                // Whoever asked may have gone.
                let _ = reply.send(Reloaded { generation, outcome: Outcome::Unchanged, message });
                continue;
            }
            Command::Decide { generation, by, reply, .. } => (generation, by, reply),
            _ => continue,
        };
        let answer = match generation.as_str() {
            "sha256:new" => Ok(Decided { generation, message: format!("decided by {by}") }),
            "sha" => Err(Refused::TooShort(8)),
            "sha256:nothing" => Err(Refused::NothingWaits),
            "sha256:broken" => Err(Refused::Failed("the state is read-only".to_owned())),
            "sha256:hang" => {
                hanging.push(reply);
                continue;
            }
            "sha256:gone" => continue,
            _ => Err(Refused::Another { asked: generation, waiting: "sha256:new".to_owned() }),
        };
        let _ = reply.send(answer);
    }
}
