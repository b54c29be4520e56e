//! A tier's policies, and those of its ladder.

use super::criterion::pair;
use super::side::Side;
use super::words::{NONE, duration, month_day, percent};
use super::written::Constants;
use super::{Comparison, Part};
use crate::expr::LadderId;
use crate::lifecycle::{
    Cadence, CutoffCadence, Landing, OnChange, Review, ReviewFrom, Round, Span, Tick, Upgrade,
};
use crate::program::{Ladder, Tier};

impl Comparison<'_> {
    pub(super) fn ladder_policies(&mut self, old: &Ladder, new: &Ladder) {
        let place = |key: &str| format!("{} {key}", new.name);
        let [was, is] = [old, new].map(cadence);
        self.tell_texts(Part::Ladders, &place("cutoffs"), &was, &is);
        let [was, is] = [old, new].map(|ladder| match ladder.on_change {
            OnChange::Keep => "keep",
            OnChange::ReviewNow => "review_now",
        });
        self.tell_texts(Part::Ladders, &place("on_change"), was, is);
        let [was, is] = [old, new].map(|ladder| duration(ladder.warn));
        self.tell_texts(Part::Ladders, &place("warn"), &was, &is);
    }

    pub(super) fn tier_policies(
        &mut self,
        place: &str,
        (old_ladder, old): (LadderId, &Tier),
        (new_ladder, new): (LadderId, &Tier),
    ) {
        let review = |constants| {
            (self.from.review(&old.review, constants), self.to.review(&new.review, constants))
        };
        let exact = review(Constants::Valued);
        if exact.0 != exact.1 {
            let texts = review(Constants::Named);
            let words = pair((&texts.0, &texts.1), (&exact.0, &exact.1));
            self.tell(Part::Ladders, format!("{place} review"), words);
        }
        let was = self.from.policies(old_ladder, old);
        let is = self.to.policies(new_ladder, new);
        for ((key, was), (_, is)) in was.iter().zip(&is) {
            self.tell_texts(Part::Ladders, &format!("{place} {key}"), was, is);
        }
    }
}

impl Side<'_> {
    /// Keys and values besides the review.
    pub fn policies(&self, ladder: LadderId, tier: &Tier) -> [(&'static str, String); 4] {
        let upgrade = match tier.upgrade {
            Upgrade::AtOnce => "at once",
            Upgrade::AtReview => "at review",
        };
        let landing = match tier.landing {
            Landing::OneDown => "one_down".to_owned(),
            Landing::Earned => "earned".to_owned(),
            Landing::Tier(below) => self.tiers(ladder)[below].clone(),
        };
        let warn_over = tier.warn_over.map_or_else(|| NONE.to_owned(), percent);
        [
            ("upgrade", upgrade.to_owned()),
            ("grace", duration(tier.grace)),
            ("landing", landing),
            ("warn_over", warn_over),
        ]
    }

    /// `fixed 10 months from entry, to the end of the quarter`
    pub fn review(&self, review: &Review, constants: Constants) -> String {
        let length = |span: &Span| match span {
            Span::Fixed(duration) => duration.to_string(),
            Span::Computed(expr) => self.expr(expr, None, constants),
        };
        match review {
            Review::Fixed { period, from, round } => {
                let from = match from {
                    ReviewFrom::Evaluation => String::new(),
                    ReviewFrom::Entry => " from entry".to_owned(),
                    ReviewFrom::Attribute(id) => {
                        format!(" from {}", self.program.attributes[*id].name)
                    }
                    ReviewFrom::EachYear(day) => format!(" from {}", month_day(*day)),
                };
                let round = match round {
                    None => "",
                    Some(Round::Month) => ", to the end of the month",
                    Some(Round::Quarter) => ", to the end of the quarter",
                    Some(Round::HalfYear) => ", to the end of the half-year",
                    Some(Round::Year) => ", to the end of the year",
                };
                format!("fixed {}{from}{round}", length(period))
            }
            Review::Dynamic(Cadence::Tick(tick)) => format!("dynamic {}", self::tick(*tick)),
            Review::Dynamic(Cadence::Every(span)) => format!("dynamic every {}", length(span)),
        }
    }
}

fn tick(tick: Tick) -> &'static str {
    match tick {
        Tick::Daily => "daily",
        Tick::Weekly => "weekly",
        Tick::Monthly => "monthly",
    }
}

/// How often a ladder takes its cutoffs.
fn cadence(ladder: &Ladder) -> String {
    match ladder.cutoffs {
        None => "every pass".to_owned(),
        Some(CutoffCadence::Tick(every)) => tick(every).to_owned(),
        Some(CutoffCadence::Every(period)) => format!("every {period}"),
    }
}
