use std::borrow::Cow;
use std::sync::Arc;

use jiff::civil::Date;

use super::block::Block;
use super::plan::SourcePlan;
use super::scripts::RowScripts;
use crate::expr::ColumnId;
use crate::expr::column::{Column, Dictionary};
use crate::program::{ColumnKind, ColumnSource, Program};

/// Computes columns of rows from others, as of a date.
#[derive(Debug)]
pub(super) struct ComputedColumns<'p> {
    plan: &'p SourcePlan<'p>,
    as_of: Date,
    money_decimals: u8,
    /// By place in `plan.computed`: a text has the same code in all blocks.
    texts: Vec<Arc<Dictionary>>,
    scripts: Arc<RowScripts>,
}

impl<'p> ComputedColumns<'p> {
    pub(super) fn new(
        program: &Program,
        plan: &'p SourcePlan<'p>,
        as_of: Date,
        scripts: Arc<RowScripts>,
    ) -> Self {
        Self {
            plan,
            as_of,
            money_decimals: program.settings.money_decimals,
            texts: vec![Arc::default(); plan.computed.len()],
            scripts,
        }
    }

    /// Rows as expressions see them, with those columns computed that are asked for.
    pub(super) fn block<'a>(
        &mut self,
        days: &'a [i32],
        columns: Vec<Option<Cow<'a, Column>>>,
        asked: &[ColumnId],
    ) -> Block<'a> {
        let rows = days.len();
        let scripts = self.scripts.clone();
        let mut block = Block { rows, as_of: self.as_of, days, columns, scripts };
        for (&id, texts) in self.plan.computed.iter().zip(&mut self.texts) {
            let column = &self.plan.source.columns[id];
            if let ColumnSource::Computed(expr) = &column.column
                && asked.contains(&id)
            {
                let scale = column.kind.scale(self.money_decimals);
                block.compute(id, expr, column.kind, scale, texts);
            }
        }
        block
    }

    /// The texts of a column of texts that was computed; `None` for others.
    pub(super) fn texts(&self, column: ColumnId) -> Option<&Arc<Dictionary>> {
        let place = self.plan.computed.iter().position(|&known| known == column)?;
        let is_text = self.plan.source.columns[column].kind == ColumnKind::Text;
        is_text.then(|| &self.texts[place])
    }
}
