use rust_decimal::Decimal;

use super::{Kind, Lexer, Scanned, foreign};
use crate::diagnostic::Code;

impl Lexer<'_> {
    /// `1000`, `1_000`, `1.5`.
    pub(super) fn number(&mut self) -> Scanned {
        let start = self.at;
        self.take_while(is_digit);
        let mut after_point = self.rest().chars().skip(1);
        if self.peek() == Some('.') && after_point.next().is_some_and(|c| c.is_ascii_digit()) {
            self.bump();
            self.take_while(is_digit);
        }
        let end = self.at;
        match self.peek() {
            Some(c) if foreign::digit(c).is_some() => return self.foreign_number(start),
            Some(c) if c.is_alphanumeric() => return self.letters_in_number(start, end),
            _ => {}
        }
        let digits = self.source[start..end].replace('_', "");
        Decimal::from_str_exact(&digits).map(|number| Kind::Number(number.normalize())).map_err(
            |_| {
                let message = "a number has at most 28 digits";
                self.finding(Code::ExpressionSyntax, start, end, message).into()
            },
        )
    }

    fn letters_in_number(&mut self, start: usize, digits_end: usize) -> Scanned {
        self.take_while(|c| c.is_alphanumeric() || c == '_');
        let written = &self.source[start..self.at];
        let digits = &self.source[start..digits_end];
        let letters = &written[digits.len()..];
        let finding = self.finding(
            Code::ExpressionSyntax,
            start,
            self.at,
            format!("`{written}` is not a number"),
        );
        if crate::expr::is_currency(letters) {
            let message = format!("an amount has no currency: `{letters}`");
            return Err(self
                .finding(Code::ExpressionSyntax, start, self.at, message)
                .help(format!("write `{digits}`"))
                .into());
        }
        Err(match written_out(digits, letters) {
            Some(number) => finding.help(format!("write `{number}`")),
            None if letters.starts_with(['x', 'X', 'b', 'B', 'o', 'O']) => {
                finding.help("write numbers with the digits 0 to 9")
            }
            None => finding.help(format!("write `{digits}` without letters")),
        }
        .into())
    }
}

/// `1e6` as a plain number.
fn written_out(digits: &str, letters: &str) -> Option<Decimal> {
    let digits = digits.replace('_', "");
    let exponent = letters.strip_prefix(['e', 'E'])?;
    Decimal::from_scientific(&format!("{digits}e{exponent}")).ok().map(|number| number.normalize())
}

fn is_digit(c: char) -> bool {
    c.is_ascii_digit() || c == '_'
}
