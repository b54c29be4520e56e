//! Values of parameters that no pack can work with.

use super::{assert_says, findings, pack_with, shop_with_pack};
use crate::shop::Shop;

fn shop() -> Shop {
    let parameters = "{ type: money, default: 1000, min: 0, max: 5000 }
  share: { type: percent, default: 10, min: 1, max: 10 }
  visits: { type: count, default: 3 }
  back: { type: duration, default: 12 months }
  start: { type: date, default: 2026-01-01 }
  open: { type: flag, default: true }
  kinds: { type: list, default: [web] }";
    let pack = pack_with("{ type: money, default: 1000, title: Spend for VIP }", parameters)
        .replace("top_percent(10,", "top_percent(share,")
        .replace("{ sum: orders.amount, within: 12 months,", "{ sum: orders.amount, within: back,")
        .replace(
            "regulars: { when: order_count >= 2 }",
            "regulars: { when: 'order_count >= visits && as_of > start && open && \"web\" in kinds' }",
        );
    shop_with_pack(pack)
}

/// Name, value, code and words of the finding.
const WRONG: &[(&str, &str, &str, &[&str])] = &[
    ("vip_spend", "-1", "parameter-bounds", &["`vip_spend` is -1, and must be at least 0"]),
    ("vip_spend", "6000", "parameter-bounds", &["at most 5000"]),
    ("vip_spend", "abc", "parameter-type", &["`abc` is no money amount", "`99.90`"]),
    ("vip_spend", "true", "parameter-type", &["`true` is no money amount"]),
    ("vip_spend", "[1]", "parameter-type", &["no money amount"]),
    ("vip_spend", "1,000", "thousands-comma", &["write `1000`"]),
    ("vip_spend", "1.000", "money-decimals", &["`1.000` is 1", "did you mean `1000`?"]),
    ("vip_spend", "1e3", "invalid-value", &["`1e3` is no number", "as in `1000` or `99.90`"]),
    ("vip_spend", "99999999999999999999999999999999", "invalid-value", &["is no number"]),
    ("share", "0", "parameter-bounds", &["at least 1"]),
    ("share", "11", "parameter-bounds", &["at most 10"]),
    ("share", "10%", "percent-sign", &["write `10`"]),
    ("visits", "1.5", "invalid-value", &["`1.5` is no whole number"]),
    ("visits", "x", "parameter-type", &["no count", "whole number"]),
    ("back", "12", "invalid-duration", &["`12` is no duration", "`12 months`"]),
    ("back", "0 days", "period-too-short", &["the shortest duration is 1 day"]),
    ("back", "9999 years", "invalid-duration", &["longer than 1000 years (write a shorter one"]),
    ("back", "2 month ago", "invalid-duration", &["`12 months`"]),
    ("start", "2026-02-30", "invalid-value", &["`2026-02-30` is no date"]),
    ("open", "yes", "parameter-type", &["`yes` is no flag", "`true`"]),
    ("kinds", "web", "parameter-type", &["a list of texts"]),
    ("vip_spnd", "1", "unknown-parameter", &["did you mean `vip_spend`?"]),
    ("nonsense", "1", "unknown-parameter", &["has no parameter `nonsense`"]),
];

#[test]
fn in_the_project_file() {
    let shop = shop();
    assert_eq!(findings(&shop), [""; 0]);
    for (name, value, code, words) in WRONG {
        let line = format!("parameters:\n  {name}: {value}\n");
        shop.write("tierkeeper.yaml", format!("store: shop.db\npack: rules/tiny\n{line}"));
        let found = findings(&shop);
        assert_eq!(found.len(), 1, "{name}: {value}: {found:?}");
        assert_says(&found[0], &[&format!("{code} tierkeeper.yaml:4:")]);
        assert_says(&found[0], words);
        assert_says(&shop.stderr(1, ["evaluate", "--as-of", "2026-03-21"]), &[code]);
    }
    assert!(!shop.path().join("shop.tiers.db").exists());
}

#[test]
fn on_the_command_line() {
    let shop = shop();
    for (name, value, code, words) in WRONG {
        let set = format!("{name}={value}");
        let output = shop.run(["check", "--set", &set]).assert().code(1).get_output().clone();
        let said = String::from_utf8(output.stdout).unwrap();
        assert_says(&said, &[code, " --> --set:1:", &set]);
        assert_says(&said, &words[0].split(" (").take(1).collect::<Vec<_>>());
    }
    for set in ["=1", "vip_spend", " =1"] {
        assert_says(&shop.stderr(2, ["check", "--set", set]), &["write it like `name=value`"]);
    }
    // What is set on the command line is in effect, the project's value is not.
    shop.write("tierkeeper.yaml", "store: shop.db\npack: rules/tiny\nparameters: { share: 50 }\n");
    shop.run(["check", "--set", "share=10"]).assert().success();
}
