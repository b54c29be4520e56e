//! What happened to one customer.

use jiff::civil::Date;
use rusqlite::{Connection, Row};
use serde_json::{Value as Json, json};

use super::CustomerId;
use crate::expr::date_from_days;
use crate::lifecycle::Event;

/// An event as it was stored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PastEvent {
    pub as_of: Date,
    pub event: Event,
    /// `None`: about a segment or an alert, which `from` and `to` name.
    pub ladder: Option<String>,
    pub from: Option<String>,
    pub to: Option<String>,
    pub review_on: Option<Date>,
    pub grace_until: Option<Date>,
    /// Of a hold that began.
    pub hold: Option<PastHold>,
    /// The condition that it rests on (`club.vip.enter`), where it rests on one.
    pub place: Option<String>,
    /// Criteria as JSON, with what was measured.
    pub because: String,
    /// What was measured as it was written down, see `criteria::Comparisons::record`.
    pub measured: Option<String>,
    /// The generation of the program that decided; `None` in a state of an older version.
    pub program: Option<String>,
    pub by: Option<String>,
    pub reason: Option<String>,
}

impl PastEvent {
    /// The shape of an event in `history --format json`.
    pub fn to_json(&self) -> Json {
        let date = |date: Option<Date>| date.map(|date| date.to_string());
        let because: Json = serde_json::from_str(&self.because).unwrap_or_default();
        json!({
            "as_of": self.as_of.to_string(),
            "ladder": self.ladder,
            "event": self.event.name(),
            "from": self.from,
            "to": self.to,
            "review_on": date(self.review_on),
            "grace_until": date(self.grace_until),
            "because": because,
            "program": self.program,
            "by": self.by,
            "reason": self.reason,
            "hold": self.hold.as_ref().map(|hold| json!({
                "tier": hold.tier,
                "until": date(hold.until),
                "floor": hold.floor,
            })),
        })
    }
}

/// A hold as it began.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PastHold {
    pub tier: Option<String>,
    pub floor: bool,
    pub until: Option<Date>,
}

/// In the order in which it happened.
pub(super) fn of_customer(
    connection: &Connection,
    customer: &CustomerId,
) -> rusqlite::Result<Vec<PastEvent>> {
    let mut statement = connection.prepare(
        "SELECT row.as_of, told.event, told.ladder, told.\"from\", told.\"to\", row.review_on,
                row.grace_until, hold_tier.name, row.hold_floor, row.hold_until, criteria.place,
                told.because, program.hash, row.made_by, row.reason, row.measured
         FROM tk_event_row AS row
         JOIN tk_event AS told ON told.seq = row.seq
         LEFT JOIN tk_tier AS hold_tier ON hold_tier.id = row.hold_tier
         LEFT JOIN tk_criteria AS criteria ON criteria.id = row.criteria
         LEFT JOIN tk_program AS program ON program.id = row.program
         WHERE row.customer = ?1 ORDER BY row.seq",
    )?;
    let events = statement.query_map([customer], event)?;
    events.filter_map(Result::transpose).collect()
}

/// `None`: an event of a kind that this program does not know.
fn event(row: &Row<'_>) -> rusqlite::Result<Option<PastEvent>> {
    let date = |column| row.get::<_, Option<i32>>(column).map(|day| day.map(date_from_days));
    let name: String = row.get(1)?;
    let Some(event) = Event::named(&name) else { return Ok(None) };
    let floor: Option<bool> = row.get(8)?;
    let (hold_tier, hold_until) = (row.get(7)?, date(9)?);
    Ok(Some(PastEvent {
        as_of: date_from_days(row.get(0)?),
        event,
        ladder: row.get(2)?,
        from: row.get(3)?,
        to: row.get(4)?,
        review_on: date(5)?,
        grace_until: date(6)?,
        hold: floor.map(|floor| PastHold { tier: hold_tier, floor, until: hold_until }),
        place: row.get(10)?,
        because: row.get(11)?,
        program: row.get(12)?,
        by: row.get(13)?,
        reason: row.get(14)?,
        measured: row.get(15)?,
    }))
}
