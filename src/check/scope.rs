use super::checker::{Checker, Meaning};
use crate::expr::{Expr, Input, LadderId, Node, SourceId, Type, Unit, Value};
use crate::program::{ColumnKind, ParameterKind, ParameterValue};
use crate::source::Span;

/// Where an expression stands: which names it sees and what it may call.
#[derive(Debug, Clone, Copy)]
pub(super) enum Scope<'n> {
    /// A source's rows: `where`, and the expressions of computed columns. For a computed
    /// column `visible` is how many columns (those above it) it can use.
    Rows { source: SourceId },
    /// Computed columns of a table; the names and types of its columns.
    Columns { columns: &'n [(String, ColumnKind)], of_customers: bool },
    /// Customers: metrics, attributes, parameters.
    Customer {
        /// In whose criteria it stands: the `ties` of tops.
        ladder: Option<LadderId>,
        /// The ladder that holds the population values in it.
        held_by: Option<LadderId>,
        standings: Standings,
        /// What a benefit's value counts, where `value` can be read.
        value: Option<Unit>,
    },
}

/// Which of the functions on standings may be used.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Standings {
    /// Metrics and the population: none.
    Unreadable,
    /// Criteria and policies: as they were before the pass.
    Before,
    /// Segments, alerts and benefits: as they are after it, `in_segment` too.
    After,
}

impl Scope<'_> {
    pub const METRIC: Scope<'static> = Scope::measure(None);
    pub const TREATMENT: Scope<'static> =
        Scope::Customer { ladder: None, held_by: None, standings: Standings::After, value: None };

    pub fn criterion(ladder: LadderId, held_by: Option<LadderId>) -> Scope<'static> {
        let standings = Standings::Before;
        Scope::Customer { ladder: Some(ladder), held_by, standings, value: None }
    }

    /// What a population function measures: read for everybody, outside of ladders and
    /// standings. Population values in it are held as it is.
    pub const fn measure(held_by: Option<LadderId>) -> Scope<'static> {
        let standings = Standings::Unreadable;
        Scope::Customer { ladder: None, held_by, standings, value: None }
    }

    /// Metrics have an `else` for what is undefined.
    pub fn is_metric(self) -> bool {
        matches!(self, Scope::Customer { standings: Standings::Unreadable, .. })
    }

    pub fn is_customer(self) -> bool {
        matches!(self, Scope::Customer { .. })
    }
}

/// The outcome of looking a name up.
pub(super) enum Found {
    Expr(Expr),
    /// It exists, but has findings of its own.
    Broken,
    /// A parameter that is a duration: no value of an expression.
    Duration,
    Unknown,
}

impl Checker<'_> {
    /// What a name means in a scope; marks it as used.
    pub fn look_up(&mut self, name: &str, span: Span, scope: Scope<'_>) -> Found {
        if name == "as_of" {
            return Found::Expr(Expr {
                node: Node::AsOf,
                ty: Type::Date,
                unit: Unit::Number,
                span,
            });
        }
        let column = |kind: ColumnKind, input| {
            Found::Expr(Expr { node: Node::Input(input), ty: kind.ty(), unit: kind.unit(), span })
        };
        match scope {
            Scope::Rows { source } => {
                if name == "at" {
                    return column(ColumnKind::Date, Input::At);
                }
                let columns = &self.sources[source].columns;
                if let Some(id) = columns.iter().position(|column| column.name == name) {
                    let kind = columns[id].kind;
                    self.usage.columns.insert((source, id));
                    return column(kind, Input::Column(id));
                }
                self.look_up_parameter(name, span)
            }
            Scope::Columns { columns, of_customers } => {
                if name == "at" && !of_customers {
                    return column(ColumnKind::Date, Input::At);
                }
                match columns.iter().position(|(column, _)| column == name) {
                    Some(id) if of_customers => column(columns[id].1, Input::Attribute(id)),
                    Some(id) => column(columns[id].1, Input::Column(id)),
                    None => self.look_up_parameter(name, span),
                }
            }
            Scope::Customer { value, .. } => {
                if name == "value"
                    && let Some(unit) = value
                {
                    return Found::Expr(Expr {
                        node: Node::Input(Input::BenefitValue),
                        ty: Type::Number,
                        unit,
                        span,
                    });
                }
                let Some(&(meaning, _)) = self.names.get(name) else { return Found::Unknown };
                match meaning {
                    Meaning::Parameter(_) => self.look_up_parameter(name, span),
                    Meaning::Attribute(id) => {
                        self.usage.attributes.insert(id);
                        column(self.attributes[id].kind, Input::Attribute(id))
                    }
                    Meaning::Metric(id) => {
                        self.usage.metrics.insert(id);
                        match self.metric(id, span) {
                            Some((ty, unit)) => Found::Expr(Expr {
                                node: Node::Input(Input::Metric(id)),
                                ty,
                                unit,
                                span,
                            }),
                            None => Found::Broken,
                        }
                    }
                }
            }
        }
    }

    fn look_up_parameter(&mut self, name: &str, span: Span) -> Found {
        let Some((id, value)) = self.parameter_named(name) else { return Found::Unknown };
        let kind = self.parameters[id].kind;
        let ParameterValue::Value(value) = value else { return Found::Duration };
        let ty = match kind {
            ParameterKind::Text => Type::Text,
            ParameterKind::Flag => Type::Flag,
            ParameterKind::Date => Type::Date,
            ParameterKind::List => Type::List,
            _ => Type::Number,
        };
        debug_assert!(value != Value::Null);
        let unit = kind.unit();
        Found::Expr(Expr { node: Node::Parameter(id, value), ty, unit, span })
    }

    /// The names that could have been meant in a scope, for suggestions.
    pub fn candidates(&self, scope: Scope<'_>) -> Vec<String> {
        let parameters = || self.parameters.iter().map(|parameter| parameter.name.clone());
        let mut names: Vec<String> = match scope {
            Scope::Rows { source } => {
                let columns = self.sources[source].columns.iter();
                columns.map(|column| column.name.clone()).chain(parameters()).collect()
            }
            Scope::Columns { columns, .. } => {
                columns.iter().map(|(name, _)| name.clone()).chain(parameters()).collect()
            }
            Scope::Customer { .. } => self.names.keys().cloned().collect(),
        };
        names.push("as_of".to_owned());
        names.sort();
        names
    }
}
