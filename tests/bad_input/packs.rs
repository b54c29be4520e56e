//! Packs that no reader should accept, or that try to make it choke.

use super::{assert_says, findings, pack_with, shop_with_pack};
use crate::shop::{AS_OF, PACK};

/// The one finding, which says this, in `evaluate` too.
#[track_caller]
fn finds(pack: impl AsRef<[u8]>, words: &[&str]) {
    let shop = shop_with_pack(pack);
    let found = findings(&shop);
    assert_eq!(found.len(), 1, "{found:#?}");
    assert!(found[0].len() < 600, "a finding of {} bytes", found[0].len());
    assert_says(&found[0], words);
    shop.run(["evaluate", "--as-of", AS_OF]).assert().code(1);
    assert!(!shop.path().join("shop.tiers.db").exists());
}

#[track_caller]
fn accepts(pack: impl AsRef<[u8]>) {
    let shop = shop_with_pack(pack);
    assert_eq!(findings(&shop), [""; 0]);
    shop.run(["evaluate", "--as-of", AS_OF]).assert().success();
}

#[test]
fn a_bomb_of_aliases() {
    let mut bomb = "a: &a [x, x, x, x, x, x, x, x, x]\n".to_owned();
    for (name, inner) in ('b'..='j').zip('a'..) {
        let aliases = vec![format!("*{inner}"); 9].join(", ");
        bomb.push_str(&format!("{name}: &{name} [{aliases}]\n"));
    }
    finds(bomb + PACK, &["yaml-limit pack.yaml:", "aliases repeat too much", "without aliases"]);
}

#[test]
fn a_tier_that_is_called_as_if_it_were_none() {
    let pack = PACK.replace("      member:\n", "      none:\n").replace("member: 5", "none: 5");
    assert_ne!(pack, PACK);
    finds(pack, &["invalid-name pack.yaml:", "`none` already means no tier", "another name"]);
}

#[test]
fn nesting_without_end() {
    let flow = format!("{PACK}customers: {}{}\n", "[".repeat(50_000), "]".repeat(50_000));
    finds(flow, &["yaml-limit", "nested too deep", "write it flatter"]);
    let lists: String =
        (0..300).map(|level| format!("{:10}{:2$}- all:\n", "", "", level * 2)).collect();
    finds(
        pack_with("enter: always", &format!("enter:\n{lists}")),
        &["yaml-limit", "nested too deep"],
    );
    let parentheses = format!("enter: {}spend > 1{}", "(".repeat(5000), ")".repeat(5000));
    finds(pack_with("enter: always", &parentheses), &["expression-syntax", "more than 64 levels"]);
    for prefix in ["!", "- "] {
        let operators = format!("enter: '{}1 > 0'", prefix.repeat(5000));
        finds(pack_with("enter: always", &operators), &["expression-syntax", "levels"]);
    }
}

#[test]
fn hundreds_of_metrics_and_columns_that_need_each_other() {
    let metrics = |need: fn(usize) -> usize, first: usize, top: usize| {
        let lines: String = (0..600)
            .map(|at| match at == first {
                true => format!("  m{at}: {{ expr: spend }}\n"),
                false => format!("  m{at}: {{ expr: m{} + 1 }}\n", need(at)),
            })
            .collect();
        PACK.replace("  days_away:", &format!("{lines}  days_away:"))
            .replace("enter: always", &format!("enter: m{top} > 3"))
    };
    for pack in [metrics(|at| at - 1, 0, 599), metrics(|at| at + 1, 599, 0)] {
        let found = findings(&shop_with_pack(pack));
        let deep = "more than 200 metrics that need one another in a row";
        assert!(found.iter().any(|finding| finding.contains(deep)), "{:#?}", &found[..1]);
    }
    // Each of the one before, twice: a walk of every way would never end.
    let columns: String = (1..40)
        .map(|at| format!("      c{at}: {{ type: money, expr: c{0} - c{0} + 1 }}\n", at - 1))
        .collect();
    let columns = format!("columns:\n      c0: {{ type: money, column: amount }}\n{columns}");
    let pack = PACK
        .replace("columns: { amount: money, channel: text }", &columns)
        .replace("orders.amount", "orders.c39");
    accepts(pack);
}

#[test]
fn scalars_of_a_mebibyte() {
    let huge = "x".repeat(1 << 20);
    finds(
        pack_with("title: The club", &format!("title: {huge}")),
        &["file-too-large pack.yaml:1:1", "larger than 1 MiB", "several files"],
    );
    let most = "x".repeat((1 << 20) - PACK.len());
    accepts(pack_with("title: The club", &format!("title: {most}")));
    finds(
        pack_with("enter: always", &format!("enter: {most}")),
        &["expression-syntax pack.yaml:34:16", "at most 16384 bytes"],
    );
}

#[test]
fn keys_twice() {
    finds(
        format!("{PACK}ladders: {{}}\n"),
        &["duplicate-key pack.yaml:45:1", "`ladders` stands here twice", "keep one"],
    );
    let twice = "enter: always\n        enter: never";
    finds(pack_with("enter: always", twice), &["duplicate-key pack.yaml:35:9", "`enter`"]);
}

#[test]
fn characters_that_do_not_belong() {
    let tabs = pack_with("        enter: always", "\t\tenter: always");
    finds(tabs, &["yaml-syntax pack.yaml:34:1", "a tab cannot indent", "use spaces"]);
    finds(
        pack_with("The club", "The\0club"),
        &["yaml-syntax pack.yaml:19:15", "control character"],
    );
    let latin: Vec<u8> = PACK.chars().map(|c| u8::try_from(c).unwrap_or(b'?')).collect();
    finds(latin, &["not-utf8 pack.yaml:3:30", "0xfc", "save the file as UTF-8"]);
    let wide: Vec<u8> = PACK.encode_utf16().flat_map(u16::to_le_bytes).collect();
    finds([&[0xff, 0xfe][..], &wide].concat(), &["not-utf8 pack.yaml:1:1", "UTF-8"]);
}

#[test]
fn marks_and_line_ends_of_other_systems() {
    accepts(format!("\u{feff}{PACK}"));
    accepts(PACK.replace('\n', "\r\n"));
    let typo = pack_with("- spend >= 400", "- spent >= 400").replace('\n', "\r\n");
    finds(typo, &["unknown-name pack.yaml:31:13", "`spent`", "did you mean `spend`?"]);
    let marked = format!("\u{feff}{}", pack_with("settings:", "setings:"));
    finds(marked, &["unknown-key pack.yaml:4:1", "did you mean `settings`?"]);
}

#[test]
fn files_that_are_no_pack() {
    for text in ["", "hello\n", "- a\n- b\n", "# nothing\n"] {
        let shop = shop_with_pack(text);
        let found = findings(&shop);
        assert_says(&found[0], &["missing-key pack.yaml:1:1", "add `pack: <name>`"]);
    }
    finds(format!("{PACK}---\n{PACK}"), &["yaml-syntax pack.yaml:46:1", "a second document"]);
    let tag = pack_with("enter: always", "enter: !!python/object:os.system always");
    finds(tag, &["yaml-tag pack.yaml:34:16", "is a tag to YAML", "quote it"]);
}

#[test]
fn places_that_hold_no_pack() {
    let shop = shop_with_pack(PACK);
    let said = shop.stderr(2, ["check", "--pack", "nowhere"]);
    assert_says(&said, &["there is no pack at `nowhere`"]);
    let said = shop.stderr(2, ["check", "--pack", "rules/tiny/pack.yaml"]);
    assert_says(&said, &["is not a directory", "a directory with a `pack.yaml`"]);
    let output = shop.run(["check", "--pack", "rules"]).assert().code(1).get_output().clone();
    assert_says(
        &String::from_utf8_lossy(&output.stdout),
        &["missing-manifest", "add a `pack.yaml`"],
    );
}

#[cfg(unix)]
#[test]
fn a_link_out_of_the_pack() {
    let shop = shop_with_pack(PACK);
    shop.write("secret.yaml", "segments: {}\n");
    let link = shop.path().join("rules/tiny/more.yaml");
    std::os::unix::fs::symlink(shop.path().join("secret.yaml"), link).unwrap();
    let found = findings(&shop);
    assert_eq!(found.len(), 1, "{found:?}");
    assert_says(&found[0], &["more.yaml", "outside"]);
}
