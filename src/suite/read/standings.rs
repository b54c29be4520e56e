//! What somebody holds when a case begins.

use jiff::civil::Date;

use super::Reader;
use super::values::is_none;
use crate::expr::LadderId;
use crate::pack::lower::Fields;
use crate::pack::yaml::{Kind, Node};
use crate::source::Span;
use crate::suite::case::{Held, Person};

impl Reader<'_, '_> {
    /// By ladder a tier, or a tier with its dates; `none` is no tier.
    pub(super) fn standings(&mut self, node: Option<&Node>) -> Vec<Held> {
        let Some(fields) = node.and_then(|node| self.lower.map(node, "`standing`")) else {
            return Vec::new();
        };
        let mut standings = Vec::new();
        for entry in fields.entries() {
            let Some(ladder) = self.ladder(&entry.key.value, entry.key.span) else { continue };
            if !is_none(&entry.value) {
                standings.extend(self.held(ladder, entry.key.span, &entry.value));
            }
        }
        standings
    }

    fn held(&mut self, ladder: LadderId, key: Span, node: &Node) -> Option<Held> {
        let span = node.span;
        let mut held =
            Held { span, ladder, tier: 0, since: None, review_on: None, grace_until: None };
        let tier = match &node.kind {
            Kind::Map(_) => {
                let known = ["tier", "since", "review_on", "grace_until"];
                let fields = self.lower.fields(node, "a standing", &known)?;
                held.since = self.date_in(&fields, "since");
                held.review_on = self.date_in(&fields, "review_on");
                held.grace_until = self.date_in(&fields, "grace_until");
                let grace = fields.get("grace_until").filter(|node| !is_none(node));
                if let (Some(grace), None) = (grace, fields.get("review_on")) {
                    let help = "add the date on which the review was due that began the grace";
                    self.lower.missing(grace.span, "a grace", "`review_on`", help);
                }
                let Some(tier) = fields.get("tier") else {
                    if !fields.may_hold(&["tier"]) {
                        let help = "add `tier: …`, the tier that is held";
                        self.lower.missing(key, "the standing", "`tier`", help);
                    }
                    return None;
                };
                tier
            }
            _ => node,
        };
        let name = self.lower.word(tier, "a tier")?;
        held.tier = self.tier(ladder, &name.value, name.span)?;
        Some(held)
    }

    fn date_in(&mut self, fields: &Fields<'_>, key: &str) -> Option<Date> {
        let node = fields.get(key).filter(|node| !is_none(node))?;
        self.date_of(node, &format!("`{key}`"))
    }

    /// Reports standings that cannot be those of somebody on a date; `called`: what the date is.
    pub(super) fn in_time(&mut self, people: &[Person], first: Date, called: &str) {
        for held in people.iter().flat_map(|person| &person.standings) {
            let Held { span, since, review_on, grace_until, .. } = *held;
            let since = since.unwrap_or(first);
            let (message, help) = if since > first {
                let message = format!("`since` {since} lies after {first}, {called}");
                (message, "write the date on which it was won")
            } else if let Some(review_on) = review_on.filter(|review_on| *review_on < since) {
                let message = format!("`review_on` {review_on} lies before `since` {since}");
                (message, "write a date after `since`")
            } else if let Some(review_on) = review_on
                && grace_until.is_some_and(|until| review_on > first || until <= review_on)
            {
                let message = format!("no grace begins with a review on {review_on}");
                (message, "`review_on` is due by the first date, and `grace_until` lies after it")
            } else {
                continue;
            };
            self.invalid(span, message, help);
        }
    }
}
