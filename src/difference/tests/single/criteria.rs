//! What tiers and segments ask.

use super::each;

#[test]
fn criteria() {
    each(&[
        (&[("- away < 90", "- away < 60")], &["club.vip enter: away 90 days → 60 days"]),
        (&[("- away < 90", "- away <= 90")], &["club.vip enter: away < 90 → away <= 90"]),
        (&[("          - away < 90\n", "")], &["club.vip enter: no longer asks away < 90"]),
        (
            &[("          - away < 90\n", "          - away < 90\n          - seen >= 3\n")],
            &["club.vip enter: now also asks seen >= 3"],
        ),
        (
            &[("vip_spend, order_count >= 6]", "vip_spend]")],
            &["club.vip enter: no longer asks order_count >= 6 (beside spend >= vip_spend)"],
        ),
        (
            &[("vip_spend, order_count >= 6]", "vip_spend, order_count >= 6, seen > 1]")],
            &["club.vip enter: now also asks seen > 1 (beside spend >= vip_spend)"],
        ),
        (
            &[(
                "- top_percent(vip_share, liked)\n",
                "- top_percent(vip_share, liked)\n              - seen > 9\n",
            )],
            &[
                "club.vip enter: seen > 9 is now enough too (beside spend >= vip_spend and order_count >= 6)",
            ],
        ),
        (
            &[("- all: [spend >= vip_spend", "- any: [spend >= vip_spend")],
            &["club.vip enter: all → any of: spend >= vip_spend, order_count >= 6"],
        ),
        (
            &[("top_percent(vip_share, liked)", "top_percent(7, liked)")],
            &["club.vip enter: top 5 % → top 7 % by liked"],
        ),
        (
            &[("top_percent(vip_share, liked)", "top_percent(vip_share, spend)")],
            &["club.vip enter: top 5 % by liked → top 5 % by spend"],
        ),
        (
            &[("spend >= vip_spend * 0.8", "spend >= vip_spend * 0.75")],
            &["club.vip keep: spend 800 → 750"],
        ),
        (
            &[("        keep: spend >= vip_spend * 0.8\n", "")],
            &["club.vip keep: spend >= vip_spend * 0.8 → the same as enter"],
        ),
        (
            &[("enter: spend >= 400,", "enter: spend >= 400, keep: spend >= 300,")],
            &["club.gold keep: the same as enter → spend >= 300"],
        ),
        (&[("enter: spend >= 400,", "enter: spend >= 400, keep: 400 <= spend,")], &[]),
        (
            &[("spend > average(spend)", "spend > 2 * average(spend)")],
            &["club.silver enter: spend > average(spend) → spend > 2 * average(spend)"],
        ),
        (
            &[("enter: spend >= 400", "enter: order_count >= 5")],
            &["club.gold enter: was: spend >= 400 / is: order_count >= 5"],
        ),
        (
            &[("enter: spend >= 400", "enter: spend >= 400 || seen > 5")],
            &["club.gold enter: seen > 5 is now enough too"],
        ),
        (&[("enter: never", "enter: always")], &["club.patron enter: was: never / is: always"]),
        (
            &[("at_least: 2", "at_least: 3")],
            &["segment advocates: at least 2 → at least 3 of: seen >= 10, back < 3, away < 7"],
        ),
        (
            &[("back < 3, away < 7]", "back < 3]")],
            &["segment advocates: away < 7 no longer counts"],
        ),
        (
            &[("'!holds(club.vip)'", "holds(club.vip)")],
            &["segment lapsed: !holds(club.vip) → holds(club.vip)"],
        ),
        (
            &[("'!holds(club.vip)'", "'!holds(club.gold)'")],
            &[
                "segment lapsed: no longer asks !holds(club.vip)",
                "segment lapsed: now also asks !holds(club.gold)",
            ],
        ),
        (
            &[("[spend >= vip_spend, order_count >= 6]", "[order_count >= 6, spend >= vip_spend]")],
            &[
                "club.vip enter: the same in another order, now away < 90 and ((order_count >= 6 and spend >= vip_spend) or top 5 % by liked)",
            ],
        ),
    ]);
}
