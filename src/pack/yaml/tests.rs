use super::*;
use crate::diagnostic::Diagnostic;
use crate::source::Sources;

fn read(text: &str) -> (Sources, Option<Node>, Vec<Diagnostic>) {
    let mut sources = Sources::default();
    let file = sources.add("a.yaml", text);
    let mut findings = Diagnostics::default();
    let node = parse(text, file, &mut findings).ok().flatten();
    (sources, node, findings.into_sorted())
}

fn get<'n>(node: &'n Node, path: &[&str]) -> &'n Node {
    path.iter().fold(node, |node, step| match &node.kind {
        Kind::Map(entries) => {
            &entries.iter().find(|entry| entry.key.value == *step).expect(step).value
        }
        Kind::Seq(items) => &items[step.parse::<usize>().unwrap()],
        _ => panic!("nothing below {step}"),
    })
}

/// Line, column, end line, end column of a span.
fn place(sources: &Sources, span: Span) -> [usize; 4] {
    let at = sources.position(span);
    [at.line, at.column, at.end_line, at.end_column]
}

/// The value at the path: its text and, for each of the words, the place in the file.
fn words(text: &str, path: &[&str], value: &str, expected: &[(&str, [usize; 4])]) {
    let (sources, node, findings) = read(text);
    assert_eq!(findings, [], "{text}");
    let node = node.unwrap();
    let Kind::Scalar(scalar) = &get(&node, path).kind else { panic!("no scalar in {text}") };
    assert_eq!(scalar.text.text, value, "{text}");
    for (word, at) in expected {
        let start = value.find(word).unwrap();
        let span = scalar.text.span(start, start + word.len());
        assert_eq!(place(&sources, span), *at, "{word} in {text}");
    }
}

/// The one finding: code, place, and a part of message or help.
fn finding(text: &str, code: &str, at: [usize; 4], part: &str) {
    let (sources, _, findings) = read(text);
    let [found] = &findings[..] else { panic!("{text}: {findings:#?}") };
    assert_eq!((found.code.slug(), place(&sources, found.span)), (code, at), "{text}: {found:#?}");
    let words = format!("{} | {}", found.message, found.help.clone().unwrap_or_default());
    assert!(words.contains(part), "{words}");
}

#[test]
fn plain_and_quoted_text_maps_to_its_place() {
    words("ş: ünlü x\n", &["ş"], "ünlü x", &[("ünlü", [1, 4, 1, 8]), ("x", [1, 9, 1, 10])]);
    words("a: 'it''s x'\n", &["a"], "it's x", &[("'", [1, 7, 1, 9]), ("x", [1, 11, 1, 12])]);
    words(
        "a: \"\\u00e9\\t é == \\\"x\\\" y\"\n",
        &["a"],
        "é\t é == \"x\" y",
        &[
            ("\t", [1, 11, 1, 13]),
            ("==", [1, 16, 1, 18]),
            ("x", [1, 21, 1, 22]),
            ("y", [1, 25, 1, 26]),
        ],
    );
    words("a: 010\n", &["a"], "010", &[("1", [1, 5, 1, 6])]);
    words("a: 12345678901234567890123\n", &["a"], "12345678901234567890123", &[]);
    words("a: .nan\n", &["a"], ".nan", &[]);
    words("a: 0x1F\nb: yes\nc: true\n", &["c"], "true", &[]);
}

#[test]
fn folded_lines_map_to_their_places() {
    words(
        "a: spend\n  > 3 # no\nb: 1\n",
        &["a"],
        "spend > 3",
        &[("spend", [1, 4, 1, 9]), ("3", [2, 5, 2, 6]), ("spend > 3", [1, 4, 2, 6])],
    );
    words("a: p\n\n\n  ü x\n", &["a"], "p\n\nü x", &[("x", [4, 5, 4, 6])]);
    words("a: 'p  \n\n  ü x'\n", &["a"], "p\nü x", &[("x", [3, 5, 3, 6])]);
    words(
        "a: \"p\\\n  q\\n\n  r\"\n",
        &["a"],
        "pq\n r",
        &[("q", [2, 3, 2, 4]), ("r", [3, 3, 3, 4])],
    );
}

#[test]
fn blocks_map_to_their_places() {
    words(
        "é: |\n  foo >=\n    bar\n\n  baz\n\n",
        &["é"],
        "foo >=\n  bar\n\nbaz\n",
        &[("foo", [2, 3, 2, 6]), ("bar", [3, 5, 3, 8]), ("baz", [5, 3, 5, 6])],
    );
    words("a:\n  - |-\n   é1\n   2x\n\n\n", &["a", "0"], "é1\n2x", &[("x", [4, 5, 4, 6])]);
    words("a: |+\n  x\n\nb: 1\n", &["a"], "x\n\n", &[("x", [2, 3, 2, 4])]);
    words(
        "a: |2 # why\n   x\n  y\n",
        &["a"],
        " x\ny\n",
        &[("x", [2, 4, 2, 5]), ("y", [3, 3, 3, 4])],
    );
    words("a: |\n\n  x\n", &["a"], "\nx\n", &[("x", [3, 3, 3, 4])]);
    words(
        "a: >\n  x é\n  y\n\n  z\n    i\n  w\n\nb: 1\n",
        &["a"],
        "x é y\nz\n  i\nw\n",
        &[("y", [3, 3, 3, 4]), ("z", [5, 3, 5, 4]), ("i", [6, 5, 6, 6]), ("w", [7, 3, 7, 4])],
    );
    words("a: >-\n  spend >= 1\n  && b\n", &["a"], "spend >= 1 && b", &[("b", [3, 6, 3, 7])]);
    words("a: |\n  \"x\" y\n", &["a"], "\"x\" y\n", &[("y", [2, 7, 2, 8])]);
}

#[test]
fn carriage_returns_are_no_part_of_values() {
    words("a: x\r\nb: |\r\n  p q\r\n  é r\r\n", &["b"], "p q\né r\n", &[("r", [4, 5, 4, 6])]);
    words("a: x y\r\nb: 1\r\n", &["a"], "x y", &[("y", [1, 6, 1, 7])]);
    words("a: \"q\r\n  r\"\r\n", &["a"], "q r", &[("r", [2, 3, 2, 4])]);
    words("a: p\r\n  q\r\nb: 1\r\n", &["a"], "p q", &[("q", [2, 3, 2, 4])]);
    finding("a: 1\r\nb: é\r\nc: d: e\r\n", "yaml-syntax", [3, 5, 3, 6], "quote the text: \"d: e\"");
}

#[test]
fn lists_and_maps_span_what_is_in_them() {
    let text =
        "a:\n  - { b: [x, 'y'], c: }\n  - z\nd: []\ne: [p, # q\n  r,\n]\nf: &f [s]\ng: [*f ]\n";
    let (sources, node, findings) = read(text);
    assert_eq!(findings, []);
    let node = node.unwrap();
    let at = |path: &[&str]| place(&sources, get(&node, path).span);
    assert_eq!(at(&[]), [1, 1, 9, 9]);
    assert_eq!(at(&["a"]), [2, 3, 3, 6]);
    assert_eq!(at(&["a", "0"]), [2, 5, 2, 24]);
    assert_eq!(at(&["a", "0", "b"]), [2, 10, 2, 18]);
    assert_eq!(at(&["a", "0", "c"]), [2, 20, 2, 21]);
    assert_eq!(at(&["d"]), [4, 4, 4, 6]);
    assert_eq!(at(&["e"]), [5, 4, 7, 2]);
    assert_eq!(at(&["g"]), [9, 4, 9, 9]);
    assert_eq!(at(&["g", "0", "0"]), [8, 8, 8, 9]);
}

#[test]
fn nothing_has_the_place_of_what_stands_before_it() {
    let (sources, node, findings) = read("a:\nb:\n  -\n  - ~\nc: null\n");
    assert_eq!(findings, []);
    let node = node.unwrap();
    let at = |path: &[&str]| place(&sources, get(&node, path).span);
    assert_eq!(at(&["a"]), [1, 1, 1, 2]);
    assert_eq!(at(&["b", "0"]), [3, 3, 3, 4]);
    assert_eq!(at(&["b", "1"]), [4, 5, 4, 6]);
    assert_eq!(at(&["c"]), [5, 4, 5, 8]);
    assert!(matches!(get(&node, &["a"]).kind, Kind::Null));
    assert!(read("").1.is_none() && read("# only\n").1.is_none());
    assert_eq!((read("").2, read("# only\n").2), (vec![], vec![]));
}

#[test]
fn tags_are_findings() {
    finding("when: !consent\n", "yaml-tag", [1, 7, 1, 15], "\"!consent\"");
    finding("a: 1\nwhen: !a && b # c\n", "yaml-tag", [2, 7, 2, 9], "\"!a && b\"");
    finding("a:\n  - !x == \"y\"\n", "yaml-tag", [2, 5, 2, 7], "'!x == \"y\"'");
    finding("a: [!b, c]\n", "yaml-tag", [1, 5, 1, 7], "\"!b\"");
    finding("a: !!int x\n", "yaml-tag", [1, 4, 1, 9], "");
    finding("a:\n  !foo\n  b: c\n", "yaml-tag", [2, 3, 2, 7], "");
    finding("a: !foo\n", "yaml-tag", [1, 4, 1, 8], "quote it: \"!foo\"");
    assert_eq!(read("a: x # !no\nb: y !no\nc: [p !no, q]\nd: # !no\n  e\n").2, []);
}

#[test]
fn a_duplicate_points_at_the_second_and_names_the_first() {
    let (sources, node, findings) = read("a: 1\nb: { é: 1, é: 2 }\na: 3\n");
    let places: Vec<_> = findings.iter().map(|f| place(&sources, f.span)).collect();
    assert_eq!(places, [[2, 12, 2, 13], [3, 1, 3, 2]]);
    assert!(findings.iter().all(|finding| finding.code.slug() == "duplicate-key"));
    assert_eq!(place(&sources, findings[1].related[0].span), [1, 1, 1, 2]);
    let Kind::Map(entries) = node.unwrap().kind else { panic!() };
    assert_eq!(entries.len(), 2);
}

#[test]
fn syntax_faults_are_told_in_plain_words() {
    let syntax = |text, at, part| finding(text, "yaml-syntax", at, part);
    syntax("é: b: c # d\n", [1, 5, 1, 6], "quote the text: \"b: c\"");
    syntax("a: 1\n  b: 2\n", [2, 4, 2, 5], "the line above has a value");
    syntax("a:\n\tb: 1\n", [2, 1, 2, 2], "a tab cannot indent YAML | use spaces");
    syntax("a:\n  b: 1\n\tc: 2\n", [3, 1, 3, 2], "a tab cannot indent YAML");
    syntax("a: 'open\n", [1, 8, 1, 9], "does not end");
    syntax("a: \"open\nb: 1\n", [1, 8, 1, 9], "close the quote");
    syntax("a: 1\nb: 'open\n\n", [2, 8, 2, 9], "does not end");
    syntax("a: 1\nb: 'open", [2, 8, 2, 9], "does not end");
    syntax("a: [1, 2 \n\n", [1, 8, 1, 9], "`[` is never closed");
    syntax("a: [1,\nb: 2\n", [1, 6, 1, 7], "close it with `]`");
    syntax("a: {b: c\n", [1, 8, 1, 9], "close it with `}`");
    syntax("a: 1\n---\nb: 2\n", [3, 1, 3, 2], "second document");
    syntax("é: `x` y\n", [1, 4, 1, 5], "\"`x` y\"");
    syntax("a: @x\n", [1, 4, 1, 5], "quote the text: \"@x\"");
    syntax("a: >= 3\n", [1, 4, 1, 5], "quote the text: \">= 3\"");
    syntax("enter: >= 3\n", [1, 8, 1, 9], "as in `spend >= 3`");
    syntax("requires: >=0.1\n", [1, 11, 1, 12], "quote the text: \">=0.1\"");
    syntax("enter x > 3\nkeep: x\n", [1, 1, 1, 12], "write `enter: x > 3`");
    syntax("a: { b: c in [\"d\"] }\n", [1, 14, 1, 15], "quote it: 'c in [\"d\"]'");
    syntax("a: {b} is c\n", [1, 8, 1, 9], "quote the text: \"{b} is c\"");
    syntax("a:\n  - b\n  * c\n", [3, 3, 3, 4], "write `- c`");
    syntax("a: { b:1 }\n", [1, 6, 1, 9], "write `b: 1`");
    syntax("a: b: c\n", [1, 5, 1, 6], "write `{ b: c }`");
    syntax("a: *nope\n", [1, 4, 1, 5], "alias");
    syntax("a: 1\nb c\n", [2, 1, 2, 4], "`b c` has no `: `");
    syntax("a:\n  b: 1\n c: 2\n", [3, 2, 3, 3], "does not fit");
    syntax("a: [x]]\n", [1, 7, 1, 8], "closing bracket");
    syntax("a: \"x\" == y\n", [1, 8, 1, 9], "'\"x\" == y'");
    syntax("a: \"\\q\"\n", [1, 4, 1, 5], "escape");
    syntax("? [a]\n: b\n", [1, 3, 1, 4], "a key must be a word");
}

#[test]
fn bombs_are_limits() {
    let deep = format!("a: {}\n", "[".repeat(300));
    assert_eq!(read(&deep).2[0].code.slug(), "yaml-limit");
    let nested: String = (0..100).map(|level| format!("{}a:\n", " ".repeat(level))).collect();
    assert_eq!(read(&nested).2[0].code.slug(), "yaml-limit");
    let mut bomb = "a: &a [x,x,x,x,x,x,x,x,x,x]\n".to_owned();
    for (from, to) in ["ab", "bc", "cd", "de", "ef", "fg"].map(|pair| pair.split_at(1)) {
        let aliases = vec![format!("*{from}"); 10].join(",");
        bomb.push_str(&format!("{to}: &{to} [{aliases}]\n"));
    }
    assert_eq!(read(&bomb).2[0].code.slug(), "yaml-limit");
    assert_eq!(read("a: &x [*x]\n").2[0].code.slug(), "yaml-limit");
    let mut chain = "a0: &a0 x\n".to_owned();
    for level in 1..60 {
        let (open, close) = ("[".repeat(20), "]".repeat(20));
        chain.push_str(&format!("a{level}: &a{level} {open}*a{}{close}\n", level - 1));
    }
    assert_eq!(read(&chain).2[0].code.slug(), "yaml-limit");
}

#[test]
fn a_comma_in_parentheses_cuts_a_flow_item_apart() {
    let cut = |text, at, part| finding(text, "unbalanced-parentheses", at, part);
    cut("a: [ between(x, 1, 2), y ]\n", [1, 6, 1, 15], "\"between(x, 1, 2)\"");
    cut("a: { é: top(5, x), b: 1 }\n", [1, 9, 1, 14], "\"top(5, x)\"");
    cut("a: [x, y)]\n", [1, 8, 1, 10], "a comma ends an item");
    let (_, node, _) = read("a: { é: top(5, x), b: 1 }\nc: [f(1, 2), y]\n");
    let node = node.unwrap();
    assert!(matches!(get(&node, &["a", "é"]).kind, Kind::Broken));
    assert!(matches!(get(&node, &["a", "b"]).kind, Kind::Scalar(_)));
    assert!(matches!(get(&node, &["c", "1"]).kind, Kind::Scalar(_)));
    assert_eq!(read("a: [\"f(1\", f(1), '(']\nb: f(1\nc: [x == \"(\"]\n").2, []);
}

#[test]
fn a_large_file_takes_no_longer_than_its_size() {
    let started = std::time::Instant::now();
    let keys: String = (0..60_000).map(|key| format!("k{key}: 1\n")).collect();
    assert_eq!(read(&keys).2, []);
    let open = format!("a: [{}]\n", "(,".repeat(20_000));
    assert!(!read(&open).2.is_empty());
    // A linear reader needs about a second in a debug build, a quadratic one minutes.
    assert!(started.elapsed().as_secs() < 20, "{:?}", started.elapsed());
}
