//! One timeline: a pass for every date of its table, and what everybody holds after it.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use super::case::Case;
use super::compare::{rows, same};
use super::events::{self, Event};
use super::lines::{Line, read};

const STATE: &str = "store.tiers.db";

/// Does what `timeline.csv` says, from the top; every difference in words.
pub fn run(folder: &Path) -> Vec<String> {
    let text = fs::read_to_string(folder.join("timeline.csv")).expect("timeline.csv");
    let case = Case::open(folder, "store.sql");
    let mut timeline = Timeline { case, head: Vec::new(), date: String::new(), seen: 0 };
    let mut faults = Vec::new();
    let mut day: Vec<Vec<String>> = Vec::new();
    for line in read(&text) {
        match line {
            Line::Row(text) if text.starts_with("date,") => {
                faults.extend(timeline.pass(&std::mem::take(&mut day)));
                timeline.head = rows(text.as_bytes()).0;
            }
            Line::Row(text) => {
                let row = rows(text.as_bytes()).0;
                assert_eq!(
                    row.len(),
                    timeline.head.len(),
                    "cells of `{text}` in {}",
                    folder.display()
                );
                if day.first().is_some_and(|first| first[0] != row[0]) {
                    faults.extend(timeline.pass(&std::mem::take(&mut day)));
                }
                day.push(row);
            }
            Line::Command { number, text, rows } => {
                faults.extend(timeline.pass(&std::mem::take(&mut day)));
                let found = match text.strip_prefix("events ") {
                    Some(expected) => timeline.events_beside(expected),
                    None => timeline.case.command(&text, &rows),
                };
                faults.extend(found.into_iter().map(|fault| format!("line {number}: {fault}")));
            }
        }
    }
    faults.extend(timeline.pass(&day));
    faults.extend(events::broken_chains(&events::after(&timeline.case.file(STATE), 0)));
    faults
}

struct Timeline {
    case: Case,
    head: Vec<String>,
    /// Of the last pass.
    date: String,
    /// The last event that a row has told of.
    seen: i64,
}

impl Timeline {
    /// A pass for the date of these rows, and the same again.
    fn pass(&mut self, day: &[Vec<String>]) -> Vec<String> {
        let Some(date) = day.first().map(|row| row[0].clone()) else { return Vec::new() };
        self.date.clone_from(&date);
        let pass = format!("as-of {date}");
        let mut faults = self.case.command(&pass, "");
        if !faults.is_empty() {
            return faults;
        }
        let events = events::after(&self.case.file(STATE), self.seen);
        self.seen = events.last().map_or(self.seen, |event| event.seq);
        let (columns, table) = match self.case.list() {
            Ok(table) => table,
            Err(fault) => return vec![fault],
        };
        faults.extend(self.compare(day, &columns, &table, &events));
        let state = fs::read(self.case.file(STATE)).expect("the state");
        faults.extend(self.case.command(&pass, ""));
        if fs::read(self.case.file(STATE)).expect("the state") != state {
            faults.push(format!("{date}: the same pass again changes something"));
        }
        faults
    }

    fn compare(
        &self,
        day: &[Vec<String>],
        columns: &[String],
        table: &[Vec<String>],
        events: &[Event],
    ) -> Vec<String> {
        let mut told = by_place(events);
        let mut faults = Vec::new();
        for want in day {
            let cell = |name: &str| {
                self.head.iter().position(|head| head == name).map(|at| want[at].as_str())
            };
            let (date, customer) = (&want[0], cell("customer").expect("a customer"));
            let found = table.iter().find(|row| {
                row[0] == customer && cell("ladder").is_none_or(|ladder| row[1] == ladder)
            });
            let Some(found) = found else {
                faults.push(format!("{date}: {customer} is not listed"));
                continue;
            };
            let place = (found[0].clone(), found[1].clone());
            let event = told.remove(&place).unwrap_or_default();
            let who = if cell("ladder").is_some() { place.0 + " in " + &place.1 } else { place.0 };
            for (name, want) in self.head.iter().zip(want).skip(1) {
                let at = columns.iter().position(|column| column == name);
                let got = match (name.as_str(), at) {
                    ("event", _) => &event,
                    (_, Some(at)) => &found[at],
                    (_, None) => panic!("`list` has no column `{name}`"),
                };
                if !same(want, got) {
                    faults.push(format!("{date}: {who}: {name} is `{got}`, not `{want}`"));
                }
            }
        }
        let date = &day[0][0];
        faults.extend(told.into_iter().map(|((customer, ladder), event)| {
            format!("{date}: {customer} in {ladder}: {event}, and no row tells of it")
        }));
        faults
    }

    /// Of segments and alerts, on the date of the last pass: `CUSTOMER event=what …`.
    fn events_beside(&self, expected: &str) -> Vec<String> {
        let (customer, want) = expected.split_once(' ').unwrap_or((expected, ""));
        let events = events::after(&self.case.file(STATE), 0);
        let mine = events.iter().filter(|event| {
            event.ladder.is_none() && event.customer == customer && event.as_of == self.date
        });
        let name = |event: &Event| {
            let what = event.to.as_ref().or(event.from.as_ref()).map_or("", String::as_str);
            format!("{}={what}", event.name)
        };
        let got = mine.map(name).collect::<Vec<_>>().join(" ");
        if got == want { Vec::new() } else { vec![format!("{customer}: `{got}`, not `{want}`")] }
    }
}

/// The names of the events of each customer in each ladder.
fn by_place(events: &[Event]) -> BTreeMap<(String, String), String> {
    let mut names: BTreeMap<(String, String), String> = BTreeMap::new();
    for event in events {
        let Some(ladder) = &event.ladder else { continue };
        let told = names.entry((event.customer.clone(), ladder.clone())).or_default();
        if !told.is_empty() {
            told.push(' ');
        }
        told.push_str(&event.name);
    }
    names
}
