use std::collections::HashMap;
use std::fmt::Write;

use sha2::{Digest, Sha256};

/// The longest name of a snapshot that its file's name has as it is.
const LONGEST: usize = 80;

/// Bytes of the hash that tells names apart that look the same as a file's.
const HASH_BYTES: usize = 4;

/// The name of the file that holds a snapshot: `vip__five_hundred_made_up_customers.snap` for one
/// of `tests/vip.yaml`. What is not an ASCII letter or digit becomes `_`; a name with letters of
/// other scripts, a very long one, or one without a letter ends in a part of its hash.
pub fn file_name(test_file: &str, name: &str) -> String {
    format!("{test_file}__{}.snap", slug(name))
}

/// The places of the first two names whose files would be the same, small and capital letters
/// apart.
pub fn first_collision<'a>(names: impl IntoIterator<Item = &'a str>) -> Option<(usize, usize)> {
    let mut seen = HashMap::new();
    names.into_iter().enumerate().find_map(|(place, name)| {
        let first = *seen.entry(slug(name)).or_insert(place);
        (first != place).then_some((first, place))
    })
}

fn slug(name: &str) -> String {
    let words = name.split(|c: char| !c.is_ascii_alphanumeric()).filter(|word| !word.is_empty());
    let mut slug = words.map(str::to_ascii_lowercase).collect::<Vec<_>>().join("_");
    if !name.is_ascii() || slug.is_empty() || slug.len() > LONGEST {
        slug.truncate(LONGEST);
        if !slug.is_empty() {
            slug.push('_');
        }
        for byte in &Sha256::digest(name)[..HASH_BYTES] {
            let _ = write!(slug, "{byte:02x}");
        }
    }
    slug
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_letters_digits_and_lines() {
        assert_eq!(
            file_name("vip", "five hundred made-up customers"),
            "vip__five_hundred_made_up_customers.snap"
        );
        assert_eq!(file_name("vip", "../../etc: 20 %!"), "vip__etc_20.snap");
        assert_eq!(file_name("vip", "A  b__c"), "vip__a_b_c.snap");
    }

    /// From `printf '%s' NAME | sha256sum`.
    #[test]
    fn other_scripts_and_long_names_end_in_a_hash() {
        assert_eq!(file_name("vip", "müşteriler 5"), "vip__m_teriler_5_61d2405d.snap");
        assert_eq!(file_name("vip", "مشتریان"), "vip__24eaa3dc.snap");
        assert_ne!(file_name("vip", "مشتریان"), file_name("vip", "مشتری"));
        assert_eq!(file_name("vip", "!!!"), "vip__e84c538e.snap");
        let long = "x".repeat(300);
        assert_eq!(slug(&long), format!("{}_{}", "x".repeat(80), "0d4e2ca9"));
        assert_ne!(slug(&long), slug(&"x".repeat(301)));
    }

    #[test]
    fn names_with_one_file_are_found() {
        assert_eq!(first_collision(["a b", "c", "A-b", "c"]), Some((0, 2)));
        assert_eq!(first_collision(["a b", "ab", "مشتریان", "مشتری"]), None);
    }
}
