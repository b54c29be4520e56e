//! One edit, and the lines that tell of it.

use super::{Edit, edited, full, rules, told};

#[track_caller]
fn each(cases: &[(&[Edit<'_>], &[&str])]) {
    let files = full::files();
    let from = rules(&files);
    let mut wrong = Vec::new();
    for (edits, expected) in cases {
        let lines = told(&from, &rules(&edited(&files, edits)));
        if lines != *expected {
            wrong.push(format!("{edits:?}\n  expected {expected:#?}\n  told     {lines:#?}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn settings() {
    each(&[
        (&[("currency: EUR", "currency: USD")], &["currency: EUR → USD"]),
        (&[("money_decimals: 2", "money_decimals: 3")], &["money decimals: 2 → 3"]),
        (&[("Europe/Istanbul", "Asia/Tehran")], &["timezone: Europe/Istanbul → Asia/Tehran"]),
        (&[("year_starts: 01-01", "year_starts: 03-21")], &["year starts: 01-01 → 03-21"]),
        (
            &[("population: order_count > 0", "population: order_count > 1")],
            &["population: order_count 0 → 1"],
        ),
        (
            &[("  population: order_count > 0\n", "")],
            &["population: was: order_count > 0 / is: always"],
        ),
    ]);
}

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
fn facts() {
    each(&[
        (&[("table: customers", "table: people")], &["customers table: customers → people"]),
        (&[("  id: id", "  id: number")], &["customers id: id → number"]),
        (
            &[("column: grade", "column: rank")],
            &["customers level: number from grade → number from rank"],
        ),
        (
            &[("channel: text", "channel: { type: text, column: via }")],
            &["customers channel: text → text from via"],
        ),
        (&[("    name: text\n", "")], &["customers name: removed"]),
        (
            &[("    name: text\n", "    name: text\n    phone: text\n")],
            &["customers phone: added, text"],
        ),
        (&[("table: orders", "table: sales")], &["source orders table: orders → sales"]),
        (
            &[("SELECT * FROM returned", "SELECT * FROM given_back")],
            &["source returns query: SELECT * FROM returned → SELECT * FROM given_back"],
        ),
        (&[("SELECT * FROM returned", "SELECT  *  FROM returned")], &[]),
        (
            &[("query: SELECT * FROM returned", "table: returned")],
            &["source returns table: query SELECT * FROM returned → table returned"],
        ),
        (&[("customer: who", "customer: whose")], &["source visits customer: who → whose"]),
        (&[("at: placed_at", "at: paid_at")], &["source orders at: placed_at → paid_at"]),
        (&[(", at_unit: ms", "")], &["source returns at unit: milliseconds → seconds"]),
        (
            &[("column: cost_cents, unit: minor", "column: cost_cents")],
            &["source orders cost: money from cost_cents in minor units → money from cost_cents"],
        ),
        (
            &[("expr: price - cost", "expr: price - 2 * cost")],
            &["source orders amount: money = price - cost → money = price - 2 * cost"],
        ),
        (
            &[("      category: text\n", "      category: text\n      note: text\n")],
            &["source orders note: added, text"],
        ),
        (
            &[("  visits: {", "  calls: { table: calls, customer: who, at: day }\n  visits: {")],
            &["source calls: added, from calls"],
        ),
    ]);
}

#[test]
fn metrics() {
    each(&[
        (
            &[("seen: { count: visits }", "seen: { distinct: visits.at }")],
            &["metric seen: count visits → distinct visits.at"],
        ),
        (
            &[("seen: { count: visits }", "seen: { count: visits, within: tier club }")],
            &["metric seen within: lifetime → tier club"],
        ),
        (
            &[(
                "spend: { sum: orders.amount, within: 12 months }",
                "spend: { sum: orders.amount, within: 6 months }",
            )],
            &["metric spend within: 12 months → 6 months"],
        ),
        (
            &[(
                "spend: { sum: orders.amount, within: 12 months }",
                "spend: { sum: orders.price, within: 12 months }",
            )],
            &["metric spend: sum orders.amount → sum orders.price"],
        ),
        (&[("ago: 12 months", "ago: 1 year")], &["metric spend_before ago: 12 months → 1 year"]),
        (
            &[("previous calendar year", "calendar year")],
            &["metric back within: previous calendar year → calendar year"],
        ),
        (&[("price > 0", "price > 5")], &["metric liked where: price 0 → 5"]),
        (&[("price > 0", "price >= 0")], &["metric liked where: price > 0 → price >= 0"]),
        (
            &[(" where: category in wanted && price > 0,", "")],
            &["metric liked where: category in wanted and price > 0 → none"],
        ),
        (
            &[("spend * 100 / spend_before, else: 100", "spend * 100 / spend_before, else: 50")],
            &["metric trend else: 100 → 50"],
        ),
        (
            &[("expr: spend * 100 / spend_before", "expr: (spend - 1) * 100 / spend_before")],
            &["metric trend: spend * 100 / spend_before → (spend - 1) * 100 / spend_before"],
        ),
        (&[(", unit: percent", "")], &["metric trend unit: percent → number"]),
        (
            &[("cap: 50", "cap: 60")],
            &[
                "metric points score for spend > 10: add order_count * 2, at most 50 → add order_count * 2, at most 60",
            ],
        ),
        (
            &[("add: 20", "add: 25")],
            &["metric points score for channel == \"app\": add 20 → add 25"],
        ),
        (
            &[("{ when: spend > 10,", "{ when: spend > 12,")],
            &["metric points score (add order_count * 2, at most 50): spend 10 → 12"],
        ),
        (
            &[("      - { when: channel == \"app\", add: 20 }\n", "")],
            &["metric points score for channel == \"app\": removed (add 20)"],
        ),
        (
            &[(
                "      - { when: channel",
                "      - { when: seen > 3, add: 5 }\n      - { when: channel",
            )],
            &["metric points score for seen > 3: added (add 5)"],
        ),
        (&[("bins: 5", "bins: 4")], &["metric rfm bins: 5 → 4"]),
        (&[("monetary: spend,", "monetary: liked,")], &["metric rfm monetary: spend → liked"]),
        (
            &[("  seen: {", "  heard: { days_since_first: orders }\n  seen: {")],
            &["metric heard: added: days_since_first orders"],
        ),
        (
            &[("away: { days_since_last: orders }", "away: { expr: seen + 1, unit: days }")],
            &["metric away: days_since_last orders → seen + 1"],
        ),
    ]);
}

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
            &["benefit discount for club.patron: added, 7 %"],
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
            &["benefit birthday for segment lapsed: added, `Note`"],
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
fn scripts() {
    each(&[
        (
            &[("customer.order_count > 5 {", "customer.order_count > 6 {")],
            &[
                "script lengths::period: line 6: if customer.order_count > 5 { → if customer.order_count > 6 { (used by club.vip review)",
            ],
        ),
        (
            &[("{ 90 }", "{ 91 }")],
            &[
                "script help::longest: line 2: fn longest(customer) { if customer.away > 5 { 90 } else { 60 * customer.trust } } → fn longest(customer) { if customer.away > 5 { 91 } else { 60 * customer.trust } } (used by club.vip review)",
            ],
        ),
        (
            &[("    least\n", "    let days = least;\n    days * 2\n")],
            &["script lengths::period: changed in lines 9–10 (used by club.vip review)"],
        ),
        (
            &[("LONGEST = 300", "LONGEST = 301")],
            &[
                "script lengths constants: line 3: const LONGEST = 300; → const LONGEST = 301; (used by club.vip review)",
            ],
        ),
        (
            &[("// In days.", "// In whole days."), ("    least\n", "        least // at least\n")],
            &[],
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
