//! Tiers that have another name since the last pass.

use crate::expr::LadderId;
use crate::lifecycle::{Standings, TierCode};
use crate::program::Program;

/// Somebody whose tier is called otherwise now; all else of the standing is kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Renamed {
    pub slot: u32,
    pub from: TierCode,
    pub to: TierCode,
}

/// The standings that a pass begins with: those before it, with the names that tiers have now.
pub fn begun(program: &Program, standings: &Standings) -> Standings {
    let mut begun = standings.clone();
    all(program, &mut begun);
    begun
}

/// Renames in all ladders, also in the standings that criteria read; what was renamed by ladder.
pub(super) fn all(program: &Program, standings: &mut Standings) -> Vec<Vec<Renamed>> {
    let ladders = 0..program.ladders.len();
    if let Some(asked) = &mut standings.asked {
        ladders.clone().for_each(|ladder| drop(rename(program, asked, ladder)));
    }
    ladders.map(|ladder| rename(program, standings, ladder)).collect()
}

/// Gives those whose tier was renamed the new one, before anybody is decided. It is the same tier,
/// so those whom a hold pins have it by its new name, too.
fn rename(program: &Program, standings: &mut Standings, ladder: LadderId) -> Vec<Renamed> {
    let standings = &mut standings.ladders[ladder];
    let renamed = &program.ladders[ladder].renamed;
    let new_codes: Vec<Option<TierCode>> = standings
        .gone
        .iter()
        .map(|gone| {
            let found = renamed.iter().find(|(old, _)| old == gone);
            found.map(|(_, tier)| TierCode::new(Some(*tier)))
        })
        .collect();
    if new_codes.iter().all(Option::is_none) {
        return Vec::new();
    }
    let mut found = Vec::new();
    for slot in 0..standings.len() {
        let from = standings.tier[slot];
        let Some(to) = from.gone_index().and_then(|gone| new_codes[gone]) else { continue };
        standings.tier[slot] = to;
        found.push(Renamed { slot: slot as u32, from, to });
    }
    found
}
