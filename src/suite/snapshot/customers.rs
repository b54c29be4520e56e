use jiff::civil::Date;

use super::body::ladders;
use super::layout::{BETWEEN, written_id};
use crate::build::Rules;
use crate::criteria::Requirement;
use crate::explain::{Words, because};
use crate::lifecycle::{Event, LadderStandings, NO_DAY, TierCode};
use crate::pass::{LadderOutcome, Moved, PassOutcome};
use crate::program::Ladder;

/// A line for each of these customers and each ladder: where they are and until when, what
/// happened, and what decided it.
pub(super) fn customers(text: &mut String, rules: &Rules, outcome: &PassOutcome, slots: &[usize]) {
    let of_ladders: Vec<InLadder<'_>> = ladders(&rules.program)
        .map(|id| InLadder {
            rules,
            ladder: &rules.program.ladders[id],
            outcome: &outcome.ladders[id],
            standings: &outcome.after.standings.ladders[id],
            words: Words::exact(&rules.program),
            as_of: outcome.population.as_of,
        })
        .collect();
    for &slot in slots {
        let id = outcome.population.facts.customers[slot].to_string();
        for in_ladder in &of_ladders {
            let mut columns = vec![written_id(&id).into_owned(), in_ladder.ladder.name.clone()];
            in_ladder.standing(slot, &mut columns);
            in_ladder.events(slot, &mut columns);
            text.push_str(&columns.join(BETWEEN));
            text.push('\n');
        }
    }
}

struct InLadder<'a> {
    rules: &'a Rules,
    ladder: &'a Ladder,
    outcome: &'a LadderOutcome,
    standings: &'a LadderStandings,
    words: Words<'a>,
    as_of: Date,
}

impl InLadder<'_> {
    /// The tier, with a review or the end of a grace that is the customer's own.
    fn standing(&self, slot: usize, columns: &mut Vec<String>) {
        columns.push(self.tier(self.standings.tier[slot]).to_owned());
        let standing = self.standings.get(slot);
        if let Some(until) = standing.grace_until {
            columns.push(format!("grace until {until}"));
        } else if self.standings.review_day(slot) != NO_DAY
            && let Some(until) = standing.review_on
        {
            columns.push(format!("until {until}"));
        }
    }

    fn tier(&self, code: TierCode) -> &str {
        match (code.tier(), code.gone_index()) {
            (Some(tier), _) => &self.ladder.tiers[tier].name,
            (None, Some(gone)) => &self.standings.gone[gone],
            (None, None) => "none",
        }
    }

    fn events(&self, slot: usize, columns: &mut Vec<String>) {
        let events = &self.outcome.events;
        let first = events.partition_point(|moved| (moved.slot as usize) < slot);
        let own = events.iter().enumerate().skip(first);
        for (event, moved) in own.take_while(|(_, moved)| moved.slot as usize == slot) {
            columns.push(self.event(moved));
            let reasons = self.reasons(event);
            if !reasons.is_empty() {
                columns.push(reasons.join("; "));
            }
        }
    }

    /// `entered`, `upgraded from gold`, `decision.fault (a division by zero)`
    fn event(&self, moved: &Moved) -> String {
        let name = moved.event.name();
        let name = name.strip_prefix("tier.").unwrap_or(name);
        match (moved.event, moved.fault) {
            (_, Some(fault)) => format!("{name} ({})", fault.words()),
            (Event::Upgraded | Event::Downgraded | Event::Left | Event::Migrated, None) => {
                format!("{name} from {}", self.tier(moved.from))
            }
            _ => name.to_owned(),
        }
    }

    /// The criteria that decided an event: `spend 1200.00 of 1000.00`.
    fn reasons(&self, event: usize) -> Vec<String> {
        let because_of = &self.outcome.because;
        let Some((grounds, _)) = because_of.get(event) else { return Vec::new() };
        let criteria = because(self.rules, because_of, event);
        let met: Vec<bool> = criteria.iter().map(|criterion| criterion.met).collect();
        let condition = because_of.grounds()[grounds].condition(&self.rules.program);
        let deciding = Requirement::of(condition).deciding(&met);
        let reasons = deciding.into_iter().map(|at| {
            let criterion = &criteria[at];
            let outcome = self.words.outcome(criterion, self.as_of);
            format!("{} {outcome}", self.words.criterion(criterion))
        });
        reasons.collect()
    }
}
