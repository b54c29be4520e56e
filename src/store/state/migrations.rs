//! The schema, version by version.

use rusqlite::{Connection, TransactionBehavior};

/// "tier" in ASCII: tells a state database from others.
pub(super) const APPLICATION_ID: i64 = 0x7469_6572;

/// Each brings a database from the version that is its index to the next.
const MIGRATIONS: &[&str] = &[
    // Dates are days since 1970-01-01, where a table holds one row per customer.
    "CREATE TABLE tk_program (
         id INTEGER PRIMARY KEY,
         hash TEXT NOT NULL UNIQUE,
         name TEXT NOT NULL,
         version TEXT NOT NULL,
         pack BLOB
     ) STRICT;
     CREATE TABLE tk_pass (
         as_of TEXT PRIMARY KEY,
         program INTEGER NOT NULL REFERENCES tk_program (id),
         first_event INTEGER NOT NULL
     ) STRICT, WITHOUT ROWID;
     CREATE TABLE tk_ladder (
         id INTEGER PRIMARY KEY,
         name TEXT NOT NULL UNIQUE
     ) STRICT;
     CREATE TABLE tk_tier (
         id INTEGER PRIMARY KEY,
         ladder INTEGER NOT NULL REFERENCES tk_ladder (id),
         name TEXT NOT NULL,
         UNIQUE (ladder, name)
     ) STRICT;
     CREATE TABLE tk_standing (
         ladder INTEGER NOT NULL,
         customer ANY NOT NULL,
         tier INTEGER,
         since INTEGER,
         review_on INTEGER,
         grace_until INTEGER,
         period_start INTEGER,
         PRIMARY KEY (ladder, customer)
     ) STRICT, WITHOUT ROWID;
     CREATE TABLE tk_event_row (
         seq INTEGER PRIMARY KEY,
         as_of INTEGER NOT NULL,
         event INTEGER NOT NULL,
         customer ANY NOT NULL,
         ladder INTEGER NOT NULL,
         from_tier INTEGER,
         to_tier INTEGER,
         because TEXT
     ) STRICT;
     CREATE TABLE tk_event_kind (
         id INTEGER PRIMARY KEY,
         name TEXT NOT NULL UNIQUE
     ) STRICT;
     CREATE VIEW tk_event AS
         SELECT row.seq,
                date(row.as_of * 86400, 'unixepoch') || '/' || ladder.name || '/'
                    || kind.name || '/' || row.customer || '/' || row.seq AS id,
                date(row.as_of * 86400, 'unixepoch') AS as_of,
                kind.name AS event,
                CAST(row.customer AS TEXT) AS customer,
                ladder.name AS ladder,
                from_tier.name AS \"from\",
                to_tier.name AS \"to\",
                row.because
         FROM tk_event_row AS row
         JOIN tk_event_kind AS kind ON kind.id = row.event
         JOIN tk_ladder AS ladder ON ladder.id = row.ladder
         LEFT JOIN tk_tier AS from_tier ON from_tier.id = row.from_tier
         LEFT JOIN tk_tier AS to_tier ON to_tier.id = row.to_tier;
     CREATE TABLE tk_alert (
         alert TEXT NOT NULL,
         customer ANY NOT NULL,
         raised_on INTEGER NOT NULL,
         PRIMARY KEY (alert, customer)
     ) STRICT, WITHOUT ROWID;
     INSERT INTO tk_event_kind (id, name) VALUES
         (1, 'tier.entered'), (2, 'tier.upgraded'), (3, 'tier.downgraded'), (4, 'tier.retained'),
         (5, 'tier.left'), (6, 'grace.started'), (7, 'grace.recovered'), (8, 'tier.migrated'),
         (9, 'decision.fault');",
];

/// The version that this program writes.
pub(super) const VERSION: i64 = MIGRATIONS.len() as i64;

/// Brings a database up to date, in one transaction.
pub(super) fn migrate(connection: &mut Connection) -> rusqlite::Result<()> {
    // Another program may be doing the same: whoever gets the lock second finds it done.
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    let from: i64 = transaction.pragma_query_value(None, "user_version", |row| row.get(0))?;
    if from >= VERSION {
        return transaction.commit();
    }
    for migration in MIGRATIONS.iter().skip(usize::try_from(from).unwrap_or(0)) {
        transaction.execute_batch(migration)?;
    }
    transaction.pragma_update(None, "application_id", APPLICATION_ID)?;
    transaction.pragma_update(None, "user_version", VERSION)?;
    transaction.commit()
}
