//! What is expected of segments, alerts and events: names, all of them or each by itself.

use super::super::values::is_none;
use super::Reader;
use crate::pack::yaml::{Kind, Node};
use crate::source::{Loc, Span};
use crate::suite::case::{Expectation, Expected};

/// What a list or map of names says: all of these, none at all, or each by itself.
enum Named<'n> {
    Nothing(Span),
    Each(Vec<(Loc<String>, bool, &'n Node)>),
}

impl Reader<'_, '_> {
    /// `none`, a list of names, or a map of names and whether.
    fn named<'n>(&mut self, node: &'n Node, what: &str) -> Option<Named<'n>> {
        if is_none(node) || matches!(&node.kind, Kind::Seq(items) if items.is_empty()) {
            return Some(Named::Nothing(node.span));
        }
        let mut each = Vec::new();
        match &node.kind {
            Kind::Map(entries) => {
                for entry in entries {
                    let whether = format!("`{}`", entry.key.value);
                    let scalar = self.lower.scalar(&entry.value, &whether)?;
                    let flag = self.flag(scalar, entry.value.span, &whether)?;
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

    pub(super) fn segments(&mut self, node: &Node, expected: &mut Vec<Expectation>) {
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

    pub(super) fn alerts(&mut self, node: &Node, expected: &mut Vec<Expectation>) {
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
    pub(super) fn events(&mut self, node: &Node, expected: &mut Vec<Expectation>) {
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
}
