//! Small simulations, with expectations worked out by hand.

use jiff::civil::date;

use super::*;
use crate::lifecycle::Standing;
use crate::pass::Moves;
use crate::pass::fixture::{shop, spenders};

const CLUB: &str = "
ladders:
  club:
    tiers:
      vip: { enter: spend >= 1000 }
      gold: { enter: spend >= 400 }
      member: { enter: spend > 0 }
benefits:
  discount:
    kind: percent_off
    title: Discount
    tiers: { vip: 20, gold: 10 }
    cost: spend * value / 100
";

/// The facts of customers with these ids and what they spent.
fn spent(program: &Program, rows: &[(i64, i64)]) -> Facts {
    let spend: Vec<i64> = rows.iter().map(|row| row.1).collect();
    let customers = rows.iter().map(|row| CustomerId::Int(row.0)).collect();
    Facts { customers, ..spenders(program, &spend) }
}

fn standing(simulation: &Simulation, customer: i64) -> Standing {
    let before = simulation.standings();
    let slot = before.customers.binary_search(&CustomerId::Int(customer)).expect("a customer");
    before.standings.get(0, slot)
}

#[test]
fn sizes_moves_and_costs_of_each_step() {
    let program = shop("", "", CLUB);
    let mut simulation = Simulation::from_empty(&program, 2);
    let step =
        simulation.step(date(2026, 1, 1), |_| spent(&program, &[(5, 1000), (7, 500), (9, 0)]));
    let club = &step.ladders[0];
    assert_eq!((step.as_of, step.customers, step.faults), (date(2026, 1, 1), 3, 0));
    assert_eq!((club.tiers.as_slice(), club.none, club.flapping), (&[1, 1, 0][..], 1, 0));
    assert_eq!(club.moves, Moves { entered: 2, ..Moves::default() });
    // 20 % of 1000 and 10 % of 500.
    assert_eq!(step.cost(), Some(Ok(250.into())));

    // Somebody comes with an id before all others; 5 falls to gold, 7 rises, 9 enters.
    let rows = [(1, 400), (5, 999), (7, 1000), (9, 1)];
    let step = simulation.step(date(2026, 2, 1), |_| spent(&program, &rows));
    let club = &step.ladders[0];
    assert_eq!((club.tiers.as_slice(), club.none), (&[1, 2, 1][..], 0));
    assert_eq!(club.moves, Moves { entered: 2, upgraded: 1, downgraded: 1, ..Moves::default() });
    let moves = |tier: usize| club.by_tier[tier];
    assert_eq!(moves(0), TierMoves { upgraded: 1, ..TierMoves::default() });
    assert_eq!(moves(1), TierMoves { entered: 1, downgraded: 1, ..TierMoves::default() });
    assert_eq!(moves(2), TierMoves { entered: 1, ..TierMoves::default() });
    assert_eq!(standing(&simulation, 5).tier, Some(1));
    assert_eq!(standing(&simulation, 5).since, Some(date(2026, 2, 1)));
    assert_eq!(standing(&simulation, 7).tier, Some(0));

    // 9 spends nothing any more; who leaves is counted at the tier they left.
    let rows = [(1, 400), (5, 999), (7, 1000), (9, 0)];
    let step = simulation.step(date(2026, 3, 1), |_| spent(&program, &rows));
    assert_eq!(step.ladders[0].by_tier[2], TierMoves { left: 1, ..TierMoves::default() });
}

/// The flapping after each step, for one customer and what they spent.
fn flapping(steps: &[(Date, i64)]) -> Vec<u64> {
    let program = shop("", "", CLUB);
    let mut simulation = Simulation::from_empty(&program, 1);
    let step = |&(date, spend): &(Date, i64)| {
        simulation.step(date, |_| spent(&program, &[(1, spend)])).ladders[0].flapping
    };
    steps.iter().map(step).collect()
}

#[test]
fn flapping_is_up_and_down_or_down_and_up_within_a_year() {
    let (jan, june) = (date(2025, 1, 15), date(2025, 6, 15));
    let (before, anniversary) = (date(2026, 6, 14), date(2026, 6, 15));
    // Up in June, down a day before the year is over; on the anniversary it is over.
    assert_eq!(flapping(&[(jan, 400), (june, 1000), (before, 400)]), [0, 0, 1]);
    assert_eq!(flapping(&[(jan, 400), (june, 1000), (anniversary, 400)]), [0, 0, 0]);
    // Down and up.
    assert_eq!(flapping(&[(jan, 1000), (june, 400), (before, 1000)]), [0, 0, 1]);
    // Where somebody stands when it begins is no move.
    assert_eq!(flapping(&[(jan, 1000), (june, 400)]), [0, 0]);
    // Whoever enters later has moved; and is counted once, however often they go on.
    let on = |month| date(2025, month, 1);
    let (two, three, four, five) = (on(2), on(3), on(4), on(5));
    assert_eq!(flapping(&[(jan, 0), (two, 400), (three, 0)]), [0, 0, 1]);
    assert_eq!(
        flapping(&[(jan, 400), (two, 1000), (three, 400), (four, 1000), (five, 400)]),
        [0, 0, 1, 1, 1]
    );
    // Up and up, and the last move up counts.
    assert_eq!(flapping(&[(jan, 1), (two, 400), (june, 1000), (before, 400)]), [0, 0, 0, 1]);
}

#[test]
fn flapping_belongs_to_customers_and_not_to_slots() {
    let program = shop("", "", CLUB);
    let mut simulation = Simulation::from_empty(&program, 1);
    let mut step = |month, rows: &[(i64, i64)]| {
        simulation.step(date(2026, month, 1), |_| spent(&program, rows)).ladders[0].flapping
    };
    assert_eq!(step(1, &[(5, 400), (6, 400)]), 0);
    assert_eq!(step(2, &[(5, 1000), (6, 400)]), 0);
    // Were it the slot, customer 2 would have gone up and 5 down.
    assert_eq!(step(3, &[(2, 400), (5, 1000), (6, 400)]), 0);
    assert_eq!(step(4, &[(2, 400), (5, 400), (6, 400)]), 1);
}

#[test]
fn facts_are_asked_with_the_simulated_standings() {
    let program = shop("", "", CLUB);
    let mut simulation = Simulation::from_empty(&program, 1);
    let mut since = Vec::new();
    let steps = [
        (1, vec![(5, 1000)]),
        (2, vec![(3, 0), (5, 1000)]),
        (3, vec![(3, 500), (5, 400)]),
        (4, vec![]),
    ];
    for (month, rows) in &steps {
        simulation.step(date(2026, *month, 1), |tier_since| {
            since.push([3, 5].map(|id| tier_since(0, &CustomerId::Int(id))));
            spent(&program, rows)
        });
    }
    let on = |month| Some(date(2026, month, 1));
    assert_eq!(since, [[None, None], [None, on(1)], [None, on(1)], [on(3), on(3)]]);
}

#[test]
fn the_past_of_tiers_and_of_alerts_goes_along() {
    let program = shop(
        "",
        "",
        "
ladders:
  club:
    tiers:
      vip:
        enter:
          any:
            - spend >= 1000
            - spend >= 500 && days_since_held(club.vip) < 60
        keep: spend >= 900
      member: { enter: always }
alerts:
  big: { when: spend >= 100, every: 40 days, action: [call] }
",
    );
    let mut simulation = Simulation::from_empty(&program, 1);
    let mut tier = |month, rows: &[(i64, i64)]| {
        simulation.step(date(2026, month, 1), |_| spent(&program, rows));
        standing(&simulation, 5).tier
    };
    assert_eq!(tier(1, &[(5, 1000)]), Some(0));
    assert_eq!(tier(2, &[(5, 0)]), Some(1));
    // Left on 1 February, 28 days ago, and back with less; the slot is another.
    assert_eq!(tier(3, &[(1, 0), (5, 500)]), Some(0));
    assert_eq!(tier(4, &[(1, 0), (5, 0)]), Some(1));
    // 61 days later it is too late.
    assert_eq!(tier(6, &[(1, 0), (2, 0), (5, 500)]), Some(1));
    let raised_on = &simulation.standings().standings.raised_on[0];
    // Raised in January, quiet in February, and again in March and June.
    assert_eq!(raised_on[2], crate::expr::days_from_date(date(2026, 6, 1)));
}

#[test]
fn held_cutoffs_are_those_of_the_simulation() {
    let club = "
ladders:
  club:
    cutoffs: monthly
    tiers:
      above: { enter: spend >= average(spend) }
";
    let program = shop("", "", club);
    let mut simulation = Simulation::from_empty(&program, 1);
    let mut above = |month, day, rows: &[(i64, i64)]| {
        simulation.step(date(2026, month, day), |_| spent(&program, rows)).ladders[0].tiers[0]
    };
    // The average is 200.
    assert_eq!(above(1, 10, &[(5, 100), (7, 300)]), 1);
    // It would be 450, and is held; somebody with another id comes before them.
    assert_eq!(above(1, 20, &[(2, 200), (5, 250), (7, 900)]), 3);
    // Taken anew: 450.
    assert_eq!(above(2, 1, &[(2, 200), (5, 250), (7, 900)]), 1);
}
