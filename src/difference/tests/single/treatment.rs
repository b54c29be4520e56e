//! Benefits, segments, alerts and titles.

use super::each;

#[test]
fn benefits() {
    each(&[
        (
            &[("gold: 10, member: 5", "gold: 12, member: 5")],
            &["benefit discount for club.gold: 10 % → 12 %"],
        ),
        (
            &[("gold: 10, member: 5", "gold: 10")],
            &["benefit discount for club.member: removed, was 5 %"],
        ),
        (
            &[("gold: 10, member: 5", "gold: 10, patron: 7, member: 5")],
            &["benefit discount for club.patron: added: 7 %"],
        ),
        (
            &[("kind: percent_off", "kind: cashback")],
            &["benefit discount kind: percent_off → cashback"],
        ),
        (
            &[("when: trend < 80", "when: trend < 70")],
            &["benefit discount when: trend 80 % → 70 %"],
        ),
        (
            &[("    when: trend < 80\n", "")],
            &["benefit discount when: was: trend < 80 / is: always"],
        ),
        (
            &[("cost: spend * value / 100", "cost: liked * value / 100")],
            &["benefit discount cost: spend * value / 100 → liked * value / 100"],
        ),
        (
            &[("    cost: spend * value / 100\n", "")],
            &["benefit discount cost: spend * value / 100 → none"],
        ),
        (
            &[("{ over: 500 }", "{ over: 600 }")],
            &["benefit shipping for club.gold: over 500 → over 600"],
        ),
        (&[("{ over: 500 }", "always")], &["benefit shipping for club.gold: over 500 → always"]),
        (
            &[(
                "ceiling: 20000, days: 30, guarantor: true",
                "ceiling: 25000, days: 30, guarantor: false",
            )],
            &["benefit credit for club.gold: ceiling 20000 → 25000, guarantor yes → no"],
        ),
        (
            &[("first: 1.5", "first: 2")],
            &["benefit points_more for shares.first: 1.5 times → 2 times"],
        ),
        (&[("Gift box", "Scarf")], &["benefit birthday for club.vip: `Gift box` → `Scarf`"]),
        (
            &[("tr: Kart", "tr: Mektup")],
            &["benefit birthday for shares.first: tr `Kart` → `Mektup`"],
        ),
        (
            &[("advocates: Tea", "advocates: Coffee")],
            &["benefit birthday for segment advocates: `Tea` → `Coffee`"],
        ),
        (
            &[("{ advocates: Tea }", "{ advocates: Tea, lapsed: Note }")],
            &["benefit birthday for segment lapsed: added: `Note`"],
        ),
        (&[("on: birthday\n", "on: 03-21\n")], &["benefit birthday on: birthday → 03-21"]),
        (
            &[("category: gift", "category: service")],
            &["benefit birthday category: gift → service"],
        ),
        (
            &[(
                "{ first: { en: Card, tr: Kart }, vip: Gift box }",
                "{ vip: Gift box, first: { en: Card, tr: Kart } }",
            )],
            &[
                "benefit birthday order: shares.first, club.vip, segment advocates → club.vip, shares.first, segment advocates",
            ],
        ),
        // The tiers of one ladder exclude each other.
        (&[("{ vip: 20, gold: 10, member: 5 }", "{ gold: 10, member: 5, vip: 20 }")], &[]),
        (
            &[(
                "benefits:\n",
                "benefits:\n  calls: { kind: perk, category: service, ladder: club, tiers: { vip: A call }, when: seen > 2 }\n",
            )],
            &["benefit calls: added: perk (service), club.vip `A call`; when seen > 2"],
        ),
        (
            &[(
                "  points_more: { kind: points_multiplier, ladder: shares, tiers: { first: 1.5 } }\n",
                "",
            )],
            &["benefit points_more: removed"],
        ),
    ]);
}

#[test]
fn segments_and_alerts() {
    each(&[
        (&[("short_by: 20", "short_by: 25")], &["segment near_vip short_by: 20 % → 25 %"]),
        (
            &[("near: club.vip", "near: club.gold")],
            &["segment near_vip near: club.vip → club.gold"],
        ),
        (
            &[("{ near: club.vip, short_by: 20 }", "{ when: spend > 900 }")],
            &["segment near_vip: was: at most 20 % short of club.vip / is: spend > 900"],
        ),
        (&[("  near_vip: { near: club.vip, short_by: 20 }\n", "")], &["segment near_vip: removed"]),
        (
            &[("segments:\n  advocates", "segments:\n  fresh: { when: seen == 1 }\n  advocates")],
            &["segment fresh: added: seen == 1"],
        ),
        (&[("for: club.vip", "for: club.gold")], &["alert vip_absent for: club.vip → club.gold"]),
        (&[("    for: club.vip\n", "")], &["alert vip_absent for: club.vip → everybody"]),
        (
            &[("when: away > slow", "when: away > 20")],
            &["alert vip_absent when: away 14 days → 20 days"],
        ),
        (&[("every: 14 days", "every: 7 days")], &["alert vip_absent every: 14 days → 7 days"]),
        (&[("    every: 14 days\n", "")], &["alert vip_absent every: 14 days → none"]),
        (
            &[("[call, {", "[write, {")],
            &["alert vip_absent action: `call`, `ask why` → `write`, `ask why`"],
        ),
        (&[("tr: sor", "tr: ara")], &["alert vip_absent action: tr `sor` → `ara`"]),
        (
            &[("'{name} was here {away} days ago'", "'{name} is away'")],
            &["alert vip_absent message: en `{name} was here {away} days ago` → `{name} is away`"],
        ),
        (
            &[(
                "alerts:\n",
                "alerts:\n  back: { when: back > 5, action: [call], message: '{name}', every: 9 days }\n",
            )],
            &["alert back: added: for everybody when back > 5, every 9 days"],
        ),
    ]);
}

#[test]
fn titles_are_only_counted() {
    each(&[
        (&[("title: VIP", "title: The best")], &["titles: 1 changed"]),
        (
            &[("title: Shop", "title: Corner"), ("title: Away", "title: Gone")],
            &["titles: 2 changed"],
        ),
    ]);
}
