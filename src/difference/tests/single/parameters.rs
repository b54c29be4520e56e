//! Parameters, alone and together with what reads them.

use super::each;
use crate::difference::tests::{edited, full, rules, told};

#[test]
fn parameters_are_told_once_with_their_uses() {
    each(&[
        (
            &[("default: 1000 }", "default: 1200 }")],
            &["parameter vip_spend: 1000 → 1200 (used by club.vip enter, club.vip keep)"],
        ),
        (
            &[("default: 5, max", "default: 8, max")],
            &["parameter vip_share: 5 % → 8 % (used by club.vip enter)"],
        ),
        // Higher than the old rules allow.
        (
            &[("default: 5, max: 20", "default: 25, max: 30")],
            &["parameter vip_share: 5 % → 25 % (used by club.vip enter)"],
        ),
        (
            &[("default: 6 months", "default: 9 months")],
            &["parameter season: 6 months → 9 months (used by metric liked within)"],
        ),
        (
            &[("default: 30 days", "default: 45 days")],
            &["parameter patience: 30 days → 45 days (used by club.vip grace)"],
        ),
        (
            &[("default: 50000", "default: 60000")],
            &["parameter ceiling: 50000 → 60000 (used by benefit credit for club.vip)"],
        ),
        (
            &[("default: [coats, bags]", "default: [coats]")],
            &["parameter wanted: coats, bags → coats (used by metric liked where)"],
        ),
        (
            &[("default: 14", "default: 21")],
            &["parameter slow: 14 → 21 (used by alert vip_absent when)"],
        ),
        // Only a script of a script reads it.
        (
            &[("trust: { type: number, default: 2", "trust: { type: number, default: 4")],
            &["parameter trust: 2 → 4 (used by club.vip review)"],
        ),
        // Nothing reads it.
        (&[("unread: { type: number, default: 3", "unread: { type: number, default: 4")], &[]),
        // A number that is written out instead, and the other way around.
        (&[("- all: [spend >= vip_spend,", "- all: [spend >= 1000,")], &[]),
        (
            &[("- all: [spend >= vip_spend,", "- all: [spend >= 1100,")],
            &["club.vip enter: spend 1000 → 1100"],
        ),
        (&[("grace: patience", "grace: 30 days")], &[]),
        (&[("away > slow", "away > trust * 7")], &[]),
    ]);
}

#[test]
fn parameters_and_their_uses_at_once() {
    each(&[
        // A place that changes besides is told by what it was and is.
        (
            &[
                ("default: 1000 }", "default: 1200 }"),
                ("- all: [spend >= vip_spend,", "- all: [spend >= 900,"),
            ],
            &[
                "parameter vip_spend: 1000 → 1200 (used by club.vip enter, club.vip keep)",
                "club.vip enter: spend 1000 → 900",
            ],
        ),
        (
            &[("default: 1000 }", "default: 1200 }"), ("vip_spend * 0.8", "vip_spend * 0.5")],
            &[
                "parameter vip_spend: 1000 → 1200 (used by club.vip enter, club.vip keep)",
                "club.vip keep: spend 800 → 600",
            ],
        ),
        // Two parameters in one place.
        (
            &[("default: 1000 }", "default: 1200 }"), ("default: 5, max", "default: 4, max")],
            &[
                "parameter vip_spend: 1000 → 1200 (used by club.vip enter, club.vip keep)",
                "parameter vip_share: 5 % → 4 % (used by club.vip enter)",
            ],
        ),
        // Each refuses the other's value.
        (
            &[("default: 5, max: 20", "default: 25, min: 21")],
            &["parameter vip_share: 5 % → 25 %", "club.vip enter: top 5 % → top 25 % by liked"],
        ),
        // Another name, and another value.
        (
            &[
                (
                    "vip_spend: { type: money, default: 1000 }",
                    "vip_least: { type: money, default: 1200 }",
                ),
                ("- all: [spend >= vip_spend,", "- all: [spend >= vip_least,"),
                ("spend >= vip_spend * 0.8", "spend >= vip_least * 0.8"),
            ],
            &["club.vip enter: spend 1000 → 1200", "club.vip keep: spend 800 → 960"],
        ),
        (
            &[("slow: { type: number, default: 14", "slow: { type: count, default: 15")],
            &[
                "parameter slow: 14 → 15 (used by alert vip_absent when)",
                "parameter slow type: number → count",
            ],
        ),
        (
            &[("default: 14", "default: 21"), ("'{name} was here", "'{name} ({slow}) was here")],
            &[
                "parameter slow: 14 → 21 (used by alert vip_absent when)",
                "alert vip_absent message: en `{name} was here {away} days ago` → `{name} ({slow}) was here {away} days ago`",
            ],
        ),
    ]);
    // Only a message reads it.
    let files = edited(&full::files(), &[("'{name} was here", "'{unread} {name} was here")]);
    let new = edited(&files, &[("default: 3 }", "default: 4 }")]);
    let lines = told(&rules(&files), &rules(&new));
    assert_eq!(lines, ["parameter unread: 3 → 4 (used by alert vip_absent message)"]);
}
