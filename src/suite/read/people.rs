//! Who there is in a case, and what the store would say of them.

use std::cmp::Ordering;

use jiff::civil::DateTime;

use super::Reader;
use super::values::Wanted;
use crate::expr::{MetricId, SourceId, Value};
use crate::lifecycle::Duration;
use crate::metrics::GivenMetric;
use crate::pack::lower::Fields;
use crate::pack::yaml::{Entry, Node};
use crate::program::{ColumnSource, Source};
use crate::source::Span;
use crate::store::CustomerId;
use crate::suite::case::{Fact, Person};

/// Customers of one case at most.
const MOST_PEOPLE: u32 = 10_000;

impl Reader<'_, '_> {
    /// The case's own customer, then the others. Ids count from 1, in this order.
    pub(super) fn people(&mut self, fields: &Fields<'_>) -> Vec<Person> {
        let own = self.person(fields);
        let mut facts = own.facts.len();
        let mut people = vec![own];
        let Some(others) = fields.get("others") else { return people };
        for item in self.lower.items(others) {
            let known = ["times", "customer", "facts", "metrics", "standing"];
            let Some(fields) = self.lower.fields(item, "another customer", &known) else {
                continue;
            };
            let times =
                fields.get("times").and_then(|node| self.whole(node, "`times`", 0..=MOST_PEOPLE));
            let times = times.unwrap_or(1) as usize;
            let person = self.person(&fields);
            facts += person.facts.len() * times;
            let too_many =
                match (people.len() + times > MOST_PEOPLE as usize, facts > self.most.facts) {
                    (true, _) => Some(format!("a case has at most {MOST_PEOPLE} customers")),
                    (false, true) => Some(self.most.words()),
                    (false, false) => None,
                };
            if let Some(message) = too_many {
                self.invalid(item.span, message, "write fewer of them");
                break;
            }
            people.extend(std::iter::repeat_n(person, times));
        }
        for (person, id) in people.iter_mut().zip(1..) {
            person.id = CustomerId::parse(&format!("{id}"));
        }
        people
    }

    pub(super) fn person(&mut self, fields: &Fields<'_>) -> Person {
        Person {
            id: CustomerId::parse("1"),
            attributes: self.attributes(fields.get("customer")),
            facts: self.facts(fields.get("facts")),
            metrics: self.metrics(fields.get("metrics")),
            standings: self.standings(fields.get("standing")),
        }
    }

    fn attributes(&mut self, node: Option<&Node>) -> Vec<Value> {
        let program = self.program;
        let mut values = vec![Value::Null; program.attributes.len()];
        let Some(fields) = node.and_then(|node| self.lower.map(node, "`customer`")) else {
            return values;
        };
        for entry in fields.entries() {
            let name = &entry.key;
            let Some(id) = program.attributes.iter().position(|it| it.name == name.value) else {
                if program.customers.is_none() {
                    let message =
                        format!("the pack knows nothing of customers, so no `{}`", name.value);
                    self.invalid(
                        name.span,
                        message,
                        "leave it out, or add `customers:` to the pack",
                    );
                    continue;
                }
                let names = program.attributes.iter().map(|attribute| attribute.name.as_str());
                self.unknown("attribute of customers", &name.value, name.span, names);
                continue;
            };
            let attribute = &program.attributes[id];
            if self.is_computed(&attribute.column, &name.value, name.span) {
                continue;
            }
            let wanted = Wanted::of_column(attribute.kind, program.settings.money_decimals);
            let value = self.value(&entry.value, &format!("`{}`", name.value), wanted);
            values[id] = value.unwrap_or(Value::Null);
        }
        values
    }

    /// What is computed from other columns cannot be given.
    fn is_computed(&mut self, column: &ColumnSource, name: &str, span: Span) -> bool {
        let computed = matches!(column, ColumnSource::Computed(_));
        if computed {
            let message = format!("`{name}` is computed from other columns");
            self.invalid(span, message, "give those instead");
        }
        computed
    }

    fn facts(&mut self, node: Option<&Node>) -> Vec<Fact> {
        let mut facts = Vec::new();
        let Some(fields) = node.and_then(|node| self.lower.map(node, "`facts`")) else {
            return facts;
        };
        let program = self.program;
        for entry in fields.entries() {
            let name = &entry.key.value;
            let Some(source) = program.sources.iter().position(|source| source.name == *name)
            else {
                let names = program.sources.iter().map(|source| source.name.as_str());
                self.unknown("source", name, entry.key.span, names);
                continue;
            };
            for item in self.lower.items(&entry.value) {
                self.fact(item, source, &mut facts);
            }
        }
        facts
    }

    fn fact(&mut self, item: &Node, source: SourceId, facts: &mut Vec<Fact>) {
        let program = self.program;
        let declared = &program.sources[source];
        let what = format!("a fact of `{}`", declared.name);
        let Some(fields) = self.lower.map(item, &what) else { return };
        let Some(at) = fields.get("at") else {
            let help = "add `at: 2026-01-10`, the day on which it happened";
            self.lower.missing(Span { end: item.span.start + 1, ..item.span }, &what, "`at`", help);
            return;
        };
        let at = self.moment(at);
        let mut repeated = Some((1, None));
        let mut values = vec![Value::Null; declared.columns.len()];
        for entry in fields.entries().filter(|entry| entry.key.value != "at") {
            match self.column(declared, entry) {
                Some(column) => values[column.0] = column.1,
                None if entry.key.value == "repeat" => repeated = self.repeat(&entry.value),
                None => {}
            }
        }
        let (Some(at), Some((times, every))) = (at, repeated) else { return };
        for time in 0..i64::from(times) {
            let Some(at) = moment_after(at, every, time) else {
                self.invalid(
                    item.span,
                    "it is repeated beyond the calendar",
                    "repeat it less often",
                );
                return;
            };
            if facts.len() >= self.most.facts {
                self.invalid(item.span, self.most.words(), "repeat it less often");
                return;
            }
            facts.push(Fact { source, at, values: values.clone() });
        }
    }

    /// A column of a source and its value; `None` with a finding where there is none, or where the
    /// key is `repeat` and no column.
    fn column(&mut self, source: &Source, entry: &Entry) -> Option<(usize, Value)> {
        let name = &entry.key;
        let Some(id) = source.columns.iter().position(|column| column.name == name.value) else {
            if name.value != "repeat" {
                let names = source.columns.iter().map(|column| column.name.as_str());
                let kind = format!("column in {}", source.name);
                self.unknown(&kind, &name.value, name.span, names.chain(["at", "repeat"]));
            }
            return None;
        };
        let column = &source.columns[id];
        if self.is_computed(&column.column, &name.value, name.span) {
            return None;
        }
        let wanted = Wanted::of_column(column.kind, self.program.settings.money_decimals);
        let value = self.value(&entry.value, &format!("`{}`", name.value), wanted)?;
        Some((id, value))
    }

    /// `3`, or `3 every 1 month`.
    fn repeat(&mut self, node: &Node) -> Option<(u32, Option<Duration>)> {
        let text = self.lower.word(node, "`repeat`")?;
        let (times, every) = match text.value.split_once("every") {
            Some((times, every)) => (times.trim(), Some(every.trim().parse::<Duration>())),
            None => (text.value.as_str(), None),
        };
        let times = times.parse::<u32>().ok().filter(|times| *times > 0);
        match (times, every.transpose()) {
            (Some(times), Ok(every)) => Some((times, every)),
            _ => {
                let message = format!("`{}` does not say how often", text.value);
                self.invalid(text.span, message, "write it like `3`, or `3 every 1 month`");
                None
            }
        }
    }

    fn metrics(&mut self, node: Option<&Node>) -> Vec<(MetricId, Value)> {
        let Some(fields) = node.and_then(|node| self.lower.map(node, "`metrics`")) else {
            return Vec::new();
        };
        fields.entries().filter_map(|entry| self.given(entry)).collect()
    }

    /// A metric and a value that it can have.
    fn given(&mut self, entry: &Entry) -> Option<(MetricId, Value)> {
        let (metric, value) = self.metric(entry)?;
        if let Err(error) = GivenMetric::new(self.program, 0, metric, value.clone()) {
            let help = "write another value, or leave it out";
            self.invalid(entry.value.span, error.to_string(), help);
            return None;
        }
        Some((metric, value))
    }

    /// A metric, also one like `previous(spend)`, and a value of its kind.
    pub(super) fn metric(&mut self, entry: &Entry) -> Option<(MetricId, Value)> {
        let program = self.program;
        let name = &entry.key;
        let Some(id) = program.metrics.iter().position(|it| it.name == name.value) else {
            let visible = program.metrics.iter().filter(|metric| !metric.hidden);
            self.unknown("metric", &name.value, name.span, visible.map(|it| it.name.as_str()));
            return None;
        };
        let metric = &program.metrics[id];
        let wanted = Wanted { ty: metric.ty, unit: metric.unit, scale: metric.scale };
        let value = self.value(&entry.value, &format!("`{}`", name.value), wanted)?;
        Some((id, value))
    }
}

/// `at`, and some durations later.
fn moment_after(at: DateTime, every: Option<Duration>, times: i64) -> Option<DateTime> {
    match (every, times.cmp(&0)) {
        (Some(every), Ordering::Greater) => {
            every.after(at.date(), times).map(|date| date.to_datetime(at.time()))
        }
        _ => Some(at),
    }
}
