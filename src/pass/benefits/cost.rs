//! What the benefits of all customers cost a year.

use rust_decimal::Decimal;

use crate::expr::column::{Column, Data, Ints};
use crate::expr::decimal::{add, representable};
use crate::expr::{Expr, Fault, NUMBER_SCALE, Type, evaluate, holds};
use crate::metrics::population::{Customers, Population, map};
use crate::pass::After;
use crate::pass::faults::{FaultPlace, Faults};
use crate::program::{Benefit, BenefitKind, BenefitValue, Program, SegmentBenefit, TierBenefit};

/// The cost of one benefit over everybody who gets it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct BenefitCost {
    /// Index into the program's benefits.
    pub benefit: usize,
    /// Customers who get it.
    pub customers: u64,
    /// Money a year, six decimals; a fault where the sum is too large.
    pub cost: Result<Decimal, Fault>,
}

/// The costs of the benefits that declare one.
pub(in crate::pass) fn costs(
    program: &Program,
    population: &Population,
    after: &After,
    faults: &mut Faults,
    threads: usize,
) -> Vec<BenefitCost> {
    let mut costs = Vec::new();
    for (id, benefit) in program.benefits.iter().enumerate() {
        let Some(cost) = &benefit.cost else { continue };
        let columns = population.columns(program, &after.columns);
        let blocks =
            map(columns, population.len(), threads, |block| of_block(benefit, cost, block, after));
        let mut total = BenefitCost { benefit: id, customers: 0, cost: Ok(Decimal::ZERO) };
        for (block, of_block) in blocks.into_iter().enumerate() {
            total.customers += of_block.customers;
            total.cost = total.cost.and_then(|sum| add(sum, of_block.cost?));
            let start = block * crate::metrics::population::BLOCK_ROWS;
            for (row, fault) in of_block.faults {
                faults.add(FaultPlace::Benefit(id), fault, start + row);
            }
        }
        costs.push(total);
    }
    costs
}

struct BlockCost {
    customers: u64,
    cost: Result<Decimal, Fault>,
    faults: Vec<(usize, Fault)>,
}

fn of_block(benefit: &Benefit, cost: &Expr, block: &Customers<'_>, after: &After) -> BlockCost {
    let rows = block.rows.len();
    let mut values = Best { value: vec![0; rows], gets: vec![false; rows], faults: vec![0; rows] };
    for TierBenefit { ladder, tier, value, .. } in &benefit.tiers {
        let held = &after.standings.ladders[*ladder].tier[block.rows.clone()];
        let asked: Vec<bool> = held.iter().map(|held| held.tier() == Some(*tier)).collect();
        values.offer(benefit.kind, value, block, &asked);
    }
    for SegmentBenefit { segment, value, .. } in &benefit.segments {
        let asked = &after.segments[*segment].holds[block.rows.clone()];
        values.offer(benefit.kind, value, block, asked);
    }
    let when = holds(&benefit.when, block, Some(&values.gets));
    let mut faults = Vec::new();
    for row in 0..rows {
        let of_when = when.faults.as_ref().map_or(0, |faults| faults[row]);
        let byte = if values.gets[row] { of_when } else { values.faults[row] };
        if let Some(fault) = Fault::from_byte(byte) {
            faults.push((row, fault));
        }
        values.gets[row] &= when.holds[row] && byte == 0;
    }
    let gets = values.gets;
    let value = Column {
        data: Data::Number { scale: NUMBER_SCALE, values: Ints::Wide(values.value) },
        known: (benefit.kind == BenefitKind::Perk).then(|| vec![false; rows]),
        faults: None,
    };
    let priced = Customers {
        columns: block.columns,
        rows: block.rows.clone(),
        calls: block.calls,
        benefit_value: Some(&value),
    };
    let cost = evaluate(cost, &priced, Some(&gets)).into_scaled(rows, NUMBER_SCALE);
    let mut sum = Ok(0_i128);
    for (row, _) in gets.iter().enumerate().filter(|(_, gets)| **gets) {
        match cost.fault(row) {
            Some(fault) => faults.push((row, fault)),
            None if cost.is_known(row) => {
                sum = sum.and_then(|sum: i128| {
                    sum.checked_add(whole(&cost, row)).ok_or(Fault::Overflow)
                });
            }
            None => {}
        }
    }
    let cost = sum.and_then(|sum| representable(sum, NUMBER_SCALE.into()));
    BlockCost { customers: gets.iter().filter(|gets| **gets).count() as u64, cost, faults }
}

/// The best value offered so far, six decimals, of each customer of a block.
struct Best {
    value: Vec<i128>,
    gets: Vec<bool>,
    /// Of those who get nothing because of it.
    faults: Vec<u8>,
}

impl Best {
    /// Offers a value to those who are asked. As a number, credit is its ceiling, free shipping
    /// the money above which it is free, and a perk nothing.
    fn offer(
        &mut self,
        kind: BenefitKind,
        value: &BenefitValue,
        block: &Customers<'_>,
        asked: &[bool],
    ) {
        if !asked.contains(&true) {
            return;
        }
        let expr = match value {
            BenefitValue::Amount(expr) | BenefitValue::ShippingOver(expr) => Some(expr),
            BenefitValue::Credit { ceiling, .. } => Some(ceiling),
            BenefitValue::ShippingAlways | BenefitValue::Text(_) | BenefitValue::TextFrom(_) => {
                None
            }
        };
        let rows = asked.len();
        let column = expr
            .filter(|expr| expr.ty == Type::Number)
            .map(|expr| evaluate(expr, block, Some(asked)).into_scaled(rows, NUMBER_SCALE));
        for row in (0..rows).filter(|row| asked[*row]) {
            let offered = match &column {
                None => 0,
                Some(column) => match column.fault(row) {
                    Some(fault) => {
                        self.faults[row] = fault as u8;
                        continue;
                    }
                    None if column.is_known(row) => whole(column, row),
                    None => continue,
                },
            };
            let better = if kind == BenefitKind::FreeShipping {
                offered < self.value[row]
            } else {
                offered > self.value[row]
            };
            if !self.gets[row] || better {
                self.value[row] = offered;
            }
            self.gets[row] = true;
        }
    }
}

fn whole(column: &Column, row: usize) -> i128 {
    match &column.data {
        Data::Number { values: Ints::Narrow(values), .. } => values[row].into(),
        Data::Number { values: Ints::Wide(values), .. } => values[row],
        _ => 0,
    }
}
