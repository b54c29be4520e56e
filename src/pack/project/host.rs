//! What a project file says to the host: `listen`, `schedule`, `guard`.

use std::net::SocketAddr;

use super::{Node, Schedule};
use crate::limits::{DemotedLimit, Limits, RiseLimit};
use crate::pack::lower::{Fields, Lower};
use crate::pack::yaml::Kind;

/// What a project file says to the host; `None`: what the host does by itself.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct HostSettings {
    pub listen: Option<SocketAddr>,
    pub schedule: Option<Schedule>,
    pub guard: Guard,
}

/// What a change of the rules may do before it has to wait for a person.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Guard {
    Off,
    /// `None`: no limit.
    On(Limits),
}

/// Of the holders of any one tier, in percent.
const MAX_DEMOTED: u32 = 5;
/// People whom it takes at least where the project file says nothing of it.
const AT_LEAST: u64 = 20;
/// Of what benefits cost a year, in percent.
const MAX_COST_RISE: u32 = 20;

impl Default for Guard {
    fn default() -> Self {
        Guard::On(Limits {
            max_demoted: Some(DemotedLimit::Percent(MAX_DEMOTED.into())),
            at_least: AT_LEAST,
            max_cost_rise: Some(RiseLimit::Percent(MAX_COST_RISE.into())),
        })
    }
}

impl Guard {
    /// Where it is off, no limit.
    pub fn limits(self) -> Limits {
        match self {
            Guard::Off => Limits::default(),
            Guard::On(limits) => limits,
        }
    }
}

pub(super) fn settings(fields: &Fields<'_>, lower: &mut Lower<'_>) -> HostSettings {
    let guard = fields.get("guard").map(|node| guard(node, lower));
    HostSettings {
        listen: fields.get("listen").and_then(|node| listen(node, lower)),
        schedule: fields.get("schedule").and_then(|node| schedule(node, lower)),
        guard: guard.unwrap_or_default(),
    }
}

fn listen(node: &Node, lower: &mut Lower<'_>) -> Option<SocketAddr> {
    let word = lower.word(node, "`listen`")?;
    let address = word.value.parse().ok();
    if address.is_none() {
        let help = match word.value.parse::<u16>() {
            Ok(port) => format!("write the address too: `127.0.0.1:{port}`"),
            Err(_) => "write a numeric address and a port, like `127.0.0.1:7878`".to_owned(),
        };
        let message = format!("`{}` is no address to listen at", word.value);
        lower.invalid_value(word.span, message, Some(help));
    }
    address
}

fn schedule(node: &Node, lower: &mut Lower<'_>) -> Option<Schedule> {
    let word = lower.word(node, "`schedule`")?;
    match word.value.parse::<Schedule>() {
        Ok(schedule) => Some(schedule),
        Err(error) => {
            lower.invalid_value(word.span, error.message, Some(error.help));
            None
        }
    }
}

/// `off`, or limits.
fn guard(node: &Node, lower: &mut Lower<'_>) -> Guard {
    let default = Guard::default().limits();
    if let Kind::Scalar(_) = node.kind {
        let Some(word) = lower.word(node, "`guard`") else { return Guard::default() };
        if word.value == "off" {
            return Guard::Off;
        }
        let message = format!("`{}` is no guard", word.value);
        let help = "write `off`, or limits like `{ max_demoted: 5%, max_cost_rise: 20% }`";
        lower.invalid_value(word.span, message, Some(help.to_owned()));
        return Guard::default();
    }
    let keys = ["max_demoted", "max_cost_rise", "at_least"];
    let Some(fields) = lower.fields(node, "`guard`", &keys) else { return Guard::default() };
    let max_demoted = limit(&fields, "max_demoted", lower);
    let at_least = fields.get("at_least").and_then(|node| people(node, lower));
    // What somebody writes is meant as it is written.
    let usual = if max_demoted.is_some() { 0 } else { default.at_least };
    Guard::On(Limits {
        max_demoted: max_demoted.unwrap_or(default.max_demoted),
        at_least: at_least.unwrap_or(usual),
        max_cost_rise: limit(&fields, "max_cost_rise", lower).unwrap_or(default.max_cost_rise),
    })
}

/// `off`, or a limit; the outer `None`: nothing is said that can be understood.
fn limit<T>(fields: &Fields<'_>, key: &str, lower: &mut Lower<'_>) -> Option<Option<T>>
where
    T: std::str::FromStr<Err: std::fmt::Display>,
{
    let word = lower.word(fields.get(key)?, &format!("`{key}`"))?;
    if word.value == "off" {
        return Some(None);
    }
    match word.value.parse() {
        Ok(limit) => Some(Some(limit)),
        Err(error) => {
            let message = format!("`{}` is no limit", word.value);
            lower.invalid_value(word.span, message, Some(format!("{error}, or `off`")));
            None
        }
    }
}

fn people(node: &Node, lower: &mut Lower<'_>) -> Option<u64> {
    let word = lower.word(node, "`at_least`")?;
    let count = word.value.parse().ok();
    if count.is_none() {
        let message = format!("`{}` is no number of people", word.value);
        lower.invalid_value(word.span, message, Some("write a whole number, like 20".to_owned()));
    }
    count
}
