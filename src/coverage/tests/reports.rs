//! Lines of scripts, and reports for other programs.

use serde_json::json;

use super::*;
use crate::source::Position;

const SCRIPTED: &str = "
ladders:
  club:
    tiers:
      vip: { enter: 'rules::good(spend, days_away)' }
      gold: { enter: always, keep: 'rules::good(spend, 1)' }
benefits:
  tip:
    kind: perk
    category: gift
    tiers:
      vip:
        expr: tips::tip(orders_made)
";

const RULES: &str = "\
// Who is good.
fn good(spend, days) {
    if days > 30 {
        return false;
    }
    spend > 10 && known()
}

fn known() { true } fn never() { 1 }
";

const TIPS: &str = "\
fn tip(orders) {
    switch orders {
        0 => \"come in\",
        1 => \"come again\",
        _ => \"stay\"
    }
}
";

fn scripted() -> Rules {
    let pack = fixture::text("", "", SCRIPTED);
    let (rules, tips) = (RULES.to_owned(), TIPS.to_owned());
    fixture::from_files(vec![
        ("pack.yaml", pack),
        ("scripts/rules.rhai", rules),
        ("scripts/tips.rhai", tips),
    ])
}

/// One customer is good: decided once, and written down why. `keep` is asked of nobody. What the
/// observation asks by itself counts for nothing; the tip that it gives does.
#[test]
fn lines_of_scripts_count_as_the_pass_ran_them() {
    let rules = scripted();
    let (counted, lines) = rules.program.counted();
    let ran = |module: usize| -> Vec<(usize, u64)> {
        let lines = lines.lines().into_iter().filter(|(line, _)| line.module == module);
        lines.map(|(line, count)| (line.line, count)).collect()
    };
    let nobody = fixture::nobody(&counted, 1);
    let one = facts(&counted, &[(2_000, 1, 3, true)]);
    let outcome = run(&counted, one, &nobody, &[], date(2026, 1, 15), 1);
    let of_pass = [(3, 2), (4, 0), (6, 2), (9, 2)];
    assert_eq!((ran(0).as_slice(), ran(1)), (&of_pass[..], vec![(2, 0), (3, 0), (4, 0), (5, 0)]));
    let mut coverage = Coverage::default();
    coverage.observe(&counted, &nobody, &outcome, &[0]);
    assert_eq!((ran(0).as_slice(), ran(1)), (&of_pass[..], vec![(2, 1), (3, 0), (4, 1), (5, 0)]));
    coverage.observe_lines(&lines);
    assert_eq!(about(&counted, &coverage, "rules "), ["line(3) x2", "line(6) x2", "line(9) x2"]);
    assert_eq!(about(&counted, &coverage, "tips "), ["line(2) x1", "line(4) x1"]);
    assert_eq!(about(&counted, &coverage, "club.vip enter "), ["0 true x1"]);
    let found = unseen(&rules, &coverage);
    for missing in [
        "line 4 of the script `rules` never ran",
        "line 3 of the script `tips` never ran",
        "line 5 of the script `tips` never ran",
    ] {
        assert!(found.contains(missing), "{found}");
    }
    let report = coverage.report(&rules.program, &rules.texts);
    let of = |name: &str| report.parts.iter().find(|part| part.name == name).map(|part| part.tally);
    assert_eq!(of("rules"), Some(Tally { covered: 3, points: 4 }));
    assert_eq!(of("tips"), Some(Tally { covered: 2, points: 4 }));
    let place = report.uncovered.last().map(|it| (it.file.as_str(), it.place));
    let expected = Position { line: 5, column: 9, end_line: 5, end_column: 20 };
    assert_eq!(place, Some(("scripts/tips.rhai", expected)));
    // The plain program decides the same.
    let rows = [(2_000, 1, 3, true), (2_000, 1, 31, true), (500, 1, 3, true)];
    let tiers = |program: &Program| {
        let nobody = fixture::nobody(program, rows.len());
        let facts = facts(program, &rows);
        let outcome = run(program, facts, &nobody, &[], date(2026, 1, 15), 2);
        fixture::tiers(program, &outcome)
    };
    assert_eq!(tiers(&counted), ["vip", "gold", "gold"]);
    assert_eq!(tiers(&rules.program), tiers(&counted));
    assert_eq!(counted.generation(), rules.program.generation());
}

const TWO_TIERS: &str = "
ladders:
  club:
    tiers:
      vip: { enter: spend >= 10 }
      gold: { enter: [consent, days_away < 9], keep: always }
";

#[test]
fn lcov_has_lines_and_branches() {
    let mut rules = scripted();
    let pack = fixture::text("", "", TWO_TIERS);
    let first = pack.lines().position(|line| line.contains("vip:")).expect("a line") + 1;
    let plain = fixture::rules("", "", TWO_TIERS);
    let program = &plain.program;
    // Just below twice, at once.
    let rows = [(999, 0, 5, true), (999, 0, 8, true), (1_000, 0, 9, true)];
    let coverage = first_pass(program, &rows, &[0, 1, 2]);
    let report = coverage.report(program, &plain.texts);
    // The first block of `vip`: entered 1, held, left. Then the comparison false and true, below,
    // at and above. Consent was never false, and 9 days were never just passed.
    let (vip, gold) = (first, first + 1);
    let expected = format!(
        "TN:\nSF:rules/shop/pack.yaml\n\
         BRDA:{vip},0,0,2\nBRDA:{vip},0,1,1\n\
         BRDA:{vip},1,0,2\nBRDA:{vip},1,1,1\nBRDA:{vip},1,2,0\n\
         BRDA:{vip},2,0,1\nBRDA:{vip},2,1,0\nBRDA:{vip},2,2,0\n\
         BRDA:{gold},0,0,0\nBRDA:{gold},0,1,3\n\
         BRDA:{gold},1,0,1\nBRDA:{gold},1,1,2\n\
         BRDA:{gold},2,0,1\nBRDA:{gold},2,1,1\nBRDA:{gold},2,2,0\n\
         BRDA:{gold},3,0,2\nBRDA:{gold},3,1,0\nBRDA:{gold},3,2,0\n\
         BRF:18\nBRH:11\nDA:{vip},2\nDA:{gold},3\nLF:2\nLH:2\nend_of_record\n"
    );
    assert_eq!(report.lcov("rules/shop/"), expected);
    // Lines of scripts have no branches, and of what never ran nothing was taken.
    rules.program = rules.program.counted().0;
    let lcov = Coverage::default().report(&rules.program, &rules.texts).lcov("");
    assert!(lcov.contains("BRDA:"), "{lcov}");
    assert!(lcov.lines().filter(|line| line.starts_with("BRDA")).all(|line| line.ends_with(",-")));
    let tips = "SF:scripts/tips.rhai\nBRF:0\nBRH:0\nDA:2,0\nDA:3,0\nDA:4,0\nDA:5,0\nLF:4\nLH:0\n";
    assert!(lcov.contains(tips), "{lcov}");
}

#[test]
fn json_has_totals_kinds_parts_and_places() {
    let rules = fixture::rules("", "", TWO_TIERS);
    let rows = [(999, 0, 5, true), (999, 0, 8, true), (1_000, 0, 9, true)];
    let coverage = first_pass(&rules.program, &rows, &[0, 1, 2]);
    let mut json = coverage.report(&rules.program, &rules.texts).json();
    let uncovered = json["uncovered"].take();
    let expected = json!({
        "covered": 11, "points": 18, "percent": 61.1,
        "kinds": {
            "criteria": { "covered": 5, "points": 6, "percent": 83.3 },
            "thresholds": { "covered": 4, "points": 6, "percent": 66.6 },
            "tiers": { "covered": 2, "points": 6, "percent": 33.3 },
        },
        "parts": [
            { "part": "tier", "name": "club.vip", "covered": 5, "points": 8, "percent": 62.5 },
            { "part": "tier", "name": "club.gold", "covered": 6, "points": 10, "percent": 60 },
        ],
        "uncovered": null,
    });
    assert_eq!(json.to_string(), expected.to_string());
    assert_eq!(uncovered.as_array().map(Vec::len), Some(7));
    let pack = &rules.texts.file(FileId(0)).text;
    let line = pack.lines().position(|line| line.contains("vip:")).expect("a line") + 1;
    let last = json!({
        "kind": "thresholds", "part": "club.vip",
        "message": "`spend >= 10` in club.vip enter was never just above 10", "help": "try `spend: 10.01`",
        "file": "pack.yaml", "line": line, "column": 21, "end_line": line, "end_column": 32,
    });
    assert_eq!(uncovered[2], last);
}
