use std::fs;
use std::path::PathBuf;

use rusqlite::Connection;

use super::test_pack::{PACK, STORE, program};
use super::*;
use crate::program::Program;
use crate::store::CustomerId;
use crate::store::tracking::{track, untrack};

struct Shop {
    folder: tempfile::TempDir,
    program: Program,
    marks: StoreMarks,
}

impl Shop {
    fn new(journal: &str) -> Self {
        Self::tracked(journal, &[])
    }

    fn tracked(journal: &str, sources: &[&str]) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("shop.db");
        let made = Connection::open(&path).unwrap();
        made.pragma_update(None, "journal_mode", journal).unwrap();
        made.execute_batch(STORE).unwrap();
        drop(made);
        let program = program(PACK);
        for source in sources {
            track(&program, source, &path).unwrap();
        }
        let marks = StoreMarks::take(&program, &path).unwrap();
        Self { folder, program, marks }
    }

    fn path(&self) -> PathBuf {
        self.folder.path().join("shop.db")
    }

    fn connect(&self) -> Connection {
        Connection::open(self.path()).unwrap()
    }

    fn write(&self, sql: &str) {
        self.connect().execute_batch(sql).unwrap();
    }

    /// Who is touched since the last time, in words.
    fn touched(&mut self) -> String {
        let (touched, marks) = self.marks.touched(&self.program, &self.path()).unwrap();
        self.marks = marks;
        match touched {
            Touched::Some(who) => {
                let who: Vec<_> = who.iter().map(CustomerId::to_string).collect();
                who.join(" ")
            }
            Touched::Everybody(reason) => format!("everybody: {reason}"),
        }
    }

    #[track_caller]
    fn touches(&mut self, sql: &str, who: &str) {
        self.write(sql);
        assert_eq!(self.touched(), who, "{sql}");
        assert_eq!(self.touched(), "", "{sql}");
    }
}

#[test]
fn new_rows_touch_their_customers() {
    for journal in ["delete", "wal"] {
        let mut shop = Shop::new(journal);
        assert_eq!(shop.touched(), "");
        shop.touches(
            "INSERT INTO orders (customer, at, amount) VALUES (7, '2026-01-03', 1),
             ('x', '2026-01-03', 1), ('3', '2026-01-03', 1), (3.0, NULL, 1), (NULL, '', 1), (0.5, '', 1)",
            "3 7 x",
        );
        shop.touches("INSERT INTO customers VALUES (9, NULL)", "9");
        shop.touches("INSERT INTO seen VALUES (2, '2026-01-03')", "2");
        // Without row numbers, and what is changed: the next full pass sees them.
        shop.touches("INSERT INTO returns VALUES (2, '2026-01-03', 1)", "");
        shop.touches("UPDATE orders SET amount = 99 WHERE id = 1", "");
        shop.touches("DELETE FROM orders WHERE id = 1", "");
        // A writer who has not committed has changed nothing yet.
        let writer = shop.connect();
        writer.execute_batch("BEGIN; INSERT INTO seen VALUES (5, '2026-01-03')").unwrap();
        assert_eq!(shop.touched(), "", "{journal}");
        writer.execute_batch("COMMIT").unwrap();
        assert_eq!(shop.touched(), "5", "{journal}");
    }
}

#[test]
fn where_it_cannot_be_told_everybody_is_touched() {
    let mut shop = Shop::new("delete");
    shop.touches("DELETE FROM orders WHERE id = 2", "everybody: `orders` has lost its last row");
    shop.write("INSERT INTO orders (customer, at) VALUES (5, '2026-02-01'), (5, '2026-02-02')");
    assert_eq!(shop.touched(), "5");
    // The numbers of deleted rows are given again.
    shop.touches(
        "DELETE FROM orders WHERE id > 1;
         INSERT INTO orders (customer, at) VALUES (6, '2026-02-01'), (7, '2026-02-02')",
        "everybody: `orders` has another row in place of its last one",
    );
    shop.touches("DELETE FROM orders", "everybody: `orders` has lost its last row");
    shop.touches("INSERT INTO orders (customer, at) VALUES (8, '2026-02-01')", "8");
    shop.touches("INSERT INTO orders VALUES (-5, 9, '2026-02-01', 1)", "");
    let again = "DROP TABLE seen; CREATE TABLE seen (customer, at);";
    shop.touches(again, "");
    let made = "everybody: the table of `seen` was made anew or altered";
    shop.touches("DROP TABLE seen; CREATE TABLE t (a); CREATE TABLE seen (customer, at)", made);
    shop.touches("ALTER TABLE seen ADD COLUMN more", made);
    shop.write("DROP TABLE seen");
    let gone = shop.marks.touched(&shop.program, &shop.path()).unwrap_err().to_string();
    assert!(gone.contains("needs the table `seen`"), "{gone}");
    // The same store copied into a new file.
    let mut shop = Shop::new("delete");
    let copy = shop.folder.path().join("copy.db");
    fs::copy(shop.path(), &copy).unwrap();
    fs::rename(&copy, shop.path()).unwrap();
    assert_eq!(shop.touched(), "everybody: the store is another file");
    assert_eq!(shop.touched(), "");
}

#[test]
fn another_program_may_follow_more() {
    let mut shop = Shop::new("delete");
    let less = PACK.replace("  back: { sum: returns.amount }\n", "").replace("back < 5, ", "");
    let less = program(&less.replace("  seen: { count: seen }\n", "").replace(", seen > 0", ""));
    let marks = StoreMarks::take(&less, &shop.path()).unwrap();
    let (touched, _) = marks.touched(&shop.program, &shop.path()).unwrap();
    assert_eq!(touched, Touched::Everybody("`seen` was not followed before".into()));
    assert_eq!(shop.touched(), "");
    let (touched, _) = shop.marks.touched(&less, &shop.path()).unwrap();
    assert_eq!(touched, Touched::Some(Vec::new()));
}

#[test]
fn every_change_of_a_tracked_table_touches_its_customers() {
    for journal in ["delete", "wal"] {
        let mut shop = Shop::tracked(journal, &["orders", "returns", "customers"]);
        shop.touches("INSERT INTO orders VALUES (10, 4, '2026-01-03', 1)", "4");
        shop.touches("UPDATE orders SET amount = 5 WHERE id = 1", "1");
        shop.touches("UPDATE orders SET customer = 3 WHERE id = 10", "3 4");
        shop.touches("UPDATE orders SET customer = NULL WHERE id = 10", "3");
        shop.touches("DELETE FROM orders WHERE id = 2", "2");
        shop.touches("INSERT INTO orders VALUES (-5, 'x', '2026-02-01', 1)", "x");
        shop.touches("INSERT INTO returns VALUES (2, '2026-01-03', 1)", "2");
        shop.touches("UPDATE customers SET joined = NULL WHERE id = 2", "2");
        shop.touches("DELETE FROM orders", "1 x");
        // By the numbers of its rows still.
        shop.touches("INSERT INTO seen VALUES (2, '2026-01-03')", "2");
    }
}

#[test]
fn entries_that_were_dropped_touch_everybody() {
    let mut shop = Shop::tracked("delete", &["orders"]);
    shop.write("DELETE FROM tierkeeper_touched");
    assert_eq!(shop.touched(), "");
    shop.write("INSERT INTO orders (customer, at) VALUES (1, '2026-01-03'), (2, '2026-01-03')");
    shop.touches(
        "DELETE FROM tierkeeper_touched WHERE seq = 1",
        "everybody: more rows were changed than `tierkeeper_touched` keeps",
    );
    untrack(Some(&shop.program), "orders", &shop.path()).unwrap();
    assert_eq!(shop.touched(), "everybody: `orders` is followed in another way than before");
    track(&shop.program, "orders", &shop.path()).unwrap();
    assert_eq!(shop.touched(), "everybody: `orders` is followed in another way than before");
    untrack(Some(&shop.program), "orders", &shop.path()).unwrap();
    track(&shop.program, "orders", &shop.path()).unwrap();
    shop.write("INSERT INTO orders (customer, at) VALUES (1, '2026-01-03')");
    assert_ne!(shop.touched(), "", "the entries are other ones");
}

#[test]
fn it_is_told_how_everything_is_followed() {
    let shop = Shop::tracked("delete", &["customers"]);
    let told = |shop: &Shop| -> Vec<String> {
        let following = following(&shop.program, &shop.path()).unwrap();
        following.iter().map(|it| format!("{} {:?} {}", it.name, it.how, it.by_index)).collect()
    };
    assert_eq!(
        told(&shop),
        [
            "orders Appended false",
            "returns NotFollowed { why: \"it is a table WITHOUT ROWID, whose new rows have no numbers; `tierkeeper track` follows it\" } true",
            "large NotFollowed { why: \"it is a query\" } false",
            "seen Appended true",
            "customers Tracked true",
        ]
    );
    shop.write("CREATE INDEX o ON orders (customer); DROP TABLE seen; CREATE VIEW seen AS SELECT customer, at FROM orders");
    track(&shop.program, "returns", &shop.path()).unwrap();
    assert_eq!(
        told(&shop),
        [
            "orders Appended true",
            "returns Tracked true",
            "large NotFollowed { why: \"it is a query\" } true",
            "seen NotFollowed { why: \"it is a view\" } true",
            "customers Tracked true",
        ]
    );
}

#[test]
fn a_watch_tells_of_every_commit_and_of_nothing_else() {
    for journal in ["delete", "wal"] {
        let shop = Shop::new(journal);
        let mut watch = StoreWatch::new(&shop.path()).unwrap();
        // What came just after it began might not show in the file's stamp.
        assert_eq!(watch.has_changed().unwrap(), journal == "wal");
        assert!(!watch.has_changed().unwrap(), "{journal}");
        for _ in 0..3 {
            shop.write("INSERT INTO seen VALUES (2, '2026-01-03')");
            assert!(watch.has_changed().unwrap(), "{journal}");
            watch.has_changed().unwrap();
            assert!(!watch.has_changed().unwrap(), "{journal}");
        }
        // A shop that stays connected.
        let writer = shop.connect();
        writer.execute_batch("INSERT INTO seen VALUES (2, '2026-01-03')").unwrap();
        assert!(watch.has_changed().unwrap(), "{journal}");
        watch.has_changed().unwrap();
        for _ in 0..3 {
            assert!(!watch.has_changed().unwrap(), "{journal}");
            writer
                .execute_batch("BEGIN EXCLUSIVE; INSERT INTO seen VALUES (2, '2026-01-03')")
                .unwrap();
            assert!(!watch.has_changed().unwrap(), "{journal}");
            writer.execute_batch("COMMIT").unwrap();
            assert!(watch.has_changed().unwrap(), "{journal}");
            assert!(!watch.has_changed().unwrap(), "{journal}");
        }
        drop(writer);
        shop.write("INSERT INTO seen VALUES (2, '2026-01-03')");
        assert!(watch.has_changed().unwrap(), "{journal}");
    }
}

#[test]
fn a_watch_survives_a_store_that_goes_and_comes() {
    for journal in ["delete", "wal"] {
        let shop = Shop::new(journal);
        let mut watch = StoreWatch::new(&shop.path()).unwrap();
        let away = shop.folder.path().join("away.db");
        fs::rename(shop.path(), &away).unwrap();
        for _ in 0..2 {
            assert!(matches!(watch.has_changed(), Err(StoreError::Missing { .. })), "{journal}");
        }
        fs::write(shop.path(), "").unwrap();
        assert!(matches!(watch.has_changed(), Err(StoreError::Empty { .. })), "{journal}");
        fs::rename(&away, shop.path()).unwrap();
        assert!(watch.has_changed().unwrap(), "{journal}");
        watch.has_changed().unwrap();
        assert!(!watch.has_changed().unwrap(), "{journal}");
        let other = shop.folder.path().join("other.db");
        fs::copy(shop.path(), &other).unwrap();
        fs::rename(&other, shop.path()).unwrap();
        assert!(watch.has_changed().unwrap(), "{journal}");
        watch.has_changed().unwrap();
        assert!(!watch.has_changed().unwrap(), "{journal}");
        shop.write("INSERT INTO seen VALUES (2, '2026-01-03')");
        assert!(watch.has_changed().unwrap(), "{journal}");
    }
}
