//! Mutants of small packs, as people would see them.

use crate::build::{self, Bound};
use crate::pack::PackFiles;

use super::*;

mod benefits;
mod conditions;
mod decisions;
mod expressions;
mod ladders;
mod metrics;
mod packs;
mod written;

/// What every pack here has.
const BASE: &str = "
pack: shop
version: 1.0.0
title: Shop
requires: '>=0.1'
settings: { currency: EUR, timezone: UTC }
parameters:
  vip_spend: { type: money, default: 1000, min: 0 }
  vip_orders: { type: count, default: 30 }
  share: { type: percent, default: 12.5 }
  patience: { type: duration, default: 2 weeks }
  opened: { type: date, default: 2020-03-01 }
  gift: { type: text, default: Tea }
  trusted: { type: flag, default: true }
customers:
  table: customers
  id: id
  columns: { joined: date, consent: flag, channel: text, name: text }
sources:
  orders:
    table: orders
    customer: customer_id
    at: placed_at
    columns: { amount: money, category: text }
metrics:
  spend: { sum: orders.amount, within: 12 months }
  order_count: { count: orders, within: 12 months }
  days_away: { days_since_last: orders }
  half: { expr: spend / 2 }
";

fn bound(rest: &str) -> Bound {
    build::Bound::read(&PackFiles::embedded([("pack.yaml", BASE), ("rules.yaml", rest)]), None, &[])
}

/// The mutants of a pack that has this as well.
fn mutations(rest: &str) -> Mutations {
    Mutations::new(bound(rest)).unwrap_or_else(|| {
        let files = PackFiles::embedded([("pack.yaml", BASE), ("rules.yaml", rest)]);
        let origin = build::Origin { files, project: None, set: Vec::new() };
        panic!("{:#?}", origin.build().findings)
    })
}

/// Those of one operator in the file: line and column, before and after.
fn shown(rest: &str, operator: Operator) -> Vec<String> {
    let all = mutations(rest);
    let line = |mutant: &Mutant| {
        let at = all.texts().position(mutant.span);
        format!("{}:{} {} → {}", at.line, at.column, mutant.before, mutant.after)
    };
    let of_file = |mutant: &&Mutant| all.texts().file(mutant.span.file).name == "rules.yaml";
    let wanted = all.mutants().iter().filter(of_file);
    wanted.filter(|mutant| mutant.operator == operator).map(line).collect()
}

/// The program of the only mutant that looks like this.
fn program(all: &Mutations, before: &str, after: &str) -> crate::program::Program {
    let looks_so = |mutant: &&Mutant| mutant.before == before && mutant.after == after;
    let mut found = all.mutants().iter().filter(looks_so);
    let mutant = found.next().unwrap_or_else(|| panic!("no mutant `{before}` → `{after}`"));
    assert!(found.next().is_none(), "several mutants `{before}` → `{after}`");
    all.program(mutant).unwrap_or_else(|| panic!("`{before}` → `{after}` is no program"))
}
