use serde::Serialize;

/// What happened to a customer in a ladder.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize)]
pub enum Event {
    #[serde(rename = "tier.entered")]
    Entered,
    #[serde(rename = "tier.upgraded")]
    Upgraded,
    #[serde(rename = "tier.downgraded")]
    Downgraded,
    #[serde(rename = "tier.retained")]
    Retained,
    #[serde(rename = "tier.left")]
    Left,
    #[serde(rename = "grace.started")]
    GraceStarted,
    #[serde(rename = "grace.recovered")]
    GraceRecovered,
    #[serde(rename = "tier.migrated")]
    Migrated,
    #[serde(rename = "decision.fault")]
    Fault,
}

impl Event {
    pub const ALL: &'static [Event] = &[
        Event::Entered,
        Event::Upgraded,
        Event::Downgraded,
        Event::Retained,
        Event::Left,
        Event::GraceStarted,
        Event::GraceRecovered,
        Event::Migrated,
        Event::Fault,
    ];

    /// The name in feeds and in the event table.
    pub fn name(self) -> &'static str {
        match self {
            Event::Entered => "tier.entered",
            Event::Upgraded => "tier.upgraded",
            Event::Downgraded => "tier.downgraded",
            Event::Retained => "tier.retained",
            Event::Left => "tier.left",
            Event::GraceStarted => "grace.started",
            Event::GraceRecovered => "grace.recovered",
            Event::Migrated => "tier.migrated",
            Event::Fault => "decision.fault",
        }
    }
}
