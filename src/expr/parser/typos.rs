//! What people write instead of an operator, and what to tell them.

use super::Parser;
use crate::diagnostic::{Code, Diagnostic};
use crate::expr::KEYWORDS;
use crate::expr::lexer::{Kind, Token};

impl Parser<'_> {
    /// The next token cannot begin an operand.
    pub(super) fn unexpected_operand(&self) -> Box<Diagnostic> {
        let token = self.peek();
        let symbol = match &token.kind {
            Kind::Bad(finding) => return finding.clone(),
            Kind::Symbol(symbol) => *symbol,
            _ => return self.syntax("the expression ends too early").into(),
        };
        let previous = self.at.checked_sub(1).map(|index| &self.tokens[index]);
        let finding = match symbol {
            ")" if !previous.is_some_and(|token| token.is("(")) && self.opened() == 0 => {
                return self.unopened(symbol);
            }
            "{" | "#{" => self.syntax("an object cannot stand in an expression"),
            "|" | "||" if previous.is_none_or(|token| token.is("(") || token.is(",")) => {
                self.syntax("a function cannot be written in an expression")
            }
            "." if matches!(self.peek_at(1).kind, Kind::Number(_)) => {
                let digits = self.source(self.peek_at(1));
                self.syntax("a number begins with a digit").help(format!("write `0.{digits}`"))
            }
            "=" if previous
                .is_some_and(|token| token.is("<") || token.is(">") || token.is("!")) =>
            {
                self.syntax("an operator with a blank inside")
                    .help("write `<=`, `>=`, `==` or `!=` without blanks")
            }
            _ => self.syntax(format!("a value is missing before `{symbol}`")),
        };
        finding.into()
    }

    /// The next token cannot follow an operand.
    pub(super) fn unexpected_after_operand(&self) -> Box<Diagnostic> {
        let token = self.peek();
        let finding = match &token.kind {
            Kind::Bad(finding) => return finding.clone(),
            Kind::End => self.syntax("the expression ends too early"),
            Kind::Name => self.word_after_operand(self.source(token)),
            Kind::Number(_) | Kind::Text(_) => {
                self.syntax(format!("an operator is missing before `{}`", self.source(token)))
            }
            Kind::Symbol(symbol) => return self.symbol_after_operand(symbol),
        };
        finding.into()
    }

    fn symbol_after_operand(&self, symbol: &'static str) -> Box<Diagnostic> {
        let not_an_operator = |meant: &str| {
            self.syntax(format!("`{symbol}` is not an operator")).help(format!("write `{meant}`"))
        };
        let finding = match symbol {
            "=" => {
                let message = "`=` does not compare";
                self.here(Code::SingleEquals, message).help("write `==`")
            }
            "===" => not_an_operator("=="),
            "=>" => not_an_operator(">="),
            "=<" => not_an_operator("<="),
            "<>" | "!==" => not_an_operator("!="),
            "&" => not_an_operator("&&"),
            "|" => not_an_operator("||"),
            "!" => self
                .syntax("`!` stands before a condition")
                .help("write `!(…)` for \"not\", or `!=` for \"is not\""),
            "**" => self.syntax("powers cannot be written").help("multiply instead"),
            "??" => self.syntax("`??` is not an operator").help("ask with `is_known(…)`"),
            "[" => self.syntax("items of a list cannot be taken out"),
            ";" => self.syntax("an expression is one value, without `;`"),
            "{" | "}" => self.syntax(format!("`{symbol}` without `if`")),
            "::" => self.syntax("a function has one module: `module::function(…)`"),
            "." | "?." => self.syntax("methods cannot be called").help("write `function(value)`"),
            "," => self.syntax("a comma stands only between arguments and items of a list"),
            "+=" | "-=" | "*=" | "/=" | "%=" | "&=" | "|=" | "^=" | "**=" | "<<=" | ">>="
            | ":=" => self.syntax("an expression cannot change a value"),
            ")" | "]" => return self.unopened(symbol),
            "(" => self.syntax("an operator is missing before `(`"),
            _ => self.syntax(format!("`{symbol}` has no meaning here")),
        };
        finding.into()
    }

    fn word_after_operand(&self, word: &str) -> Diagnostic {
        let operator = match word.to_ascii_lowercase().as_str() {
            "and" => "&&",
            "or" => "||",
            "not" if self.is_word(1, "in") => return self.not_in(),
            "is" | "eq" | "equals" => "==",
            "ne" => "!=",
            "gt" => ">",
            "ge" | "gte" => ">=",
            "lt" => "<",
            "le" | "lte" => "<=",
            "mod" => "%",
            _ => return self.syntax(format!("an operator is missing before `{word}`")),
        };
        self.here(Code::WordOperator, format!("`{word}` is not an operator"))
            .help(format!("write `{operator}`"))
    }

    fn not_in(&self) -> Diagnostic {
        let span = self.span(self.peek()).to(self.span(self.peek_at(1)));
        Diagnostic::new(Code::WordOperator, span, "`not in` is not an operator").help("write `!in`")
    }

    /// A word that stands where a value should.
    pub(super) fn misplaced_word(&self, word: &str) -> Option<Box<Diagnostic>> {
        let next = self.peek_at(1);
        let before_operand = match next.kind {
            Kind::Number(_) | Kind::Text(_) => true,
            Kind::Name => !self.is_word(1, "in"),
            Kind::Symbol(symbol) => matches!(symbol, "(" | "!" | "["),
            Kind::Bad(_) | Kind::End => false,
        };
        if word.eq_ignore_ascii_case("not") && before_operand {
            let finding = self.here(Code::WordOperator, format!("`{word}` is not an operator"));
            return Some(finding.help("write `!`").into());
        }
        if matches!(word, "in" | "else") {
            return Some(self.syntax(format!("a value is missing before `{word}`")).into());
        }
        KEYWORDS
            .contains(&word)
            .then(|| self.syntax(format!("`{word}` cannot stand in an expression")).into())
    }

    /// `20%`: a percent sign where no second operand follows. The operand begins at `start`,
    /// the next token is an operator.
    pub(super) fn percent_sign(&self, start: usize) -> Option<Box<Diagnostic>> {
        let (percent, next) = (self.peek(), self.peek_at(1));
        if !percent.is("%") {
            return None;
        }
        let is_sign = match next.kind {
            Kind::End => true,
            Kind::Name => self.is_word(1, "of") || self.is_word(1, "in") || self.joins(next),
            Kind::Symbol("+" | "-") => {
                let touches = percent.start == self.previous_end();
                touches && self.peek_at(2).start > next.end
            }
            Kind::Symbol(symbol) => !matches!(symbol, "(" | "!" | "[" | "." | "%"),
            Kind::Number(_) | Kind::Text(_) | Kind::Bad(_) => false,
        };
        let operand = &self.tokens[self.at - 1];
        let start = if operand.is(")") { start } else { operand.start };
        is_sign.then(|| {
            let number = &self.text.text[start..self.previous_end()];
            let span = self.text.span(start, percent.end);
            Diagnostic::new(Code::PercentSign, span, "a number has no percent sign")
                .help(format!("percents are 0 to 100: write `{number}`"))
                .into()
        })
    }

    fn joins(&self, token: &Token) -> bool {
        let word = self.source(token);
        word.eq_ignore_ascii_case("and") || word.eq_ignore_ascii_case("or")
    }

    /// `1,000`: a comma inside the number that comes next.
    pub(super) fn comma_in_number(&self) -> Option<Box<Diagnostic>> {
        let mut groups = vec![self.source(self.peek())];
        let mut end = self.peek().end;
        let mut ahead = 1;
        loop {
            let (comma, group) = (self.peek_at(ahead), self.peek_at(ahead + 1));
            let adjoins = comma.is(",") && comma.start == end && group.start == comma.end;
            if !adjoins || !matches!(group.kind, Kind::Number(_)) {
                break;
            }
            groups.push(self.source(group));
            end = group.end;
            ahead += 2;
        }
        let (first, rest) = groups.split_first()?;
        let last_digits = rest.last()?.split('.').next()?;
        let middle = &rest[..rest.len() - 1];
        let is_group = |digits: &str| digits.len() == 3 && !digits.contains(['.', '_']);
        let in_threes = first.len() <= 3
            && !first.contains(['.', '_'])
            && middle.iter().all(|digits| is_group(digits))
            && is_group(last_digits);
        // Between arguments `1,500` may be two numbers, but nobody writes a number as `000`.
        let leading_zero = rest.iter().any(|digits| digits.len() > 1 && digits.starts_with('0'));
        if self.separated && !(in_threes && leading_zero) {
            return None;
        }
        let number = match rest {
            _ if in_threes => groups.concat(),
            [decimals] => format!("{}.{decimals}", first.replace('.', "")),
            _ => groups.concat(),
        };
        let span = self.text.span(self.peek().start, end);
        let finding = Diagnostic::new(Code::ThousandsComma, span, "a number has no comma");
        Some(finding.help(format!("write `{number}`")).into())
    }

    /// The partner of `open` is missing.
    pub(super) fn unclosed(&self, open: &Token, close: &str) -> Box<Diagnostic> {
        let opening = self.source(open);
        let wrong_partner =
            matches!(self.peek().kind, Kind::Symbol(")" | "]" | "}")) && !self.peek().is(close);
        if self.peek().kind != Kind::End && !wrong_partner {
            return self.unexpected_after_operand();
        }
        let message = format!("`{opening}` is not closed");
        self.here(unbalanced(opening), message)
            .help(format!("close it with `{close}`"))
            .related(self.span(open), format!("`{opening}` is here"))
            .into()
    }

    fn unopened(&self, symbol: &str) -> Box<Diagnostic> {
        self.here(unbalanced(symbol), format!("`{symbol}` closes nothing"))
            .help("remove it, or open it before")
            .into()
    }

    /// Parentheses that are open before the next token.
    fn opened(&self) -> usize {
        self.tokens[..self.at].iter().fold(0usize, |open, token| match token.kind {
            Kind::Symbol("(") => open + 1,
            Kind::Symbol(")") => open.saturating_sub(1),
            _ => open,
        })
    }

    pub(super) fn missing_else(&self) -> Box<Diagnostic> {
        self.syntax("`if` without `else` has no value").help("add `else { … }`").into()
    }

    pub(super) fn missing_block(&self, after: &str) -> Box<Diagnostic> {
        match self.peek().kind {
            Kind::End => self.syntax(format!("`{{ … }}` is missing after {after}")).into(),
            _ => self.unexpected_after_operand(),
        }
    }

    fn syntax(&self, message: impl Into<String>) -> Diagnostic {
        self.here(Code::ExpressionSyntax, message)
    }
}

fn unbalanced(symbol: &str) -> Code {
    match symbol {
        "(" | ")" => Code::UnbalancedParentheses,
        _ => Code::ExpressionSyntax,
    }
}
