//! Where a program uses something.

use super::side::Side;
use crate::expr::{Condition, Expr, Input, Node, SourceId};
use crate::lifecycle::{Cadence, Review, Span};
use crate::program::{BenefitValue, ColumnSource, MetricKind, SegmentRule, Ties};

impl Side<'_> {
    /// The places with an expression, or a value over the population in it, that fits; in the
    /// order of the pack, each once.
    pub fn places(&self, fits: &dyn Fn(&Expr) -> bool) -> Vec<String> {
        let mut found = Places { side: self, fits, places: Vec::new() };
        found.all();
        found.places
    }
}

struct Places<'s, 'r> {
    side: &'s Side<'r>,
    fits: &'s dyn Fn(&Expr) -> bool,
    places: Vec<String>,
}

impl Places<'_, '_> {
    fn all(&mut self) {
        let program = self.side.program;
        self.condition("population".to_owned(), &program.settings.population);
        for attribute in &program.attributes {
            if let ColumnSource::Computed(expr) = &attribute.column {
                self.expr(format!("customers {}", attribute.name), expr);
            }
        }
        for id in 0..program.sources.len() {
            self.source(id);
        }
        for metric in program.metrics.iter().filter(|metric| !metric.hidden) {
            let place = format!("metric {}", metric.name);
            match &metric.kind {
                MetricKind::Rows(rows) => self.condition(format!("{place} where"), &rows.filter),
                MetricKind::Formula { expr, .. } => self.expr(place, expr),
                MetricKind::Score(lines) => {
                    for line in lines {
                        self.condition(place.clone(), &line.when);
                        self.expr(place.clone(), &line.add);
                    }
                }
                MetricKind::Rfm { .. } | MetricKind::RfmPart { .. } => {}
            }
        }
        self.ladders();
        self.treatment();
    }

    fn source(&mut self, id: SourceId) {
        let source = &self.side.program.sources[id];
        for column in &source.columns {
            if let ColumnSource::Computed(expr) = &column.column {
                self.expr(format!("source {} {}", source.name, column.name), expr);
            }
        }
    }

    fn ladders(&mut self) {
        for (id, ladder) in self.side.program.ladders.iter().enumerate() {
            for (tier_id, tier) in ladder.tiers.iter().enumerate() {
                let place = self.side.tier(id, tier_id);
                self.condition(format!("{place} enter"), &tier.enter);
                if let Some(keep) = &tier.keep {
                    self.condition(format!("{place} keep"), keep);
                }
                if let Review::Fixed { period: Span::Computed(expr), .. }
                | Review::Dynamic(Cadence::Every(Span::Computed(expr))) = &tier.review
                {
                    self.expr(format!("{place} review"), expr);
                }
            }
        }
    }

    fn treatment(&mut self) {
        let program = self.side.program;
        for benefit in &program.benefits {
            let place = format!("benefit {}", benefit.name);
            let tiers = benefit
                .tiers
                .iter()
                .map(|given| (self.side.tier(given.ladder, given.tier), &given.value));
            let segments = benefit
                .segments
                .iter()
                .map(|it| (format!("segment {}", program.segments[it.segment].name), &it.value));
            let given: Vec<_> = tiers.chain(segments).collect();
            for (receiver, value) in given {
                let place = format!("{place} for {receiver}");
                match value {
                    BenefitValue::Amount(expr)
                    | BenefitValue::ShippingOver(expr)
                    | BenefitValue::TextFrom(expr) => self.expr(place, expr),
                    BenefitValue::Credit { ceiling, days, guarantor } => {
                        for expr in [ceiling, days, guarantor] {
                            self.expr(place.clone(), expr);
                        }
                    }
                    BenefitValue::ShippingAlways | BenefitValue::Text(_) => {}
                }
            }
            self.condition(format!("{place} when"), &benefit.when);
            if let Some(cost) = &benefit.cost {
                self.expr(format!("{place} cost"), cost);
            }
        }
        for segment in &program.segments {
            if let SegmentRule::When(when) = &segment.rule {
                self.condition(format!("segment {}", segment.name), when);
            }
        }
        for alert in &program.alerts {
            self.condition(format!("alert {} when", alert.name), &alert.when);
        }
    }

    fn condition(&mut self, place: String, condition: &Condition<Expr>) {
        condition.visit(&mut |expr| self.expr(place.clone(), expr));
    }

    fn expr(&mut self, place: String, expr: &Expr) {
        if self.is_in(expr) && !self.places.contains(&place) {
            self.places.push(place);
        }
    }

    fn is_in(&self, expr: &Expr) -> bool {
        let mut found = false;
        expr.visit(&mut |part| {
            found |= (self.fits)(part);
            if let Node::Cutoff(id) | Node::Input(Input::Top(id)) = part.node {
                let cutoff = &self.side.program.cutoffs[id];
                let (Ties::Include { then } | Ties::Exclude { then } | Ties::BreakBy(then)) =
                    &cutoff.ties;
                found |= self.is_in(&cutoff.measure) || then.iter().any(|rank| self.is_in(rank));
            }
        });
        found
    }
}
