//! Calls of script functions for customers.

use std::cell::RefCell;
use std::sync::Arc;

use super::view::Columns;
use crate::expr::{AttributeId, Fault, MetricId, ScriptFunctionId, Value};
use crate::program::{ParameterValue, Program};
use crate::script::{Argument, Runner, Scripts};

/// What one thread needs to run script functions; the engine is made for the first call.
#[derive(Debug)]
pub(crate) struct Calls<'a> {
    columns: Columns<'a>,
    scripts: &'a Arc<Scripts>,
    runner: RefCell<Option<Runner>>,
    /// By function: the parameter, the name and the place of each property it reads.
    properties: Vec<Vec<(usize, &'a str, Property<'a>)>>,
}

/// Where the view of a customer finds a property.
#[derive(Debug, Clone, Copy)]
enum Property<'a> {
    Metric(MetricId),
    Attribute(AttributeId),
    Parameter(&'a ParameterValue),
    /// `check` found it.
    Unknown,
}

impl<'a> Calls<'a> {
    pub(super) fn new(columns: Columns<'a>) -> Self {
        let functions = columns.program.scripts.functions.iter();
        let properties = functions.map(|function| {
            let named = function.properties.iter();
            named
                .map(|(parameter, name, _)| {
                    (*parameter, name.as_str(), find(columns.program, name))
                })
                .collect()
        });
        let scripts = &columns.program.scripts;
        Self { columns, scripts, runner: RefCell::new(None), properties: properties.collect() }
    }

    /// Calls that are not counted where scripts count the lines that run.
    pub(super) fn uncounted(columns: Columns<'a>) -> Self {
        Self { scripts: columns.program.scripts.plain(), ..Self::new(columns) }
    }

    pub(super) fn call(
        &self,
        function: ScriptFunctionId,
        arguments: &[Option<Value>],
        slot: usize,
    ) -> Result<Value, Fault> {
        let mut views: Vec<Vec<(&str, Value)>> = vec![Vec::new(); arguments.len()];
        for &(parameter, name, property) in &self.properties[function] {
            if arguments.get(parameter).is_some_and(Option::is_none)
                && !views[parameter].iter().any(|(seen, _)| *seen == name)
            {
                views[parameter].push((name, self.value(property, slot)?));
            }
        }
        let arguments = arguments.iter().zip(&views).map(|(argument, view)| match argument {
            Some(value) => Argument::Value(value.clone()),
            None => Argument::Customer(view),
        });
        let mut runner = self.runner.borrow_mut();
        let runner = runner.get_or_insert_with(|| Runner::new(self.scripts, self.columns.as_of));
        runner.call(function, arguments.collect()).map_err(|failed| failed.fault)
    }

    fn value(&self, property: Property<'_>, slot: usize) -> Result<Value, Fault> {
        let column = match property {
            Property::Metric(metric) => &self.columns.metrics[metric],
            Property::Attribute(attribute) => &self.columns.attributes[attribute],
            Property::Parameter(ParameterValue::Value(value)) => return Ok(value.clone()),
            Property::Parameter(ParameterValue::Duration(duration)) => {
                return Ok(Value::text(&duration.to_string()));
            }
            Property::Unknown => return Ok(Value::Null),
        };
        column.as_ref().map_or(Ok(Value::Null), |column| column.value(slot))
    }
}

fn find<'a>(program: &'a Program, name: &str) -> Property<'a> {
    if let Some(metric) = program.metrics.iter().position(|metric| metric.name == name) {
        return Property::Metric(metric);
    }
    if let Some(attribute) = program.attributes.iter().position(|it| it.name == name) {
        return Property::Attribute(attribute);
    }
    let parameter = program.parameters.iter().find(|parameter| parameter.name == name);
    parameter.map_or(Property::Unknown, |parameter| Property::Parameter(&parameter.value))
}
