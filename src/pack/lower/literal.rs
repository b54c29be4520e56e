use super::Lower;
use super::fields::shape;
use crate::pack::Literal;
use crate::pack::yaml::{Kind, Node};

impl Lower<'_> {
    /// A literal, a parameter's name, a list, or `{expr: …}`.
    pub(crate) fn literal(&mut self, node: &Node, what: &str) -> Option<Literal> {
        match &node.kind {
            Kind::Scalar(scalar) => {
                Some(Literal::Scalar { text: scalar.text.clone(), quoted: scalar.quoted })
            }
            Kind::Seq(nodes) => {
                let items = nodes.iter().filter_map(|item| {
                    self.scalar(item, "an item of the list").map(|scalar| scalar.text.clone())
                });
                let items = items.collect();
                Some(Literal::List { items, span: node.span })
            }
            Kind::Map(entries) if entries.iter().any(|entry| entry.key.value == "expr") => {
                let fields = self.fields(node, what, &["expr"])?;
                let text = self.expr(fields.get("expr")?, "the expression")?;
                Some(Literal::Expr { text, span: node.span })
            }
            Kind::Map(_) => {
                let message = format!("{what} is a single value, not {}", shape(node));
                let help = "write one value after the `:`".to_owned();
                self.wrong_shape(node.span, message, Some(help));
                None
            }
            Kind::Null => {
                let help = "write the value after the `:`, or leave the line out".to_owned();
                self.wrong_shape(node.span, format!("{what} has no value"), Some(help));
                None
            }
            Kind::Broken => None,
        }
    }

    pub(crate) fn maybe_literal(&mut self, node: Option<&Node>, what: &str) -> Option<Literal> {
        node.and_then(|node| self.literal(node, what))
    }
}
