use super::Lower;
use super::fields::shape;
use crate::pack::Literal;
use crate::pack::yaml::{Kind, Node};

impl Lower<'_> {
    /// A literal, a parameter's name, a list, or `{expr: …}`.
    pub(in crate::pack) fn literal(&mut self, node: &Node, what: &str) -> Option<Literal> {
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
                let message = format!("{what} is one value, not {}", shape(node));
                self.wrong_shape(node.span, message, None);
                None
            }
            Kind::Null => {
                self.wrong_shape(node.span, format!("{what} has no value"), None);
                None
            }
            Kind::Broken => None,
        }
    }

    pub(in crate::pack) fn maybe_literal(
        &mut self,
        node: Option<&Node>,
        what: &str,
    ) -> Option<Literal> {
        node.and_then(|node| self.literal(node, what))
    }
}
