#!/usr/bin/env python3
"""`tierkeeper plan` against really passing both packs, on the wholesaler's data.

    plan_pairs.py BINARY STORE

Stored standings are made by real passes and holds. Then, for each pair of `pair_packs.py`, both packs are
evaluated from the same stored standings, each on a copy of its own, `list` tells who is where, and
`pair_naive.py` computes from that what a plan has to say; `plan` says it from the untouched state: as
JSON, as CSV, and the other way round. For `--review-all` the copies are edited so that everybody is due,
and the packs that are evaluated have no graces.

Exit: 0 everything agrees, 1 a difference, 2 usage.
"""

import copy
import csv
import hashlib
import io
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal
from pathlib import Path

sys.dont_write_bytecode = True
import pair_naive as naive
from pair_packs import PAIRS, REVIEWED
from pair_shop import Shop, exact

WAYS = "promoted", "demoted", "across"
SHOWN = 20                         # differences of a pair that are printed


def keys(pair, reviewed):
    """Of the two passes of a pair."""
    return [(name, pair.store, pair.as_of, pair.parameters, reviewed) for name in (pair.before, pair.after)]


def compare(shop, passes, pair, reviewed):
    """What the plans of a pair say otherwise than the passes; what a plan has to say; what it says."""
    before, after = (passes[key] for key in keys(pair, reviewed))
    options = ["--review-all"] if reviewed else []
    wanted, wanted_back = naive.expected(before, after), naive.expected(after, before)
    plan = naive.told(exact(shop.plan(pair, *options, "--format", "json")))
    back = naive.told(exact(shop.plan(pair, *options, "--reverse", "--format", "json")))
    if reviewed:                    # the packs that were evaluated are others
        for shape in (wanted, wanted_back, plan, back):
            del shape["from"], shape["to"]
    wrong = naive.differences(wanted, plan) + naive.differences(wanted_back, back, "reverse:")
    for name, ladder in wanted["ladders"].items():
        transposed = {(column, row): count for (row, column), count in ladder["matrix"].items()}
        wrong += naive.differences(transposed, back["ladders"][name]["matrix"], "transposed:")
    rows = csv.DictReader(io.StringIO(shop.plan(pair, *options, "--format", "csv")))
    movers = [(row["customer"], row["ladder"], row["from"] or naive.NONE, row["to"] or naive.NONE, row["direction"])
              for row in rows]
    return wrong + naive.differences(wanted["movers"], movers, "csv:"), wanted, plan


def check_itself(wanted, plan):
    """A change of one number or name of a plan is noticed."""
    if naive.differences(wanted, plan):
        sys.exit("plan pairs: the plan that is changed does not agree as it is")
    changed = [copy.deepcopy(plan) for _ in range(9)]
    for shape, ladder in zip(changed, ("club", "shares")):
        cells = shape["ladders"][ladder]["matrix"]
        cells[min(cells)] += 1
    changed[2]["ladders"]["club"]["matrix"]["gold", "none"] = 1
    changed[3]["ladders"]["club"]["demoted"] -= 1
    changed[4]["movers"].pop()
    changed[5]["movers"][0] = *changed[5]["movers"][0][:4], "across"
    changed[6]["costs"]["discount"]["after"]["cost"] += Decimal("0.01")
    changed[7]["segments"]["loyal"]["before"] += 1
    changed[8]["moves"]["after"]["club"]["grace_started"] += 1
    for number, plan in enumerate(changed):
        if not naive.differences(wanted, plan):
            sys.exit(f"plan pairs: change {number} of a plan is not noticed")


def at_least(least, number, what):
    print(f"plan pairs: {number} {what}")
    if number < least:
        sys.exit(f"plan pairs: with fewer than {least} the comparison proves too little")


def untouched(shop):
    """What the plans must leave as it is."""
    states = [shop.state(store) for store in shop.stores]
    beside = sorted(path.name for path in shop.work.glob("*.tiers.db*"))
    return [hashlib.sha256(state.read_bytes()).digest() for state in states], beside


def main():
    if len(sys.argv) != 3:
        print("usage: plan_pairs.py BINARY STORE", file=sys.stderr)
        return 2
    binary, store = (Path(word).resolve() for word in sys.argv[1:])
    asked = [(pair, False) for pair in PAIRS] + [(pair, True) for pair in REVIEWED]
    with tempfile.TemporaryDirectory() as work, ThreadPoolExecutor(2) as pool:
        shop = Shop(binary, store, Path(work))
        list(pool.map(shop.make_state, shop.stores))
        for name in shop.stores:
            shop.check_state(name)
        before = untouched(shop)
        needed = {key: (key[0], pair, reviewed) for pair, reviewed in asked for key in keys(pair, reviewed)}
        passes = dict(zip(needed, pool.map(lambda it: shop.passed(*it), needed.values())))
        compared = list(pool.map(lambda it: compare(shop, passes, *it), asked))
        if untouched(shop) != before:
            sys.exit("plan pairs: FAILED: the states are not what they were before the plans")

    failed, moving, moves = 0, {False: [], True: []}, 0
    for (pair, reviewed), (wrong, wanted, _) in zip(asked, compared):
        moved = {way: sum(ladder[way] for ladder in wanted["ladders"].values()) for way in WAYS}
        told = ", ".join(f"{count} {way}" for way, count in moved.items())
        print(f"plan pairs: {pair.before} -> {pair.after}, {pair.as_of}, {pair.store}"
              f"{', everybody reviewed' if reviewed else ''}: {told}")
        for line in wrong[:SHOWN]:
            print(f"  {line}")
        failed += bool(wrong)
        moving[reviewed].append({way for way, count in moved.items() if count})
        moves += sum(moved.values())
    if failed:
        print(f"plan pairs: FAILED: {failed} of {len(asked)} pairs differ")
        return 1
    at_least(20, len(PAIRS), "pairs of packs")
    at_least(3, sum(pair.store == "whole" for pair in PAIRS), "of them on the whole store")
    for way, least in ("promoted", 15), ("demoted", 10), ("across", 2):
        at_least(least, sum(way in ways for ways in moving[False]), f"of them with somebody {way}")
    at_least(5, sum(bool(ways) for ways in moving[True]), "pairs with everybody reviewed in which somebody moves")
    _, wanted, plan = next(it for it in compared if "shares" in it[1]["ladders"])
    check_itself(wanted, plan)
    print(f"plan pairs: all {len(asked)} agree, with {moves} moves")
    return 0


if __name__ == "__main__":
    sys.exit(main())
