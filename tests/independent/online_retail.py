#!/usr/bin/env python3
"""A second computation of the pack `fixtures/online-retail`, straight from the CSV.

It shares no code with tierkeeper: the rules are written here again, by hand, from the
reference of the pack language, with whole numbers and fractions only. Python 3, standard
library alone.

    online_retail.py DATA.csv[.xz] --as-of 2011-12-09 --list list.csv [--evaluate evaluate.json]
    tierkeeper list --format csv … | online_retail.py DATA.csv.xz --as-of 2011-12-09 --list -
    online_retail.py DATA.csv.xz --as-of 2011-12-09 --write own.csv     its own values
    online_retail.py DATA.csv.xz --figures                              the known figures of the data

Exit: 0 everything agrees, 1 a disagreement (or an empty or short comparison), 2 usage.
"""

import argparse
import csv
import datetime
import io
import json
import lzma
import math
import re
import sys
from decimal import Decimal
from fractions import Fraction

NEVER = 36500
MICRO = 10**6                      # prices and amounts are kept as whole millionths
SHOWN = 20                         # disagreements that are printed

# ------------------------------------------------------------------ parameters of the pack
PLATINUM_NET, GOLD_NET, SILVER_NET, BRONZE_NET = 10000, 5000, 1000, 200
TOP_SHARE = 5
GROSS_MARGIN = 40
BULK_PIECES = 48
SPRING = datetime.date(2011, 3, 21).toordinal()
HOME = "United Kingdom"
NO_PRODUCTS = {"POST", "DOT", "M", "D", "C2", "BANK CHARGES"}
NORTH = {"EIRE", "Norway", "Sweden", "Finland", "Denmark", "Iceland"}


# ------------------------------------------------------------------ dates and windows
def day(text):
    return datetime.date.fromisoformat(text)


def months_later(date, months):
    """Calendar months; a day the month lacks becomes its last day."""
    index = date.year * 12 + date.month - 1 + months
    year, month = divmod(index, 12)
    month += 1
    following = datetime.date(year + month // 12, month % 12 + 1, 1)
    last = (following - datetime.timedelta(days=1)).day
    return datetime.date(year, month, min(date.day, last))


def earlier(date, length):
    number, unit = length.split()
    number, unit = int(number), unit.rstrip("s")
    if unit in ("day", "week"):
        return date - datetime.timedelta(days=number * (7 if unit == "week" else 1))
    return months_later(date, -number * (12 if unit == "year" else 1))


CALENDAR_MONTHS = {"year": 12, "half-year": 6, "quarter": 3, "month": 1}


def period_start(date, period):
    if period == "week":
        return date - datetime.timedelta(days=date.weekday())
    months = CALENDAR_MONTHS[period]
    return datetime.date(date.year, (date.month - 1) // months * months + 1, 1)


def period_before(date, period):
    """First and last day of the whole period before the one with `date`."""
    last = period_start(date, period) - datetime.timedelta(days=1)
    return period_start(last, period), last


def window(date, within):
    """First and last day, both inside, as of `date`."""
    if within == "lifetime":
        return datetime.date.min, date
    if within.startswith("previous calendar "):
        return period_before(date, within.rsplit(" ", 1)[1])
    if within.startswith("calendar "):
        return period_start(date, within.rsplit(" ", 1)[1]), date
    return earlier(date, within) + datetime.timedelta(days=1), date


# ------------------------------------------------------------------ numbers
def six(value):
    """Half to even at six decimals; `round` of a Fraction is exact and does just that."""
    return round(Fraction(value), 6)


def div(left, right):
    """Every `/` is rounded by itself; a zero below raises ZeroDivisionError."""
    return six(Fraction(left) / right)


def root_six(value):
    """The square root at six decimals, half to even, without a float."""
    scaled = Fraction(value) * 10**12
    low = math.isqrt(scaled.numerator // scaled.denominator)
    middle = Fraction(2 * low + 1, 2) ** 2
    if scaled > middle or (scaled == middle and low % 2):
        low += 1
    return Fraction(low, MICRO)


def remainder(left, right):
    """`%` takes the sign of the left side."""
    rest = abs(left) % abs(right)
    return -rest if left < 0 else rest


# ------------------------------------------------------------------ the facts
class Line:
    __slots__ = ("day", "time", "invoice", "sku", "quantity", "price", "amount", "country")


class Order:
    __slots__ = ("day", "time", "line_count", "pieces")


def whole_micro(text):
    value = Decimal(text) * MICRO
    whole = int(value)
    if value != whole:
        raise SystemExit(f"price {text} has more than six decimals")
    return whole


def read_facts(path):
    """Lines by customer, orders by customer, and the days of the rows without a customer."""
    opened = lzma.open(path, "rb") if path.endswith(".xz") else open(path, "rb")
    with opened as raw:
        reader = csv.reader(io.TextIOWrapper(raw, encoding="utf-8", newline=""))
        header = next(reader)
        expected = "InvoiceNo,StockCode,Description,Quantity,InvoiceDate,UnitPrice,CustomerID,Country"
        if ",".join(header) != expected:
            raise SystemExit(f"another header than expected: {header}")
        lines, orders, nobody, everything = {}, {}, [], 0
        invoices, days, prices = {}, {}, {}
        for invoice, sku, _, quantity, time, price, customer, country in reader:
            date = time[:10]
            ordinal = days.get(date)
            if ordinal is None:
                ordinal = days[date] = day(date).toordinal()
            micro = prices.get(price)
            if micro is None:
                micro = prices[price] = whole_micro(price)
            pieces = int(quantity)
            everything += pieces * micro
            if customer == "":
                nobody.append(ordinal)
                continue
            number = Decimal(customer)
            if number != int(number):
                raise SystemExit(f"customer {customer} is not a whole number")
            customer = int(number)
            line = Line()
            line.day, line.time, line.invoice, line.sku = ordinal, time, invoice, sku
            line.quantity, line.price, line.amount, line.country = pieces, micro, pieces * micro, country
            lines.setdefault(customer, []).append(line)
            key = (invoice, customer)
            order = invoices.get(key)
            if order is None:
                order = invoices[key] = Order()
                order.time, order.day, order.line_count, order.pieces = time, ordinal, 1, pieces
                orders.setdefault(customer, []).append(order)
            else:
                order.line_count += 1
                order.pieces += pieces
                if time < order.time:
                    order.time, order.day = time, ordinal
    return lines, orders, nobody, Fraction(everything, MICRO)


# ------------------------------------------------------------------ tops of the population
class Population:
    """Members only: (customer, value) pairs of the customers with net > 0."""

    def __init__(self, members):
        self.members = members

    def size(self):
        return len(self.members)

    def first(self, share):
        """How many are `share` percent: the next whole number."""
        return math.ceil(self.size() * Fraction(share) / 100)

    def top(self, count, key, ties, order=None):
        """The top `count` by `key` (larger is better) under a rule for ties.

        `order` gives what `break_by` compares after the key, larger first; the smaller
        customer is the last word.
        """
        count = min(count, self.size())
        if count <= 0:
            return set()
        if ties == "break_by":
            ranked = sorted(self.members)                               # smaller customer first
            ranked.sort(key=lambda c: (key(c), order(c)), reverse=True)  # a stable sort
            return set(ranked[:count])
        ranked = sorted(self.members, key=key, reverse=True)
        if ties == "include":
            border = key(ranked[count - 1])
            return {c for c in self.members if key(c) >= border}
        if count == self.size():
            return set(ranked)
        border = key(ranked[count])
        return {c for c in self.members if key(c) > border}

    def top_percent(self, share, key, ties="include", order=None):
        return self.top(self.first(share), key, ties, order)

    def makes_percent(self, share, key, ties="include", order=None):
        """The smallest top whose sum reaches the share of the total."""
        values = sorted((key(c) for c in self.members), reverse=True)
        wanted = Fraction(sum(values)) * share / 100
        reached, count = Fraction(0), 0
        while reached < wanted and count < len(values):
            reached += values[count]
            count += 1
        return self.top(count, key, ties, order)

    def values(self, column, never_counts=True):
        found = sorted(column[c] for c in self.members)
        return found if never_counts else [v for v in found if v != NEVER]

    def percentile(self, share, column):
        found = self.values(column)
        if not found:
            return Fraction(0)
        return Fraction(found[max(math.ceil(len(found) * Fraction(share) / 100), 1) - 1])

    def average(self, column, days=False):
        found = self.values(column, not days)
        return six(Fraction(sum(found)) / len(found)) if found else Fraction(0)

    def median(self, column, days=False):
        found = self.values(column, not days)
        if not found:
            return Fraction(0)
        half = len(found) // 2
        if len(found) % 2:
            return six(found[half])
        return six(Fraction(found[half - 1] + found[half]) / 2)

    def total(self, column, days=False):
        return six(sum(self.values(column, not days)))

    def stddev(self, column, days=False):
        """Of the whole population, so divided by N."""
        found = self.values(column, not days)
        if not found:
            return Fraction(0)
        count = len(found)
        mean = Fraction(sum(found)) / count
        return root_six(Fraction(sum(v * v for v in found)) / count - mean * mean)

    def scores(self, column, bins, larger_is_better, everybody):
        """1 + floor(p × bins), p = the part of the population that is strictly worse."""
        ordered = self.values(column)
        size = len(ordered)
        score = {}
        for value in {column[c] for c in everybody}:
            if larger_is_better:
                worse = lower_bound(ordered, value)
            else:
                worse = size - upper_bound(ordered, value)
            score[value] = min(1 + (worse * bins // size if size else 0), bins)
        return {c: score[column[c]] for c in everybody}


def lower_bound(ordered, value):
    low, high = 0, len(ordered)
    while low < high:
        middle = (low + high) // 2
        low, high = (middle + 1, high) if ordered[middle] < value else (low, middle)
    return low


def upper_bound(ordered, value):
    low, high = 0, len(ordered)
    while low < high:
        middle = (low + high) // 2
        low, high = (middle + 1, high) if ordered[middle] <= value else (low, middle)
    return low


# ------------------------------------------------------------------ the metrics
class Pass:
    """One as-of date: every metric of the pack, in its order, for every customer."""

    def __init__(self, lines, orders, as_of):
        self.as_of = as_of
        last = as_of.toordinal()
        cut = lambda facts: {c: [f for f in rows if f.day <= last] for c, rows in facts.items()}
        self.facts = {"lines": cut(lines), "orders": cut(orders)}
        self.customers = sorted(c for c, rows in self.facts["lines"].items() if rows)
        self.metrics = {}

    # --- rows of a customer in a window
    def rows(self, source, where, within, ago):
        date = earlier(self.as_of, ago) if ago else self.as_of
        first, last = window(date, within)
        return self.between(source, where, first, last), date.toordinal()

    def between(self, source, where, first, last):
        first, last = first.toordinal(), last.toordinal()
        facts = self.facts[source]
        found = {}
        for customer in self.customers:
            rows = [f for f in facts.get(customer, ()) if first <= f.day <= last]
            found[customer] = [f for f in rows if where(f)] if where else rows
        return found

    def add(self, name, column):
        if name in self.metrics:
            raise SystemExit(f"{name} is declared twice")
        self.metrics[name] = column

    def over_rows(self, name, source, compute, where=None, within="lifetime", ago=None):
        rows, date = self.rows(source, where, within, ago)
        self.add(name, {c: compute(found, date) for c, found in rows.items()})

    def before(self, name, source, compute, where, period):
        """`previous(metric)`: the same metric over the whole period before."""
        rows = self.between(source, where, *period_before(self.as_of, period))
        self.add(name, {c: Fraction(compute(found, None)) for c, found in rows.items()})

    def expr(self, name, compute, otherwise=0):
        column = {}
        for customer in self.customers:
            try:
                column[customer] = six(compute(customer))
            except ZeroDivisionError:
                column[customer] = Fraction(otherwise)
        self.add(name, column)

    def flag(self, name, members):
        self.add(name, {c: Fraction(1 if c in members else 0) for c in self.customers})

    def same(self, name, value):
        self.add(name, {c: six(value) for c in self.customers})

    def rfm(self, name, recency, frequency, monetary, bins):
        everybody = self.customers
        r = self.population.scores(self.metrics[recency], bins, False, everybody)
        f = self.population.scores(self.metrics[frequency], bins, True, everybody)
        m = self.population.scores(self.metrics[monetary], bins, True, everybody)
        self.add(name, {c: r[c] + f[c] + m[c] for c in everybody})
        self.add(name + ".r", r)
        self.add(name + ".f", f)
        self.add(name + ".m", m)


# what a metric computes from its rows and the day it is taken on
def count(rows, _):
    return len(rows)


def total_of(column):
    scale = 1 if column in ("quantity", "pieces", "line_count") else MICRO
    return lambda rows, _: Fraction(sum(getattr(f, column) for f in rows), scale)


def scale_of(column):
    return 1 if column in ("quantity", "pieces", "line_count") else MICRO


def extreme(column, pick):
    return lambda rows, _: Fraction(pick(getattr(f, column) for f in rows), scale_of(column)) if rows else 0


def mean_of(column):
    return lambda rows, _: (
        six(Fraction(sum(getattr(f, column) for f in rows), scale_of(column) * len(rows))) if rows else 0)


def first_of(column):
    def compute(rows, _):
        if not rows:
            return 0
        time = min(f.time for f in rows)
        return Fraction(min(getattr(f, column) for f in rows if f.time == time), scale_of(column))
    return compute


def last_of(column):
    def compute(rows, _):
        if not rows:
            return 0
        time = max(f.time for f in rows)
        return Fraction(max(getattr(f, column) for f in rows if f.time == time), scale_of(column))
    return compute


def distinct(column):
    return lambda rows, _: len({getattr(f, column) for f in rows})


def percent(matches):
    return lambda rows, _: six(Fraction(sum(1 for f in rows if matches(f)) * 100, len(rows))) if rows else 0


def since_last(rows, date):
    return date - max(f.day for f in rows) if rows else NEVER


def since_first(rows, date):
    return date - min(f.day for f in rows) if rows else NEVER


def between_days(rows, _):
    days = sorted({f.day for f in rows})
    return six(Fraction(days[-1] - days[0], len(days) - 1)) if len(days) > 1 else NEVER


def compute(lines, orders, as_of):
    p = Pass(lines, orders, as_of)
    m = p.metrics
    L, O = "lines", "orders"
    cents = MICRO // 100                # a penny in millionths
    bought_line = lambda f: f.quantity > 0
    returned_line = lambda f: f.quantity < 0
    bought_order = lambda f: f.pieces > 0

    # the whole life
    p.over_rows("line_count", L, count)
    p.over_rows("net", L, total_of("amount"))
    p.over_rows("pieces", L, total_of("quantity"))
    p.over_rows("cancelled_lines", L, count, returned_line)
    p.over_rows("bought", L, total_of("amount"), bought_line)
    p.over_rows("returned", L, total_of("amount"), returned_line)
    p.over_rows("order_count", O, count, bought_order)
    p.over_rows("invoice_count", L, distinct("invoice"))
    p.over_rows("product_count", L, distinct("sku"), lambda f: f.quantity > 0 and f.sku not in NO_PRODUCTS)
    p.over_rows("price_count", L, distinct("price"))
    p.over_rows("active_days", L, distinct("day"))
    p.over_rows("lowest_price", L, extreme("price", min), lambda f: f.price > 0)
    p.over_rows("highest_price", L, extreme("price", max))
    p.over_rows("worst_line", L, extreme("amount", min))
    p.over_rows("best_line", L, extreme("amount", max))
    p.over_rows("largest_order", O, extreme("line_count", max))
    p.over_rows("smallest_order", O, extreme("line_count", min), bought_order)
    p.over_rows("average_price", L, mean_of("price"))
    p.over_rows("average_pieces", L, mean_of("quantity"))
    p.over_rows("average_line", L, mean_of("amount"), lambda f: f.quantity > 0 and f.price > 0)
    p.over_rows("first_price", L, first_of("price"))
    p.over_rows("last_price", L, last_of("price"))
    p.over_rows("first_pieces", L, first_of("quantity"))
    p.over_rows("last_amount", L, last_of("amount"), bought_line)
    p.over_rows("last_return", L, last_of("amount"), returned_line)
    p.over_rows("cancelled_percent", L, percent(returned_line))
    p.over_rows("abroad_percent", L, percent(lambda f: f.country != HOME))
    p.over_rows("recency", L, since_last, bought_line)
    p.over_rows("since_return", L, since_last, returned_line)
    p.over_rows("tenure", L, since_first)
    p.over_rows("since_bulk", L, since_first, lambda f: f.quantity >= BULK_PIECES)
    p.over_rows("pace", L, between_days)
    p.over_rows("order_pace", O, between_days, bought_order)

    # conditions on rows
    today = as_of.toordinal()
    summer = datetime.date(2011, 6, 21).toordinal()
    p.over_rows("free_lines", L, count, lambda f: f.price == 0)
    p.over_rows("postage", L, total_of("amount"), lambda f: f.sku in ("POST", "DOT"))
    p.over_rows("northern_lines", L, count, lambda f: f.country in NORTH)
    p.over_rows("cheap_lines", L, count, lambda f: 42 * cents <= f.price <= 125 * cents)
    p.over_rows("odd_lines", L, count, lambda f: f.quantity % 2 == 1)
    p.over_rows("heavy_lines", L, count, lambda f: abs(f.amount) > 100 * MICRO or f.quantity >= BULK_PIECES)
    p.over_rows("spring_net", L, total_of("amount"), lambda f: SPRING <= f.day < summer)
    p.over_rows("recent_lines", L, count, lambda f: today - f.day < 45)
    p.over_rows("gift_lines", L, count, lambda f: (
        f.quantity > 0
        and (f.price < 85 * cents or f.quantity >= BULK_PIECES or f.amount >= 50 * MICRO)
        and not (f.sku in NO_PRODUCTS or f.price == 0)))
    p.over_rows("two_of_three", L, count, lambda f: (
        (f.quantity >= 12) + (f.price >= 250 * cents) + (f.amount > 20 * MICRO) >= 2))
    p.over_rows("nested_lines", L, count, lambda f: (
        0 < f.quantity <= 3 or not (f.price <= 495 * cents or f.country == HOME)))
    p.over_rows("known_lines", L, count, lambda f: f.sku != "" and f.invoice != "")
    p.over_rows("every_line", L, count)
    p.over_rows("no_line", L, count, lambda f: False)

    # trailing windows
    amount = total_of("amount")
    p.over_rows("net_12m", L, amount, within="12 months")
    p.over_rows("net_6m", L, amount, within="6 months")
    p.over_rows("net_3m", L, amount, within="3 months")
    p.over_rows("net_1y", L, amount, within="1 year")
    p.over_rows("orders_12m", O, count, bought_order, within="12 months")
    p.over_rows("lines_30d", L, count, within="30 days")
    p.over_rows("lines_1d", L, count, within="1 day")
    p.over_rows("pieces_2w", L, total_of("quantity"), within="2 weeks")
    p.over_rows("best_line_5w", L, extreme("amount", max), within="5 weeks")
    p.over_rows("worst_line_1m", L, extreme("amount", min), within="1 month")
    p.over_rows("average_line_6m", L, mean_of("amount"), within="6 months")
    p.over_rows("products_3m", L, distinct("sku"), within="3 months")
    p.over_rows("days_6m", L, distinct("day"), within="6 months")
    p.over_rows("first_price_3m", L, first_of("price"), within="3 months")
    p.over_rows("last_price_9m", L, last_of("price"), within="9 months")
    p.over_rows("cancelled_percent_6m", L, percent(returned_line), within="6 months")
    p.over_rows("recency_3m", L, since_last, within="3 months")
    p.over_rows("first_100d", L, since_first, within="100 days")
    p.over_rows("pace_6m", L, between_days, within="6 months")

    # calendar windows
    p.over_rows("net_year", L, amount, within="calendar year")
    p.over_rows("net_half_year", L, amount, within="calendar half-year")
    p.over_rows("net_quarter", L, amount, within="calendar quarter")
    p.over_rows("net_month", L, amount, within="calendar month")
    p.over_rows("lines_week", L, count, within="calendar week")
    p.over_rows("lines_last_year", L, count, within="previous calendar year")
    p.over_rows("net_last_half_year", L, amount, within="previous calendar half-year")
    p.over_rows("net_last_quarter", L, amount, within="previous calendar quarter")
    p.over_rows("net_last_month", L, amount, within="previous calendar month")
    p.over_rows("lines_last_week", L, count, within="previous calendar week")
    p.over_rows("days_quarter", L, distinct("day"), within="calendar quarter")
    p.over_rows("best_line_last_month", L, extreme("amount", max), within="previous calendar month")
    p.over_rows("net_lifetime", L, amount, within="lifetime")

    # as if it were earlier
    p.over_rows("net_before", L, amount, ago="3 months")
    p.over_rows("net_3m_before", L, amount, within="3 months", ago="3 months")
    p.over_rows("net_quarter_before", L, amount, within="calendar quarter", ago="1 month")
    p.over_rows("lines_last_week_before", L, count, within="previous calendar week", ago="2 weeks")
    p.over_rows("recency_before", L, since_last, bought_line, ago="90 days")
    p.over_rows("tenure_before", L, since_first, ago="2 months")
    p.over_rows("pace_before", L, between_days, ago="1 month")

    # the calendar period before
    p.before("year_before", L, amount, None, "year")
    p.before("half_year_before", L, amount, None, "half-year")
    p.before("quarter_before", L, amount, None, "quarter")
    p.before("month_before", L, amount, None, "month")
    p.before("week_before", L, count, None, "week")
    p.before("days_quarter_before", L, distinct("day"), None, "quarter")
    p.expr("quarter_growth", lambda c: div(m["net_quarter"][c], m["quarter_before"][c]) * 100 - 100, -1)

    # from other metrics
    v = lambda name: m[name].__getitem__
    net, bought, returned, recency = v("net"), v("bought"), v("returned"), v("recency")
    order_count, line_count, tenure = v("order_count"), v("line_count"), v("tenure")
    p.expr("order_value", lambda c: div(net(c), order_count(c)))
    p.expr("order_value_or_none", lambda c: div(bought(c), order_count(c)), Fraction(-1, 2))
    p.expr("returned_share", lambda c: div(-returned(c), bought(c)) * 100)
    orders_12m, order_value = v("orders_12m"), v("order_value")
    p.expr("margin_value", lambda c: (
        div(div(orders_12m(c), 12) * order_value(c) * GROSS_MARGIN, 100) * div(tenure(c), Fraction("30.4375"))))
    p.expr("plain_value", lambda c: order_value(c) * orders_12m(c) * div(tenure(c), Fraction("365.25")))
    p.expr("thirds", lambda c: div(net(c), 3) + div(net(c), 3) + div(net(c), 3))
    p.expr("seven", lambda c: remainder(line_count(c), 7))
    p.expr("clipped", lambda c: min(max(net(c), 0), 1000))
    p.expr("bigger_side", lambda c: max(abs(returned(c)), div(bought(c), 2)))
    p.expr("rounded", lambda c: round(div(net(c), 7), 2))
    p.expr("rounded_whole", lambda c: round(div(net(c), 10), 0))
    p.expr("hundreds_down", lambda c: math.floor(div(net(c), 100)))
    p.expr("hundreds_up", lambda c: math.ceil(div(net(c), 100)))
    p.expr("steps", lambda c: (
        3 if net(c) >= GOLD_NET else 2 if net(c) >= SILVER_NET and recency(c) <= 90 else 1 if net(c) > 0 else 0))
    p.expr("few_orders", lambda c: order_count(c) if order_count(c) in (1, 2, 3) else 0)
    p.expr("fresh", lambda c: 1 if 8 <= recency(c) <= 30 else 0)
    p.expr("not_fresh", lambda c: 1 if not recency(c) <= 30 or recency(c) == NEVER else 0)
    p.same("late_pass", 1 if as_of > day("2011-07-01") else 0)
    p.same("since_new_year", (as_of - day("2011-01-01")).days)
    p.same("until_new_year", (day("2012-01-01") - as_of).days)
    # A leap day falls on 28 February where the year lacks it; 2012 has one.
    candidates = [day("2011-02-28"), day("2012-02-29")]
    p.same("until_leap_day", min((d - as_of).days for d in candidates if d >= as_of))
    p.same("years_gone", as_of.year - 2008 - ((as_of.month, as_of.day) < (12, 10)))
    p.same("since_spring", today - SPRING)
    p.expr("six_places", lambda c: net(c) * Fraction("0.03335"))

    # points
    product_count, days_6m, cancelled_percent = v("product_count"), v("days_6m"), v("cancelled_percent")

    def points(c):
        found = min(div(net(c), 100), 30)
        if order_count(c) >= 10:
            found += 20
        if product_count(c) >= 50 or days_6m(c) >= 5:
            found += min(product_count(c) * Fraction("0.15"), Fraction("12.5"))
        if recency(c) > 180 and cancelled_percent(c) > 10:
            found += -15
        return found

    p.expr("points", points)

    # the population, and what is taken over it
    p.population = Population([c for c in p.customers if net(c) > 0])
    q = p.population
    p.rfm("rfm", "recency", "order_count", "net", 5)
    p.rfm("rfm_ten", "recency_before", "days_6m", "net_6m", 10)
    p.expr("rfm_digits", lambda c: m["rfm.r"][c] * 100 + m["rfm.f"][c] * 10 + m["rfm.m"][c])

    ratio = {c: div(bought(c), line_count(c)) for c in p.customers}
    p.flag("in_top_share", q.top_percent(TOP_SHARE, net))
    p.flag("in_top_orders", q.top_percent(Fraction("12.5"), order_count))
    p.flag("in_top_hundred", q.top(100, v("net_3m"), "include"))
    p.flag("in_top_days", q.top(250, v("active_days"), "include"))
    p.flag("in_top_ratio", q.top_percent(20, ratio.__getitem__))
    p.flag("makes_eighty", q.makes_percent(80, net))
    p.flag("makes_half_returns", q.makes_percent(50, lambda c: -returned(c)))
    p.same("net_lowest", q.percentile(0, m["net"]))
    p.same("net_p50", q.percentile(50, m["net"]))
    p.same("net_p95", q.percentile(95, m["net"]))
    p.same("net_p99", q.percentile(Fraction("99.9"), m["net"]))
    p.same("net_highest", q.percentile(100, m["net"]))
    p.same("orders_p75", q.percentile(75, m["order_count"]))
    p.same("net_average", q.average(m["net"]))
    p.same("net_median", q.median(m["net"]))
    p.same("net_total", q.total(m["net"]))
    p.same("net_stddev", q.stddev(m["net"]))
    p.same("recency_average", q.average(m["recency"], days=True))
    p.same("pace_average", q.average(m["pace"], days=True))
    p.same("pace_median", q.median(m["pace"], days=True))
    p.same("pace_stddev", q.stddev(m["pace"], days=True))
    p.same("since_return_median", q.median(m["since_return"], days=True))
    p.same("orders_total", q.total(m["order_count"]))
    average, deviation = v("net_average"), v("net_stddev")
    p.expr("distance", lambda c: div(net(c) - average(c), deviation(c)))
    p90 = q.percentile(90, m["net"])
    p.expr("over_average", lambda c: 1 if net(c) > average(c) and net(c) >= p90 else 0)
    p.ladders = ladders(p)
    return p


# ------------------------------------------------------------------ the tiers
def ladders(p):
    """For each ladder: the date of the next review, and the tier of everybody who has one.

    It is the first pass, so a tier is the one that is earned and `since` is the as-of date.
    """
    q, m = p.population, p.metrics
    v = lambda name: m[name].__getitem__
    net, orders, lines, days = v("net"), v("order_count"), v("line_count"), v("active_days")

    def highest(tiers):
        """`tiers`, highest first: (name, its members)."""
        found = {}
        for name, members in tiers:
            for customer in members:
                found.setdefault(customer, name)
        return found

    def shares(tiers, key, ties, order=None):
        reached, found = Fraction(0), []
        for name, share in tiers:
            reached = Fraction(100) if share == "rest" else reached + Fraction(share)
            found.append((name, q.top_percent(reached, key, ties, order)))
        return highest(found)

    def at_least(border):
        return [c for c in p.customers if net(c) >= border]

    ten_months = months_later(p.as_of, 10)
    next_month = months_later(p.as_of.replace(day=1), 1)
    tomorrow = p.as_of + datetime.timedelta(days=1)
    monday = p.as_of + datetime.timedelta(days=7 - p.as_of.weekday())
    in_ten_days = p.as_of + datetime.timedelta(days=10)
    busy = [("most", "10"), ("many", "20"), ("some", "30.5"), ("few", "rest")]

    def range_tiers(ties, order, wide):
        reach = q.top_percent(15, days, ties, order)
        return highest([
            ("widest", q.top(50, days, ties, order)),
            ("wide", [c for c in p.customers if wide(c, c in reach)]),
            ("usual", q.makes_percent(80, days, ties, order)),
        ])

    return {
        "club": (ten_months, highest([
            ("platinum", at_least(PLATINUM_NET)), ("gold", at_least(GOLD_NET)),
            ("silver", at_least(SILVER_NET)), ("bronze", at_least(BRONZE_NET))])),
        "shares": (next_month, shares(
            [("vip", "5"), ("gold", "15"), ("silver", "30"), ("bronze", "rest")],
            lambda c: (m["rfm"][c], net(c)), "include")),
        "busy_include": (tomorrow, shares(busy, orders, "include")),
        "busy_exclude": (monday, shares(busy, orders, "exclude")),
        "busy_broken": (in_ten_days, shares(busy, orders, "break_by", lines)),
        "range_exclude": (tomorrow, range_tiers(
            "exclude", None, lambda c, top: top or m["product_count"][c] >= 250)),
        "range_broken": (tomorrow, range_tiers(
            "break_by", lambda c: (net(c), lines(c)), lambda c, top: top and m["recency"][c] < 180)),
    }


STANDING = ["customer", "ladder", "tier", "since", "review_on", "grace_until"]


def plain(value):
    """An exact decimal without exponent; the values here have at most six decimals."""
    whole = Fraction(value) * MICRO
    if whole.denominator != 1:
        raise SystemExit(f"{value} has more than six decimals")
    sign, number = ("-" if whole < 0 else ""), abs(whole.numerator)
    text = f"{number // MICRO}.{number % MICRO:06d}".rstrip("0").rstrip(".")
    return sign + text


def own_rows(p):
    for customer in p.customers:
        values = [plain(column[customer]) for column in p.metrics.values()]
        for ladder, (review_on, tiers) in p.ladders.items():
            tier = tiers.get(customer)
            dates = [p.as_of.isoformat(), review_on.isoformat()] if tier else ["", ""]
            yield [str(customer), ladder, tier or "", *dates, ""] + values


# ------------------------------------------------------------------ the comparison
NUMBER = re.compile(r"-?[0-9]+(\.[0-9]+)?\Z")


class Verdict:
    def __init__(self):
        self.wrong, self.agreed, self.cells = 0, 0, 0

    def differ(self, customer, what, theirs, ours):
        self.wrong += 1
        if self.wrong <= SHOWN:
            print(f"  customer {customer}: {what}: tierkeeper {theirs!r}, expected {ours!r}")

    def cell(self, customer, what, theirs, ours):
        self.cells += 1
        if theirs == ours:
            self.agreed += 1
        else:
            self.differ(customer, what, theirs, ours)


def compare(p, stream):
    verdict = Verdict()
    reader = csv.reader(stream)
    header = next(reader, None)
    expected = STANDING + list(p.metrics)
    if header is None:
        print("  nothing to compare: the list is empty")
        return False
    if header != expected:
        print("  the header is another one:")
        for place in range(max(len(header), len(expected))):
            theirs = header[place] if place < len(header) else None
            ours = expected[place] if place < len(expected) else None
            if theirs != ours:
                print(f"  column {place + 1}: tierkeeper {theirs!r}, expected {ours!r}")
                break
        missing = [name for name in expected if name not in header]
        extra = [name for name in header if name not in expected]
        print(f"  missing: {missing}; too many: {extra}")
        return False

    known, metric_names = set(p.customers), list(p.metrics)
    columns = list(p.metrics.values())
    seen, shown_values, order = set(), {}, []
    numbers = {}
    for row in reader:
        if len(row) != len(expected):
            verdict.differ(row[:1], "cells in the row", len(row), len(expected))
            continue
        customer, ladder, tier, since, review_on, grace_until = row[:6]
        key = (customer, ladder)
        if not customer.isdigit() or int(customer) not in known or ladder not in p.ladders:
            verdict.differ(customer, f"a row for ladder {ladder}", "present", "absent")
            continue
        if key in seen:
            verdict.differ(customer, f"rows for ladder {ladder}", "two", "one")
            continue
        seen.add(key)
        order.append(int(customer))
        number = int(customer)
        review, tiers = p.ladders[ladder]
        ours = tiers.get(number, "")
        verdict.cell(customer, f"{ladder} tier", tier, ours)
        if tier == ours:
            verdict.cell(customer, f"{ladder} since", since, p.as_of.isoformat() if ours else "")
            verdict.cell(customer, f"{ladder} review_on", review_on, review.isoformat() if ours else "")
            verdict.cell(customer, f"{ladder} grace_until", grace_until, "")
        texts = row[6:]
        if customer in shown_values:
            if shown_values[customer] != texts:
                verdict.differ(customer, f"metrics in ladder {ladder}", "others than in its first row", "the same")
            continue
        shown_values[customer] = texts
        for name, column, text in zip(metric_names, columns, texts):
            value = numbers.get(text)
            if value is None and NUMBER.match(text):
                value = numbers[text] = Fraction(text)
            verdict.cells += 1
            if value is not None and value == column[number]:
                verdict.agreed += 1
            else:
                verdict.differ(customer, name, text, plain(column[number]))

    for customer in p.customers:
        for ladder in p.ladders:
            if (str(customer), ladder) not in seen:
                verdict.differ(customer, f"a row for ladder {ladder}", "absent", "present")
    if order != sorted(order):
        verdict.differ("-", "order of the rows", "not by customer", "by customer")
    print(f"  as of {p.as_of}: {len(shown_values)} of {len(p.customers)} customers × {len(columns)} metrics, "
          f"{len(seen)} standings: {verdict.agreed} of {verdict.cells} cells agree")
    if verdict.wrong:
        print(f"  {verdict.wrong} disagreements (the first {min(SHOWN, verdict.wrong)} are above)")
    return verdict.wrong == 0 and verdict.cells > 0


def compare_evaluation(p, nobody, path):
    """The counts of `evaluate --format json`."""
    with open(path, encoding="utf-8") as file:
        theirs = json.load(file)
    verdict = Verdict()
    cell = lambda what, ours, *keys: verdict.cell("-", f"evaluate {what}", dig(theirs, keys), ours)
    cell("as_of", p.as_of.isoformat(), "as_of")
    cell("customers", len(p.customers), "customers")
    skipped = sum(1 for d in nobody if d <= p.as_of.toordinal())
    cell("skipped_rows", {"no customer": skipped}, "skipped_rows")
    cell("bad_rows", 0, "bad_rows")
    cell("faults", 0, "faults")
    cell("ladders", sorted(p.ladders), "ladders", None)
    for ladder, (_, tiers) in p.ladders.items():
        counts = {}
        for tier in tiers.values():
            counts[tier] = counts.get(tier, 0) + 1
        found = dig(theirs, ("ladders", ladder, "tiers"))
        if isinstance(found, dict):     # a tier without anybody may be shown with 0 or left out
            found = {tier: number for tier, number in found.items() if number}
        verdict.cell("-", f"evaluate {ladder} tiers", found, counts)
        cell(f"{ladder} none", len(p.customers) - len(tiers), "ladders", ladder, "none")
        cell(f"{ladder} entered", len(tiers), "ladders", ladder, "moves", "entered")
    print(f"  as of {p.as_of}: {verdict.agreed} of {verdict.cells} counts of the evaluation agree")
    return verdict.wrong == 0


def dig(found, keys):
    for key in keys:
        if key is None:
            return sorted(found) if isinstance(found, dict) else found
        found = found.get(key) if isinstance(found, dict) else None
    return found


def figures(lines, orders, nobody, everything):
    """The published figures of the data, so that this script is itself held to something."""
    p = Pass(lines, orders, datetime.date(2011, 12, 9))
    rows = [f for c in p.customers for f in lines[c]]
    net = {c: Fraction(sum(f.amount for f in lines[c]), MICRO) for c in p.customers}
    back = [f for f in rows if f.quantity < 0]
    invoices = {c: {f.invoice for f in lines[c] if f.quantity > 0} for c in p.customers}
    best = sorted(net.items(), key=lambda item: -item[1])[:3]
    facts = [
        ("rows", len(rows) + len(nobody), 541909),
        ("customers", len(p.customers), 4372),
        ("rows without a customer", len(nobody), 135080),
        ("returned rows with a customer", len(back), 8905),
        ("customers who returned", sum(1 for c in p.customers if any(f.quantity < 0 for f in lines[c])), 1589),
        ("returned amount", Fraction(sum(f.amount for f in back), MICRO), Fraction("-611342.09")),
        ("amount with and without a customer", everything, Fraction("9747747.934")),
        ("amount with a customer", sum(net.values()), Fraction("8300065.814")),
        ("net at least 10000", sum(v >= 10000 for v in net.values()), 97),
        ("net at least 5000", sum(v >= 5000 for v in net.values()), 263),
        ("net at least 1000", sum(v >= 1000 for v in net.values()), 1633),
        ("net at least 200", sum(v >= 200 for v in net.values()), 3659),
        ("net of nothing", sum(v == 0 for v in net.values()), 14),
        ("net below nothing", sum(v < 0 for v in net.values()), 41),
        ("customers with a single invoice, cancellations apart", sum(len(found) == 1 for found in invoices.values()), 1494),
        ("largest net", best, [(14646, Fraction("279489.02")), (18102, Fraction("256438.49")),
                               (17450, Fraction("187482.17"))]),
    ]
    good = True
    for what, found, known in facts:
        good &= found == known
        show = lambda x: x if isinstance(x, int) else plain(x) if isinstance(x, Fraction) else [
            (c, plain(n)) for c, n in x]
        print(f"  {'ok   ' if found == known else 'WRONG'} {what}: {show(found)}"
              + ("" if found == known else f", known {show(known)}"))
    return good


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("data")
    parser.add_argument("--as-of", action="append", default=[], type=day, metavar="DATE",
                        help="several times: each with its own --list, --evaluate, --write")
    parser.add_argument("--list", action="append", default=[], metavar="FILE", help="- is standard input")
    parser.add_argument("--evaluate", action="append", default=[], metavar="FILE")
    parser.add_argument("--write", action="append", default=[], metavar="FILE")
    parser.add_argument("--figures", action="store_true")
    given = parser.parse_args()
    for name in ("list", "evaluate", "write"):
        files = getattr(given, name)
        if files and len(files) != len(given.as_of):
            parser.error(f"--{name} is needed once for each --as-of")
    if not given.figures and not (given.as_of and (given.list or given.write or given.evaluate)):
        parser.error("nothing to do: give --as-of with --list, --evaluate or --write, or --figures")

    facts = lines, orders, nobody, everything = read_facts(given.data)
    good = True
    if given.figures:
        good &= figures(*facts)
    for place, as_of in enumerate(given.as_of):
        p = compute(lines, orders, as_of)
        if not p.customers:
            print(f"  as of {as_of} there is nobody to compare")
            good = False
        if given.write:
            with open(given.write[place], "w", encoding="utf-8", newline="") as file:
                writer = csv.writer(file, lineterminator="\n")
                writer.writerow(STANDING + list(p.metrics))
                writer.writerows(own_rows(p))
        if given.evaluate:
            good &= compare_evaluation(p, nobody, given.evaluate[place])
        if given.list:
            if given.list[place] == "-":
                good &= compare(p, sys.stdin)
            else:
                with open(given.list[place], encoding="utf-8", newline="") as file:
                    good &= compare(p, file)
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main())
