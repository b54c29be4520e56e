//! A host that runs beside a benchmark, and what it answers.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use jiff::civil::Date;
/// Nothing is as slow as that.
const PATIENCE: Duration = Duration::from_secs(120);

#[derive(Debug)]
pub struct Host {
    child: Child,
    pub address: String,
}

impl Host {
    /// Starts a host, and waits until it answers.
    pub fn start(pack: &Path, store: &Path, state: &Path, as_of: Date, arguments: &[&str]) -> Self {
        let mut child = Command::new(env!("CARGO_BIN_EXE_tierkeeper"))
            .args(["run", "--listen", "127.0.0.1:0", "--as-of", &as_of.to_string()])
            .args(["--log", "json", "--pack"])
            .arg(pack)
            .arg("--store")
            .arg(store)
            .arg("--state")
            .arg(state)
            .args(arguments)
            .stdout(Stdio::null())
            .stderr(Stdio::piped())
            .spawn()
            .expect("the program starts");
        let mut lines = BufReader::new(child.stderr.take().expect("stderr is ours")).lines();
        let mut said = String::new();
        let address = loop {
            let line = match lines.next() {
                Some(Ok(line)) => line,
                _ => panic!("the host listens:\n{said}"),
            };
            if let Some((_, rest)) = line.split_once("answering at http://") {
                let end = rest.find(|it: char| !(it.is_ascii_digit() || ".:".contains(it)));
                break rest[..end.unwrap_or(rest.len())].to_owned();
            }
            said.push_str(&line);
            said.push('\n');
        };
        // A pipe that nobody reads would stop it.
        thread::spawn(move || lines.for_each(drop));
        let host = Self { child, address };
        let mut client = host.client();
        host.until(|| client.get("/readyz").0 == 200);
        host
    }

    pub fn client(&self) -> Client {
        let stream = TcpStream::connect(&self.address).expect("it listens");
        stream.set_nodelay(true).expect("a socket");
        Client { stream, buffer: Vec::new() }
    }

    /// Waits until something is so; seconds.
    pub fn until(&self, mut is_so: impl FnMut() -> bool) -> f64 {
        let start = Instant::now();
        while !is_so() {
            assert!(start.elapsed() < PATIENCE, "it takes too long");
            thread::sleep(Duration::from_millis(1));
        }
        start.elapsed().as_secs_f64()
    }
}

impl Drop for Host {
    fn drop(&mut self) {
        let _ = Command::new("kill").args(["-TERM", &self.child.id().to_string()]).status();
        let _ = self.child.wait();
    }
}

/// One connection that is kept.
#[derive(Debug)]
pub struct Client {
    stream: TcpStream,
    buffer: Vec<u8>,
}

impl Client {
    /// The status, the generation that made the answer, and its body.
    pub fn get(&mut self, path: &str) -> (u16, String, String) {
        let request = format!("GET {path} HTTP/1.1\r\nHost: benchmark\r\n\r\n");
        self.stream.write_all(request.as_bytes()).expect("it reads");
        self.buffer.clear();
        let head = loop {
            if let Some(end) = self.buffer.windows(4).position(|part| part == b"\r\n\r\n") {
                break end + 4;
            }
            self.more();
        };
        let text = String::from_utf8_lossy(&self.buffer[..head]).to_ascii_lowercase();
        let status = text.split(' ').nth(1).and_then(|code| code.parse().ok()).expect("a status");
        let header = |name: &str| {
            let found = text.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(':'));
            found.unwrap_or_default().trim().to_owned()
        };
        let length: usize = header("content-length").parse().unwrap_or(0);
        while self.buffer.len() < head + length {
            self.more();
        }
        let body = String::from_utf8_lossy(&self.buffer[head..head + length]).into_owned();
        (status, header("tierkeeper-generation"), body)
    }

    fn more(&mut self) {
        let mut part = [0; 16 * 1024];
        let read = self.stream.read(&mut part).expect("it answers");
        assert!(read > 0, "the connection is open");
        self.buffer.extend_from_slice(&part[..read]);
    }
}
