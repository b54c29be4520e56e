//! Chains: `customer.spend`, `list[0].name`, and assignments to them.

use rhai::{ASTFlags, BinaryExpr, Expr, Position};

use super::Walk;
use crate::script::adapt::{self, GROWN, PART};
use crate::script::edits::Edit;
use crate::source::Span;

impl Walk<'_> {
    /// `root.property.property`, `root[index].method()` and so on.
    pub(super) fn chain(&mut self, pair: &BinaryExpr, indexed: bool, options: ASTFlags) {
        self.expression(&pair.lhs);
        let links = links(&pair.rhs, indexed, options);
        for link in &links {
            match link {
                Link::Index(index) => self.expression(index),
                Link::Name(Expr::MethodCall(call, position)) => self.method(call, *position),
                Link::Name(_) => {}
            }
        }
        let path = self.path(&links);
        let (Some(parameter), Some(first)) = (self.parameter(&pair.lhs), path.first()) else {
            return;
        };
        let (name, span) = match path.get(1).filter(|(part, _)| adapt::is_part(part)) {
            Some((part, span)) => (format!("{}.{part}", first.0), first.1.to(*span)),
            None => (first.0.clone(), first.1),
        };
        if let Some((part, span)) = path.get(1)
            && path.len() == 2
            && links.len() == 2
            && adapt::is_part(part)
            && let Expr::Variable(variable, _, position) = &pair.lhs
        {
            let start = self.script.span(*position).start as usize;
            let call = format!("{PART}({}, \"{}\", \"{part}\")", variable.1, first.0);
            self.facts.edits.push(Edit::replace(start, span.end as usize, call));
        }
        self.facts.reads.push((parameter, name, span));
    }

    /// The properties with which a chain begins.
    fn path(&self, links: &[Link<'_>]) -> Vec<(String, Span)> {
        let property = |link: &Link<'_>| match link {
            Link::Name(Expr::Property(property, position)) => {
                Some((property.2.to_string(), self.script.span(*position)))
            }
            Link::Index(Expr::StringConstant(text, position)) => {
                Some((text.to_string(), self.script.span(*position)))
            }
            _ => None,
        };
        links.iter().map_while(property).collect()
    }

    /// What is assigned to. Every index and property first looks at the size of the whole.
    pub(super) fn target(&mut self, target: &Expr) {
        let (pair, indexed, options) = match target {
            Expr::Dot(pair, options, _) => (pair, false, *options),
            Expr::Index(pair, options, _) => (pair, true, *options),
            other => return self.expression(other),
        };
        let Expr::Variable(root, ..) = &pair.lhs else {
            return self.expression(target);
        };
        self.expression(&pair.lhs);
        let links = links(&pair.rhs, indexed, options);
        for link in &links {
            match link {
                Link::Index(index) => {
                    self.expression(index);
                    self.grown_index(root.1.as_str(), index);
                }
                Link::Name(Expr::Property(property, position)) => {
                    self.grown_property(root.1.as_str(), &property.2, *position);
                }
                Link::Name(other) => self.expression(other),
            }
        }
    }

    /// `m[k] = …` becomes `m[__grown(m, k)] = …`.
    fn grown_index(&mut self, root: &str, index: &Expr) {
        let start = self.script.span(index.start_position()).start as usize;
        let tokens = &self.script.tokens;
        // From the bracket that opens before the index to its partner.
        let first = tokens.partition_point(|token| token.start < start);
        let mut depth = 1_usize;
        let Some(open) = tokens[..first].iter().rposition(|t| t.text(self.script.text) == "[")
        else {
            return;
        };
        for token in &tokens[open + 1..] {
            match token.text(self.script.text) {
                "[" | "?[" => depth += 1,
                "]" => depth -= 1,
                _ => {}
            }
            if depth == 0 {
                let edits = &mut self.facts.edits;
                edits.push(Edit::insert(tokens[open].end, format!("{GROWN}({root}, ")));
                edits.push(Edit::insert(token.start, ")"));
                return;
            }
        }
    }

    /// `m.k = …` becomes `m[__grown(m, "k")] = …`.
    fn grown_property(&mut self, root: &str, property: &str, position: Position) {
        let span = self.script.span(position);
        let Some(dot) = self.script.token_before(span.start as usize) else { return };
        let index = format!("[{GROWN}({root}, \"{property}\")]");
        self.facts.edits.push(Edit::replace(dot.start, span.end as usize, index));
    }
}

/// A step of a chain: a property or method, or what stands in brackets.
enum Link<'a> {
    Name(&'a Expr),
    Index(&'a Expr),
}

fn links(mut rest: &Expr, mut indexed: bool, mut options: ASTFlags) -> Vec<Link<'_>> {
    let link = |expr, indexed| if indexed { Link::Index(expr) } else { Link::Name(expr) };
    let mut links = Vec::new();
    loop {
        let ends = options.contains(ASTFlags::BREAK);
        match rest {
            Expr::Dot(pair, next, _) if !ends => {
                links.push(link(&pair.lhs, indexed));
                (rest, indexed, options) = (&pair.rhs, false, *next);
            }
            Expr::Index(pair, next, _) if !ends => {
                links.push(link(&pair.lhs, indexed));
                (rest, indexed, options) = (&pair.rhs, true, *next);
            }
            last => {
                links.push(link(last, indexed));
                return links;
            }
        }
    }
}
