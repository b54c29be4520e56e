use std::collections::HashMap;
use std::hash::{BuildHasherDefault, Hasher};
use std::sync::Arc;

use rusqlite::types::ValueRef;

use super::clock::whole;
use super::customer::{CustomerId, canonical_integer};
use super::unreadable::Unreadable;

const BLOB: Unreadable = Unreadable("which is no customer id");
const NOT_WHOLE: Unreadable = Unreadable("no whole number, so no customer id");
const NOT_UTF8: Unreadable = Unreadable("text that is not UTF-8");

/// Integer ids below this may find their slot through pages, the others through a hash table.
const PAGED: i64 = 1 << 28;

/// Ids in a page: so many that the directory stays in the nearest cache.
const PAGE: usize = 1024;

/// Pages are made while they have at most so many places for each customer, and a first few;
/// ids that are further apart go into the hash table.
const PLACES_PER_CUSTOMER: usize = 16;
const FIRST_PAGES: usize = 1024;

/// The slot of nobody.
pub(super) const NOWHERE: u32 = u32::MAX;

/// The most customers: slots have 32 bits, of which one value says "nowhere".
pub(super) const MOST_CUSTOMERS: u32 = u32::MAX - 1;

/// Whom a row is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Who<'a> {
    /// NULL or empty.
    Nobody,
    Int(i64),
    Text(&'a str),
}

/// Reads a customer id.
#[inline]
pub(super) fn who(value: ValueRef<'_>) -> Result<Who<'_>, Unreadable> {
    Ok(match value {
        ValueRef::Integer(number) => Who::Int(number),
        ValueRef::Null | ValueRef::Text([]) => Who::Nobody,
        ValueRef::Text(text) => match canonical_integer(text) {
            Some(number) => Who::Int(number),
            None => Who::Text(std::str::from_utf8(text).map_err(|_| NOT_UTF8)?),
        },
        ValueRef::Real(number) => Who::Int(whole(number).ok_or(NOT_WHOLE)?),
        ValueRef::Blob(_) => return Err(BLOB),
    })
}

/// The customer that a value names; `None` where it names nobody.
pub(in crate::store) fn customer_of(value: ValueRef<'_>) -> Option<CustomerId> {
    match who(value) {
        Ok(Who::Int(number)) => Some(CustomerId::Int(number)),
        Ok(Who::Text(text)) => Some(CustomerId::Text(text.into())),
        Ok(Who::Nobody) | Err(_) => None,
    }
}

/// Customers and their slots, in the order in which they were added.
#[derive(Debug, Clone, Default)]
pub(super) struct Ids {
    pub(super) list: Vec<CustomerId>,
    /// The page of every so many ids that have one.
    directory: Vec<u32>,
    pages: Vec<[u32; PAGE]>,
    sparse: HashMap<i64, u32, BuildHasherDefault<Mixer>>,
    texts: HashMap<Arc<str>, u32, BuildHasherDefault<Mixer>>,
}

impl Ids {
    #[inline]
    pub(super) fn get(&self, who: Who<'_>) -> Option<u32> {
        match who {
            Who::Int(number) => {
                let paged = self.paged(number);
                if paged != NOWHERE { Some(paged) } else { self.sparse.get(&number).copied() }
            }
            Who::Text(text) => self.texts.get(text).copied(),
            Who::Nobody => None,
        }
    }

    #[inline]
    fn paged(&self, number: i64) -> u32 {
        let page = usize::try_from(number).ok().and_then(|id| self.directory.get(id / PAGE));
        let page = page.and_then(|page| self.pages.get(*page as usize));
        page.map_or(NOWHERE, |page| page[number as usize % PAGE])
    }

    /// The slot of a customer, new or known; `None` when there are too many.
    #[inline]
    pub(super) fn find_or_add(&mut self, who: Who<'_>) -> Option<u32> {
        self.get(who).or_else(|| self.add(who))
    }

    #[cold]
    fn add(&mut self, who: Who<'_>) -> Option<u32> {
        let slot = u32::try_from(self.list.len()).ok().filter(|slot| *slot < MOST_CUSTOMERS)?;
        match who {
            Who::Int(number) => {
                self.list.push(CustomerId::Int(number));
                if !self.add_paged(number, slot) {
                    self.sparse.insert(number, slot);
                }
            }
            Who::Text(text) => {
                let text: Arc<str> = text.into();
                self.list.push(CustomerId::Text(text.clone()));
                self.texts.insert(text, slot);
            }
            Who::Nobody => return None,
        }
        Some(slot)
    }

    /// False where a page would be too empty.
    fn add_paged(&mut self, number: i64, slot: u32) -> bool {
        if !(0..PAGED).contains(&number) {
            return false;
        }
        let (page, place) = (number as usize / PAGE, number as usize % PAGE);
        if self.directory.get(page).is_none_or(|page| *page == NOWHERE) {
            let most = FIRST_PAGES + self.list.len() * PLACES_PER_CUSTOMER / PAGE;
            if self.pages.len() >= most {
                return false;
            }
            if page >= self.directory.len() {
                self.directory.resize(page + 1, NOWHERE);
            }
            self.directory[page] = self.pages.len() as u32;
            self.pages.push([NOWHERE; PAGE]);
        }
        self.pages[self.directory[page] as usize][place] = slot;
        true
    }

    /// The customers sorted, and for each the slot that it had.
    pub(super) fn sorted(self) -> (Vec<CustomerId>, Vec<u32>) {
        let mut pairs: Vec<(CustomerId, u32)> = self.list.into_iter().zip(0..).collect();
        pairs.sort_unstable();
        pairs.into_iter().unzip()
    }
}

impl<'a> From<&'a CustomerId> for Who<'a> {
    fn from(id: &'a CustomerId) -> Self {
        match id {
            CustomerId::Int(number) => Who::Int(*number),
            CustomerId::Text(text) => Who::Text(text),
        }
    }
}

/// Mixes eight bytes at a time; ids are a shop's own, so nobody aims at collisions.
#[derive(Debug, Default)]
pub(super) struct Mixer(u64);

/// 2^64 ÷ the golden ratio, odd.
const GOLDEN: u64 = 0x9E37_79B9_7F4A_7C15;

impl Mixer {
    #[inline]
    fn mix(&mut self, word: u64) {
        let product = u128::from(self.0 ^ word) * u128::from(GOLDEN);
        self.0 = (product as u64) ^ ((product >> 64) as u64);
    }
}

impl Hasher for Mixer {
    fn finish(&self) -> u64 {
        self.0
    }

    #[inline]
    fn write(&mut self, bytes: &[u8]) {
        let (words, rest) = bytes.as_chunks::<8>();
        for word in words {
            self.mix(u64::from_le_bytes(*word));
            self.0 = self.0.rotate_left(23);
        }
        let mut last = [0; 8];
        last[..rest.len()].copy_from_slice(rest);
        self.mix(u64::from_le_bytes(last) ^ (bytes.len() as u64) << 56);
    }

    #[inline]
    fn write_i64(&mut self, number: i64) {
        self.mix(number as u64 ^ GOLDEN);
    }

    #[inline]
    fn write_u8(&mut self, byte: u8) {
        self.mix(u64::from(byte));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_customer_is_found_however_the_id_is_stored() {
        for value in [ValueRef::Integer(5), ValueRef::Real(5.0), ValueRef::Text(b"5")] {
            assert_eq!(who(value), Ok(Who::Int(5)));
        }
        assert_eq!(who(ValueRef::Text(b"05")), Ok(Who::Text("05")));
        assert_eq!(who(ValueRef::Null), Ok(Who::Nobody));
        assert_eq!(who(ValueRef::Text(b"")), Ok(Who::Nobody));
        assert_eq!(who(ValueRef::Real(0.5)), Err(NOT_WHOLE));
        assert_eq!(who(ValueRef::Text(b"\xff")), Err(NOT_UTF8));
        assert_eq!(who(ValueRef::Blob(b"5")), Err(BLOB));
    }

    #[test]
    fn ids_far_apart_take_little_memory_and_are_found() {
        let mut ids = Ids::default();
        let spread = |n: i64| n * 4099 % PAGED;
        for n in 0..50_000 {
            assert_eq!(ids.find_or_add(Who::Int(spread(n))), Some(n as u32));
        }
        assert!(ids.pages.len() <= FIRST_PAGES + 50_000 * PLACES_PER_CUSTOMER / PAGE);
        assert!(!ids.sparse.is_empty());
        for n in 0..50_000 {
            assert_eq!(ids.get(Who::Int(spread(n))), Some(n as u32));
            assert_eq!(ids.get(Who::Int(spread(n) + 1)), None);
        }
    }

    #[test]
    fn slots_are_given_once_and_sorted_at_the_end() {
        let mut ids = Ids::default();
        let added = [7, -1, PAGED, 0, i64::MIN, PAGED - 1, 64, 63].map(Who::Int);
        let texts = ["b", "a longer text than one word", "05"].map(Who::Text);
        let all: Vec<_> = added.into_iter().chain(texts).collect();
        for (slot, who) in all.iter().enumerate() {
            assert_eq!(ids.get(*who), None);
            assert_eq!(ids.find_or_add(*who), Some(slot as u32));
        }
        for (slot, who) in all.iter().enumerate() {
            assert_eq!(ids.find_or_add(*who), Some(slot as u32));
        }
        let (sorted, order) = ids.sorted();
        let sorted: Vec<_> = sorted.iter().map(CustomerId::to_string).collect();
        assert_eq!(sorted[..5], ["-9223372036854775808", "-1", "0", "7", "63"].map(str::to_owned));
        assert_eq!(order[..5], [4, 1, 3, 0, 7]);
        assert_eq!(sorted[8..], ["05", "a longer text than one word", "b"].map(str::to_owned));
    }
}
