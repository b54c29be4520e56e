use std::collections::{BTreeMap, HashMap};

use super::meant::meant;
use super::{Fields, Lower};
use crate::diagnostic::{Code, Diagnostic};
use crate::pack::yaml::{Entry, Kind, Node};
use crate::source::{Sources, Span};

/// Keys with a value of their own, and sections whose entries may be spread over files.
const SINGLE: &[&str] = &["pack", "version", "title", "requires"];
const SPREAD: &[&str] = &[
    "settings",
    "parameters",
    "customers",
    "sources",
    "metrics",
    "ladders",
    "benefits",
    "segments",
    "alerts",
];

/// The documents of a pack as one.
#[derive(Default)]
pub(super) struct Merged<'n> {
    single: BTreeMap<&'n str, &'n Entry>,
    sections: BTreeMap<&'n str, Fields<'n>>,
    /// Where each entry of a section stands first.
    places: HashMap<(&'n str, &'n str), Span>,
    /// Whether an unknown key may be the `pack` that is missing.
    may_hold_pack: bool,
}

impl<'n> Merged<'n> {
    /// Whether there is the pack's name, or a key that may be meant for it.
    pub(super) fn has_name(&self) -> bool {
        self.single.contains_key("pack") || self.may_hold_pack
    }

    pub(super) fn single(&self, key: &str) -> Option<&'n Node> {
        self.single.get(key).map(|entry| &entry.value)
    }

    /// Adds what one file says of a section.
    fn spread(
        &mut self,
        name: &'static str,
        section: &'n Entry,
        sources: &Sources,
        lower: &mut Lower<'_>,
    ) {
        let fields = self.sections.entry(name).or_insert_with(|| Fields::empty(section));
        match &section.value.kind {
            // A section that is still empty says nothing wrong.
            Kind::Null | Kind::Broken => {}
            Kind::Map(entries) => {
                for entry in entries {
                    let key = entry.key.value.as_str();
                    if let Some(first) = self.places.get(&(name, key)) {
                        lower.findings.push(twice(key, entry, *first, sources));
                    } else {
                        self.places.insert((name, key), entry.key.span);
                        fields.push(entry);
                    }
                }
            }
            Kind::Scalar(_) | Kind::Seq(_) => {
                let message = format!("below `{name}:` stand names, each with its own lines");
                let help = match section.value.kind {
                    Kind::Seq(_) => "take the dashes away: write `name:` lines, indented",
                    _ => "write `name:` on a line of its own, indented",
                };
                lower.wrong_shape(section.value.span, message, Some(help.to_owned()));
                lower.lost_names = true;
            }
        }
    }

    /// The entries of a section; none where there is no such section.
    pub(super) fn section(&self, name: &str) -> Fields<'n> {
        self.sections.get(name).cloned().unwrap_or_default()
    }
}

/// Puts the documents together entry by entry, in order of file and line.
pub(super) fn merge<'n>(
    documents: &'n [Node],
    sources: &Sources,
    lower: &mut Lower<'_>,
) -> Merged<'n> {
    let known: Vec<&'static str> = SINGLE.iter().chain(SPREAD).copied().collect();
    let mut merged = Merged::default();
    for document in documents {
        let Some(fields) = lower.fields(document, "a pack", &known) else { continue };
        merged.may_hold_pack |= fields.may_hold(&["pack"]);
        for entry in fields.entries() {
            let key = entry.key.value.as_str();
            if SINGLE.contains(&key) {
                match merged.single.get(key) {
                    Some(first) => lower.findings.push(twice(key, entry, first.key.span, sources)),
                    None => drop(merged.single.insert(key, entry)),
                }
            } else if let Some(name) = section(key) {
                merged.spread(name, entry, sources, lower);
            }
        }
    }
    merged
}

/// The section that a key begins; a misspelt one is told, and read as what it seems to mean.
fn section(key: &str) -> Option<&'static str> {
    SPREAD.iter().copied().find(|name| *name == key).or_else(|| meant(key, SPREAD))
}

fn twice(name: &str, second: &Entry, first: Span, sources: &Sources) -> Diagnostic {
    let place = sources.position(first);
    let file = &sources.file(first.file).name;
    Diagnostic::new(
        Code::DuplicateEntry,
        second.key.span,
        format!("`{name}` is already in `{file}`, line {}", place.line),
    )
    .help("keep one of them")
    .related(first, "the first one")
}
