//! The table of the step, row by row.

use jiff::civil::Date;

use super::look::Look;
use super::review::Reviewed;
use super::{Fault, Standing};
use crate::model::{Ladder, Landing, Review, Tier, Won};

/// An event with its before and after.
pub type Event = (&'static str, Option<String>, Option<String>);

/// One customer in one ladder on one day.
pub struct Step<'a> {
    pub look: Look<'a>,
    pub ladder: &'a Ladder,
    pub joined: Option<Date>,
    /// Tiers that are due because their rules have changed.
    pub changed: &'a [String],
}

impl Step<'_> {
    /// The standing after the step, and what happened.
    pub fn take(&self, mut standing: Standing) -> (Standing, Vec<Event>) {
        let mut events: Vec<Event> = Vec::new();
        let held = standing.tier.clone();
        if standing.hold.as_ref().is_some_and(|hold| !hold.is_active(self.look.as_of)) {
            standing.hold = None;
            events.push(("hold.ended", held.clone(), held.clone()));
        }
        match self.row(&standing) {
            Ok((to, event)) => {
                events.extend(event.map(|event| (event, held, to.tier.clone())));
                (to, events)
            }
            // Row 3.
            Err(Fault) => {
                events.push(("decision.fault", held.clone(), held));
                (standing, events)
            }
        }
    }

    fn row(&self, standing: &Standing) -> Result<(Standing, Option<&'static str>), Fault> {
        let as_of = self.look.as_of;
        let stays = || Ok((standing.clone(), None));
        // Row 1.
        if standing.hold.as_ref().is_some_and(|hold| hold.pins) {
            return stays();
        }
        let held = standing.tier.as_deref();
        let current = held.and_then(|held| self.ladder.rank(held));
        let floor = standing.hold.as_ref().and_then(|hold| self.ladder.today(&hold.tier));
        let floor = floor.and_then(|floor| self.ladder.rank(floor));
        let earned = self.earned(floor)?;
        let kept = match current {
            Some(current) if earned.is_none_or(|earned| earned > current) => self.kept(current)?,
            _ => false,
        };
        let Some(current) = current else {
            return match (held, earned) {
                // Row 2: the renamed are called otherwise already.
                (Some(_), _) => self.enters(standing, earned, "tier.migrated"),
                // Row 4.
                (None, Some(_)) => self.enters(standing, earned, "tier.entered"),
                (None, None) => stays(),
            };
        };
        let tier = &self.ladder.tiers[current];
        let changed = self.changed.contains(&tier.name);
        let due_on = standing.review_on.unwrap_or(as_of);
        let due_on = if changed { due_on.min(as_of) } else { due_on };
        let due = as_of >= due_on;
        let in_grace = standing.grace_until.is_some();
        // Row 5.
        if let Some(above) = earned.filter(|earned| *earned < current) {
            let at_once = !self.ladder.tiers[above].policy.upgrade_at_review;
            if at_once || due || in_grace {
                return self.enters(standing, earned, "tier.upgraded");
            }
        }
        let kept = kept || earned.is_some_and(|earned| earned <= current);
        // Row 6.
        if !due && !in_grace {
            let target = self.landing(tier, current, earned);
            let stays = target.is_some_and(|target| target <= current);
            return self.warned(standing, tier, kept || stays);
        }
        // Rows 7 and 8.
        if kept {
            let event = if in_grace { "grace.recovered" } else { "tier.retained" };
            return self.renewed(standing, tier, due_on, event);
        }
        match (standing.grace_until, tier.policy.grace) {
            // Row 9.
            (Some(until), _) if as_of < until => stays(),
            // Row 10.
            (None, Some(grace)) => {
                let grace_until = Some(grace.after(as_of, 1));
                let to = Standing { grace_until, review_on: Some(due_on), ..standing.clone() };
                Ok((to, Some("grace.started")))
            }
            // Row 11.
            _ => self.lands(standing, tier, current, earned, due_on),
        }
    }

    /// The highest tier whose `enter` holds; a floor is as if its tier were earned.
    fn earned(&self, floor: Option<usize>) -> Result<Option<usize>, Fault> {
        for (rank, tier) in self.ladder.tiers.iter().enumerate() {
            if floor == Some(rank) || self.is_won(rank, tier)? {
                return Ok(Some(rank));
            }
        }
        Ok(None)
    }

    fn is_won(&self, rank: usize, tier: &Tier) -> Result<bool, Fault> {
        match &tier.won {
            Won::Enter(enter) => self.look.holds(enter),
            Won::Share(_) => Ok(self.look.world.cutoffs.in_share(&self.look, self.ladder, rank)),
        }
    }

    fn kept(&self, current: usize) -> Result<bool, Fault> {
        match &self.ladder.tiers[current].keep {
            Some(keep) => self.look.holds(keep),
            None => Ok(false),
        }
    }

    fn enters(
        &self,
        standing: &Standing,
        tier: Option<usize>,
        event: &'static str,
    ) -> Result<(Standing, Option<&'static str>), Fault> {
        let as_of = self.look.as_of;
        self.coming_into(standing, tier, as_of).map(|to| (to, Some(event)))
    }

    /// `since` = as-of, and the period starts on `start`.
    fn coming_into(
        &self,
        standing: &Standing,
        tier: Option<usize>,
        start: Date,
    ) -> Result<Standing, Fault> {
        let as_of = self.look.as_of;
        let tier = tier.map(|tier| &self.ladder.tiers[tier]);
        let review_on =
            tier.map(|tier| self.next(&tier.policy.review, start, as_of)).transpose()?;
        Ok(Standing {
            tier: tier.map(|tier| tier.name.clone()),
            since: Some(as_of),
            review_on,
            hold: standing.hold.clone(),
            ..Standing::default()
        })
    }

    fn renewed(
        &self,
        standing: &Standing,
        tier: &Tier,
        start: Date,
        event: &'static str,
    ) -> Result<(Standing, Option<&'static str>), Fault> {
        let since = standing.since.expect("a tier is held since some day");
        let review_on = Some(self.next(&tier.policy.review, start, since)?);
        let to = Standing { review_on, grace_until: None, warned_for: None, ..standing.clone() };
        let is_fixed = matches!(tier.policy.review, Review::Fixed { .. });
        Ok((to, Some(event).filter(|event| is_fixed || *event != "tier.retained")))
    }

    fn lands(
        &self,
        standing: &Standing,
        tier: &Tier,
        current: usize,
        earned: Option<usize>,
        due_on: Date,
    ) -> Result<(Standing, Option<&'static str>), Fault> {
        let target = self.landing(tier, current, earned);
        if target.is_some_and(|target| target <= current) {
            return self.renewed(standing, tier, due_on, "tier.retained");
        }
        let to = self.coming_into(standing, target, due_on)?;
        Ok((to, Some(if target.is_some() { "tier.downgraded" } else { "tier.left" })))
    }

    fn landing(&self, tier: &Tier, current: usize, earned: Option<usize>) -> Option<usize> {
        match &tier.policy.landing {
            Landing::OneDown => Some(current + 1).filter(|down| *down < self.ladder.tiers.len()),
            Landing::Earned => earned,
            Landing::Tier(name) => {
                let lowest = self.ladder.rank(name).expect("a tier of the ladder");
                Some(earned.map_or(lowest, |earned| earned.min(lowest)))
            }
        }
    }

    /// A fixed review that is near and would fail today is told of once, but not on the day on which
    /// the tier was entered.
    fn warned(
        &self,
        standing: &Standing,
        tier: &Tier,
        kept: bool,
    ) -> Result<(Standing, Option<&'static str>), Fault> {
        let is_fixed = matches!(tier.policy.review, Review::Fixed { .. });
        let near = self
            .ladder
            .warn
            .zip(standing.review_on)
            .is_some_and(|(warn, review_on)| self.look.as_of >= warn.after(review_on, -1));
        let new = standing.since == Some(self.look.as_of);
        if !is_fixed || !near || new || kept || standing.warned_for == standing.review_on {
            return Ok((standing.clone(), None));
        }
        let to = Standing { warned_for: standing.review_on, ..standing.clone() };
        Ok((to, Some("tier.expiring")))
    }

    pub fn next(&self, review: &Review, start: Date, since: Date) -> Result<Date, Fault> {
        let reviewed = Reviewed {
            joined: self.joined,
            visits: self.look.own().visits,
            year_starts: self.look.pack.year_starts,
        };
        reviewed.next(review, start, since, self.look.as_of)
    }
}
