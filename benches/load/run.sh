#!/bin/sh
# How many answers a second a host gives, with nothing beside it and with full passes beside it.
#
#   benches/load/run.sh STORE CUSTOMERS [PACK]
#
# STORE: one of `target/bench/orders-*.db`, which `cargo bench --bench plan` (`-- --full`) makes.
# Needs a release build and wrk (Debian's package `wrk`).
set -eu
store=$1 customers=$2 pack=${3:-benches/club}
program=${TIERKEEPER:-target/release/tierkeeper}
here=$(dirname "$0")
scratch=$(mktemp -d)
trap 'kill "$host" 2>/dev/null || true; wait; rm -rf "$scratch"' EXIT
cp -r "$pack" "$scratch/pack"
"$program" run --pack "$scratch/pack" --store "$store" --state "$scratch/state.db" \
    --listen 127.0.0.1:7979 --as-of 2026-03-21 --log json 2>"$scratch/log" &
host=$!
until curl -sf -o /dev/null http://127.0.0.1:7979/readyz; do sleep 0.2; done
load() { CUSTOMERS=$customers wrk -t1 -c32 -d"$1" --latency -s "$here/customers.lua" http://127.0.0.1:7979 | tail -1; }
load 3s >/dev/null
printf 'alone:              '; load 15s
# Another filter each time: rows are read anew, and everybody is decided.
(
    number=0
    while kill -0 "$host" 2>/dev/null; do
        number=$((number + 1))
        sed "s/{ sum: orders.cost, within: 3 months }/{ sum: orders.cost, within: 3 months, where: amount > 0.$((10 + number)) }/" \
            "$pack/pack.yaml" >"$scratch/pack/.next"
        mv "$scratch/pack/.next" "$scratch/pack/pack.yaml"
        sleep 1
    done
) &
editor=$!
sleep 1
printf 'beside full passes: '; load 30s
kill "$editor"
printf 'full passes meanwhile: %s\n' "$(grep -c '"kind":"full"' "$scratch/log")"
