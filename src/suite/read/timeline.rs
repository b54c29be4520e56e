//! When a case looks: its dates, what is done by hand on them, and the names of ladders and tiers.

use jiff::civil::Date;

use super::Reader;
use super::values::is_none;
use crate::expr::{LadderId, TierId};
use crate::lifecycle::{Deed, Hold};
use crate::pack::lower::Fields;
use crate::pack::yaml::{Kind, Node};
use crate::source::Span;
use crate::suite::case::{Person, Step};

/// As of when a case decides that has no date: where there are no facts, none matters.
const ANY_DATE: Date = jiff::civil::date(2026, 1, 1);

impl Reader<'_, '_> {
    /// The dates of a case, in order. `row`: what a row of `each` expects on the last of them.
    pub(super) fn steps(
        &mut self,
        fields: &Fields<'_>,
        name: Span,
        row: Option<&Node>,
        people: &[Person],
    ) -> Vec<Step> {
        let mut steps = Vec::new();
        if let Some(timeline) = fields.get("timeline") {
            for item in self.lower.items(timeline) {
                steps.extend(self.step(item));
            }
        }
        if let Some(later) =
            steps.windows(2).find(|pair| pair[1].on <= pair[0].on).map(|pair| &pair[1])
        {
            let (span, on) = (later.span, later.on);
            let message = format!("{on} does not come after the date before it");
            self.invalid(span, message, "write the dates of a timeline in their order");
        }
        let alone: Vec<&Node> = fields.get("expect").into_iter().chain(row).collect();
        let as_of = fields.get("as_of").and_then(|node| self.date_of(node, "`as_of`"));
        if alone.is_empty()
            && let (Some(node), false) = (fields.get("as_of"), steps.is_empty())
        {
            let help = "add `expect`, or put the date into the timeline";
            self.invalid(node.span, "nothing is expected on the date of `as_of`", help);
        }
        if !alone.is_empty() {
            let expected = alone.iter().flat_map(|node| self.expectations(node)).collect();
            let facts = people.iter().any(|person| !person.facts.is_empty());
            match steps.last_mut() {
                Some(last) if as_of.is_none() => last.expected.extend::<Vec<_>>(expected),
                _ => {
                    if as_of.is_none() && facts && fields.get("as_of").is_none() {
                        let help = "add `as_of: 2026-03-10`, the date for which it is decided";
                        self.lower.missing(name, "the case", "`as_of`", help);
                    }
                    let on = as_of.unwrap_or(ANY_DATE);
                    if let Some(last) = steps.last().filter(|last| on <= last.on) {
                        let message =
                            format!("`as_of` is not after {}, the last of the timeline", last.on);
                        let span = fields.get("as_of").map_or(name, |node| node.span);
                        self.invalid(span, message, "put the expectation into the timeline");
                    }
                    let span = fields.get("as_of").map_or(name, |node| node.span);
                    steps.push(Step { on, span, deeds: Vec::new(), expected });
                }
            }
        }
        steps
    }

    fn step(&mut self, item: &Node) -> Option<Step> {
        let known = ["on", "hold", "release", "expect"];
        let fields = self.lower.fields(item, "a date of the timeline", &known)?;
        let Some(on) = fields.get("on") else {
            if !fields.may_hold(&["on"]) {
                let start = Span { end: item.span.start + 1, ..item.span };
                let help = "add `on: 2026-03-10`";
                self.lower.missing(start, "a date of the timeline", "`on`", help);
            }
            return None;
        };
        let (date, span) = (self.date_of(on, "`on`"), on.span);
        let mut deeds = Vec::new();
        if let Some(node) = fields.get("hold") {
            deeds.extend(self.hold(node, date));
        }
        if let Some(node) = fields.get("release") {
            let name = self.lower.word(node, "`release`")?;
            let ladder = self.ladder(&name.value, name.span)?;
            if deeds.iter().any(|(held, _)| *held == ladder) {
                let message = format!("`{}` is held and released on one date", name.value);
                self.invalid(name.span, message, "leave one out, or put it on another date");
            }
            deeds.push((ladder, Deed::Release));
        }
        let expected = fields.get("expect").map_or_else(Vec::new, |node| self.expectations(node));
        date.map(|on| Step { on, span, deeds, expected })
    }

    fn hold(&mut self, node: &Node, on: Option<Date>) -> Option<(LadderId, Deed)> {
        let (mut until, mut floor) = (None, false);
        let tier = match &node.kind {
            Kind::Map(_) => {
                let fields = self.lower.fields(node, "a hold", &["tier", "until", "floor"])?;
                if let Some(node) = fields.get("until").filter(|node| !is_none(node)) {
                    let date = self.date_of(node, "`until`")?;
                    if on.is_some_and(|on| date <= on) {
                        let message = format!("a hold until {date} is over at once");
                        let help = "`until` is the first day without it: write a later date";
                        self.invalid(node.span, message, help);
                    }
                    until = Some(date);
                }
                if let Some(node) = fields.get("floor") {
                    let scalar = self.lower.scalar(node, "`floor`")?;
                    floor = self.flag(scalar, node.span, "`floor`")?;
                }
                let Some(tier) = fields.get("tier") else {
                    let help = "add `tier: club.vip`";
                    self.lower.missing(fields.span, "the hold", "`tier`", help);
                    return None;
                };
                tier
            }
            _ => node,
        };
        let name = self.lower.word(tier, "a tier")?;
        let Some((ladder, tier)) = name.value.split_once('.') else {
            let message = format!("`{}` names no tier of a ladder", name.value);
            self.invalid(name.span, message, "write it like `club.vip`");
            return None;
        };
        let ladder = self.ladder(ladder, name.span)?;
        let tier = self.tier(ladder, tier, name.span)?;
        Some((ladder, Deed::Hold(Hold { tier: Some(tier), pins: !floor, until })))
    }

    pub(super) fn ladder(&mut self, name: &str, span: Span) -> Option<LadderId> {
        let ladders = &self.program.ladders;
        let found = ladders.iter().position(|ladder| ladder.name == name);
        if found.is_none() {
            let names = self.program.ladders.iter().map(|ladder| ladder.name.as_str());
            self.unknown("ladder", name, span, names);
        }
        found
    }

    pub(super) fn tier(&mut self, ladder: LadderId, name: &str, span: Span) -> Option<TierId> {
        let ladder = &self.program.ladders[ladder];
        let found = ladder.tiers.iter().position(|tier| tier.name == name);
        if found.is_none() {
            let names = ladder.tiers.iter().map(|tier| tier.name.as_str());
            self.unknown(&format!("tier in {}", ladder.name), name, span, names);
        }
        found
    }
}
