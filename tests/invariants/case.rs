//! A generated case: a pack, rows that come and go, and what happens on which date.

use std::fmt::{self, Debug, Formatter};

use jiff::civil::Date;
use tierkeeper::store::CustomerId;

use super::calendar::days_after;
use super::change::Change;
use super::model::Pack;

#[derive(Clone)]
pub struct Case {
    pub pack: Pack,
    pub start: Date,
    pub customers: Vec<Customer>,
    pub rows: Vec<Row>,
    pub steps: Vec<Step>,
}

#[derive(Clone)]
pub struct Customer {
    pub id: CustomerId,
    pub joined: Option<Date>,
    /// The step before which they come into the customers table.
    pub comes: usize,
}

/// An order, or a visit where there is no amount.
#[derive(Clone)]
pub struct Row {
    pub customer: usize,
    pub day: Date,
    pub cents: Option<i64>,
    /// The step before which it comes into the store, and the one before which it is taken out.
    pub comes: usize,
    pub goes: Option<usize>,
}

#[derive(Debug, Clone)]
pub struct Step {
    /// Days since the step before.
    pub gap: i32,
    pub what: What,
}

#[derive(Debug, Clone)]
pub enum What {
    Pass(Option<Change>),
    Deed { customer: usize, ladder: usize, deed: Deed },
}

/// What is done by hand. Tiers are chosen by their place, dates by days from the day itself.
#[derive(Debug, Clone, Copy)]
pub enum Deed {
    Pin {
        tier: usize,
        days: Option<i32>,
    },
    Floor {
        tier: usize,
        days: Option<i32>,
    },
    Release,
    Adopt {
        tier: usize,
        since: i32,
        review_on: Option<i32>,
    },
    /// Reviews of everybody in the ladder.
    Extend {
        days: i32,
    },
}

/// What a store holds before a step.
#[derive(Debug, Clone)]
pub struct Facts {
    pub roster: bool,
    /// Those in the customers table, or known from their rows.
    pub customers: Vec<(CustomerId, Option<Date>)>,
    pub rows: Vec<(CustomerId, Date, Option<i64>)>,
}

impl Case {
    /// By step: its date.
    pub fn dates(&self) -> Vec<Date> {
        let mut date = self.start;
        let dates = self.steps.iter().map(|step| {
            date = days_after(date, step.gap);
            date
        });
        dates.collect()
    }

    /// By step: the rules in force.
    pub fn packs(&self) -> Vec<Pack> {
        let mut pack = self.pack.clone();
        let packs = self.steps.iter().map(|step| {
            if let What::Pass(Some(change)) = &step.what {
                change.apply(&mut pack);
            }
            pack.clone()
        });
        packs.collect()
    }

    pub fn facts(&self, step: usize) -> Facts {
        let customers = self.customers.iter();
        let customers = customers.filter(|customer| !self.pack.roster || customer.comes <= step);
        let rows = self.rows.iter().filter(|row| row.is_there(step));
        Facts {
            roster: self.pack.roster,
            customers: customers.map(|it| (it.id.clone(), it.joined)).collect(),
            rows: rows
                .map(|row| (self.customers[row.customer].id.clone(), row.day, row.cents))
                .collect(),
        }
    }
}

impl Row {
    pub fn is_there(&self, step: usize) -> bool {
        self.comes <= step && self.goes.is_none_or(|goes| step < goes)
    }
}

impl Facts {
    /// Who exists as of a date, in the order of ids.
    pub fn who(&self, as_of: Date) -> Vec<CustomerId> {
        let has_row =
            |id: &CustomerId| self.rows.iter().any(|(of, day, _)| of == id && *day <= as_of);
        let there = self.customers.iter().filter(|(id, _)| self.roster || has_row(id));
        let mut ids: Vec<CustomerId> = there.map(|(id, _)| id.clone()).collect();
        ids.sort();
        ids
    }

    pub fn joined(&self, customer: &CustomerId) -> Option<Date> {
        self.customers.iter().find(|(id, _)| id == customer).and_then(|(_, joined)| *joined)
    }
}

impl Debug for Case {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        writeln!(f, "\n{}\ncustomers:", self.pack)?;
        for customer in self.customers.iter().filter(|_| self.pack.roster) {
            let joined = customer.joined.map_or("-".to_owned(), |day| day.to_string());
            writeln!(f, "  {} joined {joined}, there before step {}", customer.id, customer.comes)?;
        }
        writeln!(f, "rows:")?;
        for row in &self.rows {
            let Row { customer, day, cents, comes, goes } = row;
            let id = &self.customers[*customer].id;
            match cents {
                Some(cents) => write!(f, "  {day} {id} order of {cents} cents")?,
                None => write!(f, "  {day} {id} visit")?,
            }
            match goes {
                Some(goes) => writeln!(f, ", there before steps {comes} to {}", goes - 1)?,
                None if *comes > 0 => writeln!(f, ", there before step {comes}")?,
                None => writeln!(f)?,
            }
        }
        let dates = self.dates();
        for (number, ((step, date), pack)) in
            self.steps.iter().zip(dates).zip(self.packs()).enumerate()
        {
            match &step.what {
                What::Pass(None) => writeln!(f, "step {number}: {date} pass")?,
                What::Pass(Some(change)) => {
                    writeln!(f, "step {number}: {date} pass, with a change of rules: {change:?}")?;
                    writeln!(f, "{pack}")?;
                }
                What::Deed { customer, ladder, deed } => {
                    let ladder = pack.ladders[*ladder].name;
                    let customer = &self.customers[*customer].id;
                    writeln!(f, "step {number}: {date} {customer} in {ladder}: {deed:?}")?;
                }
            }
        }
        Ok(())
    }
}
