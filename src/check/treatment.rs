//! Segments and alerts.

use super::checker::Checker;
use super::scope::Scope;
use crate::diagnostic::{Code, Diagnostic, did_you_mean};
use crate::expr::Condition;
use crate::pack::{ParsedAlert, ParsedSegment, ParsedText};
use crate::program::{Alert, Segment, SegmentRule, placeholders};

impl Checker<'_> {
    pub fn lower_segments(&mut self) -> Vec<Segment> {
        let pack = self.pack;
        pack.segments.iter().map(|parsed| self.lower_segment(parsed)).collect()
    }

    fn lower_segment(&mut self, parsed: &ParsedSegment) -> Segment {
        let rule = match (&parsed.when, &parsed.near) {
            (Some(when), None) => SegmentRule::When(self.condition(when, Scope::TREATMENT)),
            (None, Some(near)) => {
                let tier = self.tier_reference(&near.value, near.span);
                let short_by = self.short_by(parsed.short_by.as_ref());
                match (tier, short_by) {
                    (Some((ladder, tier)), Some(short_by)) => {
                        SegmentRule::Near { ladder, tier, short_by }
                    }
                    _ => SegmentRule::When(Condition::Never),
                }
            }
            // Reading the pack has told what is missing or too much.
            _ => SegmentRule::When(Condition::Never),
        };
        Segment {
            name: parsed.name.value.clone(),
            title: parsed.title.plain(),
            rule,
            span: parsed.name.span,
        }
    }

    pub fn lower_alerts(&mut self) -> Vec<Alert> {
        let pack = self.pack;
        pack.alerts.iter().map(|parsed| self.lower_alert(parsed)).collect()
    }

    fn lower_alert(&mut self, parsed: &ParsedAlert) -> Alert {
        let holders =
            parsed.holders.as_ref().and_then(|tier| self.tier_reference(&tier.value, tier.span));
        let when = match &parsed.when {
            Some(when) => self.condition(when, Scope::TREATMENT),
            None => Condition::Never,
        };
        let every = parsed.every.as_ref().and_then(|every| self.duration(every));
        self.placeholders(&parsed.message);
        for action in &parsed.action {
            self.placeholders(action);
        }
        Alert {
            name: parsed.name.value.clone(),
            title: parsed.title.plain(),
            holders,
            when,
            action: parsed.action.iter().map(ParsedText::plain).collect(),
            every,
            message: parsed.message.plain(),
        }
    }

    /// Every `{name}` of a message must be the customer's id or something that has a value.
    fn placeholders(&mut self, message: &ParsedText) {
        for (_, text) in &message.texts {
            for (start, name) in placeholders(&text.text) {
                if name == "customer" || name == "as_of" {
                    continue;
                }
                let span = text.span(start, start + name.len());
                if self.names.contains_key(name) {
                    self.look_up(name, span, Scope::TREATMENT);
                    continue;
                }
                // Without such an attribute it is the customer's id.
                if name == "name" {
                    continue;
                }
                let candidates = self.candidates(Scope::TREATMENT);
                let help = did_you_mean(name, candidates.iter().map(String::as_str));
                self.report(
                    Diagnostic::new(
                        Code::UnknownName,
                        span,
                        format!("there is no metric, attribute or parameter `{name}`"),
                    )
                    .maybe_help(help),
                );
            }
        }
    }
}
