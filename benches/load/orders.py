"""New orders while a host runs: how long until their customers are decided, against full passes of
the same run: the first one, in which everybody enters a tier, and one that finds as many new orders.

    python3 benches/load/orders.py STORE [ORDERS]

STORE: one of `target/bench/orders-*.db`, which `cargo bench --bench plan` (`-- --full`) makes; it is
copied. Needs a release build.
"""

import json, os, random, shutil, sqlite3, statistics, subprocess, sys, tempfile, time, urllib.request

store, orders = sys.argv[1], int(sys.argv[2]) if len(sys.argv) > 2 else 10_000
program = os.environ.get("TIERKEEPER", "target/release/tierkeeper")
scratch = tempfile.mkdtemp()
shop = os.path.join(scratch, "shop.db")
shutil.copyfile(store, shop)
connection = sqlite3.connect(shop)
connection.execute("PRAGMA journal_mode = WAL")
customers = connection.execute("SELECT max(customer_id) FROM orders").fetchone()[0]
# The copy, not the host, would keep the disk busy.
os.sync()
log = open(os.path.join(scratch, "log"), "w")
rng = random.Random(7)
host = None


def last_pass():
    try:
        with urllib.request.urlopen("http://127.0.0.1:7980/v1/status", timeout=60) as answer:
            return json.load(answer)["last_pass"]
    except OSError:
        return None


def full_pass():
    """Starts a host: the seconds of the pass that it begins with."""
    global host
    host = subprocess.Popen(
        [program, "run", "--pack", "benches/club", "--store", shop, "--state", os.path.join(scratch, "state.db"),
         "--listen", "127.0.0.1:7980", "--as-of", "2026-03-21", "--log", "json"], stderr=log)
    while not (full := last_pass()):
        time.sleep(0.05)
    whole = sum(full["seconds"].values())
    print(f"full pass: {full['customers']} customers, {full['events']} events in {whole:.2f} s {full['seconds']}")
    return whole


def insert():
    rows = [(rng.randint(1, customers), "2026-03-21 12:00:00", rng.randint(99, 20_000), 99) for _ in range(orders)]
    with connection:
        connection.executemany("INSERT INTO orders VALUES (NULL, ?, ?, ?, ?)", rows)


def stop():
    host.terminate()
    host.wait()


try:
    first = full_pass()
    took = []
    for _ in range(5):
        before = last_pass()["at"]
        insert()
        began = time.monotonic()
        while (touched := last_pass())["at"] == before:
            time.sleep(0.01)
        waited, seconds = time.monotonic() - began, touched["seconds"]
        took.append(sum(seconds.values()))
        print(f"{orders} orders, {touched['customers']} customers ({touched['kind']}), {touched['events']} events: "
              f"{took[-1]:.2f} s of work {seconds}, {waited:.2f} s after the commit")
    stop()
    insert()
    again = full_pass()
    median = statistics.median(took)
    print(f"median {median:.2f} s: {first / median:.1f} times faster than the first full pass, "
          f"{again / median:.1f} times faster than the full pass with as many new orders")
finally:
    stop()
    shutil.rmtree(scratch)
