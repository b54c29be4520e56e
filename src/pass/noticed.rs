//! What happened to customers beside their tiers: segments and alerts.

use super::alerts::AlertOutcome;
use super::{After, Because};
use crate::expr::SegmentId;
use crate::lifecycle::Event;
use crate::program::{Program, SegmentRule};

/// Something that happened to a customer, and in no ladder.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Noticed {
    pub slot: u32,
    pub event: Event,
    pub about: About,
}

/// What happened to customers in no ladder, and what it rests on.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct NoticedEvents {
    pub events: Vec<Noticed>,
    pub because: Because,
}

/// What it is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum About {
    /// Of those near a tier the event names the tier, too.
    Segment(SegmentId),
    /// An index into the program's alerts.
    Alert(usize),
}

impl About {
    /// The segment's or alert's id.
    pub fn name(self, program: &Program) -> &str {
        match self {
            About::Segment(segment) => &program.segments[segment].name,
            About::Alert(alert) => &program.alerts[alert].name,
        }
    }
}

/// Compares segments with those of the last pass, which `after.standings` still holds, and takes
/// the new ones over; by segment, then by alert, each in the order of customers.
pub(super) fn all(program: &Program, after: &mut After, alerts: &[AlertOutcome]) -> Vec<Noticed> {
    let mut noticed = Vec::new();
    let before = &mut after.standings.segments;
    before.resize(program.segments.len(), Vec::new());
    for (id, (segment, before)) in program.segments.iter().zip(before).enumerate() {
        let now = &after.segments[id].holds;
        before.resize(now.len(), false);
        if before == now {
            continue;
        }
        let about = About::Segment(id);
        let near = matches!(segment.rule, SegmentRule::Near { .. });
        let changed = before.iter().zip(now).enumerate().filter(|(_, (before, now))| before != now);
        for (slot, (_, &entered)) in changed {
            let slot = slot as u32;
            let event = if entered { Event::SegmentEntered } else { Event::SegmentLeft };
            noticed.push(Noticed { slot, event, about });
            if entered && near {
                noticed.push(Noticed { slot, event: Event::NearEntered, about });
            }
        }
        before.clone_from(now);
    }
    for (id, alert) in alerts.iter().enumerate() {
        let raised = alert.changed.iter().filter(|slot| alert.raised.holds[**slot as usize]);
        noticed.extend(raised.map(|&slot| Noticed {
            slot,
            event: Event::AlertRaised,
            about: About::Alert(id),
        }));
    }
    noticed
}
