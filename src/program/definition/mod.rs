//! Definitions: what a part of the rules comes to, whatever else the pack holds.
//!
//! A definition is canonical text with names in place of ids, of the part itself and of
//! everything that it reads, from tier down to column. So it is the same in two programs that
//! decide the part alike, and another where anything changed that the part depends on.

mod expr;
mod metric;
mod policy;
#[cfg(test)]
mod tests;

use std::collections::BTreeMap;

use serde::Serialize;
use serde_json::{Value as Json, json, to_value};

use super::{Cutoff, ParameterValue, Program};
use crate::expr::{AttributeId, ColumnId, LadderId, MetricId, ScriptFunctionId, SourceId, TierId};

impl Program {
    /// What a tier's criteria and policies come to. Neither the names of the tier and its ladder
    /// nor its place among the tiers are part of it.
    pub fn tier_definition(&self, ladder: LadderId, tier: TierId) -> String {
        let mut definition = Definition::new(self);
        let own = definition.tier(ladder, tier);
        definition.finish(&own)
    }

    /// What an attribute of customers comes to; its name is not part of it.
    pub fn attribute_definition(&self, attribute: AttributeId) -> String {
        let mut definition = Definition::new(self);
        let own = definition.part(Part::Attribute(attribute));
        definition.finish(&own)
    }

    /// What a metric comes to; its name is not part of it.
    pub fn metric_definition(&self, metric: MetricId) -> String {
        let mut definition = Definition::new(self);
        let own = definition.metric(&self.metrics[metric]);
        definition.finish(&own)
    }
}

impl Program {
    /// By tier of a ladder: whether its criteria, with all that they read, or its policies are
    /// others than before. A tier that is new has not changed.
    pub fn changed_tiers(&self, before: &Program, ladder: LadderId) -> Vec<bool> {
        let now = &self.ladders[ladder];
        let Some(old) = before.ladders.iter().position(|ladder| ladder.name == now.name) else {
            return vec![false; now.tiers.len()];
        };
        let old_tier = |name: &str| {
            let tiers = &before.ladders[old].tiers;
            tiers.iter().position(|tier| tier.name == name)
        };
        let changed = now.tiers.iter().enumerate().map(|(tier, rule)| {
            let renamed = now.renamed.iter().filter(|(_, now)| *now == tier);
            let mut names = renamed.map(|(old, _)| old.as_str()).chain([rule.name.as_str()]);
            names.find_map(old_tier).is_some_and(|old_tier| {
                before.tier_definition(old, old_tier) != self.tier_definition(ladder, tier)
            })
        });
        changed.collect()
    }
}

impl Cutoff {
    /// By what a stored cutoff is found again: `sha256:` and 64 hexadecimal digits. Another one
    /// where its definition, that of a metric it measures or the ladder that holds it changed.
    pub fn identity(&self, program: &Program) -> String {
        let mut definition = Definition::new(program);
        let own = definition.cutoff(self);
        super::generation::hash(definition.finish(&own).as_bytes())
    }
}

/// A definition on its way.
#[derive(Debug)]
struct Definition<'p> {
    program: &'p Program,
    /// By kind and name.
    reads: BTreeMap<String, Json>,
    /// Parts that are read and not in `reads` yet.
    open: Vec<Part>,
}

/// Something of a program that is read by its name.
#[derive(Debug, Clone, Copy)]
enum Part {
    Parameter(usize),
    Attribute(AttributeId),
    Source(SourceId),
    Column(SourceId, ColumnId),
    Metric(MetricId),
    /// Who counts.
    Population,
    Function(ScriptFunctionId),
    Module(usize),
}

impl<'p> Definition<'p> {
    fn new(program: &'p Program) -> Self {
        Self { program, reads: BTreeMap::new(), open: Vec::new() }
    }

    /// The text, once everything is read that the parts read.
    fn finish(mut self, own: &Json) -> String {
        while let Some(part) = self.open.pop() {
            let name = self.name(part);
            if !self.reads.contains_key(&name) {
                let rule = self.part(part);
                self.reads.insert(name, rule);
            }
        }
        let settings = &self.program.settings;
        json!({
            "is": own,
            "reads": self.reads,
            "customers": plain(&self.program.customers),
            "money_decimals": settings.money_decimals,
            "timezone": settings.timezone,
            "year_starts": plain(&settings.year_starts),
        })
        .to_string()
    }

    /// The name of a part, which is read from here on.
    fn read(&mut self, part: Part) -> String {
        self.open.push(part);
        self.name(part)
    }

    fn name(&self, part: Part) -> String {
        let program = self.program;
        match part {
            Part::Parameter(id) => format!("parameter {}", program.parameters[id].name),
            Part::Attribute(id) => format!("attribute {}", program.attributes[id].name),
            Part::Source(id) => format!("source {}", program.sources[id].name),
            Part::Column(source, id) => {
                let source = &program.sources[source];
                format!("column {}.{}", source.name, source.columns[id].name)
            }
            Part::Metric(id) => format!("metric {}", program.metrics[id].name),
            Part::Population => "population".to_owned(),
            Part::Function(id) => {
                let function = &program.scripts.functions[id];
                format!("function {}::{}", function.module, function.name)
            }
            Part::Module(id) => format!("module {}", program.scripts.modules[id].name),
        }
    }

    fn part(&mut self, part: Part) -> Json {
        let program = self.program;
        match part {
            Part::Parameter(id) => match &program.parameters[id].value {
                ParameterValue::Value(value) => plain(value),
                ParameterValue::Duration(duration) => plain(duration),
            },
            Part::Attribute(id) => {
                let attribute = &program.attributes[id];
                let column = self.column(&attribute.column, None);
                json!([column, plain(&attribute.kind)])
            }
            Part::Source(id) => {
                let source = &program.sources[id];
                let (from, at_unit) = (plain(&source.from), plain(&source.at_unit));
                json!([from, source.customer, source.at, at_unit])
            }
            Part::Column(source, id) => {
                let column = &program.sources[source].columns[id];
                let binding = self.column(&column.column, Some(source));
                json!([binding, plain(&column.kind)])
            }
            Part::Metric(id) => self.metric(&program.metrics[id]),
            Part::Population => self.condition(&program.settings.population, None),
            Part::Function(id) => self.function(id),
            Part::Module(id) => json!(program.scripts.modules[id].normalized),
        }
    }

    /// What a script function reads besides its arguments: the text of its module, the functions
    /// that it calls, and what it asks of a customer.
    fn function(&mut self, id: ScriptFunctionId) -> Json {
        let program = self.program;
        let function = &program.scripts.functions[id];
        let modules = &program.scripts.modules;
        let mut parts = Vec::new();
        parts.extend(modules.iter().position(|it| it.name == function.module).map(Part::Module));
        parts.extend(function.calls.iter().copied().map(Part::Function));
        for (_, name, _) in &function.properties {
            let metric = program.metrics.iter().position(|metric| metric.name == *name);
            let attribute = program.attributes.iter().position(|it| it.name == *name);
            let parameter = program.parameters.iter().position(|it| it.name == *name);
            parts.extend(metric.map(Part::Metric).or(attribute.map(Part::Attribute)));
            parts.extend(parameter.map(Part::Parameter));
        }
        let mut names: Vec<String> = parts.into_iter().map(|part| self.read(part)).collect();
        names.sort();
        names.dedup();
        json!(names)
    }
}

/// A value that holds no ids.
fn plain(value: &impl Serialize) -> Json {
    to_value(value).expect("a program is plain data")
}
