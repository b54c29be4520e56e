use std::collections::{BTreeMap, HashMap};

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
pub(super) struct Merged<'n> {
    single: BTreeMap<&'n str, &'n Entry>,
    sections: BTreeMap<&'n str, Fields<'n>>,
    /// Where each entry of a section stands first.
    places: HashMap<(&'n str, &'n str), Span>,
}

impl<'n> Merged<'n> {
    pub(super) fn has(&self, key: &str) -> bool {
        self.single.contains_key(key)
    }

    pub(super) fn single(&self, key: &str) -> Option<&'n Node> {
        self.single.get(key).map(|entry| &entry.value)
    }

    /// Adds what one file says of a section.
    fn spread(&mut self, section: &'n Entry, sources: &Sources, lower: &mut Lower<'_>) {
        let name = section.key.value.as_str();
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
            _ => lower.wrong_shape(section.value.span, format!("`{name}` is a map of names"), None),
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
    let known: Vec<&str> = SINGLE.iter().chain(SPREAD).copied().collect();
    let mut merged =
        Merged { single: BTreeMap::new(), sections: BTreeMap::new(), places: HashMap::new() };
    for document in documents {
        let Some(fields) = lower.fields(document, "a file of a pack", &known) else { continue };
        for entry in fields.entries() {
            let key = entry.key.value.as_str();
            if SINGLE.contains(&key) {
                match merged.single.get(key) {
                    Some(first) => lower.findings.push(twice(key, entry, first.key.span, sources)),
                    None => drop(merged.single.insert(key, entry)),
                }
            } else if SPREAD.contains(&key) {
                merged.spread(entry, sources, lower);
            }
        }
    }
    merged
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
