use std::collections::HashMap;
use std::sync::Arc;

use super::known::Known;
use super::mutant::{Found, Key, Mutant, Part};
use super::{benefit, column, condition, ladder, metric, treatment};
use crate::build::Bound;
use crate::check;
use crate::diagnostic::Diagnostics;
use crate::pack::{Literal, ParsedPack};
use crate::program::Program;
use crate::source::{Loc, Sources};

/// Above the variants that one place has.
const SAME_PLACE: u32 = 2000;

/// The mutants of a pack with its parameter values.
#[derive(Debug)]
pub struct Mutations {
    bound: Bound,
    program: Program,
    mutants: Vec<Mutant>,
    by_key: HashMap<Key, usize>,
}

impl Mutations {
    /// `None` where the pack is no program.
    pub fn new(bound: Bound) -> Option<Mutations> {
        let Bound { parsed, overrides } = &bound;
        let findings = parsed.findings.clone();
        let (program, _) = check::check(&parsed.pack, &parsed.sources, overrides, findings);
        program.map(|program| Self::of(bound, program))
    }

    /// The mutants of the same pack with other values of parameters, which rank before those it
    /// has. `None` where they are no values for it.
    pub fn under(&self, values: &[(Loc<String>, Literal)]) -> Option<Mutations> {
        let bound = self.bound.with(values);
        let program = self.checked(&bound.parsed.pack, &bound)?;
        Some(Self::of(bound, program))
    }

    fn of(bound: Bound, program: Program) -> Mutations {
        let mut mutants = gather(&bound.parsed.pack, &Known::new(&program, &bound.parsed.sources));
        // Stable: what stands at one place stays in the order of the pack.
        mutants.sort_by_key(|mutant| {
            let place = mutant.span;
            (place.file, place.start, place.end, mutant.operator, mutant.variant)
        });
        let mut by_key = HashMap::with_capacity(mutants.len());
        for (index, mutant) in mutants.iter_mut().enumerate() {
            // A group of one stands where what it holds stands, and so does what an alias repeats.
            while by_key.contains_key(&mutant.key()) {
                mutant.variant += SAME_PLACE;
            }
            by_key.insert(mutant.key(), index);
        }
        Mutations { bound, program, mutants, by_key }
    }

    /// By file, place, operator and variant.
    pub fn mutants(&self) -> &[Mutant] {
        &self.mutants
    }

    /// The pack as it is.
    pub fn original(&self) -> &Program {
        &self.program
    }

    /// The texts that spans of mutants, and of their programs, point into.
    pub fn texts(&self) -> &Sources {
        &self.bound.parsed.sources
    }

    /// The program of a mutant, of these or of those [`under`](Self::under) other values. `None`
    /// where it is none: the change makes an error of the pack, or has no meaning under these
    /// values.
    pub fn program(&self, mutant: &Mutant) -> Option<Program> {
        let own = self.by_key.get(&mutant.key()).map(|index| &self.mutants[*index])?;
        let mut pack = self.bound.parsed.pack.clone();
        own.part.put_into(&mut pack);
        self.checked(&pack, &self.bound)
    }

    /// The program of a pack that has the scripts of this one.
    fn checked(&self, pack: &ParsedPack, bound: &Bound) -> Option<Program> {
        let scripts = Arc::clone(&self.program.scripts);
        let (texts, overrides) = (&bound.parsed.sources, &bound.overrides);
        check::check_with_scripts(pack, texts, overrides, scripts, Diagnostics::default()).0
    }
}

fn gather(pack: &ParsedPack, known: &Known<'_>) -> Vec<Mutant> {
    let mut found = Found::default();
    let population = condition::of(pack.settings.population.as_ref(), known);
    let population = population.into_iter().filter_map(|draft| {
        let new = draft.new.clone()?;
        Some(draft.map(|_| new))
    });
    found.add("`population` of `settings`", population.collect(), Part::Population);
    column::all(pack, known, &mut found);
    for (id, metric) in pack.metrics.iter().enumerate() {
        metric::of(id, metric, known, &mut found);
    }
    for (id, ladder) in pack.ladders.iter().enumerate() {
        ladder::of(id, ladder, known, &mut found);
    }
    for (id, benefit) in pack.benefits.iter().enumerate() {
        benefit::of(id, benefit, known, &mut found);
    }
    for (id, segment) in pack.segments.iter().enumerate() {
        treatment::segment(id, segment, known, &mut found);
    }
    for (id, alert) in pack.alerts.iter().enumerate() {
        treatment::alert(id, alert, known, &mut found);
    }
    found.list
}
