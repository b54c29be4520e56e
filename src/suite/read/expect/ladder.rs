//! What is expected of a ladder: its tier, dates, event and reasons.

use super::super::case::same_text;
use super::super::values::is_none;
use super::Reader;
use crate::criteria::Requirement;
use crate::expr::LadderId;
use crate::lifecycle::Event;
use crate::pack::yaml::{Entry, Kind, Node};
use crate::source::Loc;
use crate::suite::case::{Expectation, Expected};

const OF_LADDER: &[&str] =
    &["tier", "earned", "since", "review_on", "grace_until", "hold", "event", "because"];

impl Reader<'_, '_> {
    /// Ladders by name: for those that are called like another key of `expect`.
    pub(super) fn ladders(&mut self, node: &Node, expected: &mut Vec<Expectation>) {
        let Some(fields) = self.lower.map(node, "`ladders`") else { return };
        for Entry { key, value } in fields.entries() {
            if let Some(ladder) = self.ladder(&key.value, key.span) {
                self.of_ladder(ladder, value, expected);
            }
        }
    }

    pub(super) fn of_ladder(
        &mut self,
        ladder: LadderId,
        node: &Node,
        expected: &mut Vec<Expectation>,
    ) {
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

    pub(super) fn event(&mut self, name: &Loc<String>) -> Option<Event> {
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
}
