use super::{Parsed, Parser};
use crate::diagnostic::{Code, Diagnostic};
use crate::expr::lexer::{Kind, Token};
use crate::expr::syntax::AstKind;
use crate::source::Span;

impl Parser<'_> {
    /// A literal, name, call, list, `if` or something in parentheses.
    pub(super) fn primary(&mut self) -> Parsed {
        let token = self.peek().clone();
        match &token.kind {
            Kind::Number(number) => {
                if let Some(finding) = self.comma_in_number() {
                    return Err(finding);
                }
                self.advance();
                Ok(self.node(AstKind::Number(*number), token.start))
            }
            Kind::Text(text) => {
                self.advance();
                Ok(self.node(AstKind::Text(text.clone()), token.start))
            }
            Kind::Name => self.word(&token),
            Kind::Symbol("(") => self.parenthesised(&token),
            Kind::Symbol("[") => {
                self.advance();
                let items = self.separated_by_commas(&token, "]")?;
                Ok(self.node(AstKind::List(items), token.start))
            }
            _ => Err(self.unexpected_operand()),
        }
    }

    fn parenthesised(&mut self, open: &Token) -> Parsed {
        self.advance();
        let outer = std::mem::replace(&mut self.separated, false);
        let mut inner = self.nested(Self::expression)?;
        self.separated = outer;
        self.close(open, ")")?;
        // The parentheses belong to what a reader sees as the operand.
        inner.span = self.text.span(open.start, self.previous_end());
        Ok(inner)
    }

    fn word(&mut self, token: &Token) -> Parsed {
        let word = self.source(token);
        match word {
            "true" | "false" => {
                self.advance();
                Ok(self.node(AstKind::Flag(word == "true"), token.start))
            }
            "if" => self.branches(token),
            _ => {
                if let Some(finding) = self.misplaced_word(word) {
                    return Err(finding);
                }
                self.advance();
                self.name_or_call(token)
            }
        }
    }

    fn name_or_call(&mut self, first: &Token) -> Parsed {
        let mut name = self.source(first).to_owned();
        if self.eat("::") {
            let function = self.part_of_name()?;
            name = format!("{name}::{function}");
            if !self.peek().is("(") {
                let message = format!("`{name}` is a function");
                let finding = self.at_callee(first, message);
                return Err(finding.help(format!("call it: `{name}(…)`")).into());
            }
        } else {
            while self.eat(".") {
                let part = self.part_of_name()?;
                name = format!("{name}.{part}");
            }
        }
        let callee_span = self.text.span(first.start, self.previous_end());
        let open = self.peek().clone();
        if !open.is("(") {
            return Ok(self.node(AstKind::Name(name), first.start));
        }
        if name.contains('.') {
            let message = format!("`{name}(…)`: methods cannot be called");
            return Err(self.at_callee(first, message).help("write `function(value)`").into());
        }
        self.advance();
        self.call(name, callee_span, first, &open)
    }

    fn call(&mut self, callee: String, callee_span: Span, first: &Token, open: &Token) -> Parsed {
        let arguments = self.separated_by_commas(open, ")")?;
        Ok(self.node(AstKind::Call { callee, callee_span, arguments }, first.start))
    }

    fn at_callee(&self, first: &Token, message: String) -> Diagnostic {
        let span = self.text.span(first.start, self.previous_end());
        Diagnostic::new(Code::ExpressionSyntax, span, message)
    }

    fn part_of_name(&mut self) -> Parsed<String> {
        let token = self.peek().clone();
        match token.kind {
            Kind::Name => {
                self.advance();
                Ok(self.source(&token).to_owned())
            }
            Kind::Bad(finding) => Err(finding),
            _ => Err(self.here(Code::ExpressionSyntax, "a name is missing here").into()),
        }
    }

    /// Items up to the closing symbol; a comma after the last is fine, as in Rhai.
    fn separated_by_commas(&mut self, open: &Token, close: &str) -> Parsed<Vec<super::Ast>> {
        let outer = std::mem::replace(&mut self.separated, true);
        let mut items = Vec::new();
        while !self.peek().is(close) {
            items.push(self.nested(Self::expression)?);
            if !self.eat(",") {
                break;
            }
        }
        self.separated = outer;
        self.close(open, close)?;
        Ok(items)
    }

    /// `if a { b } else { c }`, from `if` on.
    fn branches(&mut self, token: &Token) -> Parsed {
        self.advance();
        let outer = std::mem::replace(&mut self.separated, false);
        let condition = self.nested(Self::expression)?;
        let then = self.block("the condition of `if`")?;
        if !self.is_word(0, "else") {
            return Err(self.missing_else());
        }
        self.advance();
        let otherwise = if self.is_word(0, "if") {
            let next = self.peek().clone();
            self.nested(|parser| parser.branches(&next))?
        } else {
            self.block("`else`")?
        };
        self.separated = outer;
        let kind = AstKind::If(Box::new(condition), Box::new(then), Box::new(otherwise));
        Ok(self.node(kind, token.start))
    }

    fn block(&mut self, after: &str) -> Parsed {
        let open = self.peek().clone();
        if !self.eat("{") {
            return Err(self.missing_block(after));
        }
        let inner = self.nested(Self::expression)?;
        self.close(&open, "}")?;
        Ok(inner)
    }

    fn close(&mut self, open: &Token, close: &str) -> Parsed<()> {
        if self.eat(close) { Ok(()) } else { Err(self.unclosed(open, close)) }
    }
}
