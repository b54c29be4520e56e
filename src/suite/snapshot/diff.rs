use std::collections::HashSet;
use std::fmt;

use similar::{Algorithm, DiffTag, capture_diff_slices};

use super::layout::{Line, lines};
use super::summary::summary;

/// Lines that did not change, shown before and after those that did.
const CONTEXT: usize = 3;

/// The most lines that are shown.
const SHOWN: usize = 120;

/// So many lines that came or went are still matched one by one; where more did, what is there
/// now stands after what was there.
const MATCHED: usize = 4000;

/// How a snapshot differs from the one before.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Diff {
    /// In words, most important first: sizes of tiers, moves, cutoffs, how many customers.
    pub summary: Vec<String>,
    pub lines: Vec<DiffLine>,
    /// Lines that differ and are not among them.
    pub more: usize,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DiffLine {
    pub kind: LineKind,
    pub text: String,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LineKind {
    /// Where lines that are the same are left out: `@@ line 12 @@`.
    Place,
    Same,
    Gone,
    Came,
}

impl Diff {
    /// Between two bodies; nothing differs where they are the same.
    pub fn between(old: &str, new: &str) -> Diff {
        let all = compared(old, new);
        let differs = |line: &(LineKind, &str)| line.0 != LineKind::Same;
        let mut near = vec![false; all.len()];
        for at in all.iter().enumerate().filter(|(_, line)| differs(line)).map(|(at, _)| at) {
            near[at.saturating_sub(CONTEXT)..all.len().min(at + CONTEXT + 1)].fill(true);
        }
        let (mut shown, mut more, mut number) = (Vec::new(), 0, 0);
        for (at, &(kind, text)) in all.iter().enumerate() {
            number += usize::from(kind != LineKind::Gone);
            if !near[at] {
                continue;
            }
            if shown.len() >= SHOWN {
                more += usize::from(kind != LineKind::Same);
                continue;
            }
            if at > 0 && !near[at - 1] {
                let text = format!("@@ line {} @@", number.max(1));
                shown.push(DiffLine { kind: LineKind::Place, text });
            }
            shown.push(DiffLine { kind, text: text.to_owned() });
        }
        Diff { summary: summary(old, new), lines: shown, more }
    }
}

/// Every line of both: what is about the same thing stands side by side, what was before what is.
fn compared<'a>(old: &'a str, new: &'a str) -> Vec<(LineKind, &'a str)> {
    let (old, new): (Vec<_>, Vec<_>) = (lines(old).collect(), lines(new).collect());
    let (old_keys, new_keys) = (keys(&old), keys(&new));
    if without_match(&old_keys, &new_keys) + without_match(&new_keys, &old_keys) > MATCHED {
        return replaced(&old, &new).collect();
    }
    let mut compared = Vec::with_capacity(old.len().max(new.len()));
    for op in capture_diff_slices(Algorithm::Myers, &old_keys, &new_keys) {
        let (tag, before, after) = op.as_tag_tuple();
        let (before, after) = (&old[before], &new[after]);
        if tag != DiffTag::Equal {
            compared.extend(replaced(before, after));
            continue;
        }
        let same: Vec<bool> = before.iter().zip(after).map(|(old, new)| old.1 == new.1).collect();
        let mut from = 0;
        // Of a run of lines that changed, first all that were, then all that are.
        for run in same.chunk_by(bool::eq) {
            let run_of = from..from + run.len();
            if run[0] {
                let run = after[run_of].iter();
                compared.extend(run.map(|(_, text)| (LineKind::Same, *text)));
            } else {
                compared.extend(replaced(&before[run_of.clone()], &after[run_of]));
            }
            from += run.len();
        }
    }
    compared
}

fn replaced<'a>(
    old: &[(Line<'a>, &'a str)],
    new: &[(Line<'a>, &'a str)],
) -> impl Iterator<Item = (LineKind, &'a str)> {
    let gone = old.iter().map(|(_, text)| (LineKind::Gone, *text));
    gone.chain(new.iter().map(|(_, text)| (LineKind::Came, *text)))
}

/// How many keys are not among the others.
fn without_match(keys: &[Key<'_>], others: &[Key<'_>]) -> usize {
    let others: HashSet<_> = others.iter().collect();
    keys.iter().filter(|key| !others.contains(key)).count()
}

/// What a line is about.
type Key<'a> = (&'a str, &'a str);

/// What each line is about: lines with the same key in the same order say the same thing, perhaps
/// with other values.
fn keys<'a>(lines: &[(Line<'a>, &'a str)]) -> Vec<Key<'a>> {
    let mut heading = "";
    let keys = lines.iter().map(|(line, _)| match line {
        Line::Blank => (heading, ""),
        Line::Heading(next) => {
            heading = next;
            (heading, ":")
        }
        Line::Entry { key, .. } => (heading, *key),
        Line::Customer { customer, ladder, .. } => (*customer, *ladder),
    });
    keys.collect()
}

impl fmt::Display for Diff {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.summary.iter().try_for_each(|line| writeln!(f, "{line}"))?;
        self.lines.iter().try_for_each(|line| writeln!(f, "{line}"))?;
        match self.more {
            0 => Ok(()),
            1 => writeln!(f, "… 1 more line differs"),
            more => writeln!(f, "… {more} more lines differ"),
        }
    }
}

impl fmt::Display for DiffLine {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mark = match self.kind {
            LineKind::Place => "",
            LineKind::Same => " ",
            LineKind::Gone => "-",
            LineKind::Came => "+",
        };
        write!(f, "{mark}{}", self.text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Customers 1 to `count` with a tier.
    fn body(count: usize, tier: impl Fn(usize) -> &'static str) -> String {
        let lines = (1..=count).map(|id| format!("{id}  club  {}\n", tier(id)));
        format!("as of: 2026-11-22\n\neach customer:\n{}", lines.collect::<String>())
    }

    fn marked(diff: &Diff) -> Vec<String> {
        diff.lines.iter().map(DiffLine::to_string).collect()
    }

    #[test]
    fn the_same_has_no_lines() {
        let one = body(5, |_| "gold");
        assert_eq!(Diff::between(&one, &one), Diff { summary: vec![], lines: vec![], more: 0 });
    }

    #[test]
    fn changes_stand_in_three_lines_of_what_did_not() {
        let old = body(20, |_| "gold");
        let new = body(20, |id| if matches!(id, 9 | 10) { "vip" } else { "gold" });
        let diff = Diff::between(&old, &new);
        assert_eq!(diff.summary, ["2 customers in another tier"]);
        let lines = [
            // The sixth customer stands in the ninth line.
            "@@ line 9 @@",
            " 6  club  gold",
            " 7  club  gold",
            " 8  club  gold",
            "-9  club  gold",
            "-10  club  gold",
            "+9  club  vip",
            "+10  club  vip",
            " 11  club  gold",
            " 12  club  gold",
            " 13  club  gold",
        ];
        assert_eq!(marked(&diff), lines);
        assert_eq!(diff.more, 0);
    }

    #[test]
    fn who_comes_and_goes_is_not_taken_for_another() {
        let old = body(3, |_| "gold");
        let new = old.replace("2  club  gold\n", "") + "4  club  vip\n";
        let lines = [
            "@@ line 2 @@",
            " ",
            " each customer:",
            " 1  club  gold",
            "-2  club  gold",
            " 3  club  gold",
            "+4  club  vip",
        ];
        assert_eq!(marked(&Diff::between(&old, &new)), lines);
    }

    #[test]
    fn long_ones_say_how_much_is_left_out() {
        let (old, new) = (body(200, |_| "gold"), body(200, |_| "vip"));
        let diff = Diff::between(&old, &new);
        // Three lines of the head, and 117 of the 400 that differ.
        assert_eq!((diff.lines.len(), diff.more), (120, 283));
        assert!(diff.to_string().ends_with("\n… 283 more lines differ\n"));
    }

    #[test]
    fn other_customers_altogether_are_quick() {
        let old = body(60_000, |_| "gold");
        let new = old.replace("  club", "x  club");
        let diff = Diff::between(&old, &new);
        assert_eq!(diff.summary, ["60000 customers new, 60000 gone"]);
        assert_eq!(diff.lines.len() + diff.more, 120_006);
    }
}
