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
    // Holds, what is remembered of tiers that were left, segments, cutoffs, the packs that decided;
    // events tell why. `tick` is 1 daily, 2 weekly, 3 monthly: the next one after the last pass, so
    // that nothing has to be written when only the calendar goes on.
    "DROP VIEW tk_event;
     ALTER TABLE tk_program DROP COLUMN pack;
     ALTER TABLE tk_program ADD COLUMN parameters TEXT;
     CREATE TABLE tk_program_file (
         program INTEGER NOT NULL REFERENCES tk_program (id),
         name TEXT NOT NULL,
         bytes BLOB NOT NULL,
         PRIMARY KEY (program, name)
     ) STRICT, WITHOUT ROWID;
     ALTER TABLE tk_standing DROP COLUMN period_start;
     ALTER TABLE tk_standing ADD COLUMN tick INTEGER;
     ALTER TABLE tk_standing ADD COLUMN warned_for INTEGER;
     CREATE TABLE tk_hold (
         ladder INTEGER NOT NULL,
         customer ANY NOT NULL,
         tier INTEGER NOT NULL,
         floor INTEGER NOT NULL,
         until INTEGER,
         PRIMARY KEY (ladder, customer)
     ) STRICT, WITHOUT ROWID;
     CREATE TABLE tk_left (
         ladder INTEGER NOT NULL,
         tier INTEGER NOT NULL,
         customer ANY NOT NULL,
         left_on INTEGER NOT NULL,
         PRIMARY KEY (ladder, tier, customer)
     ) STRICT, WITHOUT ROWID;
     INSERT INTO tk_left
         SELECT ladder, from_tier, customer, max(as_of) FROM tk_event_row
         WHERE from_tier IS NOT NULL AND from_tier IS NOT to_tier
         GROUP BY ladder, from_tier, customer;
     CREATE TABLE tk_subject (
         id INTEGER PRIMARY KEY,
         name TEXT NOT NULL UNIQUE
     ) STRICT;
     CREATE TABLE tk_segment (
         segment INTEGER NOT NULL REFERENCES tk_subject (id),
         customer ANY NOT NULL,
         PRIMARY KEY (segment, customer)
     ) STRICT, WITHOUT ROWID;
     CREATE TABLE tk_cutoff (
         taken_on INTEGER NOT NULL,
         program INTEGER NOT NULL REFERENCES tk_program (id),
         identity TEXT NOT NULL,
         text TEXT NOT NULL,
         until INTEGER,
         counted_from INTEGER,
         value TEXT,
         fault INTEGER,
         count INTEGER NOT NULL,
         border TEXT,
         PRIMARY KEY (taken_on, program, identity)
     ) STRICT, WITHOUT ROWID;
     CREATE TABLE tk_criteria (
         id INTEGER PRIMARY KEY,
         program INTEGER NOT NULL REFERENCES tk_program (id),
         place TEXT NOT NULL,
         criteria TEXT NOT NULL,
         UNIQUE (program, place)
     ) STRICT;
     CREATE TABLE tk_event_new (
         seq INTEGER PRIMARY KEY,
         as_of INTEGER NOT NULL,
         event INTEGER NOT NULL,
         customer ANY NOT NULL,
         ladder INTEGER,
         from_tier INTEGER,
         to_tier INTEGER,
         subject INTEGER,
         since INTEGER,
         review_on INTEGER,
         grace_until INTEGER,
         hold_tier INTEGER,
         hold_floor INTEGER,
         hold_until INTEGER,
         program INTEGER,
         criteria INTEGER,
         measured TEXT,
         made_by TEXT,
         reason TEXT
     ) STRICT;
     INSERT INTO tk_event_new (seq, as_of, event, customer, ladder, from_tier, to_tier, program)
         SELECT seq, row.as_of, event, customer, ladder, from_tier, to_tier, pass.program
         FROM tk_event_row AS row
         LEFT JOIN tk_pass AS pass ON pass.as_of = date(row.as_of * 86400, 'unixepoch');
     DROP TABLE tk_event_row;
     ALTER TABLE tk_event_new RENAME TO tk_event_row;
     INSERT INTO tk_event_kind (id, name) VALUES
         (10, 'tier.expiring'), (11, 'tier.adopted'), (12, 'hold.started'), (13, 'hold.ended'),
         (14, 'review.extended'), (15, 'segment.entered'), (16, 'segment.left'),
         (17, 'near.entered'), (18, 'alert.raised');
     CREATE VIEW tk_event AS
         SELECT row.seq,
                date(row.as_of * 86400, 'unixepoch') || '/' || coalesce(ladder.name, subject.name)
                    || '/' || kind.name || '/' || row.customer || '/' || row.seq AS id,
                date(row.as_of * 86400, 'unixepoch') AS as_of,
                kind.name AS event,
                CAST(row.customer AS TEXT) AS customer,
                ladder.name AS ladder,
                coalesce(from_tier.name, iif(row.event = 16, subject.name, NULL)) AS \"from\",
                coalesce(to_tier.name, iif(row.event IN (15, 18), subject.name, NULL)) AS \"to\",
                (SELECT json_group_array(json_object(
                     'tier', asked.value ->> 'tier',
                     'slot', asked.value ->> 'slot',
                     'text', asked.value ->> 'text',
                     'met', json(iif(found.value ->> 0, 'true', 'false')),
                     'measured', json(found.value -> 1),
                     'asked', json(coalesce(found.value -> 3, asked.value -> 'asked')),
                     'gap', json(found.value -> 2)))
                 FROM json_each(criteria.criteria) AS asked
                 CROSS JOIN json_each(row.measured) AS found
                 WHERE found.key = asked.key) AS because
         FROM tk_event_row AS row
         JOIN tk_event_kind AS kind ON kind.id = row.event
         LEFT JOIN tk_ladder AS ladder ON ladder.id = row.ladder
         LEFT JOIN tk_tier AS from_tier ON from_tier.id = row.from_tier
         LEFT JOIN tk_tier AS to_tier ON to_tier.id = row.to_tier
         LEFT JOIN tk_subject AS subject ON subject.id = row.subject
         LEFT JOIN tk_criteria AS criteria ON criteria.id = row.criteria;",
    // A host is asked what happened to one customer, and remembers what people said to new rules.
    "CREATE INDEX tk_event_row_of_customer ON tk_event_row (customer);
     CREATE TABLE tk_decision (
         generation TEXT PRIMARY KEY,
         decision TEXT NOT NULL,
         made_at TEXT NOT NULL,
         made_by TEXT NOT NULL
     ) STRICT, WITHOUT ROWID;",
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

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::super::State;
    use super::*;
    use crate::expr::days_from_date;
    use crate::pass::fixture::{rules, spenders};
    use crate::pass::run;
    use crate::store::CustomerId;

    const PACK: &str = "
ladders:
  club:
    tiers:
      vip: { enter: spend >= 1000, review: { fixed: 10 months } }
      gold: { enter: spend >= 100 }
segments:
  former: { when: days_since_held(club.vip) < 100 }
";

    /// A state as version 1 has left it: 1 has fallen from vip to gold, 2 is vip.
    fn first_version(path: &std::path::Path) {
        let day = |month, day| days_from_date(date(2026, month, day));
        let connection = Connection::open(path).expect("a database");
        connection.execute_batch(MIGRATIONS[0]).expect("the first version");
        connection.pragma_update(None, "application_id", APPLICATION_ID).expect("writes");
        connection.pragma_update(None, "user_version", 1).expect("writes");
        let (may, june) = (day(5, 1), day(6, 1));
        let (tomorrow, review) = (day(6, 2), days_from_date(date(2027, 3, 1)));
        connection
            .execute_batch(&format!(
                "INSERT INTO tk_program (id, hash, name, version) VALUES (1, 'sha256:old', 'shop', '1.0.0');
                 INSERT INTO tk_pass VALUES ('2026-05-01', 1, 1), ('2026-06-01', 1, 3);
                 INSERT INTO tk_ladder VALUES (1, 'club');
                 INSERT INTO tk_tier VALUES (1, 1, 'vip'), (2, 1, 'gold');
                 INSERT INTO tk_standing VALUES (1, 1, 2, {june}, {tomorrow}, NULL, {june}),
                     (1, 2, 1, {may}, {review}, NULL, {may});
                 INSERT INTO tk_event_row (as_of, event, customer, ladder, from_tier, to_tier) VALUES
                     ({may}, 1, 1, 1, NULL, 1), ({may}, 1, 2, 1, NULL, 1), ({june}, 3, 1, 1, 1, 2);"
            ))
            .expect("the rows of two passes");
    }

    #[test]
    fn a_state_of_the_first_version_goes_on() {
        let directory = tempfile::tempdir().expect("a directory");
        let path = directory.path().join("shop.tiers.db");
        first_version(&path);
        let rules = rules("", "", PACK);
        let program = &rules.program;
        let mut state = State::open_existing(&path).expect("opens").expect("is there");
        let last = state.last_pass().expect("reads").map(|last| last.as_of);
        assert_eq!(last, Some(date(2026, 6, 1)));
        let facts = spenders(program, &[1000, 1000]);
        let standings = state.standings(program, &facts.customers).expect("loads");
        let (one, two) = (standings.get(0, 0), standings.get(0, 1));
        assert_eq!((one.tier, one.review_on), (Some(1), Some(date(2026, 6, 2))));
        assert_eq!((two.since, two.review_on), (Some(date(2026, 5, 1)), Some(date(2027, 3, 1))));
        // When vip was left is known from the events.
        assert_eq!(standings.ladders[0].left_on[0][0], days_from_date(date(2026, 6, 1)));
        let told = state.history(&CustomerId::Int(1)).expect("reads");
        let told: Vec<_> =
            told.iter().map(|event| (event.event.name(), event.because.as_str())).collect();
        assert_eq!(told, [("tier.entered", "[]"), ("tier.downgraded", "[]")]);
        // The next pass: 1 rises again; until then it was a former vip.
        let outcome = run(program, facts, &standings, &[], date(2026, 6, 2), 1);
        assert_eq!(outcome.ladders[0].moves.upgraded, 1);
        state.write_pass(&rules, &outcome).expect("writes");
        let read = state.standings(program, &outcome.population.facts.customers).expect("loads");
        assert_eq!(read, outcome.after.standings);
        state.close().expect("closes");
    }
}
