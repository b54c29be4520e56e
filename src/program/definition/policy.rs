//! Tiers: criteria and policies.

use serde_json::{Value as Json, json};

use super::{Definition, Part, plain};
use crate::expr::{LadderId, TierId};
use crate::lifecycle::{Cadence, Landing, Review, ReviewFrom, Span};

impl Definition<'_> {
    pub(super) fn tier(&mut self, ladder: LadderId, tier: TierId) -> Json {
        let ladder = &self.program.ladders[ladder];
        let tier = &ladder.tiers[tier];
        let landing = match tier.landing {
            Landing::Tier(below) => json!(["tier", ladder.tiers[below].name]),
            landing => plain(&landing),
        };
        json!({
            "enter": self.condition(&tier.enter, None),
            "keep": tier.keep.as_ref().map(|keep| self.condition(keep, None)),
            "review": self.review(&tier.review),
            "upgrade": plain(&tier.upgrade),
            "grace": plain(&tier.grace),
            "landing": landing,
        })
    }

    fn review(&mut self, review: &Review) -> Json {
        match review {
            Review::Fixed { period, from, round } => {
                let from = match from {
                    ReviewFrom::Attribute(id) => json!(self.read(Part::Attribute(*id))),
                    from => plain(from),
                };
                json!(["fixed", self.span(period), from, plain(round)])
            }
            Review::Dynamic(Cadence::Every(period)) => json!(["every", self.span(period)]),
            Review::Dynamic(Cadence::Tick(tick)) => plain(tick),
        }
    }

    fn span(&mut self, span: &Span) -> Json {
        match span {
            Span::Fixed(duration) => plain(duration),
            Span::Computed(expr) => self.expr(expr, None),
        }
    }
}
