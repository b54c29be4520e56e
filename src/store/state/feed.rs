//! Events one after the other, for other programs.

use jiff::civil::Date;
use rusqlite::{Connection, Row};
use serde_json::{Value as Json, json};

use crate::store::CustomerId;

use super::load::customer;

/// An event as the view `tk_event` has it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FeedEvent {
    /// Its place in the feed: grows with every event.
    pub seq: i64,
    /// The same in every copy of the feed.
    pub id: String,
    pub as_of: Date,
    /// Its kind, like `tier.entered`.
    pub event: String,
    pub customer: String,
    /// `None`: about a segment or an alert, which `from` and `to` name.
    pub ladder: Option<String>,
    pub from: Option<String>,
    pub to: Option<String>,
    /// Criteria as JSON, with what was measured: an array.
    pub because: String,
}

impl FeedEvent {
    /// `{"seq", "id", "as_of", "event", "customer", "ladder", "from", "to", "because"}`
    pub fn to_json(&self) -> Json {
        let because: Json = serde_json::from_str(&self.because).unwrap_or_default();
        json!({
            "seq": self.seq,
            "id": self.id,
            "as_of": self.as_of.to_string(),
            "event": self.event,
            "customer": self.customer,
            "ladder": self.ladder,
            "from": self.from,
            "to": self.to,
            "because": because,
        })
    }
}

/// The events after one, in the order in which they happened, at most so many.
pub(super) fn after(
    connection: &Connection,
    seq: i64,
    limit: usize,
) -> rusqlite::Result<Vec<FeedEvent>> {
    let mut statement = connection.prepare_cached(AFTER)?;
    let limit = i64::try_from(limit).unwrap_or(i64::MAX);
    statement.query_map([seq, limit], event)?.collect()
}

const AFTER: &str = "SELECT seq, id, as_of, event, customer, ladder, \"from\", \"to\", because
     FROM tk_event WHERE seq > ?1 ORDER BY seq LIMIT ?2";

fn event(row: &Row<'_>) -> rusqlite::Result<FeedEvent> {
    let as_of: String = row.get(2)?;
    let as_of = as_of.parse().map_err(|error: jiff::Error| {
        rusqlite::Error::FromSqlConversionFailure(2, rusqlite::types::Type::Text, error.into())
    })?;
    Ok(FeedEvent {
        seq: row.get(0)?,
        id: row.get(1)?,
        as_of,
        event: row.get(3)?,
        customer: row.get(4)?,
        ladder: row.get(5)?,
        from: row.get(6)?,
        to: row.get(7)?,
        because: row.get(8)?,
    })
}

/// Whom the events after one are about: sorted, each once.
pub(super) fn customers_after(
    connection: &Connection,
    seq: i64,
) -> rusqlite::Result<Vec<CustomerId>> {
    let mut statement = connection.prepare_cached(
        // By their numbers: the index on customers would be walked as a whole.
        "SELECT DISTINCT customer FROM tk_event_row NOT INDEXED WHERE seq > ?1 ORDER BY customer",
    )?;
    statement.query_map([seq], customer)?.collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_of_the_feed_is_read_from_its_first_event_on() {
        let mut connection = Connection::open_in_memory().expect("opens");
        super::super::migrations::migrate(&mut connection).expect("the tables");
        let mut plan = connection.prepare(&format!("EXPLAIN QUERY PLAN {AFTER}")).expect("a plan");
        let steps = plan.query_map([0, 1], |row| row.get::<_, String>(3)).expect("steps");
        let steps: Vec<String> = steps.collect::<Result<_, _>>().expect("texts");
        assert!(steps[0].contains("SEARCH row USING INTEGER PRIMARY KEY (rowid>?)"), "{steps:?}");
        assert!(!steps.iter().any(|step| step.contains("ORDER BY")), "{steps:?}");
    }
}
