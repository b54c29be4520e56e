use std::collections::{BTreeMap, BTreeSet};

use super::layout::{Line, lines};

/// What has changed, in words: a line for each part of the head with the numbers that are others
/// now, and one that counts the customers.
pub(super) fn summary(old: &str, new: &str) -> Vec<String> {
    let (old, new) = (Read::of(old), Read::of(new));
    let mut summary: Vec<String> = old
        .headings
        .iter()
        .chain(new.headings.iter().filter(|heading| !old.headings.contains(heading)))
        .filter_map(|heading| of_section(heading, &old, &new))
        .collect();
    summary.extend(of_customers(&old, &new));
    summary
}

/// A body as it is compared.
#[derive(Default)]
struct Read<'a> {
    /// In order; the entries at the beginning have the empty one.
    headings: Vec<&'a str>,
    /// By heading, in order: keys and values.
    entries: BTreeMap<&'a str, Vec<(&'a str, &'a str)>>,
    /// By customer and ladder: the tier, and the whole line.
    customers: BTreeMap<(&'a str, &'a str), (&'a str, &'a str)>,
}

impl<'a> Read<'a> {
    fn of(body: &'a str) -> Self {
        let mut read = Self { headings: vec![""], ..Self::default() };
        let mut heading = "";
        for (line, text) in lines(body) {
            match line {
                Line::Blank => {}
                Line::Heading(next) => {
                    heading = next;
                    read.headings.push(next);
                }
                Line::Entry { key, value } => {
                    read.entries.entry(heading).or_default().push((key, value));
                }
                Line::Customer { customer, ladder, tier } => {
                    read.customers.insert((customer, ladder), (tier, text));
                }
            }
        }
        read
    }

    fn section(&self, heading: &str) -> &[(&'a str, &'a str)] {
        self.entries.get(heading).map_or(&[], Vec::as_slice)
    }
}

/// `club: vip 97 → 80, gold 166 → 183`
fn of_section(heading: &str, old: &Read<'_>, new: &Read<'_>) -> Option<String> {
    let (old, new) = (old.section(heading), new.section(heading));
    let value = |of: &[(&str, &str)], key: &str| {
        of.iter().find(|(other, _)| *other == key).map(|(_, value)| (*value).to_owned())
    };
    let keys = old.iter().chain(new.iter().filter(|(key, _)| value(old, key).is_none()));
    let changes: Vec<String> = keys
        .map(|(key, _)| (key, value(old, key), value(new, key)))
        .filter(|(_, before, after)| before != after)
        .map(|(key, before, after)| {
            let absent = absent(before.as_deref().or(after.as_deref()));
            let (before, after) =
                (before.as_deref().unwrap_or(absent), after.as_deref().unwrap_or(absent));
            format!("{key} {before} → {after}")
        })
        .collect();
    if changes.is_empty() {
        return None;
    }
    let label = heading.strip_prefix("tiers of ").unwrap_or(heading);
    let label = if label.is_empty() { String::new() } else { format!("{label}: ") };
    Some(format!("{label}{}", changes.join(", ")))
}

/// What stands for an entry that is not there: of a number of customers nobody.
fn absent(other: Option<&str>) -> &'static str {
    match other {
        Some(value) if value.bytes().all(|byte| byte.is_ascii_digit()) => "0",
        _ => "nothing",
    }
}

/// `17 customers in another tier, 3 with other reasons, 1 new`
fn of_customers(old: &Read<'_>, new: &Read<'_>) -> Option<String> {
    let ids = |of: &Read<'_>| -> BTreeSet<String> {
        of.customers.keys().map(|(customer, _)| (*customer).to_owned()).collect()
    };
    let (before, after) = (ids(old), ids(new));
    let (mut moved, mut differ) = (BTreeSet::new(), BTreeSet::new());
    for (key, (tier, line)) in &new.customers {
        match old.customers.get(key) {
            Some((other, _)) if other != tier => moved.insert(key.0),
            Some((_, other)) if other != line => differ.insert(key.0),
            // In a ladder that there was not.
            None if before.contains(key.0) => differ.insert(key.0),
            _ => false,
        };
    }
    let left = |key: &&(&str, &str)| !new.customers.contains_key(*key) && after.contains(key.0);
    differ.extend(old.customers.keys().filter(left).map(|key| key.0));
    let others = differ.difference(&moved).count();
    let counts = [
        (moved.len(), "in another tier"),
        (others, "with other reasons or dates"),
        (after.difference(&before).count(), "new"),
        (before.difference(&after).count(), "gone"),
    ];
    let counts: Vec<(usize, &str)> = counts.into_iter().filter(|(count, _)| *count > 0).collect();
    let ((first, what), rest) = counts.split_first()?;
    let customers = if *first == 1 { "customer" } else { "customers" };
    let mut words = format!("{first} {customers} {what}");
    for (count, what) in rest {
        words.push_str(&format!(", {count} {what}"));
    }
    Some(words)
}

#[cfg(test)]
mod tests {
    use super::*;

    const OLD: &str = "\
as of: 2026-11-22
customers: 4

tiers of club:
  vip: 2
  gold: 1
  none: 1

moves in club:
  entered: 3

cutoffs:
  top_percent(50, spend): 900.00, 2 in it

each customer:
1  club  vip  entered  spend 1200.00 of 1000.00
2  club  vip  entered  spend 1000.00 of 1000.00
3  club  gold  entered  spend 400.00 of 400.00
4  club  none
";

    #[test]
    fn the_same_says_nothing() {
        assert!(summary(OLD, OLD).is_empty());
    }

    #[test]
    fn says_numbers_and_counts_customers() {
        let new = OLD
            .replace("vip: 2", "vip: 1")
            .replace("gold: 1", "gold: 2")
            .replace("900.00, 2", "950.00, 2")
            .replace("  entered: 3", "  entered: 3\n  left: 1")
            .replace("1200.00 of 1000.00", "1200.00 of 1100.00")
            .replace(
                "2  club  vip  entered  spend 1000.00 of 1000.00",
                "2  club  gold  entered  spend 1000.00 of 400.00",
            )
            .replace("4  club  none", "5  club  none");
        assert_eq!(
            summary(OLD, &new),
            [
                "club: vip 2 → 1, gold 1 → 2",
                "moves in club: left 0 → 1",
                "cutoffs: top_percent(50, spend) 900.00, 2 in it → 950.00, 2 in it",
                "1 customer in another tier, 1 with other reasons or dates, 1 new, 1 gone",
            ]
        );
    }

    #[test]
    fn parts_come_and_go() {
        let new = OLD
            .replace("as of: 2026-11-22", "as of: 2026-11-23")
            .replace("cutoffs:\n  top_percent(50, spend): 900.00, 2 in it", "segments:\n  near: 7")
            .replace("4  club  none", "4  club  none\n4  shares  low");
        assert_eq!(
            summary(OLD, &new),
            [
                "as of 2026-11-22 → 2026-11-23",
                "cutoffs: top_percent(50, spend) 900.00, 2 in it → nothing",
                "segments: near 0 → 7",
                "1 customer with other reasons or dates",
            ]
        );
    }
}
