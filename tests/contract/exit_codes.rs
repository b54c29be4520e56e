//! Every command with every exit code that it has.

use super::{evaluated, run_in};
use crate::shop::PACK;

const CASES: &[(i32, &[&str])] = &[
    (0, &["check"]),
    (1, &["check", "--deny-warnings"]),
    (1, &["check", "--set", "nope=1"]),
    (1, &["check", "--pack", "rules/broken"]),
    (2, &["check", "--pack", "nowhere"]),
    (2, &["check", "--store", "nowhere.db"]),
    (2, &["check", "--frobnicate"]),
    (0, &["evaluate", "--as-of", "2026-03-21"]),
    (1, &["evaluate", "--as-of", "2026-03-21", "--pack", "rules/broken", "--store", "shop.db"]),
    (1, &["evaluate", "--set", "vip_spend=x"]),
    (2, &["evaluate", "--as-of", "2026-03-20"]),
    (2, &["evaluate", "--as-of", "yesterday"]),
    (2, &["evaluate", "--as-of", "2026-03-21", "--store", "nowhere.db"]),
    (2, &["evaluate", "--format", "csv"]),
    (0, &["list"]),
    (0, &["list", "--tier", "none"]),
    (1, &["list", "--pack", "rules/broken", "--store", "shop.db"]),
    (2, &["list", "--tier", "platinum"]),
    (2, &["list", "--state", "nowhere.db"]),
    (0, &["explain", "1"]),
    (1, &["explain", "1", "--pack", "rules/broken", "--store", "shop.db"]),
    (2, &["explain", "nobody"]),
    (2, &["explain"]),
    (0, &["import", "orders.csv", "--into", "other"]),
    (2, &["import", "orders.csv", "--into", "other"]),
    (0, &["import", "orders.csv", "--into", "other", "--again"]),
    (2, &["import", "nowhere.csv", "--into", "other"]),
    (2, &["import", "orders.csv"]),
    (0, &["init", "made", "--from", "fashion-retail"]),
    (2, &["init", "made", "--from", "fashion-retail"]),
    (1, &["init", "other", "--from", "rules/broken"]),
    (2, &["init", "other", "--from", "nonsense"]),
    (2, &["demo", "rules"]),
    (0, &["explain-code", "unknown-name"]),
    (2, &["explain-code", "nonsense"]),
    (0, &["completions", "zsh"]),
    (2, &["completions", "csh"]),
    (0, &["--help"]),
    (0, &["--version"]),
    (2, &[]),
    (2, &["frobnicate"]),
];

#[test]
fn commands_end_with_their_codes() {
    let shop = evaluated();
    shop.write("rules/broken/pack.yaml", PACK.replace("spend >= 400", "spent >= 400"));
    for (code, arguments) in CASES {
        let output = run_in(shop.path(), arguments);
        let (out, said) = (
            String::from_utf8_lossy(&output.stdout).into_owned(),
            String::from_utf8_lossy(&output.stderr).into_owned(),
        );
        assert_eq!(output.status.code(), Some(*code), "{arguments:?}\n{out}\n{said}");
        match code {
            // A failure is told on stderr, and leaves nothing on stdout for the next program.
            2 => assert!(
                out.is_empty() && said.contains("rror") || arguments.is_empty(),
                "{arguments:?}\n{out}\n{said}"
            ),
            1 => assert!(
                out.contains("error") || out.contains("warning") || said.contains("error"),
                "{arguments:?}"
            ),
            _ => assert!(!out.is_empty() || arguments.contains(&"none"), "{arguments:?}"),
        }
    }
}

#[test]
fn a_pack_with_errors_runs_nothing_and_says_them() {
    let shop = evaluated();
    shop.write(
        "rules/tiny/pack.yaml",
        super::CLUBS.replace("order_count >= 2 }", "order_cont >= 2 }"),
    );
    for arguments in [&["evaluate", "--format", "json"][..], &["list"], &["explain", "1"]] {
        let output = run_in(shop.path(), arguments);
        assert_eq!(output.status.code(), Some(1), "{arguments:?}");
        assert!(output.stdout.is_empty(), "{arguments:?}");
        let said = String::from_utf8(output.stderr).unwrap();
        assert!(
            said.contains("unknown-name") && said.contains("did you mean `order_count`?"),
            "{said}"
        );
    }
}
