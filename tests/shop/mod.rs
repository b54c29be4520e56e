//! A tiny shop in a directory of its own, and the program run in it.

use std::fs;
use std::path::Path;

use assert_cmd::Command;
use tempfile::TempDir;

/// Rules with every kind of thing that the command line shows.
pub const PACK: &str = r#"pack: tiny
version: 1.0.0
title: { en: Tiny club, tr: Küçük kulüp }
settings: { currency: TRY, timezone: Europe/Istanbul }
parameters:
  vip_spend: { type: money, default: 1000, title: Spend for VIP }
sources:
  orders:
    table: orders
    customer: customer_id
    at: placed_at
    columns: { amount: money, channel: text }
metrics:
  spend: { sum: orders.amount, within: 12 months, title: { en: Spend, tr: Harcama } }
  order_count: { count: orders, within: 12 months }
  days_away: { days_since_last: orders }
ladders:
  club:
    title: The club
    tiers:
      vip:
        title: { en: VIP, tr: Seçkin }
        enter:
          any:
            - spend >= vip_spend
            - top_percent(10, spend)
        keep: spend >= 500
        review: { fixed: 10 months }
      gold:
        enter:
          - spend >= 400
          - days_away < 60
      member:
        enter: always
benefits:
  discount:
    kind: percent_off
    title: Discount
    tiers: { vip: 20, gold: 10, member: 5 }
segments:
  near_vip: { near: club.vip, short_by: 20 }
  regulars: { when: order_count >= 2 }
alerts:
  gone_quiet: { when: days_away > 30, message: "away for {days_away} days" }
"#;

pub const ORDERS: &str = "customer_id,placed_at,amount,channel
1,2026-01-05 10:00:00,1200.00,web
2,2026-02-01 09:00:00,800.40,web
2,2026-03-10 09:00:00,12.00,shop
3,2026-03-18,100,web
4,2026-01-20,500.5,shop
,2026-03-01,75,shop
";

/// The date that the tests decide for.
pub const AS_OF: &str = "2026-03-21";

pub struct Shop {
    pub dir: TempDir,
}

impl Shop {
    /// A pack, a project file, and orders as CSV that are not imported yet.
    pub fn new() -> Self {
        let shop = Self { dir: tempfile::tempdir().expect("a temporary directory") };
        shop.write("rules/tiny/pack.yaml", PACK);
        shop.write("tierkeeper.yaml", "store: shop.db\npack: rules/tiny\n");
        shop.write("orders.csv", ORDERS);
        shop
    }

    /// With the orders in the store.
    pub fn with_store() -> Self {
        let shop = Self::new();
        shop.run(["import", "orders.csv", "--into", "orders"]).assert().success();
        shop
    }

    /// With a pass of [`AS_OF`] in the state database.
    pub fn evaluated() -> Self {
        let shop = Self::with_store();
        shop.run(["evaluate", "--as-of", AS_OF]).assert().success();
        shop
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
        fs::read_to_string(self.path().join(name)).expect("a text file")
    }

    pub fn run<const N: usize>(&self, arguments: [&str; N]) -> Command {
        let mut command = tierkeeper();
        command.current_dir(self.path()).args(arguments);
        command
    }

    /// What a command prints on stdout when it succeeds.
    pub fn stdout<const N: usize>(&self, arguments: [&str; N]) -> String {
        let output = self.run(arguments).assert().success().get_output().clone();
        String::from_utf8(output.stdout).expect("UTF-8")
    }

    /// What a command says on stderr when it ends with this code.
    pub fn stderr<const N: usize>(&self, code: i32, arguments: [&str; N]) -> String {
        let output = self.run(arguments).assert().code(code).get_output().clone();
        String::from_utf8(output.stderr).expect("UTF-8")
    }

    pub fn json<const N: usize>(&self, arguments: [&str; N]) -> serde_json::Value {
        serde_json::from_str(&self.stdout(arguments)).expect("JSON")
    }
}

/// The program, undisturbed by the environment of whoever runs the tests.
pub fn tierkeeper() -> Command {
    let mut command = Command::cargo_bin("tierkeeper").expect("the program is built");
    command.env_remove("TIERKEEPER_AS_OF").env_remove("NO_COLOR").env("COLUMNS", "100");
    command
}
