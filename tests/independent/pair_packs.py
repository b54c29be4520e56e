"""Pairs of packs, made by editing the text of the wholesaler's pack `fixtures/wholesaler/fixed`."""

from pathlib import Path
from typing import NamedTuple

WHOLESALER = Path(__file__).resolve().parents[2] / "fixtures" / "wholesaler"


class Pair(NamedTuple):
    """Two packs by name, the date of the pass, the store, and parameters for both."""
    before: str
    after: str
    as_of: str
    store: str = "part"
    parameters: tuple = ()


def edited(text, *edits):
    """Each edit is (old, new); the old text stands in the pack exactly once."""
    for old, new in edits:
        if text.count(old) != 1:
            raise SystemExit(f"an edit does not fit the pack: {text.count(old)} times {old!r}")
        text = text.replace(old, new)
    return text


FIXED = (WHOLESALER / "fixed" / "pack.yaml").read_text(encoding="utf-8")
DYNAMIC = (WHOLESALER / "dynamic" / "pack.yaml").read_text(encoding="utf-8")

# What the wholesaler's pack does not have: a ladder of shares, segments, alerts, a second cost.
METRICS = """\
  orders:
    distinct: lines.invoice
    within: 6 months
  days_away:
    days_since_last: lines
"""
SHARES = """\
  shares:
    cutoffs: monthly
    rank_by: [yearly_spend, orders]
    defaults: { review: { dynamic: weekly } }
    tiers:
      vip:
        share: 5
      big:
        share: 15
      small:
        share: 40
"""
NOTICED = """\
segments:
  loyal: { when: orders >= 4 }
  near_gold: { near: club.gold, short_by: 20 }
  once_silver: { when: days_since_held(club.silver) < 36500 }
alerts:
  silver_absent:
    for: club.silver
    when: days_away > 40
    action: [call]
    every: 14 days
    message: "away for {days_away} days"
"""
CASHBACK = """\
  cashback:
    kind: cashback
    ladder: shares
    tiers: { vip: 1.5, big: 0.5 }
    cost: yearly_spend * value / 100
"""
BASE = edited(
    FIXED,
    ("    columns:\n", "    columns:\n      invoice:  { type: text, column: InvoiceNo }\n"),
    ("ladders:\n", METRICS + "ladders:\n"),
    ("benefits:\n", SHARES + NOTICED + "benefits:\n"),
    ("    kind: percent_off\n", "    kind: percent_off\n    ladder: club\n"),
) + CASHBACK

GOLD = """\
      gold:
        title: Gold
        enter: spend >= gold_spend
        keep: spend >= gold_spend * 0.75
"""
SILVER = """\
      silver:
        title: Silver
        enter: spend >= silver_spend
        keep: spend >= silver_spend * 0.75
"""
DEFAULTS = "    defaults: { review: { fixed: 6 months }, grace: 1 month, landing: one_down }\n"
FREQUENT = """\
  frequency:
    tiers:
      often: { enter: orders >= 6 }
      sometimes: { enter: orders >= 2 }
"""
ABROAD = "    query: SELECT * FROM invoices WHERE Country <> 'United Kingdom' OR CustomerID % 4 = 0\n"


def defaults(policies):
    return DEFAULTS, f"    defaults: {{ {policies} }}\n"


def enter(condition, tier="gold"):
    return f"        enter: spend >= {tier}_spend\n", f"        enter:\n{condition}"


def without_gold(new, benefit):
    """Gold is gone, or another tier. Its segment goes too."""
    return (
        (GOLD, new),
        ("  near_gold: { near: club.gold, short_by: 20 }\n", ""),
        ("tiers: { gold: 5, silver: 2 }", f"tiers: {{ {benefit}silver: 2 }}"),
    )


RENAMED = edited(
    BASE,
    *without_gold(GOLD.replace("      gold:", "      premium:"), "premium: 5, "),
    ("    warn: 1 month\n", "    warn: 1 month\n    renamed: { gold: premium }\n"),
)
EDITS = {
    "stricter": [("default: 2000", "default: 2600"), ("default: 600", "default: 900")],
    "milder": [("default: 2000", "default: 1400"), ("default: 600", "default: 400")],
    "longer window": [("within: 3 months", "within: 6 months")],
    "shorter window": [("within: 3 months", "within: 1 month")],
    "calendar window": [("within: 3 months", "within: previous calendar quarter")],
    "tiers added": [
        (GOLD, "      platinum: { enter: spend >= 5000, grace: 2 months }\n" + GOLD),
        (SILVER, SILVER + "      bronze: { enter: spend >= 250, keep: spend >= 50 }\n"),
        ("tiers: { gold: 5,", "tiers: { platinum: 7.5, gold: 5,"),
    ],
    "gold removed": without_gold("", ""),
    "gold replaced": without_gold(
        "      black: { enter: spend >= 4000 }\n      plus: { enter: spend >= 1200 }\n", "black: 9, plus: 4, "
    ),
    "silver first": [(GOLD + SILVER, SILVER + GOLD)],
    "milder keep": [("gold_spend * 0.75", "gold_spend * 0.2"), ("silver_spend * 0.75", "silver_spend * 0.2")],
    "keep as enter": [("        keep: spend >= gold_spend * 0.75\n", ""),
                      ("        keep: spend >= silver_spend * 0.75\n", "")],
    "longer grace": [("grace: 1 month", "grace: 3 months")],
    "no grace": [("grace: 1 month, ", "")],
    "lands as earned": [("landing: one_down", "landing: earned")],
    "lands at silver": [("landing: one_down", "landing: earned"),
                        (GOLD, GOLD + "        landing: silver\n        grace: none\n")],
    "dynamic": [defaults("review: { dynamic: monthly }, landing: earned")],
    "every ten days": [defaults("review: { dynamic: 10 days }, grace: 10 days")],
    "quarters": [defaults("review: { fixed: 3 months, from: entry, round: end of quarter }, grace: 5 days")],
    "up at review": [defaults("review: { fixed: 6 months }, grace: 1 month, landing: one_down, upgrade: at review")],
    "other shares": [("share: 5\n", "share: 2\n"), ("share: 15\n", "share: 30\n"), ("share: 40\n", "share: rest\n")],
    "other measure": [("rank_by: [yearly_spend, orders]", "rank_by: [orders, yearly_spend]")],
    "ties excluded": [("    rank_by: [yearly_spend, orders]\n", "    ties: exclude\n    rank_by: [orders]\n")],
    "shares every pass": [("    cutoffs: monthly\n", "")],
    "a top for gold": [
        enter("          any:\n            - spend >= gold_spend\n            - top_percent(6, yearly_spend)\n"),
    ],
    "held top for gold": [
        enter("          - top_percent(6, yearly_spend)\n          - spend > average(spend)\n"),
        ("    warn: 1 month\n", "    warn: 1 month\n    cutoffs: monthly\n"),
    ],
    "population": [("timezone: Europe/London", "timezone: Europe/London, population: yearly_spend >= 500")],
    "returns do not count": [("    within: 3 months\n", "    within: 3 months\n    where: quantity > 0\n")],
    "orders ask": [enter("          - spend >= gold_spend\n          - orders >= 3\n"),
                   enter("          any:\n            - spend >= silver_spend\n            - orders >= 4\n", "silver")],
    "ladder added": [("segments:\n", FREQUENT + "segments:\n")],
    "ladder removed": [(SHARES, ""), (CASHBACK, "")],
    "reviewed on change": [("default: 2000", "default: 2600"), ("default: 600", "default: 900"),
                           ("    warn: 1 month\n", "    warn: 1 month\n    on_change: review_now\n")],
    "other customers": [("    table: invoices\n", ABROAD)],
    "whole pounds": [("currency: GBP", "currency: GBP, money_decimals: 0"), ("default: 600", "default: 500")],
    "time held counts": [
        enter("          any:\n            - spend >= gold_spend\n            - days_held(club.silver) >= 60\n"),
        ("        keep: spend >= silver_spend * 0.75\n", "        keep: tier_spend >= 250\n"),
        ("  orders:\n", "  tier_spend:\n    sum: lines.amount\n    within: tier club\n  orders:\n"),
    ],
    "other benefits": [("tiers: { gold: 5, silver: 2 }", "tiers: { gold: 4, silver: 2.5, member: 1 }"),
                       (CASHBACK, CASHBACK.replace("cashback:\n", "back:\n")), ("orders >= 4 }", "orders >= 2 }"),
                       ("days_away > 40", "days_away > 20")],
}

PACKS = {"base": BASE, "renamed": RENAMED, "wholesaler fixed": FIXED, "wholesaler dynamic": DYNAMIC}
PACKS |= {name: edited(BASE, *edits) for name, edits in EDITS.items()}
PACKS["renamed and milder"] = edited(RENAMED, *EDITS["milder"])

# 2011-09-20 is the last stored pass, taken again; on 2011-09-26, a Monday, graces run and the month goes on;
# on 2011-10-06 a month has begun and some graces are over; in June 2012 nobody has bought for half a year.
AGAIN, MONDAY, MONTH, AUTUMN, YEAR_LATER = "2011-09-20", "2011-09-26", "2011-10-06", "2011-12-09", "2012-06-01"

PAIRS = [
    Pair("wholesaler fixed", "wholesaler dynamic", MONTH, "whole"),
    Pair("base", "stricter", AUTUMN, "whole"),
    Pair("base", "tiers added", MONTH, "whole"),
    Pair("base", "a top for gold", MONDAY, "whole"),
    Pair("base", "stricter", MONTH),
    Pair("stricter", "milder", AUTUMN),
    Pair("base", "longer window", MONTH),
    Pair("base", "shorter window", AUTUMN),
    Pair("shorter window", "calendar window", AUTUMN),
    Pair("tiers added", "base", AUTUMN),
    Pair("base", "gold removed", MONTH),
    Pair("base", "gold replaced", MONTH),
    Pair("tiers added", "gold replaced", AUTUMN),
    Pair("base", "renamed", MONTH),
    Pair("renamed", "renamed and milder", MONTH),
    Pair("renamed and milder", "base", AUTUMN),
    Pair("renamed", "gold replaced", MONTH),
    Pair("base", "silver first", MONTH),
    Pair("keep as enter", "milder keep", AUTUMN),
    Pair("base", "longer grace", MONTH),
    Pair("longer grace", "no grace", AUTUMN),
    Pair("base", "lands as earned", MONTH),
    Pair("lands as earned", "lands at silver", AUTUMN),
    Pair("base", "dynamic", AUTUMN),
    Pair("dynamic", "quarters", MONTH),
    Pair("every ten days", "base", AUTUMN),
    Pair("base", "up at review", AUTUMN),
    Pair("base", "other shares", MONTH),
    Pair("other shares", "other measure", AUTUMN),
    Pair("other measure", "ties excluded", MONDAY),
    Pair("base", "shares every pass", MONDAY),
    Pair("a top for gold", "held top for gold", MONTH),
    Pair("base", "population", MONTH),
    Pair("base", "returns do not count", AUTUMN, "whole"),
    Pair("base", "orders ask", AUTUMN, "whole"),
    Pair("base", "ladder added", AGAIN),
    Pair("ladder removed", "ladder added", MONDAY),
    Pair("base", "reviewed on change", MONDAY),
    Pair("base", "other customers", MONTH),
    Pair("other customers", "whole pounds", AUTUMN),
    Pair("base", "time held counts", AGAIN),
    Pair("base", "time held counts", MONTH),
    Pair("other benefits", "base", MONTH),
    Pair("base", "longer window", MONTH, "part", ("gold_spend=3000", "silver_spend=300")),
    Pair("longer grace", "no grace", YEAR_LATER),
]

# As if everybody were reviewed now.
REVIEWED = [
    Pair("base", "stricter", MONDAY, "whole"),
    Pair("base", "milder keep", MONDAY),
    Pair("milder", "gold replaced", MONDAY),
    Pair("renamed", "lands as earned", MONTH),
    Pair("lands as earned", "lands at silver", MONTH),
    Pair("up at review", "dynamic", MONTH),
    Pair("other shares", "every ten days", AUTUMN),
    Pair("base", "time held counts", AGAIN),
]
