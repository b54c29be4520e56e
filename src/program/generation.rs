use std::fmt::Write;

use sha2::{Digest, Sha256};

use super::Program;

impl Program {
    /// The hash of the compiled rules with parameter values and source bindings, not of layout
    /// or comments: `sha256:` and 64 hexadecimal digits.
    pub fn generation(&self) -> String {
        let canonical = serde_json::to_vec(self).expect("a program is plain data");
        hash(&canonical)
    }
}

/// `sha256:` and 64 hexadecimal digits.
pub(crate) fn hash(canonical: &[u8]) -> String {
    let mut text = String::from("sha256:");
    for byte in Sha256::digest(canonical) {
        write!(text, "{byte:02x}").expect("writing to a string");
    }
    text
}
