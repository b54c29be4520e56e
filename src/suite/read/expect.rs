//! What is expected: of ladders, benefits, segments, alerts, events, faults and metrics.

use super::Reader;
use super::case::same_text;
use super::values::{Wanted, is_none};
use jiff::civil::Date;

use crate::criteria::Requirement;
use crate::diagnostic::{Code, Diagnostic, did_you_mean};
use crate::expr::{LadderId, NUMBER_SCALE, Type, Unit};
use crate::lifecycle::Event;
use crate::pack::lower::in_backticks;
use crate::pack::yaml::{Entry, Kind, Node};
use crate::program::{BenefitKind, MonthDay, Occasion};
use crate::source::{Loc, Span};
use crate::suite::case::{Expectation, Expected, ExpectedBenefit};

const WORDS: &[&str] = &["benefits", "segments", "alerts", "events", "faults", "metrics"];

const OF_LADDER: &[&str] =
    &["tier", "earned", "since", "review_on", "grace_until", "hold", "event", "because"];

/// What a list or map of names says: all of these, none at all, or each by itself.
enum Named<'n> {
    Nothing(Span),
    Each(Vec<(Loc<String>, bool, &'n Node)>),
}

impl Reader<'_, '_> {
    /// Everything that an `expect:` says. One that says nothing is a finding.
    pub(super) fn expectations(&mut self, node: &Node) -> Vec<Expectation> {
        let mut expected = Vec::new();
        let Some(fields) = self.lower.map(node, "`expect`") else { return expected };
        for entry in fields.entries() {
            let before = (expected.len(), self.lower.findings.len());
            let value = &entry.value;
            match entry.key.value.as_str() {
                "benefits" => self.benefits(value, &mut expected),
                "segments" => self.segments(value, &mut expected),
                "alerts" => self.alerts(value, &mut expected),
                "events" => self.events(value, &mut expected),
                "metrics" => self.expected_metrics(value, &mut expected),
                "faults" => self.faults(value, &mut expected),
                name => match self.program.ladders.iter().position(|it| it.name == name) {
                    Some(ladder) => self.of_ladder(ladder, value, &mut expected),
                    None => self.unknown_part(&entry.key),
                },
            }
            if before == (expected.len(), self.lower.findings.len()) {
                let message = format!("`{}` expects nothing", entry.key.value);
                self.invalid(entry.key.span, message, "say what is expected, or leave it out");
            }
        }
        expected
    }

    fn unknown_part(&mut self, key: &Loc<String>) {
        let ladders = self.program.ladders.iter().map(|ladder| ladder.name.as_str());
        let names: Vec<&str> = ladders.chain(WORDS.iter().copied()).collect();
        let help = did_you_mean(&key.value, names.iter().copied())
            .unwrap_or_else(|| format!("it can have {}", in_backticks(names)));
        let message = format!("`expect` has no key `{}`", key.value);
        let finding = Diagnostic::new(Code::UnknownKey, key.span, message).help(help);
        self.lower.findings.push(finding);
    }

    fn of_ladder(&mut self, ladder: LadderId, node: &Node, expected: &mut Vec<Expectation>) {
        if !matches!(node.kind, Kind::Map(_)) {
            expected.extend(self.expected_tier(ladder, node, Expected::Tier));
            return;
        }
        let what = format!("what is expected of `{}`", self.program.ladders[ladder].name);
        let Some(fields) = self.lower.fields(node, &what, OF_LADDER) else { return };
        for Entry { key, value } in fields.entries() {
            let span = value.span;
            let mut date = |what: fn(LadderId, _) -> Expected| {
                let date = self.maybe_date(value, &format!("`{}`", key.value))?;
                Some(Expectation { span, what: what(ladder, date) })
            };
            match key.value.as_str() {
                "since" => expected.extend(date(Expected::Since)),
                "review_on" => expected.extend(date(Expected::ReviewOn)),
                "grace_until" => expected.extend(date(Expected::GraceUntil)),
                "tier" => expected.extend(self.expected_tier(ladder, value, Expected::Tier)),
                "earned" => expected.extend(self.expected_tier(ladder, value, Expected::Earned)),
                "hold" => {
                    let Some(scalar) = self.lower.scalar(value, "`hold`") else { continue };
                    let flag = self.flag(scalar, span, "`hold`");
                    expected.extend(
                        flag.map(|flag| Expectation { span, what: Expected::Hold(ladder, flag) }),
                    );
                }
                "event" if is_none(value) => {
                    expected.push(Expectation { span, what: Expected::Happens(ladder, None) });
                }
                "event" => {
                    for item in self.lower.items(value) {
                        let Some(name) = self.lower.word(item, "an event") else { continue };
                        let what = self.event(&name).map(|it| Expected::Happens(ladder, Some(it)));
                        expected.extend(what.map(|what| Expectation { span: item.span, what }));
                    }
                }
                "because" => {
                    for item in self.lower.items(value) {
                        expected.extend(self.because(ladder, item));
                    }
                }
                _ => {}
            }
        }
    }

    fn expected_tier(
        &mut self,
        ladder: LadderId,
        node: &Node,
        what: fn(LadderId, Option<usize>) -> Expected,
    ) -> Option<Expectation> {
        let span = node.span;
        if is_none(node) {
            return Some(Expectation { span, what: what(ladder, None) });
        }
        let name = self.lower.word(node, "a tier")?;
        let tier = self.tier(ladder, &name.value, name.span)?;
        Some(Expectation { span, what: what(ladder, Some(tier)) })
    }

    fn event(&mut self, name: &Loc<String>) -> Option<Event> {
        let event = Event::named(&name.value);
        if event.is_none() {
            let names = Event::ALL.iter().map(|event| event.name());
            self.unknown("event", &name.value, name.span, names);
        }
        event
    }

    /// A metric or attribute that the ladder compares, or a criterion as the pack writes it.
    fn because(&mut self, ladder: LadderId, node: &Node) -> Option<Expectation> {
        let name = self.lower.word(node, "`because`")?;
        let program = self.program;
        let mut known: Vec<String> = Vec::new();
        for tier in &program.ladders[ladder].tiers {
            for condition in [Some(&tier.enter), tier.keep.as_ref()].into_iter().flatten() {
                for (leaf, _) in Requirement::of(condition).leaves() {
                    known.push(leaf.sides(program).subject(program, self.texts));
                    known.push(leaf.text(program, self.texts));
                }
            }
        }
        if !known.iter().any(|known| same_text(known, &name.value)) {
            known.sort();
            known.dedup();
            let kind = format!("criterion in {}", program.ladders[ladder].name);
            self.unknown(&kind, &name.value, name.span, known.iter().map(String::as_str));
            return None;
        }
        Some(Expectation { span: name.span, what: Expected::Because(ladder, name.value) })
    }

    /// `none`, a list of names, or a map of names and whether.
    fn named<'n>(&mut self, node: &'n Node, what: &str) -> Option<Named<'n>> {
        if is_none(node) || matches!(&node.kind, Kind::Seq(items) if items.is_empty()) {
            return Some(Named::Nothing(node.span));
        }
        let mut each = Vec::new();
        match &node.kind {
            Kind::Map(entries) => {
                for entry in entries {
                    let scalar = self.lower.scalar(&entry.value, what)?;
                    let flag = self.flag(scalar, entry.value.span, what)?;
                    each.push((entry.key.clone(), flag, &entry.value));
                }
            }
            _ => {
                for item in self.lower.items(node) {
                    each.push((self.lower.word(item, what)?, true, item));
                }
            }
        }
        Some(Named::Each(each))
    }

    fn segments(&mut self, node: &Node, expected: &mut Vec<Expectation>) {
        let each = match self.named(node, "a segment") {
            None => return,
            Some(Named::Nothing(span)) => {
                return expected.push(Expectation { span, what: Expected::NoSegment });
            }
            Some(Named::Each(each)) => each,
        };
        for (name, flag, node) in each {
            let segments = &self.program.segments;
            match segments.iter().position(|segment| segment.name == name.value) {
                Some(id) => {
                    let what = Expected::Segment(id, flag);
                    expected.push(Expectation { span: node.span, what });
                }
                None => {
                    let names = self.program.segments.iter().map(|it| it.name.as_str());
                    self.unknown("segment", &name.value, name.span, names);
                }
            }
        }
    }

    fn alerts(&mut self, node: &Node, expected: &mut Vec<Expectation>) {
        let each = match self.named(node, "an alert") {
            None => return,
            Some(Named::Nothing(span)) => {
                return expected.push(Expectation { span, what: Expected::NoAlert });
            }
            Some(Named::Each(each)) => each,
        };
        for (name, flag, node) in each {
            let alerts = &self.program.alerts;
            match alerts.iter().position(|alert| alert.name == name.value) {
                Some(id) => {
                    let what = Expected::Alert(id, flag);
                    expected.push(Expectation { span: node.span, what });
                }
                None => {
                    let names = self.program.alerts.iter().map(|it| it.name.as_str());
                    self.unknown("alert", &name.value, name.span, names);
                }
            }
        }
    }

    /// `tier.entered`, or `alert.raised vip_absent`.
    fn events(&mut self, node: &Node, expected: &mut Vec<Expectation>) {
        let each = match self.named(node, "an event") {
            None => return,
            Some(Named::Nothing(span)) => {
                return expected.push(Expectation { span, what: Expected::NoEvent });
            }
            Some(Named::Each(each)) => each,
        };
        for (name, happens, node) in each {
            let (event, about) = match name.value.split_once(char::is_whitespace) {
                Some((event, about)) => (event.to_owned(), Some(about.trim().to_owned())),
                None => (name.value.clone(), None),
            };
            let Some(event) = self.event(&Loc::new(event, name.span)) else { continue };
            if let Some(about) = &about
                && !self.about(about, name.span)
            {
                continue;
            }
            let what = Expected::Event { event, about, happens };
            expected.push(Expectation { span: node.span, what });
        }
    }

    /// Whether an event can be about that: a ladder, a segment or an alert.
    fn about(&mut self, about: &str, span: Span) -> bool {
        let program = self.program;
        let names: Vec<&str> = program
            .ladders
            .iter()
            .map(|it| it.name.as_str())
            .chain(program.segments.iter().map(|it| it.name.as_str()))
            .chain(program.alerts.iter().map(|it| it.name.as_str()))
            .collect();
        let known = names.contains(&about);
        if !known {
            self.unknown("ladder, segment or alert", about, span, names);
        }
        known
    }

    fn faults(&mut self, node: &Node, expected: &mut Vec<Expectation>) {
        let wanted = Wanted { ty: Type::Number, unit: Unit::Count, scale: 0 };
        let number = self.value(node, "`faults`", wanted).and_then(|value| value.as_number());
        let count = number.and_then(|number| u64::try_from(number).ok());
        expected
            .extend(count.map(|it| Expectation { span: node.span, what: Expected::Faults(it) }));
    }

    fn expected_metrics(&mut self, node: &Node, expected: &mut Vec<Expectation>) {
        let Some(fields) = self.lower.map(node, "`metrics`") else { return };
        for entry in fields.entries() {
            let metric = self.metric(entry);
            expected.extend(metric.map(|(metric, value)| Expectation {
                span: entry.value.span,
                what: Expected::Metric(metric, value),
            }));
        }
    }

    fn benefits(&mut self, node: &Node, expected: &mut Vec<Expectation>) {
        if is_none(node) {
            for id in 0..self.program.benefits.len() {
                let what = Expected::Benefit(id, ExpectedBenefit::Given(false));
                expected.push(Expectation { span: node.span, what });
            }
            return;
        }
        let Kind::Map(entries) = &node.kind else {
            for item in self.lower.items(node) {
                let Some(name) = self.lower.word(item, "a benefit") else { continue };
                let given = ExpectedBenefit::Given(true);
                expected.extend(
                    self.benefit_named(&name).map(|id| Expectation {
                        span: item.span,
                        what: Expected::Benefit(id, given),
                    }),
                );
            }
            return;
        };
        for entry in entries {
            let Some(id) = self.benefit_named(&entry.key) else { continue };
            if let Kind::Map(parts) = &entry.value.kind
                && parts.iter().any(|part| matches!(part.key.value.as_str(), "value" | "on"))
            {
                self.benefit_parts(id, &entry.value, expected);
                continue;
            }
            let benefit = self.benefit(self.program.benefits[id].kind, &entry.value);
            expected.extend(benefit.map(|benefit| Expectation {
                span: entry.value.span,
                what: Expected::Benefit(id, benefit),
            }));
        }
    }

    /// `{ value: A card, on: birthday }`
    fn benefit_parts(&mut self, id: usize, node: &Node, expected: &mut Vec<Expectation>) {
        let Some(fields) = self.lower.fields(node, "a benefit", &["value", "on"]) else { return };
        if let Some(node) = fields.get("value") {
            let benefit = self.benefit(self.program.benefits[id].kind, node);
            let what = benefit.map(|benefit| Expected::Benefit(id, benefit));
            expected.extend(what.map(|what| Expectation { span: node.span, what }));
        }
        if let Some(node) = fields.get("on") {
            let occasion = match is_none(node) {
                true => Some(None),
                false => self.occasion(node).map(Some),
            };
            let what = occasion.map(|occasion| Expected::Occasion(id, occasion));
            expected.extend(what.map(|what| Expectation { span: node.span, what }));
        }
    }

    fn occasion(&mut self, node: &Node) -> Option<Occasion> {
        let word = self.lower.word(node, "`on`")?;
        let named = Occasion::NAMED.iter().find(|(name, _)| *name == word.value);
        let occasion = named.map(|(_, occasion)| *occasion).or_else(|| {
            // Of a leap year, so that every day there is exists.
            let day = format!("2000-{}", word.value).parse::<Date>().ok()?;
            Some(Occasion::EachYear(MonthDay { month: day.month(), day: day.day() }))
        });
        if occasion.is_none() {
            let names = in_backticks(Occasion::NAMED.iter().map(|(name, _)| *name));
            let message = format!("`{}` is no occasion", word.value);
            self.invalid(word.span, message, format!("write {names}, or a day as in `03-21`"));
        }
        occasion
    }

    fn benefit_named(&mut self, name: &Loc<String>) -> Option<usize> {
        let benefits = &self.program.benefits;
        let found = benefits.iter().position(|benefit| benefit.name == name.value);
        if found.is_none() {
            let names = self.program.benefits.iter().map(|benefit| benefit.name.as_str());
            self.unknown("benefit", &name.value, name.span, names);
        }
        found
    }

    /// The value of a benefit, `true` or `false` for given or not, or `none`.
    fn benefit(&mut self, kind: BenefitKind, node: &Node) -> Option<ExpectedBenefit> {
        if is_none(node) {
            return Some(ExpectedBenefit::Given(false));
        }
        if let Kind::Scalar(scalar) = &node.kind {
            match scalar.text.text.trim() {
                "true" if !scalar.quoted => return Some(ExpectedBenefit::Given(true)),
                "false" if !scalar.quoted => return Some(ExpectedBenefit::Given(false)),
                _ => {}
            }
        }
        let number = |reader: &mut Self, node: &Node, unit: Unit, scale: u8| {
            let scalar = reader.lower.scalar(node, "the value")?;
            let wanted = Wanted { ty: Type::Number, unit, scale };
            reader.number(scalar, node.span, "the value", wanted)
        };
        match kind {
            BenefitKind::PercentOff | BenefitKind::Cashback => {
                number(self, node, Unit::Percent, NUMBER_SCALE).map(ExpectedBenefit::Amount)
            }
            BenefitKind::AmountOff | BenefitKind::PointsMultiplier => {
                number(self, node, Unit::Number, NUMBER_SCALE).map(ExpectedBenefit::Amount)
            }
            BenefitKind::FreeShipping => match &node.kind {
                Kind::Map(_) => {
                    let fields = self.lower.fields(node, "free shipping", &["over"])?;
                    let over = fields.get("over")?;
                    number(self, over, Unit::Money, NUMBER_SCALE).map(ExpectedBenefit::ShippingOver)
                }
                _ => {
                    let word = self.lower.choice(node, "free shipping", &[("always", ())])?;
                    let () = word.value;
                    Some(ExpectedBenefit::ShippingAlways)
                }
            },
            BenefitKind::Credit => {
                let known = ["ceiling", "days", "guarantor"];
                let fields = self.lower.fields(node, "credit", &known)?;
                let ceiling = match fields.get("ceiling") {
                    Some(node) => Some(number(self, node, Unit::Money, NUMBER_SCALE)?),
                    None => None,
                };
                let days = match fields.get("days") {
                    Some(node) => Some(number(self, node, Unit::Count, 0)?),
                    None => None,
                };
                let guarantor = match fields.get("guarantor") {
                    Some(node) => {
                        let scalar = self.lower.scalar(node, "`guarantor`")?;
                        Some(self.flag(scalar, node.span, "`guarantor`")?)
                    }
                    None => None,
                };
                let days = days.and_then(|days| i64::try_from(days).ok());
                Some(ExpectedBenefit::Credit { ceiling, days, guarantor })
            }
            BenefitKind::Perk => {
                let text = self.lower.text(node, "the value")?;
                Some(ExpectedBenefit::Text(text.text.trim().to_owned()))
            }
        }
    }
}
