use jiff::civil::{Date, date};

use crate::expr::Value;
use crate::pass::fixture::{first_pass, from_files, metric, tiers};
use crate::program::Program;
use crate::store::CustomerId;
use crate::suite::{CsvFault, GivenTo, People};

const AS_OF: Date = date(2026, 11, 22);

const SHOP: &str = "
pack: shop
version: 1.0.0
settings: { currency: EUR, timezone: UTC }
customers:
  table: customers
  id: id
  columns:
    joined: date
    way: text
    consent: flag
    points: number
    many: { type: number, expr: points * 100 }
sources:
  orders: { table: orders, customer: who, at: at, columns: { amount: money } }
metrics:
  spend: { sum: orders.amount, within: calendar year }
  order_count: { count: orders }
  change: { expr: spend - previous(spend) }
  away: { days_since_last: orders }
  rfm: { rfm: { recency: away, frequency: order_count, monetary: spend, bins: 5 } }
ladders:
  club:
    tiers:
      vip: { enter: change >= 100 }
      gold: { enter: [ many > 150, consent, 'way == \"a, b\"' ] }
      member: { enter: 'rfm > 0' }
";

fn shop() -> Program {
    from_files(vec![("pack.yaml", SHOP.to_owned())]).program
}

fn number(text: &str) -> Value {
    Value::Number(text.parse().unwrap())
}

#[test]
fn attributes_and_metrics_come_by_name() {
    let program = shop();
    let csv = "\u{feff}customer,joined,way,consent,points,spend,previous(spend),rfm.m\r\n\
               7,2024-01-05,\"a, b\",true,1.51,,,\r\n\
               \r\n\
               Zoe,,,0,,150.00,50,\r\n\
               x,,,,,150,50.01,5\r\n";
    let people = People::from_csv(&program, csv).unwrap();
    let joined = Value::Date(date(2024, 1, 5));
    let known = [joined, Value::text("a, b"), Value::Flag(true), number("1.51"), Value::Null];
    assert_eq!(people.store.customers[0], (CustomerId::Int(7), known.to_vec()));
    let given = |customer: &str, name: &str, value: &str| GivenTo {
        customer: CustomerId::parse(customer),
        metric: metric(&program, name),
        value: number(value),
    };
    let expected = [
        given("Zoe", "spend", "150.00"),
        given("Zoe", "previous(spend)", "50"),
        given("x", "spend", "150"),
        given("x", "previous(spend)", "50.01"),
        given("x", "rfm.m", "5"),
    ];
    assert_eq!(people.given, expected);
    let facts = people.facts(&program, AS_OF, &|_, _| None).unwrap();
    let outcome = first_pass(&program, facts, AS_OF);
    // 7, Zoe, x.
    assert_eq!(tiers(&program, &outcome), ["gold", "vip", "member"]);
}

fn faults(csv: &str) -> Vec<CsvFault> {
    People::from_csv(&shop(), csv).unwrap_err()
}

fn fault(line: usize, column: usize, message: &str, help: Option<&str>) -> CsvFault {
    CsvFault { line, column, message: message.to_owned(), help: help.map(str::to_owned) }
}

#[test]
fn every_fault_is_told_with_its_place() {
    let csv = "customer,joined,consent,points,spend\n\
               é,2026-02-30,yes,\"1,000\",1.005\n\
               2,,,\n\
               ,,,,\n\
               3,20260101,,ten,\n\
               3,,,,\n";
    let written = Some("write it as in `2026-03-21`");
    let plain = Some("write it as in `-1250.5`");
    let expected = [
        fault(2, 3, "`2026-02-30` is no date", written),
        fault(2, 14, "`yes` is neither true nor false", Some("write `true` or `false`")),
        fault(2, 18, "`1,000` is no plain decimal number", plain),
        fault(2, 26, "the metric `spend` has 2 decimals, and `1.005` has more", None),
        fault(3, 1, "4 cells where the heading has 5", None),
        fault(4, 1, "there is no customer", Some("write an id into the column `customer`")),
        fault(5, 3, "`20260101` is no date", written),
        fault(5, 13, "`ten` is no plain decimal number", plain),
        fault(6, 1, "the customer `3` stands here a second time", Some("a customer has one line")),
    ];
    assert_eq!(faults(csv), expected);
}

#[test]
fn headings_that_mean_nothing_are_told() {
    let expected = [
        fault(
            1,
            10,
            "`spendd` is no attribute and no metric of the pack",
            Some("did you mean `spend`?"),
        ),
        fault(1, 17, "two columns are called `customer`", Some("leave one out")),
        fault(
            1,
            26,
            "the attribute `many` is computed",
            Some("give the attributes that it is computed from"),
        ),
    ];
    assert_eq!(faults("customer,spendd,customer,many\n1,2,3,4\n"), expected);
    let begin = "begin with a line of names, as in `customer,spend`";
    assert_eq!(faults(""), [fault(1, 1, "the table is empty", Some(begin))]);
    let nobody = fault(1, 1, "no column is called `customer`", Some(begin));
    assert_eq!(faults("spend\n1\n"), [nobody]);
    assert_eq!(
        faults("customer;spend\n1;2\n").last().unwrap().help.as_deref(),
        Some("separate the columns with commas")
    );
}

#[test]
fn a_table_without_customers_is_nobody() {
    assert!(People::from_csv(&shop(), "customer\n").unwrap().store.customers.is_empty());
}
