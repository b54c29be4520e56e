//! Tiers, shares and policies.

use super::super::told;
use super::each;

#[test]
fn tiers() {
    each(&[
        (
            &[(
                "      silver: {",
                "      star: { enter: spend > 5000, grace: 9 days }\n      silver: {",
            )],
            &[
                "club.star: added above silver: enter spend > 5000; review dynamic daily; grace 9 days",
            ],
        ),
        (
            &[(
                "      silver: { enter: 'spend > average(spend)', review: { dynamic: weekly } }\n",
                "",
            )],
            &["club.silver: removed"],
        ),
        (
            &[
                (
                    "      silver: { enter: 'spend > average(spend)', review: { dynamic: weekly } }\n",
                    "",
                ),
                ("renamed: { platinum: vip }", "renamed: { platinum: vip, silver: gold }"),
            ],
            &["club.silver: removed, its holders move to club.gold"],
        ),
        (
            &[
                ("      silver: {", "      argent: {"),
                ("platinum: vip }", "platinum: vip, silver: argent }"),
            ],
            &["club.argent: was called silver"],
        ),
        (
            &[("renamed: { platinum: vip }", "renamed: { platinum: gold }")],
            &["club renamed platinum: vip → gold"],
        ),
        (&[("    renamed: { platinum: vip }\n", "")], &["club renamed platinum: vip → none"]),
        (
            &[
                ("      patron: { enter: never, keep: seen >= 2 }\n", ""),
                (
                    "      member: { enter: always }\n",
                    "      member: { enter: always }\n      patron: { enter: never, keep: seen >= 2 }\n",
                ),
            ],
            &["club order: vip, silver, gold, patron, member → vip, silver, gold, member, patron"],
        ),
        (&[("first: { share: 5 }", "first: { share: 8 }")], &["shares.first share: 5 % → 8 %"]),
        (&[("rank_by: [rfm, spend]", "rank_by: [spend]")], &["shares rank_by: rfm, spend → spend"]),
        (
            &[(
                "      first: { share: 5 }\n",
                "      top: { share: 2 }\n      first: { share: 5 }\n",
            )],
            &["shares.top: added above first: share 2 % by rfm, spend; review dynamic daily"],
        ),
        (
            &[
                (
                    "rank_by: [rfm, spend]
    tiers:
      first: { share: 5 }
      second: { share: 15, review",
                    "tiers:
      first: { enter: seen > 9 }
      second: { enter: seen > 5, review",
                ),
                ("rest: { share: rest }", "rest: { enter: always }"),
            ],
            &[
                "shares.first enter: was: top 5 % by rfm, spend / is: seen > 9",
                "shares.second enter: was: top 20 % by rfm, spend / is: seen > 5",
                "shares.rest enter: was: top 100 % by rfm, spend / is: always",
            ],
        ),
        (&[("ties: include", "ties: exclude")], &["club ties: include → exclude"]),
        (
            &[("ties: include", "ties: { break_by: [order_count] }")],
            &["club ties: include → break by order_count"],
        ),
        (
            &[("  shares:\n", "  side:\n    tiers:\n      only: { enter: seen > 3 }\n  shares:\n")],
            &[
                "ladder side: added, with only",
                "side.only: added: enter seen > 3; review dynamic daily",
            ],
        ),
    ]);
}

#[test]
fn policies() {
    each(&[
        (
            &[("review: { dynamic: weekly }", "review: { fixed: 10 months }")],
            &["club.silver review: dynamic weekly → fixed 10 months"],
        ),
        (
            &[("dynamic: 10 days", "dynamic: 20 days")],
            &["shares.second review: dynamic every 10 days → dynamic every 20 days"],
        ),
        (
            &[("period(customer, 3)", "period(customer, 30)")],
            &[
                "club.vip review: fixed lengths::period(customer, 3) from joined, to the end of the quarter → fixed lengths::period(customer, 30) from joined, to the end of the quarter",
            ],
        ),
        (
            &[("fixed: 10 months }", "fixed: 10 months, from: 04-01 }")],
            &["club.gold review: fixed 10 months → fixed 10 months from 04-01"],
        ),
        (
            &[("fixed: 10 months }", "fixed: 10 months, round: end of year }")],
            &["club.gold review: fixed 10 months → fixed 10 months, to the end of the year"],
        ),
        (&[("upgrade: at once", "upgrade: at review")], &["club.vip upgrade: at once → at review"]),
        (&[("grace: patience", "grace: 9 days")], &["club.vip grace: 30 days → 9 days"]),
        (&[("        grace: patience\n", "")], &["club.vip grace: 30 days → none"]),
        (&[("landing: gold", "landing: member")], &["club.vip landing: gold → member"]),
        (&[(", landing: one_down }", " }")], &["club.gold landing: one_down → earned"]),
        (&[("warn_over: 10", "warn_over: 12")], &["club.vip warn_over: 10 % → 12 %"]),
        (&[("cutoffs: monthly", "cutoffs: weekly")], &["club cutoffs: monthly → weekly"]),
        (&[("    cutoffs: monthly\n", "")], &["club cutoffs: monthly → every pass"]),
        (&[("on_change: keep", "on_change: review_now")], &["club on_change: keep → review_now"]),
        (&[("warn: 20 days", "warn: 30 days")], &["club warn: 20 days → 30 days"]),
    ]);
}

#[test]
fn a_tier_that_has_its_old_name_again() {
    let club = |renamed: &str, tier: &str| {
        let tiers = format!("{tier}: {{ enter: spend >= 10 }}\n      member: {{ enter: always }}");
        let ladders = format!("ladders:\n  club:\n{renamed}    tiers:\n      {tiers}\n");
        crate::pass::fixture::rules("", "", &ladders)
    };
    let (old, new) = (club("", "vip"), club("    renamed: { vip: platinum }\n", "platinum"));
    assert_eq!(told(&old, &new), ["club.platinum: was called vip"]);
    assert_eq!(told(&new, &old), ["club.vip: was called platinum"]);
}
