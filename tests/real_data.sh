#!/bin/sh
# Real invoices against a second computation: tests/real_data.sh target/release/tierkeeper
# Needs ../shared/data/online_retail.csv.xz beside the project, and Python 3.
# Exit: 0 all agrees, or skipped; 1 a difference; 2 usage.
set -u

if [ $# -ne 1 ]; then
    echo "usage: tests/real_data.sh BINARY" >&2
    exit 2
fi
root=$(cd "$(dirname "$0")/.." && pwd) || exit 2
data=$root/../shared/data/online_retail.csv.xz
if [ ! -f "$data" ]; then
    echo "real data: skipped, ../shared/data is not here"
    exit 0
fi
case $1 in
    */*) binary=$(cd "$(dirname "$1")" 2>/dev/null && pwd)/$(basename "$1") ;;
    *) binary=$(command -v "$1" || echo "$1") ;;
esac
if [ ! -x "$binary" ]; then
    echo "real data: $1 is not a program" >&2
    exit 2
fi
if ! command -v python3 >/dev/null; then
    echo "real data: python3 is needed" >&2
    exit 2
fi

pack=$root/fixtures/online-retail
work=$(mktemp -d) || exit 2
trap 'rm -rf "$work"' EXIT
trap 'exit 1' HUP INT TERM
cd "$work" || exit 2            # nothing of the project's own tierkeeper.yaml is to be found from here
unset TIERKEEPER_AS_OF

fail() {
    echo "real data: FAILED: $*" >&2
    exit 1
}

step() {                        # step NAME COMMAND…: stdout to NAME, stderr shown when it fails
    name=$1
    shift
    if ! "$@" >"$name" 2>"$name.err"; then
        tail -n 20 "$name" "$name.err" >&2
        fail "$name: the command failed: $*"
    fi
}

python3 - "$data" online_retail.csv <<'PYTHON' || fail "the data cannot be unpacked"
import lzma, shutil, sys
with lzma.open(sys.argv[1]) as packed, open(sys.argv[2], "wb") as plain:
    shutil.copyfileobj(packed, plain)
PYTHON

step import "$binary" import online_retail.csv --into invoices --pack "$pack" --store shop.db
python3 - shop.db <<'PYTHON' || fail "the imported table is not what the file holds"
import sqlite3, sys
store = sqlite3.connect(sys.argv[1])
known = {
    "columns": ("InvoiceNo,StockCode,Description,Quantity,InvoiceDate,UnitPrice,CustomerID,Country",
                "SELECT group_concat(name) FROM (SELECT name FROM pragma_table_info('invoices') ORDER BY cid)"),
    "rows": (541909, "SELECT count(*) FROM invoices"),
    "invoices": (25900, "SELECT count(DISTINCT InvoiceNo) FROM invoices"),
    "stock codes": (4070, "SELECT count(DISTINCT StockCode) FROM invoices"),
    "countries": (38, "SELECT count(DISTINCT Country) FROM invoices"),
    "rows without a customer": (135080, "SELECT count(*) FROM invoices WHERE CustomerID IS NULL OR CustomerID = ''"),
    "rows at price 0": (2515, "SELECT count(*) FROM invoices WHERE UnitPrice + 0 = 0"),
    "first time": ("2010-12-01 08:26:00", "SELECT min(InvoiceDate) FROM invoices"),
}
for what, (value, query) in known.items():
    found = store.execute(query).fetchone()[0]
    if found != value:
        sys.exit(f"  {what}: {found}, known {value}")
PYTHON

for date in 2011-06-30 2011-12-09; do
    step "evaluate-$date.json" "$binary" evaluate --pack "$pack" --store shop.db --state "$date.db" \
        --as-of "$date" --format json
    step "list-$date.csv" "$binary" list --pack "$pack" --store shop.db --state "$date.db" --format csv
done

# What is published about the data, held against the program directly.
python3 - evaluate-2011-12-09.json list-2011-12-09.csv <<'PYTHON' || fail "a published figure of the data is missed"
import csv, json, sys
from decimal import Decimal
with open(sys.argv[1], encoding="utf-8") as file:
    found = json.load(file)
club = found["ladders"]["club"]
tiers = {tier: n for tier, n in club["tiers"].items() if n}
known = [
    ("customers", found["customers"], 4372),
    ("skipped rows", found["skipped_rows"], {"no customer": 135080}),
    ("bad rows", found["bad_rows"], 0),
    ("faults", found["faults"], 0),
    # at least 10 000 / 5 000 / 1 000 / 200: 97 / 263 / 1 633 / 3 659 customers
    ("club", tiers, {"platinum": 97, "gold": 263 - 97, "silver": 1633 - 263, "bronze": 3659 - 1633}),
    ("club none", club["none"], 4372 - 3659),
    ("club entered", club["moves"]["entered"], 3659),
]
with open(sys.argv[2], encoding="utf-8", newline="") as file:
    rows = [row for row in csv.DictReader(file) if row["ladder"] == "club"]
net = sorted(((Decimal(row["net"]), row["customer"]) for row in rows), reverse=True)
known += [
    ("customers in the list", len(rows), 4372),
    ("sum of net", sum(value for value, _ in net), Decimal("8300065.814")),
    ("largest net", net[:3], [(Decimal("279489.02"), "14646"), (Decimal("256438.49"), "18102"),
                              (Decimal("187482.17"), "17450")]),
    ("net of nothing", sum(value == 0 for value, _ in net), 14),
    ("net below nothing", sum(value < 0 for value, _ in net), 41),
    ("single invoice", sum(row["order_count"] == "1" for row in rows), 1494),
    ("cancelled lines", sum(int(row["cancelled_lines"]) for row in rows), 8905),
]
for what, value, wanted in known:
    if value != wanted:
        sys.exit(f"  {what}: {value}, known {wanted}")
PYTHON

python3 "$root/tests/independent/online_retail.py" online_retail.csv --figures \
    --as-of 2011-06-30 --evaluate evaluate-2011-06-30.json --list list-2011-06-30.csv \
    --as-of 2011-12-09 --evaluate evaluate-2011-12-09.json --list list-2011-12-09.csv \
    || fail "the second computation disagrees"
# Plans against really passing both packs.
python3 "$root/tests/independent/plan_pairs.py" "$binary" shop.db >plans 2>&1 || {
    tail -n 40 plans >&2
    fail "a plan says something else than its passes"
}
tail -n 1 plans
# The worked example prints what it shows.
mkdir wholesaler && cp -R "$root"/fixtures/wholesaler/* wholesaler/ && cp online_retail.csv wholesaler/ \
    || fail "the example cannot be prepared"
python3 "$root/tests/pages.py" "$binary" "$root/docs/wholesaler.md" --in wholesaler || fail "docs/wholesaler.md shows something else"
echo "real data: all agrees"
