//! What a block records is what an explanation measures, customer by customer.

use jiff::civil::{Date, date};
use proptest::prelude::*;
use rusqlite::Connection;
use rust_decimal::Decimal;
use serde_json::Value as Json;

use super::*;
use crate::explain::{Criterion, Measure, Slot};
use crate::expr::column::{Column, Data, Dictionary, Ints};
use crate::expr::samples::columns::{ROWS, samples};
use crate::expr::samples::naive;
use crate::expr::samples::sample::Sample;
use crate::expr::samples::trees::conditions;
use crate::expr::{Condition, CutoffId, Expr, Fault, Inputs, Value, days_from_date};
use crate::pass::fixture::{facts, population, shop};
use crate::pass::standing_columns;
use crate::program::Program;
use crate::source::Sources;

/// A record with its template, as one array of criteria.
const EXPANDED: &str = "
SELECT json_group_array(json_object(
    'tier', said.value -> 'tier',
    'slot', said.value -> 'slot',
    'text', said.value -> 'text',
    'met', json(iif(?2 -> said.key ->> 0, 'true', 'false')),
    'measured', ?2 -> said.key -> 1,
    'asked', coalesce(?2 -> said.key -> 3, said.value -> 'asked'),
    'gap', ?2 -> said.key -> 2
) ORDER BY said.key)
FROM json_each(?1) AS said";

fn expanded(connection: &Connection, template: &Json, record: &str) -> String {
    let arguments = (template.to_string(), record);
    connection.query_row(EXPANDED, arguments, |row| row.get(0)).expect("an array")
}

/// The same from an explanation.
fn explained(
    program: &Program,
    texts: &Sources,
    condition: &Condition<Expr>,
    customer: &dyn Measure,
) -> String {
    let leaves = Requirement::of(condition).leaves().into_iter();
    let criteria = leaves.map(|(leaf, _)| {
        Criterion::of(leaf, program, texts, (0, Slot::Enter), customer).to_json("vip")
    });
    criteria.collect::<Json>().to_string()
}

/// One row of a sample, one value at a time.
struct Row<'a>(&'a Sample, usize);

impl Measure for Row<'_> {
    fn value(&self, expr: &Expr) -> Result<Value, Fault> {
        naive::value(expr, self.0, self.1)
    }

    fn border(&self, cutoff: CutoffId) -> Result<Decimal, Fault> {
        self.0.cutoff(cutoff)
    }

    fn taken_on(&self, _: CutoffId) -> Option<Date> {
        None
    }
}

/// Expressions of samples have no place in a file.
fn no_texts() -> Sources {
    let mut texts = Sources::default();
    texts.add("", "");
    texts
}

/// A program with a metric for every column of a sample.
fn sampled() -> Program {
    let metrics: String = (0..11).map(|id| format!("  m{id}: {{ count: orders }}\n")).collect();
    shop("", &metrics, "")
}

fn recorded(comparisons: &Comparisons<'_>, block: &dyn Inputs, asked: &[bool]) -> Recorded {
    comparisons.record(block, asked)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 600, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn records_are_what_explanations_say(
        sample in samples(), condition in conditions(), asked in prop::collection::vec(any::<bool>(), ROWS),
    ) {
        let (program, texts) = (sampled(), no_texts());
        let connection = Connection::open_in_memory().expect("a database");
        let comparisons = Comparisons::of(&program, &condition);
        let template = comparisons.template(&texts, Some("vip"), "enter");
        let recorded = recorded(&comparisons, &sample, &asked);
        let rows = (0..ROWS).filter(|row| asked[*row]);
        prop_assert_eq!(recorded.len(), rows.clone().count());
        for (row, record) in rows.zip(recorded.iter()) {
            let expected = explained(&program, &texts, &condition, &Row(&sample, row));
            prop_assert_eq!(expanded(&connection, &template, record), expected, "row {}", row);
        }
    }
}

fn texts_column(values: &[&str]) -> Column {
    let mut dictionary = Dictionary::default();
    let codes = values.iter().map(|text| dictionary.intern(text)).collect();
    Column::new(Data::Text { codes, dictionary: dictionary.into() })
}

/// Three customers; the third is unknown wherever somebody can be.
fn three() -> Sample {
    let known = |column: Column| Column { known: Some(vec![true, true, false]), ..column };
    let day = |text: &str| days_from_date(text.parse().expect(text));
    let wide = vec![(1i128 << 96) - 1, -5, 0];
    Sample::new(
        3,
        vec![
            ("spend", known(Column::narrow(2, vec![81_240, 120_000, 0]))),
            ("asked", Column::narrow(0, vec![1_000, 1_000, 7])),
            ("huge", known(Column::new(Data::Number { scale: 28, values: Ints::Wide(wide) }))),
            ("channel", texts_column(&["web", "a \"b\"\\\n\u{1}ğ", "shop"])),
            (
                "born",
                Column::new(Data::Date(vec![
                    day("1999-12-31"),
                    day("2026-03-21"),
                    day("0099-01-01"),
                ])),
            ),
            ("fails", Column { faults: Some(vec![1, 0, 0]), ..Column::narrow(0, vec![0, 3, 4]) }),
        ],
    )
}

/// What is recorded of the three, for one comparison.
fn of_three(text: &str) -> Vec<String> {
    let (program, sample) = (sampled(), three());
    let condition = Condition::Expr(sample.expr(text));
    let comparisons = Comparisons::of(&program, &condition);
    recorded(&comparisons, &sample, &[true; 3]).iter().map(str::to_owned).collect()
}

#[test]
fn each_comparison_says_met_measured_and_gap() {
    assert_eq!(
        of_three("spend >= 1000"),
        ["[[0,812.4,187.6]]", "[[1,1200,-200]]", "[[0,null,null]]"]
    );
    // Turned: what differs is measured.
    assert_eq!(of_three("1000 > spend")[0], "[[1,812.4,-187.6]]");
    assert_eq!(
        of_three("spend >= asked"),
        ["[[0,812.4,187.6,1000]]", "[[1,1200,-200,1000]]", "[[0,null,null,7]]"]
    );
    assert_eq!(
        of_three("spend != 1200"),
        ["[[1,812.4,null]]", "[[0,1200,null]]", "[[0,null,null]]"]
    );
    assert_eq!(
        of_three("between(spend, 900, 1100)"),
        ["[[0,812.4,87.6,900]]", "[[0,1200,100,1100]]", "[[0,null,null,900]]"]
    );
    assert_eq!(
        of_three("huge < 1.5"),
        [
            "[[0,7.9228162514264337593543950335,6.4228162514264337593543950335]]",
            "[[1,-0.0000000000000000000000000005,-1.5000000000000000000000000005]]",
            "[[0,null,null]]"
        ]
    );
    // A difference that no decimal has is no gap.
    assert_eq!(of_three("huge < 1000000000")[1], "[[1,-0.0000000000000000000000000005,null]]");
    assert_eq!(
        of_three("channel in [\"web\", \"app\"]")[..2],
        ["[[1,\"web\",null]]", "[[0,\"a \\\"b\\\"\\\\\\n\\u0001ğ\",null]]"]
    );
    assert_eq!(
        of_three("born == date(\"1999-12-31\")"),
        ["[[1,\"1999-12-31\",null]]", "[[0,\"2026-03-21\",null]]", "[[0,\"0099-01-01\",null]]"]
    );
    assert_eq!(of_three("fails >= 4"), ["[[0,null,null]]", "[[0,3,1]]", "[[1,4,0]]"]);
    assert_eq!(of_three("spend in [asked, 1200]")[1], "[[1,1200,null,[1000,1200]]]");
    assert_eq!(
        of_three("!is_known(spend)"),
        ["[[0,true,null]]", "[[0,true,null]]", "[[1,false,null]]"]
    );
}

#[test]
fn only_asked_rows_are_recorded_and_no_script_runs_for_others() {
    let (program, sample) = (sampled(), three());
    let condition = Condition::All(vec![
        Condition::Expr(sample.expr("s::echo(asked) >= 5")),
        Condition::None(vec![Condition::Expr(sample.expr("spend > 1"))]),
    ]);
    let comparisons = Comparisons::of(&program, &condition);
    let one = recorded(&comparisons, &sample, &[false, true, false]);
    assert_eq!(one.iter().collect::<Vec<_>>(), ["[[1,1000,-995],[0,1200,1199]]"]);
    assert_eq!(sample.calls.take(), [(0, 1)]);
    assert!(recorded(&comparisons, &sample, &[false; 3]).is_empty());
    let nothing = Comparisons::of(&program, &Condition::Always);
    assert_eq!(recorded(&nothing, &sample, &[false, true, false]).get(0), "[]");
}

#[test]
fn a_top_asks_its_border() {
    let pack = "
ladders:
  club:
    tiers:
      vip: { enter: ['top_count(1, spend)', 'spend >= average(spend)'] }
";
    let program = shop("", "", pack);
    let population = population(
        &program,
        facts(&program, &[(100, 1, 1), (350, 1, 1), (0, 1, 1)]),
        date(2026, 6, 15),
    );
    let standings = crate::pass::fixture::nobody(&program, 3);
    let columns = standing_columns(&program, &standings, population.as_of);
    let comparisons = Comparisons::of(&program, &program.ladders[0].tiers[0].enter);
    let mut all = Vec::new();
    for slot in 0..3 {
        population.with_customer(&program, &columns, slot, |customer| {
            all.push(comparisons.record(customer, &[true]).get(0).to_owned());
        });
    }
    assert_eq!(
        all,
        [
            "[[0,100,250,350],[0,100,50,150]]",
            "[[1,350,0,350],[1,350,-200,150]]",
            "[[0,0,350,350],[0,0,150,150]]"
        ]
    );
}
