//! On what a move rests, in words.

use tierkeeper::criteria::Joined;
use tierkeeper::explain::Criterion;
use tierkeeper::plan::{Because, Mover, Stays, Way};

use super::Planned;

impl Planned<'_> {
    /// What a move rests on: of a fall what is missing, otherwise what is there; and of that what the
    /// change of the rules turned, where that is so.
    pub fn because(&self, mover: &Mover, because: &Because) -> String {
        let criteria = match because {
            Because::Criteria(criteria) => criteria,
            other => return note(other).unwrap_or_default(),
        };
        let decides = |criterion: &&Criterion| criterion.met != (mover.way == Way::Demoted);
        let turned = self.reasons.turned(mover, criteria);
        let mut told: Vec<&Criterion> = turned.into_iter().filter(decides).collect();
        if told.is_empty() {
            told = criteria.iter().filter(decides).collect();
        }
        if told.is_empty() {
            told = criteria.iter().collect();
        }
        let words = self.words_after();
        let mut text = String::new();
        for (place, criterion) in told.into_iter().enumerate() {
            if place > 0 {
                text.push_str(if criterion.joined == Joined::Or { "; or " } else { "; " });
            }
            let outcome = words.outcome(criterion, self.plan.as_of);
            let subject = words.criterion(criterion);
            text.push_str(&match (criterion.top, criterion.metric) {
                (Some(_), _) => format!("{subject}: {outcome}"),
                (None, Some(_)) => format!("{subject} {outcome}"),
                (None, None) => format!("{subject} ({outcome})"),
            });
        }
        text
    }
}

/// Why there are no criteria.
pub fn note(because: &Because) -> Option<String> {
    let note = match because {
        Because::Criteria(_) => return None,
        Because::Stays(stays) => return Some(stays_note(*stays)),
        Because::NoTier => "there is no such tier any more",
        Because::NoLadder => "there is no such ladder any more",
        Because::NoCustomer => "no customer any more",
    };
    Some(note.to_owned())
}

fn stays_note(stays: Stays) -> String {
    match stays {
        Stays::Held { until: Some(until) } => format!("held by hand until {until}"),
        Stays::Held { until: None } => "held by hand".to_owned(),
        Stays::NoAnswer => "there is no answer, so nothing changes".to_owned(),
        Stays::Safe { until } => format!("safe until {until}"),
        Stays::InGrace { until } => format!("in grace until {until}"),
        Stays::Lands => "who falls lands here".to_owned(),
        Stays::Waits { until } => format!("earned, but rises at the review of {until} only"),
    }
}
