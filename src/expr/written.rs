//! Numbers as people write them where a number has digits and a point only.

/// `1,000`, `1.000,50` or `2,5` as a plain number. `None`: it is none of these.
pub fn number_with_commas(written: &str) -> Option<String> {
    let groups: Vec<&str> = written.split(',').map(str::trim).collect();
    let (first, rest) = groups.split_first()?;
    let (last, middle) = rest.split_last()?;
    let is_digits = |text: &str| {
        text.starts_with(|c: char| c.is_ascii_digit())
            && text.bytes().all(|b| b.is_ascii_digit() || matches!(b, b'.' | b'_'))
    };
    let unsigned = first.trim_start_matches('-');
    if !is_digits(unsigned) || !rest.iter().all(|group| is_digits(group)) {
        return None;
    }
    let is_group = |digits: &str| digits.len() == 3 && !digits.contains(['.', '_']);
    let in_threes = unsigned.len() <= 3
        && !unsigned.contains(['.', '_'])
        && middle.iter().all(|digits| is_group(digits))
        && is_group(last.split('.').next().unwrap_or(last));
    Some(match rest {
        _ if in_threes => groups.concat(),
        [decimals] => format!("{}.{decimals}", first.replace('.', "")),
        _ => groups.concat(),
    })
}

/// Signs and short names of currencies that people write beside an amount.
const CURRENCIES: &[&str] = &[
    "₺", "$", "€", "£", "¥", "฿", "﷼", "₽", "₹", "tl", "try", "eur", "euro", "usd", "gbp", "irr",
    "toman", "rial", "thb", "baht", "lira", "dollar", "chf", "aed",
];

/// Whether a text is a currency's sign, code or usual name.
pub fn is_currency(text: &str) -> bool {
    CURRENCIES.contains(&text.to_lowercase().as_str())
}

/// What is left of an amount without the currency before or after it.
pub fn without_currency(written: &str) -> Option<&str> {
    let is_of_amount = |c: char| c.is_ascii_digit() || matches!(c, '.' | ',' | '-');
    let start = written.find(is_of_amount)?;
    let end = written.rfind(is_of_amount)? + 1;
    let (before, after) = (written[..start].trim(), written[end..].trim());
    let fits = |text: &str| text.is_empty() || is_currency(text);
    (before.len() + after.len() > 0 && fits(before) && fits(after)).then(|| &written[start..end])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn commas_separate_thousands_or_decimals() {
        for (written, plain) in [
            ("1,000", "1000"),
            ("1,000,000.50", "1000000.50"),
            ("1.000,50", "1000.50"),
            ("2,5", "2.5"),
            ("1000,50", "1000.50"),
            ("-1,000", "-1000"),
        ] {
            assert_eq!(number_with_commas(written).as_deref(), Some(plain));
        }
        for written in ["1000", "a,b", "1,b", ",5", "1,"] {
            assert_eq!(number_with_commas(written), None, "{written}");
        }
    }

    #[test]
    fn amounts_lose_their_currency() {
        for (written, amount) in
            [("₺1000", "1000"), ("1000 TL", "1000"), ("1.000,50 €", "1.000,50"), ("$ 5", "5")]
        {
            assert_eq!(without_currency(written), Some(amount));
        }
        for written in ["1000", "1000 days", "TL", "5 x"] {
            assert_eq!(without_currency(written), None, "{written}");
        }
    }
}
