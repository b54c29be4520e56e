//! What people write instead of an operator, and what to tell them.

use super::Parser;
use crate::diagnostic::{Code, Diagnostic};
use crate::expr::KEYWORDS;
use crate::expr::lexer::{Kind, Token};

/// The functions that people write without parentheses.
const FUNCTIONS: &[&str] =
    &["top_percent", "top_count", "makes_percent", "percentile", "days_since"];

impl Parser<'_> {
    /// The next token cannot begin an operand.
    pub(super) fn unexpected_operand(&self) -> Box<Diagnostic> {
        let token = self.peek();
        let symbol = match &token.kind {
            Kind::Bad(finding) => return finding.clone(),
            Kind::Symbol(symbol) => *symbol,
            _ => return self.nothing_after().into(),
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
            "$" => self.currency(symbol),
            _ => self.syntax(format!("a value is missing before `{symbol}`")),
        };
        finding.into()
    }

    /// The expression ends where a value should stand.
    fn nothing_after(&self) -> Diagnostic {
        match self.at.checked_sub(1).map(|index| self.source(&self.tokens[index])) {
            Some(last) => self
                .syntax(format!("nothing stands after `{last}`"))
                .help(format!("write what belongs after `{last}`, or remove it")),
            None => self.syntax("the expression ends too early"),
        }
    }

    /// A currency beside a number, at the next token.
    fn currency(&self, sign: &str) -> Diagnostic {
        let is_number = |token: &Token| matches!(token.kind, Kind::Number(_));
        let before = self.at.checked_sub(1).map(|index| &self.tokens[index]);
        let amount = before
            .filter(|token| is_number(token))
            .or_else(|| Some(self.peek_at(1)).filter(|token| is_number(token)));
        let finding = self.syntax(format!("an amount has no currency: `{sign}`"));
        match amount {
            Some(amount) => finding.help(format!("write `{}`", self.source(amount))),
            None => finding.help("write the number alone"),
        }
    }

    /// The next token cannot follow an operand.
    pub(super) fn unexpected_after_operand(&self) -> Box<Diagnostic> {
        let token = self.peek();
        let finding = match &token.kind {
            Kind::Bad(finding) => return finding.clone(),
            Kind::End => self.syntax("the expression ends too early"),
            Kind::Name => self.word_after_operand(self.source(token)),
            Kind::Number(_) | Kind::Text(_) => self.operand_after_operand(token),
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
            ";" if self.in_call() => {
                self.syntax("`;` does not separate arguments").help("write `,`")
            }
            ";" => self.syntax("an expression is one value, without `;`").help("remove it"),
            "{" | "}" => self.syntax(format!("`{symbol}` without `if`")),
            "::" => self.syntax("a function has one module: `module::function(…)`"),
            "." | "?." => self.syntax("methods cannot be called").help("write `function(value)`"),
            "," => self.comma(),
            "$" => self.currency(symbol),
            "+=" | "-=" | "*=" | "/=" | "%=" | "&=" | "|=" | "^=" | "**=" | "<<=" | ">>="
            | ":=" => self.syntax("an expression cannot change a value"),
            ")" | "]" => return self.unopened(symbol),
            "(" => self.syntax("an operator is missing before `(`"),
            _ => self.syntax(format!("`{symbol}` has no meaning here")),
        };
        finding.into()
    }

    /// `1 000`, `f 5`, `"a" "b"`: two values without an operator between them.
    fn operand_after_operand(&self, token: &Token) -> Diagnostic {
        let written = self.source(token);
        let finding = self.syntax(format!("an operator is missing before `{written}`"));
        let Some(before) = self.at.checked_sub(1).map(|index| &self.tokens[index]) else {
            return finding;
        };
        let is_number = |token: &Token| matches!(token.kind, Kind::Number(_));
        if is_number(before) && is_number(token) {
            let span = self.span(before).to(self.span(token));
            let number = format!("{}{written}", self.source(before));
            let message = "a number has no blanks";
            return Diagnostic::new(Code::ExpressionSyntax, span, message)
                .help(format!("write `{number}`"));
        }
        let name = self.source(before);
        if name == "top" {
            return finding.help(format!("write `top_percent({written}, …)`"));
        }
        if before.kind == Kind::Name && FUNCTIONS.contains(&name) {
            return finding.help(format!("a function has parentheses: `{name}(…)`"));
        }
        if self.in_call() {
            return finding.help("write `,` between two arguments");
        }
        finding
    }

    /// Whether the innermost parenthesis that is open here is a function's.
    fn in_call(&self) -> bool {
        let mut open: Vec<usize> = Vec::new();
        for (index, token) in self.tokens[..self.at].iter().enumerate() {
            if token.is("(") {
                open.push(index);
            } else if token.is(")") {
                open.pop();
            }
        }
        let callee = open.pop().and_then(|index| index.checked_sub(1));
        callee.is_some_and(|index| {
            let token = &self.tokens[index];
            token.kind == Kind::Name && self.source(token) != "in"
        })
    }

    fn comma(&self) -> Diagnostic {
        let finding = self.syntax("a comma stands only between arguments and items of a list");
        if self.peek_at(1).kind == Kind::End {
            return finding.help("remove it");
        }
        if self.tokens[..self.at].iter().any(|token| self.source(token) == "in") {
            return finding.help("a list stands in brackets, as in `[\"coats\", \"bags\"]`");
        }
        finding.help("join two conditions with `&&` (both) or `||` (one of them)")
    }

    fn word_after_operand(&self, word: &str) -> Diagnostic {
        if crate::expr::is_currency(word) {
            return self.currency(word);
        }
        let operator = match word.to_ascii_lowercase().as_str() {
            "and" | "und" | "ve" => "&&",
            "or" | "oder" | "veya" => "||",
            "not" if self.is_word(1, "in") => return self.not_in(),
            "is" | "eq" | "equals" => "==",
            "ne" => "!=",
            "gt" => ">",
            "ge" | "gte" => ">=",
            "lt" => "<",
            "le" | "lte" => "<=",
            "mod" => "%",
            "then" => {
                let finding = self.syntax("`then` is not a word of `if`");
                return finding.help("write `if condition { value } else { other }`");
            }
            "between" => {
                let finding = self.syntax("`between` is a function, not an operator");
                return finding.help("write `between(value, low, high)`");
            }
            "like" | "contains" | "matches" => {
                let finding = self.syntax(format!("`{word}` is not an operator"));
                return finding
                    .help("compare with `==`, or with `in` and a list, or use a script function");
            }
            _ if self.in_call() => {
                let finding = self.syntax(format!("an operator is missing before `{word}`"));
                return finding.help("write `,` between two arguments");
            }
            _ => {
                let finding = self.syntax(format!("an operator is missing before `{word}`"));
                return finding.help("join two conditions with `&&` (both) or `||` (one of them)");
            }
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
        let span = self.text.span(self.peek().start, end);
        let number = crate::expr::number_with_commas(&self.text.text[self.peek().start..end])?;
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
