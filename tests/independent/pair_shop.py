"""Stores, stored standings and real passes for `plan_pairs.py`: the program is only run."""

import csv
import datetime
import io
import json
import re
import shutil
import sqlite3
import subprocess
import sys
from decimal import Decimal

from pair_naive import Passed
from pair_packs import AGAIN, PACKS, SHARES

EARLIER = ["2011-02-01", "2011-03-10", "2011-05-02", "2011-07-01", "2011-09-05"]
HELD_ON = "2011-09-06"


class Shop:
    """The packs, the stores and their stored standings, in a directory of its own."""

    def __init__(self, binary, store, work):
        self.binary, self.work = binary, work
        self.stores = {"whole": store, "part": work / "part.db"}
        self.make_part()
        for name, text in PACKS.items():
            self.write_pack(name, text)
            self.write_pack(without_graces(name), re.sub(r", grace: [^,}]+(?=[,}])", " ", text))

    def write_pack(self, name, text):
        self.pack(name).mkdir(parents=True)
        (self.pack(name) / "pack.yaml").write_text(text, encoding="utf-8")

    def pack(self, name):
        return self.work / "packs" / name

    def state(self, store):
        return self.work / f"{store}.tiers.db"

    def run(self, command, pack, store, state, *options):
        words = [self.binary, command, "--pack", self.pack(pack), "--store", self.stores[store], "--state", state]
        done = subprocess.run([*words, *options], capture_output=True, encoding="utf-8", cwd=self.work)
        if done.returncode != 0:
            sys.exit(f"plan pairs: {command} of {pack!r} {options}: exit {done.returncode}\n{done.stderr[-2000:]}")
        return done.stdout

    def listed(self, *place):
        return list(csv.DictReader(io.StringIO(self.run("list", *place, "--format", "csv"))))

    def make_part(self):
        """A fifth of the customers."""
        part = sqlite3.connect(self.stores["part"])
        with part:
            part.execute("ATTACH ? AS whole", (str(self.stores["whole"]),))
            made = part.execute("SELECT sql FROM whole.sqlite_master WHERE name = 'invoices'").fetchone()[0]
            part.execute(made)
            part.execute("INSERT INTO invoices SELECT * FROM whole.invoices WHERE CustomerID % 5 = 0")
        part.close()

    def make_state(self, store):
        """Real passes of the base pack, with holds before the last."""
        place = "base", store, self.state(store)
        for date in EARLIER:
            self.run("evaluate", *place, "--as-of", date)
        holds = self.work / f"{store}.holds.csv"
        with holds.open("w", encoding="utf-8", newline="") as file:
            csv.writer(file).writerows([("customer", "tier", "until", "floor"), *wanted_holds(self.listed(*place))])
        self.run("hold", *place, "--from", holds, "--reason", "agreed", "--as-of", HELD_ON)
        self.run("evaluate", *place, "--as-of", AGAIN)

    def passed(self, name, pair, reviewed):
        """A real pass of a pack on a copy of the stored standings."""
        directory = self.work / f"{name}, {pair.store}, {pair.as_of}, {pair.parameters}, {reviewed}"
        directory.mkdir()
        copied = directory / "state.db"
        shutil.copyfile(self.state(pair.store), copied)
        if reviewed:
            make_due(copied, pair.as_of)
        pack = without_graces(name) if reviewed else name
        place = pack, pair.store, copied, *parameters(pair)
        summary = exact(self.run("evaluate", *place, "--as-of", pair.as_of, "--format", "json"))
        passed = Passed(PACKS[name], summary, self.listed(*place), cutoffs(copied, PACKS[name], summary))
        shutil.rmtree(directory)
        return passed

    def plan(self, pair, *options):
        return self.run("plan", pair.before, pair.store, self.state(pair.store), "--against", self.pack(pair.after),
                        "--as-of", pair.as_of, *parameters(pair), *options)

    def check_state(self, store):
        """The stored standings hold what a plan can get wrong."""
        stored = sqlite3.connect(self.state(store))
        for what, query in {
            "graces that run": "SELECT count(*) FROM tk_standing WHERE grace_until > :today",
            "promised periods": "SELECT count(*) FROM tk_standing WHERE review_on > :today + 60",
            "weekly ticks": "SELECT count(*) FROM tk_standing WHERE tick = 2",
            "monthly ticks": "SELECT count(*) FROM tk_standing WHERE tick = 3",
            "pins": "SELECT count(*) FROM tk_hold WHERE floor = 0 AND coalesce(until, :today + 1) > :today",
            "floors": "SELECT count(*) FROM tk_hold WHERE floor = 1",
            "holds that end soon": "SELECT count(*) FROM tk_hold WHERE until BETWEEN :today AND :today + 20",
            "held cutoffs": "SELECT count(*) FROM tk_cutoff WHERE until > :today",
        }.items():
            number = stored.execute(query, {"today": days(AGAIN)}).fetchone()[0]
            print(f"plan pairs: stored standings, {store}: {number} {what}")
            if number == 0:
                sys.exit(f"plan pairs: without {what} the comparison proves too little")
        stored.close()


def without_graces(name):
    return f"{name}, without graces"


def parameters(pair):
    return [word for parameter in pair.parameters for word in ("--set", parameter)]


def exact(text):
    return json.loads(text, parse_float=Decimal, parse_int=Decimal)


def days(date):
    return (datetime.date.fromisoformat(date) - datetime.date(1970, 1, 1)).days


def wanted_holds(listed):
    """Pins and floors; some are over before the dates of the pairs."""
    of = {}
    for row in listed:
        of.setdefault((row["ladder"], row["tier"]), []).append(row["customer"])
    for place, first, every, tier, until, floor in [
        (("club", "member"), 0, 60, "club.gold", "2011-09-24", ""),
        (("club", "member"), 20, 60, "club.silver", "2012-01-01", "yes"),
        (("club", "member"), 40, 60, "club.silver", "", ""),
        (("club", "gold"), 0, 10, "club.member", "2011-11-01", ""),
        (("club", "silver"), 3, 25, "club.gold", "", "yes"),
        (("shares", ""), 0, 40, "shares.vip", "2011-10-03", ""),
        (("shares", "vip"), 1, 8, "shares.small", "", ""),
    ]:
        for customer in of[place][first::every]:
            yield customer, tier, until, floor


def make_due(state, as_of):
    """Everybody who holds a tier is due, and graces are over."""
    today = {"today": days(as_of)}
    edited = sqlite3.connect(state)
    with edited:
        edited.execute("UPDATE tk_standing SET review_on = :today, tick = NULL WHERE tier IS NOT NULL", today)
        edited.execute("UPDATE tk_standing SET grace_until = min(grace_until, :today)", today)
    edited.close()


def cutoffs(state, text, summary):
    """The values that a pass used: its own, or those of the ladder of shares that are held since before."""
    stored = sqlite3.connect(state)
    rows = stored.execute(
        "SELECT text, value, taken_on, until, hash FROM tk_cutoff JOIN tk_program ON tk_program.id = program"
        " ORDER BY taken_on").fetchall()
    stored.close()
    today, found = days(summary["as_of"]), {}
    for name, value, taken_on, until, program in rows:
        held = SHARES in text and taken_on < today < (until or 0)
        if held or taken_on == today and program == summary["program"]:
            found[name] = None if value is None else Decimal(value)
    return found
