use crate::expr::KEYWORDS;

/// Words of the pack language that mean something in expressions, besides those of Rhai.
const OWN: &[&str] = &["always", "never", "value", "customer", "as_of", "at"];

/// Whether expressions and scripts use the word themselves.
pub(super) fn is_reserved(name: &str) -> bool {
    OWN.contains(&name) || KEYWORDS.contains(&name)
}

/// Whether a name may stand for a metric, tier, column and so on: `[a-z][a-z0-9_]*`, and no word
/// that expressions use themselves.
pub fn is_name(name: &str) -> bool {
    has_form(name) && !is_reserved(name)
}

fn has_form(name: &str) -> bool {
    name.starts_with(|c: char| c.is_ascii_lowercase())
        && name.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_')
}

/// A valid name like the one that was written, where there is one.
pub fn valid_form(name: &str) -> Option<String> {
    if has_form(name) {
        return Some(format!("{name}_1"));
    }
    let mut form = String::new();
    for c in name.chars().flat_map(char::to_lowercase) {
        match plain_letter(c) {
            Some(letter) => form.push(letter),
            None if c.is_alphabetic() => return None,
            None if form.is_empty() || form.ends_with('_') => {}
            // A dot above that lowercasing `İ` leaves behind.
            None if c == '\u{307}' => {}
            None => form.push('_'),
        }
    }
    let form = form.trim_end_matches('_');
    let first = form.chars().next()?;
    let form = if first.is_ascii_digit() { format!("n{form}") } else { form.to_owned() };
    Some(if is_reserved(&form) { format!("{form}_1") } else { form })
}

/// The letter without its marks.
fn plain_letter(c: char) -> Option<char> {
    Some(match c {
        'a'..='z' | '0'..='9' => c,
        'à' | 'á' | 'â' | 'ã' | 'ä' | 'å' => 'a',
        'ç' | 'č' | 'ć' => 'c',
        'è' | 'é' | 'ê' | 'ë' => 'e',
        'ğ' => 'g',
        'ì' | 'í' | 'î' | 'ï' | 'ı' => 'i',
        'ñ' => 'n',
        'ò' | 'ó' | 'ô' | 'õ' | 'ö' | 'ø' => 'o',
        'ş' | 'š' => 's',
        'ù' | 'ú' | 'û' | 'ü' => 'u',
        'ž' => 'z',
        _ => return None,
    })
}

/// Whether it can be a pack's name: `[a-z0-9-]+`.
pub(super) fn is_pack_name(name: &str) -> bool {
    !name.is_empty()
        && name.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-')
}

/// Whether it reads as the tag of a language: `en`, `pt-BR`.
pub(super) fn is_language(tag: &str) -> bool {
    let mut parts = tag.split(['-', '_']);
    let is_part = |part: &str| part.bytes().all(|b| b.is_ascii_alphanumeric());
    parts.next().is_some_and(|language| {
        matches!(language.len(), 2 | 3) && language.bytes().all(|b| b.is_ascii_alphabetic())
    }) && parts.all(|part| (1..=8).contains(&part.len()) && is_part(part))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_lower_case_words_that_mean_nothing_yet() {
        for name in ["a", "spend_12m", "rfm", "new_customer"] {
            assert!(is_name(name), "{name}");
        }
        for name in ["", "Spend", "1st", "_a", "şube", "a-b", "a b", "a.b", "if", "value", "at"] {
            assert!(!is_name(name), "{name}");
        }
    }

    #[test]
    fn a_valid_form_is_offered() {
        assert_eq!(valid_form("Total Spend").as_deref(), Some("total_spend"));
        assert_eq!(valid_form("İade-Oranı").as_deref(), Some("iade_orani"));
        assert_eq!(valid_form("2nd").as_deref(), Some("n2nd"));
        assert_eq!(valid_form("value").as_deref(), Some("value_1"));
        assert_eq!(valid_form("مشتری"), None);
        assert_eq!(valid_form("--"), None);
    }

    #[test]
    fn languages() {
        assert!(["en", "tr", "pt-BR", "zh_Hant", "fil"].into_iter().all(is_language));
        assert!(!["english", "e", "", "en-", "over"].into_iter().any(is_language));
    }
}
