use crate::diagnostic::Diagnostic;
use crate::expr::Condition;
use crate::lifecycle::{Round, Upgrade};
use crate::pack::{
    ColumnAggregate, Literal, PackFiles, Parsed, ParsedBenefitValue, ParsedMetricKind, ParsedPack,
    ParsedReview, ParsedTies, ParsedWindow, SourceAggregate, parse,
};
use crate::program::{BenefitKind, ColumnKind, MonthDay, ParameterKind, Period};
use crate::source::Span;

fn pack(files: &[(&str, &str)]) -> (Parsed, Vec<Diagnostic>) {
    let parsed = parse(&PackFiles::embedded(files.iter().copied()));
    let findings = parsed.findings.clone().into_sorted();
    (parsed, findings)
}

/// A pack of one file that has nothing wrong.
fn clean(text: &str) -> (Parsed, ParsedPack) {
    let (parsed, findings) = pack(&[("pack.yaml", &format!("pack: p\n{text}"))]);
    assert_eq!(findings, [], "{text}");
    let pack = parsed.pack.clone();
    (parsed, pack)
}

fn at(parsed: &Parsed, span: Span) -> [usize; 4] {
    let at = parsed.sources.position(span);
    [at.line, at.column, at.end_line, at.end_column]
}

/// The findings of `pack: p` and the text (which begins in line 2): code, place, help.
#[track_caller]
fn finds(text: &str, expected: &[(&str, [usize; 4], &str)]) {
    let (parsed, findings) = pack(&[("pack.yaml", &format!("pack: p\n{text}"))]);
    let found: Vec<_> = findings.iter().map(|f| (f.code.slug(), at(&parsed, f.span))).collect();
    let wanted: Vec<_> = expected.iter().map(|(code, place, _)| (*code, *place)).collect();
    assert_eq!(found, wanted, "{text}\n{findings:#?}");
    for (finding, (_, _, part)) in findings.iter().zip(expected) {
        let words = format!("{} | {}", finding.message, finding.help.clone().unwrap_or_default());
        assert!(words.contains(part), "{words}");
    }
}

fn scalar(literal: &Option<Literal>) -> &str {
    match literal {
        Some(Literal::Scalar { text, .. }) => &text.text,
        other => panic!("{other:?}"),
    }
}

fn texts(condition: &Condition<crate::pack::ExprText>) -> Vec<&str> {
    let mut texts = Vec::new();
    condition.visit(&mut |text| texts.push(text.text.as_str()));
    texts
}

#[test]
fn manifest_settings_and_parameters() {
    let (parsed, pack) = clean(
        "version: 1.2.0\ntitle: { en: Club, tr: Kulüp }\nrequires: \">=0.1\"\nsettings:\n  \
         currency: TRY\n  money_decimals: 2\n  timezone: Europe/Istanbul\n  year_starts: 03-21\n  \
         population: orders > 0\nparameters:\n  vip: { type: money, default: 1000, min: 0 }\n  \
         high: { type: list, default: [coats, bags] }\n  wait: { type: duration, default: 10 days }\n",
    );
    assert_eq!(pack.manifest.name.unwrap().value, "p");
    assert_eq!(pack.manifest.version.unwrap().value, semver::Version::new(1, 2, 0));
    assert_eq!(pack.manifest.title.plain().get(Some("tr")), Some("Kulüp"));
    let settings = pack.settings;
    assert_eq!(settings.currency.unwrap().value, "TRY");
    assert_eq!(settings.money_decimals.unwrap().value, 2);
    assert_eq!(settings.year_starts.unwrap().value, MonthDay { month: 3, day: 21 });
    assert_eq!(texts(&settings.population.unwrap().value), ["orders > 0"]);
    let [vip, high, wait] = &pack.parameters[..] else { panic!() };
    assert_eq!((vip.kind.value, scalar(&vip.default)), (ParameterKind::Money, "1000"));
    assert_eq!(at(&parsed, vip.default.as_ref().unwrap().span()), [12, 32, 12, 36]);
    assert!(matches!(&high.default, Some(Literal::List { items, .. }) if items[1].text == "bags"));
    assert_eq!(scalar(&wait.default), "10 days");
}

#[test]
fn customers_and_sources() {
    let (_, pack) = clean(
        "customers:\n  table: people\n  id: nr\n  columns: { joined: date, consent: flag }\nsources:\n  \
         orders:\n    table: orders\n    customer: who\n    at: placed\n    at_unit: ms\n    columns:\n      \
         cost: { type: money, column: cost_cents, unit: minor }\n      amount: { type: money, expr: quantity * price }\n  \
         visits: { query: SELECT * FROM v, customer: c, at: t }\n",
    );
    let customers = pack.customers.unwrap();
    assert_eq!((customers.table.value.as_str(), customers.id.value.as_str()), ("people", "nr"));
    assert_eq!(customers.columns[1].kind.value, ColumnKind::Flag);
    let [orders, visits] = &pack.sources[..] else { panic!() };
    assert!(orders.at_milliseconds && !visits.at_milliseconds);
    assert!(orders.columns[0].minor && !orders.columns[1].minor);
    assert_eq!(orders.columns[0].column.as_ref().unwrap().value, "cost_cents");
    assert_eq!(orders.columns[1].expr.as_ref().unwrap().text, "quantity * price");
    assert_eq!(visits.query.as_ref().unwrap().text, "SELECT * FROM v");
}

#[test]
fn metrics_of_every_kind() {
    let (parsed, pack) = clean(
        "metrics:\n  a: { count: orders, where: [x > 1, y], within: 12 months, ago: 1 year }\n  \
         b: { sum: \"orders.amount\", within: previous calendar half-year, unit: money }\n  \
         c: { distinct: orders.at, within: tier club }\n  d: { expr: a / b, else: 7 }\n  \
         e:\n    score:\n      - { when: a > 1, add: 5, cap: 10 }\n  \
         f: { rfm: { recency: a, frequency: b, monetary: c, bins: 5 } }\n  \
         g: { days_between: orders, within: window }\n  h: { count: orders, within: lifetime }\n",
    );
    let [a, b, c, d, e, f, g, h] = &pack.metrics[..] else { panic!() };
    let kind = |metric: &crate::pack::ParsedMetric| metric.kind.clone().unwrap().value;
    assert!(matches!(
        kind(a),
        ParsedMetricKind::OfSource { aggregate: SourceAggregate::Count, .. }
    ));
    assert_eq!(texts(&a.filter.as_ref().unwrap().value), ["x > 1", "y"]);
    assert_eq!(scalar(&a.ago), "1 year");
    let ParsedMetricKind::OfColumn { aggregate, source, column } = kind(b) else { panic!() };
    assert_eq!(aggregate, ColumnAggregate::Sum);
    assert_eq!((source.value.as_str(), column.value.as_str()), ("orders", "amount"));
    assert_eq!(at(&parsed, source.span), [4, 14, 4, 20]);
    assert_eq!(at(&parsed, column.span), [4, 21, 4, 27]);
    let window = |metric: &crate::pack::ParsedMetric| metric.within.clone().unwrap().value;
    assert!(matches!(window(b), ParsedWindow::Previous(Period::HalfYear)));
    let ParsedWindow::Tier(ladder) = window(c) else { panic!() };
    assert_eq!((ladder.value.as_str(), at(&parsed, ladder.span)), ("club", [5, 42, 5, 46]));
    assert!(matches!(kind(d), ParsedMetricKind::Formula(text) if text.text == "a / b"));
    assert_eq!(scalar(&d.otherwise), "7");
    assert!(matches!(kind(e), ParsedMetricKind::Score(lines) if scalar(&lines[0].cap) == "10"));
    assert!(matches!(kind(f), ParsedMetricKind::Rfm { bins, .. } if scalar(&bins) == "5"));
    assert!(matches!(window(g), ParsedWindow::Trailing(_)));
    assert!(matches!(window(h), ParsedWindow::Lifetime));
}

#[test]
fn ladders_keep_their_order() {
    let (parsed, pack) = clean(
        "ladders:\n  club:\n    ties: { break_by: [spend, age] }\n    cutoffs: monthly\n    \
         defaults: { review: { fixed: 10 months }, grace: 30 days, landing: one_down }\n    \
         renamed: { old: vip }\n    on_change: review_now\n    tiers:\n      vip:\n        enter:\n          \
         any:\n            - spend >= x\n            - all: [a, b]\n            - none:\n                - c\n          \
         at_least: 2\n        keep: a\n        review: { fixed: p, from: entry, round: end of half-year }\n        \
         upgrade: at review\n        warn_over: 10\n      gold: { enter: a, review: { dynamic: { expr: f(a) } } }\n      \
         member: { enter: always }\n  shares:\n    rank_by: [rfm, spend]\n    ties: exclude\n    \
         tiers: { top: { share: 5 }, base: { share: rest } }\n",
    );
    let [club, shares] = &pack.ladders[..] else { panic!() };
    let names: Vec<_> = club.tiers.iter().map(|tier| tier.name.value.as_str()).collect();
    assert_eq!(names, ["vip", "gold", "member"]);
    let ties = &club.ties.as_ref().unwrap().value;
    assert!(matches!(ties, ParsedTies::BreakBy(by) if by[1].text == "age"));
    assert_eq!(club.renamed[0].1.value, "vip");
    let vip = &club.tiers[0];
    let enter = vip.enter.as_ref().unwrap();
    let Condition::Any { at_least: 2, of } = &enter.value else { panic!("{enter:?}") };
    assert!(matches!(of[..], [Condition::Expr(_), Condition::All(_), Condition::None(_)]));
    assert_eq!(texts(&enter.value), ["spend >= x", "a", "b", "c"]);
    assert_eq!(at(&parsed, enter.span), [12, 11, 17, 22]);
    let review = &vip.policy.review.as_ref().unwrap().value;
    let ParsedReview::Fixed { from, round, .. } = review else { panic!() };
    assert_eq!(from.as_ref().unwrap().value, "entry");
    assert_eq!(round.as_ref().unwrap().value, Round::HalfYear);
    assert_eq!(vip.policy.upgrade.as_ref().unwrap().value, Upgrade::AtReview);
    let gold = &club.tiers[1].policy.review.as_ref().unwrap().value;
    assert!(
        matches!(gold, ParsedReview::Dynamic(Literal::Expr { text, .. }) if text.text == "f(a)")
    );
    assert_eq!(club.tiers[2].enter.as_ref().unwrap().value, Condition::Always);
    assert_eq!(scalar(&shares.tiers[1].share), "rest");
    assert_eq!(shares.rank_by.len(), 2);
}

#[test]
fn benefits_segments_and_alerts() {
    let (_, pack) = clean(
        "benefits:\n  off: { kind: percent_off, tiers: { vip: 20, gold: x, m: { expr: f(a) } }, cost: spend * value / 100 }\n  \
         ship: { kind: free_shipping, tiers: { vip: always, gold: { over: 500 } } }\n  \
         credit:\n    kind: credit\n    tiers:\n      vip: { ceiling: 50000, days: 90, guarantor: false }\n  \
         gift: { kind: perk, category: gift, on: 03-21, segments: { s: { en: Tea, fa: چای }, t: Gift box } }\n\
         segments:\n  s: { when: a > 1 }\n  n: { near: club.vip, short_by: 20 }\n\
         alerts:\n  away:\n    for: club.vip\n    when: days_away > 14\n    action: [call, ask why]\n    \
         every: 14 days\n    message: \"{name} is away\"\n",
    );
    let [off, ship, credit, gift] = &pack.benefits[..] else { panic!() };
    assert_eq!(off.kind.as_ref().unwrap().value, BenefitKind::PercentOff);
    assert!(matches!(&off.tiers[2].1, ParsedBenefitValue::Literal(Literal::Expr { .. })));
    assert!(matches!(&ship.tiers[1].1, ParsedBenefitValue::Over { .. }));
    let ParsedBenefitValue::Credit { guarantor, .. } = &credit.tiers[0].1 else { panic!() };
    assert_eq!(scalar(guarantor), "false");
    let ParsedBenefitValue::Text { text, .. } = &gift.segments[0].1 else { panic!() };
    assert_eq!(text.texts[1].0.as_deref(), Some("fa"));
    assert_eq!(pack.segments[1].near.as_ref().unwrap().value, "club.vip");
    let alert = &pack.alerts[0];
    assert_eq!(alert.action[1].texts[0].1.text, "ask why");
    assert_eq!(alert.message.texts[0].1.text, "{name} is away");
    assert_eq!(scalar(&alert.every), "14 days");
}

#[test]
fn sections_are_spread_over_files() {
    let (parsed, findings) = pack(&[
        ("b.yaml", "metrics:\n  y: { count: o }\n  x: { count: o }\n"),
        ("pack.yaml", "pack: p\nmetrics:\n  x: { count: o }\n"),
        ("scripts/m.rhai", "fn f() { 1 }"),
    ]);
    let names: Vec<_> = parsed.pack.metrics.iter().map(|metric| &metric.name.value).collect();
    assert_eq!(names, ["y", "x"]);
    let [twice] = &findings[..] else { panic!("{findings:#?}") };
    assert_eq!((twice.code.slug(), at(&parsed, twice.span)), ("duplicate-entry", [3, 3, 3, 4]));
    assert_eq!(parsed.sources.file(twice.span.file).name, "pack.yaml");
    assert_eq!(at(&parsed, twice.related[0].span), [3, 3, 3, 4]);
    assert_eq!(parsed.sources.file(twice.related[0].span.file).name, "b.yaml");
    let (module, file) = &parsed.pack.scripts[0];
    assert_eq!(
        (module.as_str(), parsed.sources.file(*file).name.as_str()),
        ("m", "scripts/m.rhai")
    );
}

#[test]
fn faults_of_files() {
    let codes = |files: &[(&str, &[u8])]| -> Vec<(String, String, [usize; 4])> {
        let parsed = parse(&PackFiles::embedded(files.iter().map(|(n, b)| (*n, b.to_vec()))));
        let findings = parsed.findings.clone().into_sorted();
        findings
            .iter()
            .map(|f| {
                let file = parsed.sources.file(f.span.file).name.clone();
                (f.code.slug().to_owned(), file, at(&parsed, f.span))
            })
            .collect()
    };
    let one = |code: &str, file: &str, at| vec![(code.to_owned(), file.to_owned(), at)];
    assert_eq!(codes(&[]), one("missing-manifest", "pack.yaml", [1, 1, 1, 1]));
    let latin: &[u8] = b"pack: p\ntitle: \xc3\xa7a\xf0da\xff\n";
    assert_eq!(codes(&[("pack.yaml", latin)]), one("not-utf8", "pack.yaml", [2, 10, 2, 11]));
    let large = vec![b'#'; (1 << 20) + 1];
    assert_eq!(codes(&[("pack.yaml", &large)]), one("file-too-large", "pack.yaml", [1, 1, 1, 1]));
    let marked = "\u{feff}pakc: p\n".as_bytes();
    let found = codes(&[("pack.yaml", marked)]);
    assert_eq!(found, one("unknown-key", "pack.yaml", [1, 1, 1, 5]));
    assert_eq!(codes(&[("pack.yaml", b"")]), one("missing-key", "pack.yaml", [1, 1, 1, 1]));
    assert!(parse(&PackFiles::embedded([("pack.yaml", "")])).complete);
    let open = [("pack.yaml", "pack: p\n"), ("tiers.yaml", "ladders: [\n")];
    assert!(!parse(&PackFiles::embedded(open)).complete);
}

#[test]
fn names_and_keys() {
    finds(
        "metric:\n  a: { count: o }\n",
        &[("unknown-key", [2, 1, 2, 7], "did you mean `metrics`?")],
    );
    finds(
        "metrics:\n  Total Spend: { count: o }\n  value: { count: o, wher: x }\n",
        &[
            ("invalid-name", [3, 3, 3, 14], "`total_spend`"),
            ("invalid-name", [4, 3, 4, 8], "already means something"),
            ("unknown-key", [4, 22, 4, 26], "did you mean `where`?"),
        ],
    );
    finds("version: one\n", &[("invalid-value", [2, 10, 2, 13], "1.2.0")]);
    finds(
        "settings: { money_decimals: 9, year_starts: 13-01 }\n",
        &[("invalid-value", [2, 29, 2, 30], "0 to 6"), ("invalid-value", [2, 45, 2, 50], "03-21")],
    );
    finds("parameters:\n  a: { type: mony }\n", &[("invalid-value", [3, 14, 3, 18], "`money`")]);
    finds(
        "parameters:\n  a: 5\n",
        &[("wrong-shape", [3, 6, 3, 7], "{ type: number, default: 5 }")],
    );
    finds("metrics: [a]\n", &[("wrong-shape", [2, 10, 2, 13], "take the dashes away")]);
}

#[test]
fn conditions() {
    let tier = |condition: &str| {
        format!("ladders:\n  l:\n    tiers:\n      v:\n        enter:{condition}\n")
    };
    let finds = |condition: &str, expected| finds(&tier(condition), expected);
    finds("", &[("empty-condition", [6, 9, 6, 14], "`always`")]);
    finds(" []", &[("empty-condition", [6, 16, 6, 18], "")]);
    finds(" \"\"", &[("empty-condition", [6, 16, 6, 18], "")]);
    finds("\n          - a\n          -\n", &[("empty-condition", [8, 11, 8, 12], "")]);
    finds(" { any: x > 1 }", &[("wrong-shape", [6, 23, 6, 28], "`- `")]);
    finds(" { an: [x] }", &[("unknown-key", [6, 18, 6, 20], "`any`")]);
    finds(" { any: [x, y], at_least: 3 }", &[("invalid-value", [6, 41, 6, 42], "from 1 to 2")]);
    finds(" { all: [x], at_least: 1 }", &[("unknown-key", [6, 28, 6, 36], "`any:`")]);
    finds(" !consent", &[("yaml-tag", [6, 16, 6, 24], "\"!consent\"")]);
    finds(" [between(x, 1, 2), y]", &[("unbalanced-parentheses", [6, 17, 6, 26], "comma")]);
    let (_, pack) =
        clean(&tier("\n          - true\n          - any: [a, 5]\n          - never\n"));
    let enter = pack.ladders[0].tiers[0].enter.clone().unwrap().value;
    assert_eq!(texts(&enter), ["true", "a", "5"]);
    assert!(matches!(enter, Condition::All(list) if list[2] == Condition::Never));
}

#[test]
fn what_is_missing_or_misspelt() {
    finds(
        "metrics:\n  a: { within: 1 day }\n",
        &[("missing-key", [3, 3, 3, 4], "what it measures")],
    );
    finds("metrics:\n  a: { sum: o }\n", &[("invalid-value", [3, 13, 3, 14], "`sum: o.<column>`")]);
    finds(
        "metrics:\n  a: { count: o, sum: o.x }\n",
        &[("wrong-shape", [3, 18, 3, 21], "two metrics")],
    );
    finds(
        "metrics:\n  a: { count: o, within: calender year }\n",
        &[("invalid-value", [3, 26, 3, 39], "did you mean `calendar year`?")],
    );
    finds(
        "ladders:\n  l:\n    tiers:\n      a:\n      b: { keep: x }\n      c: { enter: x, review: 3 months }\n",
        &[
            ("missing-key", [5, 7, 5, 8], "tier `a`"),
            ("missing-key", [6, 7, 6, 8], "tier `b`"),
            ("wrong-shape", [7, 30, 7, 38], "{ fixed: 3 months }"),
        ],
    );
    finds(
        "ladders:\n  l: { defaults: { review: { dynamic: daily, round: end of year } } }\n",
        &[
            ("missing-key", [3, 3, 3, 4], "`tiers`"),
            ("unknown-key", [3, 46, 3, 51], "beside `fixed`"),
        ],
    );
    finds(
        "sources:\n  o: { customer: c }\n",
        &[
            ("missing-key", [3, 3, 3, 4], "`at`"),
            ("missing-key", [3, 3, 3, 4], "`table` or `query`"),
        ],
    );
    finds(
        "benefits:\n  b: { kind: percent_of, tiers: { v: 5 } }\n  c: { kind: free_shipping, tiers: { v: { ovr: 5 } } }\n  \
         d: { kind: perk, category: gifts, on: birthdy, tiers: { v: x } }\n",
        &[
            ("invalid-value", [3, 14, 3, 24], "`percent_off`"),
            ("unknown-key", [4, 43, 4, 46], "`over`"),
            ("invalid-value", [5, 30, 5, 35], "`gift`"),
            ("invalid-value", [5, 41, 5, 48], "`birthday`"),
        ],
    );
    finds(
        "segments:\n  s: { near: c.v }\nalerts:\n  a: { message: hi }\n",
        &[("missing-key", [3, 3, 3, 4], "`short_by`"), ("missing-key", [5, 3, 5, 4], "`when`")],
    );
    finds("title: { english: x }\n", &[("invalid-value", [2, 10, 2, 17], "`en`")]);
}

#[test]
fn the_language_page_is_a_pack() {
    let (parsed, findings) = pack(&[("pack.yaml", include_str!("example.yaml"))]);
    assert_eq!(findings, []);
    let pack = parsed.pack;
    assert!(parsed.complete);
    assert_eq!((pack.parameters.len(), pack.sources.len(), pack.ladders.len()), (3, 1, 2));
    assert_eq!((pack.benefits.len(), pack.segments.len(), pack.alerts.len()), (6, 2, 1));
}
