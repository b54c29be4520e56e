"""What a plan has to say, computed from two real passes: written from the text of the design, with
dictionaries of names, and nothing of tierkeeper's comparison."""

import re
from collections import Counter
from decimal import Decimal
from typing import NamedTuple

NONE = "none"


class Ladder(NamedTuple):
    tiers: list        # highest first
    renamed: dict      # old name: new name


class Passed(NamedTuple):
    """A real pass of a pack."""
    text: str          # the pack
    summary: dict      # `evaluate --format json`
    rows: list         # `list --format csv`
    cutoffs: dict      # text: value


def section(text, name):
    """The lines of a section as (indent, key, value)."""
    body = re.search(rf"^{name}:\n((?:[ \n].*\n?)*)", text, re.MULTILINE)
    lines = body.group(1).splitlines() if body else []
    split = (re.match(r"( *)([a-z_0-9]+):(.*)", line) for line in lines)
    return [(len(line.group(1)), line.group(2), line.group(3).strip()) for line in split if line]


def inline(value):
    """The entries of `{ a: b, c: d }`."""
    return dict(re.findall(r"([a-z_0-9]+): *([^,} ]+)", value))


def ladders_of(text):
    ladders, inside = {}, None
    for indent, key, value in section(text, "ladders"):
        if indent == 2:
            ladder = ladders[key] = Ladder([], {})
        elif indent == 4:
            inside = key
            if key == "renamed":
                ladder.renamed.update(inline(value))
        elif indent == 6 and inside == "tiers":
            ladder.tiers.append(key)
    return ladders


def benefits_of(text):
    """By benefit: its ladder and its values by tier. Each costs `yearly_spend * value / 100`."""
    benefits = {}
    for indent, key, value in section(text, "benefits"):
        if indent == 2:
            ladder, benefit = "club", key
        elif key == "ladder":
            ladder = value
        elif key == "tiers":
            benefits[benefit] = (ladder, {tier: Decimal(it) for tier, it in inline(value).items()})
    return benefits


def counterparts(before, after):
    """The tiers of one pack that the other has too, under its own name or one it had before."""
    same = {tier: tier for tier in before.tiers if tier in after.tiers}
    for one, other, names in ((before, after, after.renamed), (after, before, before.renamed)):
        for old, new in names.items():
            if old in one.tiers and old not in other.tiers and new not in one.tiers:
                same |= {old: new} if one is before else {new: old}
    return same


def direction(before, after, left, reached):
    """Which way a move leads; None: it is none."""
    if left == reached == NONE:
        return None
    if NONE in (left, reached):
        return "promoted" if left == NONE else "demoted"
    same = counterparts(before, after)
    if same.get(left) == reached:
        return None
    if left in same:                                      # where the other pack has both
        heights = [after.tiers.index(tier) for tier in (same[left], reached)]
    elif reached in same.values():                        # where the first pack has both
        back = {new: old for old, new in same.items()}
        heights = [before.tiers.index(tier) for tier in (left, back[reached])]
    else:                                                 # each pack has one: by the common ones above
        heights = [common_above(before.tiers, same.keys(), left),
                   common_above(after.tiers, same.values(), reached)]
    if heights[0] == heights[1]:
        return "across"
    return "promoted" if heights[1] < heights[0] else "demoted"


def common_above(tiers, common, tier):
    number = own = 0
    for above in tiers[:tiers.index(tier)]:
        number, own = (number + 1, 0) if above in common else (number, own + 1)
    return number, own


def standings(passed):
    """By ladder and customer the tier; the last is of everybody."""
    found = {}
    for row in passed.rows:
        found.setdefault(row["ladder"], {})[int(row["customer"])] = row["tier"] or NONE
    return found, {int(row["customer"]) for row in passed.rows}


def costs(passed):
    yearly = {int(row["customer"]): Decimal(row["yearly_spend"]) for row in passed.rows}
    held, _ = standings(passed)
    found = {}
    for name, (ladder, values) in benefits_of(passed.text).items():
        given = [(yearly[customer], values[tier]) for customer, tier in held[ladder].items() if tier in values]
        cost = sum((spend * value / 100 for spend, value in given), Decimal(0))
        found[name] = {"customers": len(given), "cost": cost}
    return found


def beside(before, after):
    """What both have by name; null where one does not have it."""
    return {name: {"before": before.get(name), "after": after.get(name)} for name in {**before, **after}}


def expected(before, after):
    """What a plan from one pass to the other has to say."""
    (left, here), (reached, there) = standings(before), standings(after)
    first, second = ladders_of(before.text), ladders_of(after.text)
    ladders, movers = {}, []
    for name in {**first, **second}:
        one, other = (ladders.get(name, Ladder([], {})) for ladders in (first, second))
        cells, ways = Counter(), Counter()
        for customer in sorted(here | there):
            move = left.get(name, {}).get(customer, NONE), reached.get(name, {}).get(customer, NONE)
            way = direction(one, other, *move)
            cells[move] += 1
            ways[way] += 1
            if way:
                movers.append((str(customer), name, *move, way))
        ladders[name] = {"matrix": dict(cells), "unchanged": ways[None]}
        ladders[name] |= {way: ways[way] for way in ("promoted", "demoted", "across")}
    moves = [{name: of["moves"] for name, of in it.summary["ladders"].items()} for it in (before, after)]
    spent = [costs(it) for it in (before, after)]
    total = [sum(it["cost"] for it in of.values()) if of else None for of in spent]
    return {
        "from": before.summary["program"], "to": after.summary["program"],
        "customers": len(here | there), "ladders": ladders, "movers": movers, "movers_total": len(movers),
        "moves": dict(zip(("before", "after"), moves)),
        "segments": beside(before.summary["segments"], after.summary["segments"]),
        "alerts": beside(before.summary["alerts"], after.summary["alerts"]),
        "faults": {"before": before.summary["faults"], "after": after.summary["faults"]},
        "costs": beside(*spent), "cost": dict(zip(("before", "after"), total)),
        "cutoffs": beside(before.cutoffs, after.cutoffs),
    }


def told(plan):
    """`plan --format json` in the same shape."""
    ladders = {}
    for name, ladder in plan["ladders"].items():
        matrix = {(row, column): n for row, cells in ladder["matrix"].items() for column, n in cells.items()}
        ladders[name] = {**ladder, "matrix": matrix}
    keys = "customer", "ladder", "from", "to", "direction"
    movers = [tuple(mover[key] for key in keys) for mover in plan["movers"]]
    cutoffs = {it["text"]: {"before": it["before"], "after": it["after"]} for it in plan["cutoffs"]}
    same = "from", "to", "customers", "movers_total", "moves", "segments", "alerts", "faults", "costs", "cost"
    return {"ladders": ladders, "movers": movers, "cutoffs": cutoffs} | {key: plan[key] for key in same}


def differences(wanted, found, place=""):
    """Where two shapes differ, in words."""
    if isinstance(wanted, dict) and isinstance(found, dict):
        return [line for name in {**wanted, **found}
                for line in differences(wanted.get(name), found.get(name), f"{place}/{name}")]
    if wanted == found:
        return []
    if isinstance(wanted, list) and isinstance(found, list):
        missing, more = [it for it in wanted if it not in found], [it for it in found if it not in wanted]
        return [f"{place}: missing {missing[:3]}, not expected {more[:3]}, or in another order"]
    return [f"{place}: {found}, expected {wanted}"]
