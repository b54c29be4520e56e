//! An alert's message, with the customer's values in place of the `{names}`.

use super::Words;
use crate::expr::{Input, Inputs, Unit, Value};
use crate::metrics::population::Population;
use crate::program::{LocalText, ParameterValue, Program, placeholders};

/// A name that messages about a customer mention, with its value there.
#[derive(Debug, Clone, PartialEq)]
pub struct Mentioned {
    pub name: String,
    /// `Null` where it is unknown or a fault.
    pub value: Value,
    pub unit: Unit,
}

/// What the messages and actions of some alerts mention, in every language, each once.
pub(super) fn mentioned(
    program: &Program,
    population: &Population,
    inputs: &dyn Inputs,
    slot: usize,
    alerts: &[usize],
) -> Vec<Mentioned> {
    let mut found: Vec<Mentioned> = Vec::new();
    let alerts = alerts.iter().map(|&alert| &program.alerts[alert]);
    let texts = alerts.flat_map(|alert| alert.action.iter().chain([&alert.message]));
    for (_, text) in texts.flat_map(|text| &text.texts) {
        for (_, name) in placeholders(text) {
            if !found.iter().any(|mentioned| mentioned.name == name) {
                let (value, unit) = value_of(program, population, inputs, slot, name);
                found.push(Mentioned { name: name.to_owned(), value, unit });
            }
        }
    }
    found
}

fn value_of(
    program: &Program,
    population: &Population,
    inputs: &dyn Inputs,
    slot: usize,
    name: &str,
) -> (Value, Unit) {
    match name {
        "customer" => {
            return (Value::text(&population.facts.customers[slot].to_string()), Unit::Number);
        }
        "as_of" => return (Value::Date(population.as_of), Unit::Number),
        _ => {}
    }
    if let Some(id) = program.metrics.iter().position(|metric| metric.name == name) {
        let value = population.metric(id, slot).unwrap_or(Value::Null);
        return (value, program.metrics[id].unit);
    }
    if let Some(id) = program.attributes.iter().position(|attribute| attribute.name == name) {
        let value = inputs.input(Input::Attribute(id)).value(0).unwrap_or(Value::Null);
        return (value, program.attributes[id].kind.unit());
    }
    let parameter = program.parameters.iter().find(|parameter| parameter.name == name);
    if parameter.is_none() && name == "name" {
        return value_of(program, population, inputs, slot, "customer");
    }
    let value = match parameter.map(|parameter| &parameter.value) {
        Some(ParameterValue::Value(value)) => value.clone(),
        Some(ParameterValue::Duration(duration)) => Value::text(&duration.to_string()),
        None => Value::Null,
    };
    (value, parameter.map_or(Unit::Number, |parameter| parameter.kind.unit()))
}

impl Words<'_> {
    /// A message in the reader's language, with values for what it mentions; `None` where there
    /// is no message.
    pub fn message(&self, message: &LocalText, mentioned: &[Mentioned]) -> Option<String> {
        let text = self.text(message)?;
        let mut written = String::with_capacity(text.len());
        let mut from = 0;
        for (start, name) in placeholders(text) {
            let Some(found) = mentioned.iter().find(|mentioned| mentioned.name == name) else {
                continue;
            };
            let (Some(open), Some(close)) = (text[..start].rfind('{'), text[start..].find('}'))
            else {
                continue;
            };
            written.push_str(&text[from..open]);
            written.push_str(&self.value(&found.value, found.unit));
            from = start + close + 1;
        }
        written.push_str(&text[from..]);
        Some(written)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_become_values_in_both_languages() {
        let program = crate::pass::fixture::shop("", "", "");
        let message = LocalText {
            texts: vec![
                (Some("en".into()), "{ name } away for {days} days {".into()),
                (Some("tr".into()), "{days} gündür yok".into()),
            ],
        };
        let mentioned = [
            Mentioned { name: "name".into(), value: Value::text("Bea"), unit: Unit::Number },
            Mentioned { name: "days".into(), value: Value::Number(15.into()), unit: Unit::Days },
        ];
        let in_words = |locale| Words::new(&program, locale).message(&message, &mentioned);
        assert_eq!(in_words(None).as_deref(), Some("Bea away for 15 days {"));
        assert_eq!(in_words(Some("tr")).as_deref(), Some("15 gündür yok"));
        assert_eq!(Words::new(&program, None).message(&LocalText::default(), &mentioned), None);
    }
}
