//! `--as-of` that is no date, or one that nobody means.

use super::{ROWS, TABLE, assert_says, shop_of};
use crate::shop::AS_OF;

#[test]
fn what_is_no_date() {
    let shop = shop_of(&format!("{TABLE}{ROWS}"));
    let wrong = [
        "2026-02-30",
        "2026-13-01",
        "21.03.2026",
        "2026-3-1",
        "20260321",
        "today",
        "",
        " 2026-03-21",
        "2026-03-21T00:00",
        "99999-01-01",
        "2026-W12-6",
    ];
    for text in wrong {
        let option = format!("--as-of={text}");
        let said = shop.stderr(2, ["evaluate", &option]);
        assert_says(&said, &["write a date that exists, like 2026-03-21", "--as-of"]);
        let mut command = shop.run(["evaluate"]);
        command.env("TIERKEEPER_AS_OF", text).assert().code(2);
    }
    for text in ["9999-12-31", "0000-01-01"] {
        let said = shop.stderr(2, ["evaluate", "--as-of", text]);
        assert_says(&said, &["dates go from year 1 to 8000"]);
    }
    assert!(!shop.path().join("shop.tiers.db").exists());
}

#[test]
fn the_far_past_and_the_far_future() {
    let shop = shop_of(&format!("{TABLE}{ROWS}"));
    let arguments = ["evaluate", "--as-of", "0001-01-01", "--dry-run", "--format", "json"];
    assert_eq!(shop.json(arguments)["customers"], 0);
    let arguments = ["evaluate", "--as-of", "8000-12-31", "--dry-run", "--format", "json"];
    assert_eq!(shop.json(arguments)["customers"], 4);
    assert!(!shop.path().join("shop.tiers.db").exists());
    // It is done, and said that there is no way back.
    let said = shop.stderr(0, ["evaluate", "--as-of", "8000-12-31"]);
    assert_says(&said, &["8000-12-31 is after today", "--dry-run"]);
}

#[test]
fn before_the_last_pass() {
    let shop = shop_of(&format!("{TABLE}{ROWS}"));
    shop.run(["evaluate", "--as-of", AS_OF]).assert().success();
    let before = std::fs::read(shop.path().join("shop.tiers.db")).unwrap();
    for arguments in [["evaluate", "--as-of=2026-03-20"], ["evaluate", "--as-of=0001-01-01"]] {
        let said = shop.stderr(2, arguments);
        assert_says(&said, &["comes before the last one, as of 2026-03-21", "passes go forward"]);
    }
    assert!(std::fs::read(shop.path().join("shop.tiers.db")).unwrap() == before);
}
