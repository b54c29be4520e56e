//! Whom `list` shows.

use rust_decimal::Decimal;
use tierkeeper::diagnostic::did_you_mean;
use tierkeeper::expr::{LadderId, TierId};
use tierkeeper::pass::{ListRow, alert_holders, near_holders};
use tierkeeper::program::{Program, SegmentRule};

use crate::decided::Decided;
use crate::exit::Failure;

/// How far below a tier still counts as near, where the pack does not say: percent.
const NEAR_PERCENT: i64 = 20;

/// Which rows of a list are asked for.
#[derive(Debug)]
pub struct Filter {
    /// In the order of the pack.
    pub ladders: Vec<LadderId>,
    /// By ladder: the tier that is asked for there.
    tiers: Option<Vec<(LadderId, Option<TierId>)>>,
    /// Each asked for: who is in it, by slot.
    memberships: Vec<Vec<bool>>,
}

impl Filter {
    pub fn new(
        decided: &Decided,
        ladder: Option<&str>,
        tier: Option<&str>,
        segment: Option<&str>,
        near: Option<&str>,
        alert: Option<&str>,
    ) -> Result<Self, Failure> {
        let Decided { rules, population, after } = decided;
        let program = &rules.program;
        let mut ladders: Vec<LadderId> = match ladder {
            Some(name) => vec![ladder_named(program, name)?],
            None => (0..program.ladders.len()).collect(),
        };
        let tiers = tier.map(|name| tiers_named(program, &ladders, name)).transpose()?;
        if let Some(tiers) = &tiers {
            ladders.retain(|ladder| tiers.iter().any(|(of, _)| of == ladder));
        }
        let mut memberships = Vec::new();
        if let Some(name) = segment {
            let names = program.segments.iter().map(|segment| segment.name.as_str());
            let segment = position("segment", name, names)?;
            memberships.push(after.segments[segment].holds.clone());
        }
        if let Some(name) = near {
            let (ladder, tier) = tier_named(program, name)?;
            ladders.retain(|&of| of == ladder);
            let short_by = declared_nearness(program, ladder, tier);
            let short_by = short_by.unwrap_or_else(|| Decimal::from(NEAR_PERCENT));
            memberships
                .push(near_holders(program, population, after, (ladder, tier), short_by, 0).holds);
        }
        if let Some(name) = alert {
            let names = program.alerts.iter().map(|alert| alert.name.as_str());
            let alert = position("alert", name, names)?;
            memberships.push(alert_holders(program, population, after, alert, 0).holds);
        }
        Ok(Self { ladders, tiers, memberships })
    }

    pub fn takes(&self, row: &ListRow<'_>) -> bool {
        let tier = self.tiers.as_ref().is_none_or(|tiers| {
            tiers.iter().any(|&(ladder, tier)| ladder == row.ladder && tier == row.standing.tier)
        });
        tier && self.memberships.iter().all(|holds| holds[row.slot])
    }
}

/// The percent that a segment declares as near this tier.
fn declared_nearness(program: &Program, ladder: LadderId, tier: TierId) -> Option<Decimal> {
    program.segments.iter().find_map(|segment| match &segment.rule {
        SegmentRule::Near { ladder: l, tier: t, short_by } if (*l, *t) == (ladder, tier) => {
            Some(*short_by)
        }
        _ => None,
    })
}

fn position<'a>(
    what: &str,
    name: &str,
    names: impl Iterator<Item = &'a str> + Clone,
) -> Result<usize, Failure> {
    names.clone().position(|known| known == name).ok_or_else(|| {
        let help = did_you_mean(name, names.clone()).unwrap_or_else(|| {
            let names: Vec<&str> = names.collect();
            match names.is_empty() {
                true => format!("the pack has no {what}s"),
                false => format!("the pack has {}", names.join(", ")),
            }
        });
        Failure::with_help(format_args!("there is no {what} `{name}`"), help)
    })
}

fn ladder_named(program: &Program, name: &str) -> Result<LadderId, Failure> {
    position("ladder", name, program.ladders.iter().map(|ladder| ladder.name.as_str()))
}

/// `ladder.tier`
fn tier_named(program: &Program, name: &str) -> Result<(LadderId, TierId), Failure> {
    match name.split_once('.') {
        Some((ladder, tier)) => {
            let ladder = ladder_named(program, ladder)?;
            let tiers = program.ladders[ladder].tiers.iter().map(|tier| tier.name.as_str());
            Ok((ladder, position("tier", tier, tiers)?))
        }
        None => match &tiers_named(program, &Vec::from_iter(0..program.ladders.len()), name)?[..] {
            &[(ladder, Some(tier))] => Ok((ladder, tier)),
            _ => Err(Failure::with_help(
                format_args!("`{name}` is in several ladders"),
                "write it like `club.vip`",
            )),
        },
    }
}

/// A tier by its id in every ladder that has it; `none` is no tier, in each.
fn tiers_named(
    program: &Program,
    ladders: &[LadderId],
    name: &str,
) -> Result<Vec<(LadderId, Option<TierId>)>, Failure> {
    if name.contains('.') {
        let (ladder, tier) = tier_named(program, name)?;
        return Ok(vec![(ladder, Some(tier))]);
    }
    let found: Vec<(LadderId, Option<TierId>)> = ladders
        .iter()
        .filter_map(|&ladder| {
            let tiers = &program.ladders[ladder].tiers;
            Some((ladder, Some(tiers.iter().position(|tier| tier.name == name)?)))
        })
        .collect();
    if found.is_empty() && name == "none" {
        return Ok(ladders.iter().map(|&ladder| (ladder, None)).collect());
    }
    if found.is_empty() {
        let names = ladders.iter().flat_map(|&ladder| &program.ladders[ladder].tiers);
        position("tier", name, names.map(|tier| tier.name.as_str()))?;
    }
    Ok(found)
}
