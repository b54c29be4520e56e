//! The events of a state, as other programs read them.

use std::collections::BTreeMap;
use std::path::Path;

use rusqlite::Connection;

pub struct Event {
    pub seq: i64,
    pub as_of: String,
    pub name: String,
    pub customer: String,
    /// None: an event of a segment or an alert.
    pub ladder: Option<String>,
    pub from: Option<String>,
    pub to: Option<String>,
}

/// Those after a sequence number, in their order; none where there is no state yet.
pub fn after(state: &Path, seq: i64) -> Vec<Event> {
    if !state.exists() {
        return Vec::new();
    }
    let state = Connection::open(state).expect("the state");
    let mut statement = state
        .prepare(
            "SELECT seq, as_of, event, customer, ladder, \"from\", \"to\" FROM tk_event
             WHERE seq > ?1 ORDER BY seq",
        )
        .expect("the view of events");
    let events = statement.query_map([seq], |row| {
        Ok(Event {
            seq: row.get(0)?,
            as_of: row.get(1)?,
            name: row.get(2)?,
            customer: row.get(3)?,
            ladder: row.get(4)?,
            from: row.get(5)?,
            to: row.get(6)?,
        })
    });
    events.and_then(Iterator::collect).expect("the events")
}

/// Every event begins where the one before it ended; every difference in words.
pub fn broken_chains(events: &[Event]) -> Vec<String> {
    let mut held: BTreeMap<(&str, &str), &Option<String>> = BTreeMap::new();
    let mut faults = Vec::new();
    for event in events {
        let Some(ladder) = &event.ladder else { continue };
        // The `to` of these is what somebody could reach, or nothing that is held.
        if matches!(event.name.as_str(), "near.entered" | "decision.fault") {
            continue;
        }
        let before = held.insert((&event.customer, ladder), &event.to).unwrap_or(&None);
        if *before != event.from {
            faults.push(format!(
                "{} of {} in {ladder} on {} is from {:?}, where {before:?} was held",
                event.name, event.customer, event.as_of, event.from
            ));
        }
    }
    faults
}
