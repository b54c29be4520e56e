//! Test files that nobody can mean: each is told with its place and with what to write.

use crate::pack::Pack;

/// What is found in a test file: `line:column message | help`.
#[track_caller]
fn found(tests: impl AsRef<[u8]>) -> Vec<String> {
    let pack = Pack::new(tests);
    let said = pack.test(&[]).ends(1);
    assert!(!said.out.contains("panicked") && !said.err.contains("panicked"), "{}", said.err);
    let page = pack.json(&[]);
    assert_eq!(page["ok"], false);
    let findings = page["findings"].as_array().unwrap();
    assert!(!findings.is_empty(), "{}", said.out);
    let words = findings.iter().map(|it| {
        let text = |key: &str| it[key].as_str().unwrap_or_default().to_owned();
        // Without the pack's own file name: all of these are about the test file.
        assert_eq!(it["file"], "tests/a.yaml", "{it}");
        format!("{}:{} {} | {}", it["line"], it["column"], text("message"), text("help"))
    });
    words.collect()
}

fn case(lines: &str) -> String {
    let lines: String = lines.lines().map(|line| format!("    {line}\n")).collect();
    format!("cases:\n  - name: x\n{lines}    expect: {{ club: member }}\n")
}

#[track_caller]
fn one(lines: &str, expected: &str) {
    assert_eq!(found(case(lines)), [expected], "{lines}");
}

#[test]
fn files_that_are_no_tests() {
    let nothing = "1:1 `tests/a.yaml` has nothing in it | write `cases:` with at least one case";
    for empty in ["", "\n\n", "# only a comment\n", "\u{feff}", "---\n"] {
        assert_eq!(found(empty), [nothing], "{empty:?}");
    }
    let expected: [(&[u8], &str); 9] = [
        (
            b"- name: x\n",
            "1:1 a test file has `key: value` lines, not a list | take the dashes away: write `name: \u{2026}` lines, indented deeper",
        ),
        (
            b"hello\n",
            "1:1 a test file has `key: value` lines, not a single value | write `key: value` lines below it, indented deeper",
        ),
        (b"case: []\n", "1:1 a test file has no key `case` | did you mean `cases`?"),
        (
            b"cases: { name: x }\n",
            "1:8 `cases` is a list | write `- name: \u{2026}` below it for each case",
        ),
        (b"cases:\n", "1:1 `cases` is a list | write `- name: \u{2026}` below it for each case"),
        (
            b"cases:\n  - [x]\n",
            "2:5 a case has `key: value` lines, not a list | take the dashes away: write `name: \u{2026}` lines, indented deeper",
        ),
        (b"cases:\n\t- name: x\n", "2:1 a tab cannot indent YAML | use spaces"),
        (
            b"cases:\n  - name: x\xff\n",
            "2:12 the byte 0xff is not UTF-8 text | save the file as UTF-8",
        ),
        (
            b"cases:\r\n  - name: x\r\n",
            "2:11 the case has no expectation | add `expect:` with what should come of it",
        ),
    ];
    for (text, finding) in expected {
        assert_eq!(found(text), [finding], "{}", String::from_utf8_lossy(text));
    }
    let large = "# \n".repeat(400_000);
    assert_eq!(
        found(large),
        ["1:1 `tests/a.yaml` is larger than 1 MiB | split it into several files of the pack"]
    );
    assert_eq!(found("cases:\n  - name: [\n").len(), 1);
}

#[test]
fn windows_files_are_read() {
    let text = "\u{feff}cases:\r\n  - name: x\r\n    expect: { club: member }\r\n";
    Pack::new(text).test(&[]).ends(0).says(&["1 passed, 0 failed"]);
}

#[test]
fn names_and_keys() {
    one(
        "custmer: { joined: 2026-01-01 }",
        "3:5 a case has no key `custmer` | did you mean `customer`?",
    );
    one("facts: { order: [] }", "3:14 there is no source `order` | did you mean `orders`?");
    one(
        "parameters: { vip_spnd: 1 }",
        "3:19 there is no parameter `vip_spnd` | did you mean `vip_spend`?",
    );
    let twice = "cases:\n  - { name: x, expect: { club: member } }\n  - { name: x, expect: { club: member } }\n";
    assert_eq!(found(twice), ["3:13 `x` is the name of two | give one of them another name"]);
    let anchors = "cases:\n  - &a { name: x, expect: { club: member } }\n  - *a\n";
    assert_eq!(found(anchors).len(), 1);
    let persian = "cases:\n  - name: مشتری 🎉 وفادار\n    expect: { club: vipp }\n";
    assert_eq!(found(persian), ["3:21 there is no tier `vipp` in `club` | did you mean `vip`?"]);
}

#[test]
fn attributes_of_every_type() {
    let attribute = |value: &str| found(case(&format!("customer: {{ {value} }}")));
    let expected = [
        (
            "joined: 2026-02-29",
            "`2026-02-29` is no date: February 2026 has 28 days | did you mean `2026-02-28`?",
        ),
        (
            "consent: maybe",
            "`maybe` is neither true nor false | `consent` is a flag: write `true` or `false`",
        ),
        ("points: 1.5", "`points` is a whole number, not `1.5` | write `2`"),
        (
            "ratio: 1.0000001",
            "`1.0000001` has more decimals than `ratio` has (6) | write `1.000000`",
        ),
        ("debt: 1.005", "`1.005` has more decimals than `debt` has (2) | write `1.00`"),
        ("debt: 1,000", "a number has no comma | write `1000`"),
        ("many: 3", "`many` is computed from other columns | give those instead"),
        ("chanel: web", "there is no attribute of customers `chanel` | did you mean `channel`?"),
        (
            "joined: [2026-01-01]",
            "`joined` is a single value, not a list | take the brackets or the dash away",
        ),
    ];
    for (value, expected) in expected {
        let found = attribute(value);
        assert_eq!(found.len(), 1, "{value}: {found:?}");
        assert!(found[0].starts_with("3:") && found[0].ends_with(expected), "{value}: {found:?}");
    }
    let fine = "customer: { joined: 2026-02-28, channel: \"چت 🎉\", consent: 1, points: -5, ratio: -0.000001, debt: -1.05 }";
    Pack::new(case(fine)).test(&[]).ends(0);
}

#[test]
fn facts_and_how_often() {
    let fact = |fact: &str| {
        found(case(&format!("as_of: 2026-02-01\nfacts: {{ orders: [ {{ {fact} }} ] }}")))
    };
    let often = "write it like `3`, or `3 every 1 month`";
    let clock = "write `2026-01-10`, or `2026-01-10 18:30` as clocks in Europe/Istanbul show";
    let expected = [
        (
            "quantity: 1",
            "a fact of `orders` has no `at` | add `at: 2026-01-10`, the day on which it happened"
                .to_owned(),
        ),
        (
            "at: 2026-01-01, amount: 5",
            "`amount` is computed from other columns | give those instead".to_owned(),
        ),
        ("at: 2026-01-01, repeat: often", format!("`often` does not say how often | {often}")),
        ("at: 2026-01-01, repeat: 0", format!("`0` does not say how often | {often}")),
        ("at: 2026-01-01, repeat: -1", format!("`-1` does not say how often | {often}")),
        (
            "at: 2026-01-01, repeat: 3 every month",
            format!("`3 every month` does not say how often | {often}"),
        ),
        (
            "at: 2026-01-01, repeat: 99999999999",
            format!("`99999999999` does not say how often | {often}"),
        ),
        (
            "at: 2026-01-01, repeat: 4294967295",
            "a case has at most 100000 facts | repeat it less often".to_owned(),
        ),
        (
            "at: 2026-01-01, repeat: 9000 every 1 year",
            "it is repeated beyond the calendar | repeat it less often".to_owned(),
        ),
        ("at: 2026-01-01 25:00", format!("`2026-01-01 25:00` is no moment that exists | {clock}")),
        (
            "at: 2026-01-01T10:00:00Z",
            format!("`2026-01-01T10:00:00Z` is no date and time | {clock}"),
        ),
        (
            "at: 2026-01-01T10:00+03:00",
            format!("`2026-01-01T10:00+03:00` is no date and time | {clock}"),
        ),
        (
            "at: tomorrow",
            "`tomorrow` is no date | write year, month and day, as in `2026-03-21`".to_owned(),
        ),
    ];
    for (text, expected) in expected {
        let found = fact(text);
        assert_eq!(found.len(), 1, "{text}: {found:?}");
        assert!(found[0].starts_with("4:") && found[0].ends_with(&expected), "{text}: {found:?}");
    }
    one(
        "facts: { orders: [ { at: 2026-01-01 } ] }",
        "2:11 the case has no `as_of` | add `as_of: 2026-03-10`, the date for which it is decided",
    );
    let ends = "cases:
  - name: the end
    facts: { orders: [ { at: 9999-12-31, quantity: 2, price: 600, repeat: 2 } ] }
    as_of: 9999-12-31
    expect: { club: vip }
  - name: the beginning
    facts: { orders: [ { at: 0001-01-01 00:00, quantity: 2, price: 600, repeat: 2 } ] }
    as_of: 0001-01-01
    expect: { club: vip }
";
    Pack::new(ends).test(&[]).ends(0);
}

#[test]
fn too_many_people() {
    let most = "a case has at most 10000 customers | write fewer of them";
    one("others: [ { times: 10000 } ]", &format!("3:15 {most}"));
    one("others: [ { times: 9000 }, { times: 1000 } ]", &format!("3:32 {most}"));
    one(
        "others: [ { times: 10001 } ]",
        "3:24 `times` is at most 10000 | write a whole number from 0 to 10000",
    );
    one(
        "as_of: 2026-02-01\nothers: [ { times: 9999, facts: { orders: [ { at: 2026-01-01, repeat: 100 } ] } } ]",
        "4:15 a case has at most 100000 facts | write fewer of them",
    );
    Pack::new(case("others: [ { times: 9999 } ]")).test(&[]).ends(0);
}

#[test]
fn values_that_are_given() {
    let known = "write another value, or leave it out";
    one("metrics: { spend: ~ }", &format!("3:23 the metric `spend` always has a value | {known}"));
    one(
        "metrics: { spend: 1000.001 }",
        "3:23 `1000.001` has more decimals than `spend` has (2) | write `1000.00`",
    );
    one(
        "metrics: { first_day: yesterday }",
        "3:27 `yesterday` is no date | write year, month and day, as in `2026-03-21`",
    );
    one(
        "cutoffs: { \"top_percent(25, spend)\": ~ }",
        "3:42 the value of a cutoff has no value | write the value after the `:`, or leave the line out",
    );
    one(
        "cutoffs: { \"top_percent(5, spend)\": 1 }",
        "3:16 there is no value over the population `top_percent(5, spend)` | did you mean `top_percent(25, spend)`?",
    );
    let fine = "metrics: { first_day: 2026-01-02, way: web, order_count: -3 }\n";
    Pack::new(case(fine)).test(&[]).ends(0);
}

#[test]
fn parameters_of_a_case() {
    one(
        "parameters: { vip_spend: 5 }",
        "3:30 `vip_spend` is 5, and must be at least 100 | write at least `100`, or change the bound",
    );
    one(
        "parameters: { vip_spend: many }",
        "3:30 `many` is no money amount | write an amount without a currency, as in `1000` or `99.90`",
    );
    // Rules that contradict themselves with these parameters are shown with the test.
    let pack = Pack::new(case("parameters: { vip_spend: 4500 }"));
    pack.test(&[]).ends(1).says(&[
        "`spend` cannot be at least 4500 (`vip_spend`) and less than 4000",
        "pack.yaml:37:13",
        "tests/a.yaml:3:19",
        "with the parameters of a test",
    ]);
}

#[test]
fn dates_that_cannot_follow() {
    one(
        "timeline: [ { on: 2026-01-01 } ]\nas_of: 2025-01-01",
        "4:12 `as_of` is not after 2026-01-01, the last of the timeline | put the expectation into the timeline",
    );
    let timeline = |text: &str| found(format!("cases:\n  - name: x\n    timeline: {text}\n"));
    assert_eq!(
        timeline("[ { on: 2026-01-01, expect: { club: member } }, { on: 2026-01-01 } ]"),
        [
            "3:69 2026-01-01 does not come after the date before it | write the dates of a timeline in their order"
        ]
    );
    assert_eq!(
        timeline("[ { on: 2026-01-01, expect: { club: member } } ]\n    as_of: 2027-01-01"),
        [
            "4:12 nothing is expected on the date of `as_of` | add `expect`, or put the date into the timeline"
        ]
    );
    assert_eq!(
        timeline(
            "[ { on: 2026-01-01, hold: { tier: club.vip, until: 2026-01-01 }, expect: { club: vip } } ]"
        ),
        [
            "3:66 a hold until 2026-01-01 is over at once | `until` is the first day without it: write a later date"
        ]
    );
    assert_eq!(
        timeline("[ { on: 2026-01-01, hold: club.vip, release: club, expect: { club: vip } } ]"),
        ["3:60 `club` is held and released on one date | leave one out, or put it on another date"]
    );
    assert_eq!(
        timeline("[ { on: 2026-01-01, hold: vip, expect: { club: vip } } ]"),
        ["3:41 `vip` names no tier of a ladder | write it like `club.vip`"]
    );
}

#[test]
fn standings_that_nobody_has() {
    let standing =
        |text: &str| found(case(&format!("as_of: 2026-01-01\nstanding: {{ club: {text} }}")));
    assert_eq!(
        standing("{ tier: vip, since: 2026-01-02 }"),
        [
            "4:23 `since` 2026-01-02 lies after 2026-01-01, the first date | write the date on which it was won"
        ]
    );
    assert_eq!(
        standing("{ tier: vip, since: 2025-01-01, review_on: 2024-12-31 }"),
        ["4:23 `review_on` 2024-12-31 lies before `since` 2025-01-01 | write a date after `since`"]
    );
    assert_eq!(
        standing("{ tier: vip, since: 2025-01-01, grace_until: 2026-02-01 }"),
        [
            "4:68 a grace has no `review_on` | add the date on which the review was due that began the grace"
        ]
    );
    for (review_on, until) in [("2026-01-02", "2026-02-01"), ("2025-12-01", "2025-12-01")] {
        let found = standing(&format!(
            "{{ tier: vip, since: 2025-01-01, review_on: {review_on}, grace_until: {until} }}"
        ));
        assert_eq!(
            found,
            [format!(
                "4:23 no grace begins with a review on {review_on} | `review_on` is due by the first date, and `grace_until` lies after it"
            )]
        );
    }
    assert_eq!(
        standing("{ since: 2025-01-01 }"),
        ["4:17 the standing has no `tier` | add `tier: …`, the tier that is held"]
    );
    Pack::new(case("standing: { club: none }")).test(&[]).ends(0);
}

#[test]
fn rows_and_their_places() {
    let rows = |lines: &str| found(format!("cases:\n  - name: x\n{lines}"));
    assert_eq!(
        rows("    each: []\n"),
        ["3:11 `each` has no rows | write a row, or leave `each` out"]
    );
    assert_eq!(
        rows("    each:\n"),
        ["3:5 `each` is a list of rows | write `- { name: value, expect: { … } }` lines below it"]
    );
    // Each is told once, however many rows there are.
    assert_eq!(
        rows(
            "    metrics: { spend: \"{spnd}\" }
    each:
      - { spend: 1, expect: { club: member } }
      - { spend: 2, expect: { club: member } }
"
        ),
        [
            "3:23 a row of `each` has no value `spnd` | did you mean `spend`?",
            "5:11 the case has no place for `spend` | write `\"{spend}\"` where the value belongs",
        ]
    );
    assert_eq!(
        rows(
            "    metrics: { spend: \"{a}\" }\n    each:\n      - { a: [1], expect: { club: member } }\n"
        ),
        ["5:14 `a` is a single value, not a list | take the brackets or the dash away"]
    );
    // A value that is wrong is told where the row has it.
    assert_eq!(
        rows(
            "    metrics: { spend: \"{a}\" }\n    each:\n      - { a: 1.005, expect: { club: member } }\n      - { a: 1, expect: { club: member } }\n"
        ),
        ["5:14 `1.005` has more decimals than `spend` has (2) | write `1.00`"]
    );
}

#[test]
fn placeholders_inside_of_longer_text() {
    let tests = r#"cases:
  - name: "from {way} with {points} points"
    customer: { channel: "{way}{more}", points: "{points}", joined: "{joined}" }
    each:
      - { way: "", more: "", points: 1, joined: ~, expect: { metrics: { way: "", first_day: ~ } } }
      - { way: a, more: "{way}", points: 2, joined: 2026-01-02, expect: { metrics: { way: "a{way}", first_day: 2026-01-02 } } }
  - name: not of a row
    customer: { channel: "{way}" }
    expect: { metrics: { way: "{way}" } }
"#;
    let pack = Pack::new(tests);
    pack.test(&[]).ends(0);
    let names: Vec<String> = pack.json(&[])["cases"]
        .as_array()
        .unwrap()
        .iter()
        .map(|case| case["name"].as_str().unwrap().to_owned())
        .collect();
    assert_eq!(names, ["from  with 1 points", "from a with 2 points", "not of a row"]);
}

#[test]
fn expectations_that_cannot_be_meant() {
    let expect = |text: &str| found(format!("cases:\n  - name: x\n    expect: {{ {text} }}\n"));
    let expected = [
        (
            "club: [vip]",
            "3:21 a tier is a single value, not a list | take the brackets or the dash away",
        ),
        (
            "segments: { regulars: maybe }",
            "3:37 `maybe` is neither true nor false | `regulars` is a flag: write `true` or `false`",
        ),
        ("faults: -1", "3:23 `faults` is at least 0 | write a whole number from 0 to 1000000"),
        (
            "metrics: [spend]",
            "3:24 `metrics` has `key: value` lines, not a list | take the dashes away: write `name: …` lines, indented deeper",
        ),
        (
            "club: { tier: vip, becuase: [spend] }",
            "3:34 what is expected of `club` has no key `becuase` | did you mean `because`?",
        ),
        ("ladders: { clb: vip }", "3:26 there is no ladder `clb` | did you mean `club`?"),
        (
            "benefits: { discount: a lot }",
            "3:37 `a lot` is no number | write a number from 0 to 100",
        ),
    ];
    for (text, finding) in expected {
        assert_eq!(expect(text), [finding], "{text}");
    }
}

#[test]
fn a_ladder_may_be_called_like_another_key() {
    // Alone, everybody is in the top.
    let tests = "cases:\n  - name: x\n    expect: { benefits: { discount: none }, ladders: { benefits: best, club: { tier: member } } }\n";
    Pack::new(tests).test(&[]).ends(0);
    let pack = Pack::new(tests.replace("best", "none"));
    pack.test(&[])
        .ends(1)
        .says(&["benefits.tier  expected none  found best", "What `benefits` asked"]);
}

#[test]
fn no_reason_to_skip() {
    let words = "`skip` says no reason | write why it is not run, as in `skip: from May on`, or leave it out";
    one("skip: true", &format!("3:11 {words}"));
    one("skip: \"\"", &format!("3:11 {words}"));
}
