//! Scripts that would never end, fill the memory, or reach for what is not theirs.

use super::{assert_says, findings, pack_with, shop_with_pack};
use crate::shop::{AS_OF, Shop};

/// A pack whose gold tier asks a script.
fn shop_with_script(script: &str) -> Shop {
    let shop =
        shop_with_pack(pack_with("- spend >= 400", "- spend >= 400\n          - m::f(spend) > 0"));
    shop.write("rules/tiny/scripts/m.rhai", script);
    shop
}

/// Bodies of a function of `x` that pass the check and use up a limit.
const GREEDY: &[&str] = &[
    "loop { }",
    "let i = 0; while true { i += 1; } i",
    "for i in 0..9223372036854775807 { } 1",
    "let s = 0; for i in 0..100000 { for j in 0..100000 { s += 1; } } s",
    "loop { try { loop { } } catch { } }",
    "f(x)",
    "let a = [1]; a.map(|z| f(z)); 1",
    "let s = \"aaaaaaaaaa\"; loop { s += s; }",
    "let s = \"\"; s.pad(1000000000, 'x'); 1",
    "let a = []; a.pad(1000000000, 1); 1",
    "let a = [1]; loop { a += a; }",
    "let a = [1, 2, 3]; loop { a = [a, a, a, a]; }",
    "let m = #{}; let i = 0; loop { m[\"k\" + i] = i; i += 1; }",
    "let m = #{}; let i = 0; loop { m[\"k\" + i] = m; i += 1; }",
];

#[test]
fn a_script_without_end_is_a_fault_of_the_customer() {
    for body in GREEDY {
        let shop = shop_with_script(&format!("fn f(x) {{ {body} }}"));
        assert_eq!(findings(&shop), [""; 0], "{body}");
        let summary = shop.json(["evaluate", "--as-of", AS_OF, "--format", "json"]);
        // Customer 1 is VIP before the script is asked; 2 and 4 have spent enough to ask it.
        assert_eq!(summary["faults"], 2, "{body}");
        assert_eq!(summary["ladders"]["club"]["tiers"]["vip"], 1, "{body}");
        let warnings = summary["warnings"].to_string();
        assert_says(
            &warnings,
            &["ladder `club`", "2 customers", "over its limits", "customer `2`"],
        );
    }
}

/// Bodies that the check refuses, and what it says.
const FORBIDDEN: &[(&str, &str)] = &[
    ("sleep(10); 1", "script-forbidden scripts/m.rhai:1:11 a script cannot wait"),
    ("eval(\"1 + 1\")", "script-forbidden scripts/m.rhai:1:11 a script cannot run text as code"),
    (
        "import \"/etc/passwd\" as p; 1",
        "script-forbidden scripts/m.rhai:1:11 a script cannot import",
    ),
    ("timestamp()", "script-forbidden scripts/m.rhai:1:11 a script has no clock"),
    ("print(\"hi\"); 1", "script-forbidden scripts/m.rhai:1:11 a script has nowhere to print"),
    ("Fn(\"f\").call(x)", "script-forbidden scripts/m.rhai:1:11"),
    ("open_file(\"x\")", "script-forbidden scripts/m.rhai:1:11 a script reads no files"),
    ("std::sleep(10)", "unknown-function scripts/m.rhai:1:11 there is no script `std.rhai`"),
    ("rand()", "script-forbidden scripts/m.rhai:1:11 a script has no randomness"),
    ("secret", "unknown-name scripts/m.rhai:1:11 `secret` is not known here"),
    ("1 +", "script-syntax scripts/m.rhai:1:"),
];

#[test]
fn a_script_that_reaches_out_is_refused() {
    for (body, finding) in FORBIDDEN {
        let shop = shop_with_script(&format!("fn f(x) {{ {body} }}"));
        let found = findings(&shop);
        assert_eq!(found.len(), 1, "{found:?}");
        assert_says(&found[0], &[finding]);
        shop.run(["evaluate", "--as-of", AS_OF]).assert().code(1);
    }
}

#[test]
fn a_script_that_is_too_large_to_read() {
    let parentheses = format!("fn f(x) {{ {}1{} }}", "(".repeat(3000), ")".repeat(3000));
    let blocks = format!("fn f(x) {{ {}1{} }}", "if x > 0 {".repeat(500), "}".repeat(500));
    let text = format!("fn f(x) {{ \"{}\"; 1 }}", "a".repeat(900_000));
    let file = format!("fn f(x) {{ 1 }} // {}", "a".repeat(1 << 20));
    let words = ["nested too deeply", "nested too deeply", "too large", "larger than 1 MiB"];
    for (script, words) in [parentheses, blocks, text, file].iter().zip(words) {
        let found = findings(&shop_with_script(script));
        assert!(found.iter().any(|finding| finding.contains(words)), "{words}: {found:?}");
    }
}

#[test]
fn a_script_that_fails_or_answers_nonsense() {
    let faults = [
        ("throw \"no\"", "a script that failed"),
        ("\"text\"", "a value of the wrong type"),
        ("let y = 10; for i in 0..100 { y = y * y; } y", "a number too large"),
    ];
    for (body, words) in faults {
        let shop = shop_with_script(&format!("fn f(x) {{ {body} }}"));
        let summary = shop.json(["evaluate", "--as-of", AS_OF, "--format", "json"]);
        assert_eq!(summary["faults"], 2, "{body}");
        assert_says(&summary["warnings"].to_string(), &[words]);
    }
}
