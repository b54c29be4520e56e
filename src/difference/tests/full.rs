//! A pack in which everything that a pack can say is said once.

use super::Files;

pub(super) const PACK: &str = "
pack: shop
version: 1.0.0
title: Shop
settings:
  currency: EUR
  money_decimals: 2
  timezone: Europe/Istanbul
  year_starts: 01-01
  population: order_count > 0
parameters:
  vip_spend: { type: money, default: 1000 }
  vip_share: { type: percent, default: 5, max: 20 }
  season: { type: duration, default: 6 months }
  patience: { type: duration, default: 30 days }
  ceiling: { type: money, default: 50000 }
  wanted: { type: list, default: [coats, bags] }
  slow: { type: number, default: 14 }
  trust: { type: number, default: 2 }
  unread: { type: number, default: 3 }
customers:
  table: customers
  id: id
  columns:
    joined: date
    birthday: date
    name: text
    channel: text
    level: { type: number, column: grade }
sources:
  visits: { table: visits, customer: who, at: day }
  returns: { query: SELECT * FROM returned, customer: customer_id, at: came_back, at_unit: ms }
  orders:
    table: orders
    customer: customer_id
    at: placed_at
    columns:
      category: text
      cost: { type: money, column: cost_cents, unit: minor }
      price: money
      amount: { type: money, expr: price - cost }
metrics:
  seen: { count: visits }
  back: { count: returns, within: previous calendar year }
  spend: { sum: orders.amount, within: 12 months }
  spend_before: { sum: orders.amount, within: 12 months, ago: 12 months }
  liked: { sum: orders.price, where: category in wanted && price > 0, within: season }
  order_count: { count: orders, within: 12 months }
  away: { days_since_last: orders }
  trend: { expr: spend * 100 / spend_before, else: 100, unit: percent }
  points:
    score:
      - { when: spend > 10, add: order_count * 2, cap: 50 }
      - { when: channel == \"app\", add: 20 }
  rfm: { rfm: { recency: away, frequency: order_count, monetary: spend, bins: 5 } }
ladders:
  club:
    ties: include
    cutoffs: monthly
    on_change: keep
    warn: 20 days
    renamed: { platinum: vip }
    tiers:
      vip:
        title: VIP
        enter:
          - away < 90
          - any:
              - all: [spend >= vip_spend, order_count >= 6]
              - top_percent(vip_share, liked)
        keep: spend >= vip_spend * 0.8
        review: { fixed: { expr: 'lengths::period(customer, 3)' }, from: joined, round: end of quarter }
        upgrade: at once
        grace: patience
        landing: gold
        warn_over: 10
      silver: { enter: 'spend > average(spend)', review: { dynamic: weekly } }
      gold: { enter: spend >= 400, review: { fixed: 10 months }, landing: one_down }
      patron: { enter: never, keep: seen >= 2 }
      member: { enter: always }
  shares:
    rank_by: [rfm, spend]
    tiers:
      first: { share: 5 }
      second: { share: 15, review: { dynamic: 10 days } }
      rest: { share: rest }
benefits:
  discount:
    kind: percent_off
    ladder: club
    tiers: { vip: 20, gold: 10, member: 5 }
    when: trend < 80
    cost: spend * value / 100
  shipping: { kind: free_shipping, ladder: club, tiers: { vip: always, gold: { over: 500 } } }
  credit:
    kind: credit
    ladder: club
    tiers:
      vip: { ceiling: ceiling, days: 90, guarantor: false }
      gold: { ceiling: 20000, days: 30, guarantor: true }
  points_more: { kind: points_multiplier, ladder: shares, tiers: { first: 1.5 } }
  birthday:
    kind: perk
    category: gift
    on: birthday
    tiers: { first: { en: Card, tr: Kart }, vip: Gift box }
    segments: { advocates: Tea }
segments:
  advocates:
    when:
      any: [seen >= 10, back < 3, away < 7]
      at_least: 2
  lapsed:
    when:
      - away > 180
      - '!holds(club.vip)'
  near_vip: { near: club.vip, short_by: 20 }
alerts:
  vip_absent:
    title: Away
    for: club.vip
    when: away > slow
    every: 14 days
    action: [call, { en: ask why, tr: sor }]
    message: { en: '{name} was here {away} days ago', tr: '{name} gelmedi' }
";

pub(super) const LENGTHS: &str = "
// In days.
const LONGEST = 300;

fn period(customer, least) {
    if customer.order_count > 5 {
        return help::longest(customer);
    }
    least
}
";

pub(super) const HELP: &str = "
fn longest(customer) { if customer.away > 5 { 90 } else { 60 * customer.trust } }
";

pub(super) fn files() -> Files {
    [("pack.yaml", PACK), ("scripts/help.rhai", HELP), ("scripts/lengths.rhai", LENGTHS)]
        .map(|(name, text)| (name.to_owned(), text.to_owned()))
        .to_vec()
}
