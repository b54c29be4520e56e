//! A small pack with tests in a directory of its own, and `test` run on it.

use std::fs;
use std::path::Path;

use serde_json::Value;
use tempfile::TempDir;

use crate::shop::tierkeeper;

pub const RULES: &str = r#"pack: small
version: 1.0.0
settings: { currency: TRY, timezone: Europe/Istanbul }
parameters:
  vip_spend: { type: money, default: 1000, min: 100, max: 5000 }
  ways: { type: list, default: [web, shop] }
  period: { type: duration, default: 12 months }
customers:
  table: customers
  id: id
  columns:
    joined: date
    channel: text
    consent: flag
    points: count
    ratio: number
    debt: money
    many: { type: number, expr: points * 100 }
sources:
  orders:
    table: orders
    customer: who
    at: day
    columns: { quantity: count, price: money, amount: { type: money, expr: quantity * price } }
metrics:
  spend: { sum: orders.amount, within: period }
  order_count: { count: orders, within: 12 months }
  first_day: { expr: joined }
  way: { expr: channel }
ladders:
  club:
    tiers:
      vip:
        enter:
          - spend >= vip_spend
          - order_count >= 2
          - spend < 4000
      member: { enter: always }
  benefits:
    tiers:
      best: { enter: "top_percent(25, spend)" }
benefits:
  discount: { kind: percent_off, ladder: club, tiers: { vip: 20 }, when: consent }
segments:
  known: { when: channel in ways }
  regulars: { when: order_count >= 3 }
"#;

/// One case that passes.
pub const PASSES: &str = "cases:\n  - name: a member\n    expect: { club: member }\n";
/// One that fails, in line 3.
pub const FAILS: &str = "cases:\n  - name: no vip\n    expect: { club: vip }\n";

pub struct Pack {
    dir: TempDir,
}

/// What a run came to.
pub struct Run {
    pub code: i32,
    pub out: String,
    pub err: String,
}

impl Pack {
    /// The rules in `small/`, and `small/tests/a.yaml`.
    pub fn new(tests: impl AsRef<[u8]>) -> Self {
        let pack = Self { dir: tempfile::tempdir().expect("a directory") };
        pack.write("small/pack.yaml", RULES);
        pack.write("small/tests/a.yaml", tests);
        pack
    }

    pub fn path(&self) -> &Path {
        self.dir.path()
    }

    pub fn write(&self, name: &str, text: impl AsRef<[u8]>) {
        let path = self.path().join(name);
        fs::create_dir_all(path.parent().expect("a parent")).expect("a directory");
        fs::write(path, text).expect("a file");
    }

    pub fn read(&self, name: &str) -> String {
        fs::read_to_string(self.path().join(name)).unwrap_or_else(|error| panic!("{name}: {error}"))
    }

    /// Names of files in a directory, in order.
    pub fn names(&self, directory: &str) -> Vec<String> {
        let Ok(entries) = fs::read_dir(self.path().join(directory)) else { return Vec::new() };
        let mut names: Vec<String> = entries
            .map(|entry| entry.expect("an entry").file_name().to_string_lossy().into_owned())
            .collect();
        names.sort();
        names
    }

    /// `tierkeeper test small` with more arguments.
    pub fn test(&self, arguments: &[&str]) -> Run {
        let all: Vec<&str> = ["small"].into_iter().chain(arguments.iter().copied()).collect();
        self.test_at("", &all, &[])
    }

    /// `tierkeeper test` from a directory and with environment variables.
    pub fn test_at(&self, from: &str, arguments: &[&str], variables: &[(&str, &str)]) -> Run {
        let mut command = tierkeeper();
        command.env_remove("CI").current_dir(self.path().join(from)).arg("test").args(arguments);
        command.envs(variables.iter().copied());
        let output = command.output().expect("it runs");
        let text = |bytes| String::from_utf8(bytes).expect("UTF-8");
        Run {
            code: output.status.code().expect("a code"),
            out: text(output.stdout),
            err: text(output.stderr),
        }
    }

    pub fn json(&self, arguments: &[&str]) -> Value {
        let all: Vec<&str> = arguments.iter().copied().chain(["--format", "json"]).collect();
        let run = self.test(&all);
        serde_json::from_str(&run.out).unwrap_or_else(|error| panic!("{error}: {}", run.out))
    }
}

impl Run {
    #[track_caller]
    pub fn ends(self, code: i32) -> Self {
        assert_eq!(self.code, code, "{}{}", self.out, self.err);
        self
    }

    #[track_caller]
    pub fn says(self, words: &[&str]) -> Self {
        let said = format!("{}{}", self.out, self.err);
        for words in words {
            assert!(said.contains(words), "`{words}` is not in\n{said}");
        }
        self
    }
}
