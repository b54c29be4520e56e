use serde::Serialize;

/// What happened to a customer.
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
    /// A fixed review is near, and would fail today.
    #[serde(rename = "tier.expiring")]
    Expiring,
    /// Taken over from another system.
    #[serde(rename = "tier.adopted")]
    Adopted,
    #[serde(rename = "hold.started")]
    HoldStarted,
    /// Released, or over.
    #[serde(rename = "hold.ended")]
    HoldEnded,
    #[serde(rename = "review.extended")]
    Extended,
    #[serde(rename = "segment.entered")]
    SegmentEntered,
    #[serde(rename = "segment.left")]
    SegmentLeft,
    /// Entered a segment of those near a tier.
    #[serde(rename = "near.entered")]
    NearEntered,
    #[serde(rename = "alert.raised")]
    AlertRaised,
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
        Event::Expiring,
        Event::Adopted,
        Event::HoldStarted,
        Event::HoldEnded,
        Event::Extended,
        Event::SegmentEntered,
        Event::SegmentLeft,
        Event::NearEntered,
        Event::AlertRaised,
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
            Event::Expiring => "tier.expiring",
            Event::Adopted => "tier.adopted",
            Event::HoldStarted => "hold.started",
            Event::HoldEnded => "hold.ended",
            Event::Extended => "review.extended",
            Event::SegmentEntered => "segment.entered",
            Event::SegmentLeft => "segment.left",
            Event::NearEntered => "near.entered",
            Event::AlertRaised => "alert.raised",
        }
    }

    /// The event of a name.
    pub fn named(name: &str) -> Option<Event> {
        Self::ALL.iter().copied().find(|event| event.name() == name)
    }
}
