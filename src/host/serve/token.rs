//! A secret that whoever asks has to show.

use std::fmt;
use std::fs::File;
use std::io::{self, Read};
use std::path::{Path, PathBuf};

use sha2::{Digest, Sha256};
use subtle::ConstantTimeEq;

const SHORTEST: usize = 16;
/// Bytes; a file that is longer is something else.
const LONGEST: u64 = 4096;

/// Only its digest is kept.
#[derive(Clone)]
pub struct Token {
    digest: [u8; 32],
}

impl Token {
    /// Spaces around it do not count. At least 16 characters, all of them visible ASCII, because it
    /// travels in a header.
    pub fn new(text: &str) -> Result<Token, TokenError> {
        let text = text.trim();
        if !text.bytes().all(|byte| byte.is_ascii_graphic()) {
            return Err(TokenError::Characters);
        }
        if text.len() < SHORTEST {
            return Err(TokenError::Short);
        }
        Ok(Token { digest: Sha256::digest(text.as_bytes()).into() })
    }

    /// From a file that not everybody on the machine may read.
    pub fn read(path: &Path) -> Result<Token, TokenError> {
        let unreadable = |error| TokenError::Unreadable { path: path.to_owned(), error };
        let file = File::open(path).map_err(unreadable)?;
        if others_may_read(&file).map_err(unreadable)? {
            return Err(TokenError::Exposed { path: path.to_owned() });
        }
        let mut text = String::new();
        file.take(LONGEST + 1).read_to_string(&mut text).map_err(unreadable)?;
        if text.len() as u64 > LONGEST {
            return Err(TokenError::Long { path: path.to_owned() });
        }
        Token::new(&text)
            .map_err(|error| TokenError::In { path: path.to_owned(), error: Box::new(error) })
    }

    /// In a time that does not depend on the digits that agree.
    pub(super) fn is(&self, shown: &[u8]) -> bool {
        let shown: [u8; 32] = Sha256::digest(shown).into();
        self.digest.ct_eq(&shown).into()
    }
}

impl PartialEq for Token {
    fn eq(&self, other: &Token) -> bool {
        self.digest.ct_eq(&other.digest).into()
    }
}

impl Eq for Token {}

impl fmt::Debug for Token {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Token")
    }
}

#[cfg(unix)]
fn others_may_read(file: &File) -> io::Result<bool> {
    use std::os::unix::fs::PermissionsExt;
    Ok(file.metadata()?.permissions().mode() & 0o004 != 0)
}

#[cfg(not(unix))]
fn others_may_read(_: &File) -> io::Result<bool> {
    Ok(false)
}

/// Why something is no token. What it was is not told.
#[derive(Debug, thiserror::Error)]
pub enum TokenError {
    #[error("a token has at least {SHORTEST} characters")]
    Short,
    #[error("a token consists of letters, digits and signs of ASCII, without spaces")]
    Characters,
    #[error("`{}` has more than {LONGEST} bytes, so it is no token", path.display())]
    Long { path: PathBuf },
    #[error("`{}` cannot be read: {error}", path.display())]
    Unreadable { path: PathBuf, error: io::Error },
    #[error(
        "everybody on this machine may read the token in `{0}`: write `chmod o-r {0}`",
        path.display()
    )]
    Exposed { path: PathBuf },
    #[error("`{}`: {error}", path.display())]
    In { path: PathBuf, error: Box<TokenError> },
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    #[test]
    fn a_token_is_itself_and_nothing_else() {
        let token = Token::new("  correct-horse-battery\n").expect("a token");
        assert!(token.is(b"correct-horse-battery"));
        for other in ["correct-horse-batterz", "correct-horse-batter", "", " correct-horse-battery"]
        {
            assert!(!token.is(other.as_bytes()), "{other}");
        }
        assert_eq!(format!("{token:?}"), "Token");
    }

    #[test]
    fn short_and_unspeakable_tokens_are_refused() {
        assert!(matches!(Token::new("0123456789abcde"), Err(TokenError::Short)));
        assert!(Token::new("0123456789abcdef").is_ok());
        assert!(matches!(Token::new("0123456789 abcdef"), Err(TokenError::Characters)));
        assert!(matches!(Token::new("0123456789abcdefß"), Err(TokenError::Characters)));
    }

    #[cfg(unix)]
    #[test]
    fn a_file_that_others_may_read_is_refused() {
        use std::os::unix::fs::PermissionsExt;
        let directory = tempfile::tempdir().expect("a directory");
        let path = directory.path().join("token");
        fs::write(&path, "0123456789abcdef\n").expect("written");
        let allow = |mode| fs::set_permissions(&path, fs::Permissions::from_mode(mode));
        allow(0o644).expect("allowed");
        let error = Token::read(&path).expect_err("others may read it");
        let path_words = path.display();
        assert_eq!(
            error.to_string(),
            format!(
                "everybody on this machine may read the token in `{path_words}`: write `chmod o-r \
                 {path_words}`"
            )
        );
        allow(0o640).expect("allowed");
        assert!(Token::read(&path).expect("a token").is(b"0123456789abcdef"));
        fs::write(&path, "0123456789".repeat(410)).expect("written");
        let error = Token::read(&path).expect_err("long");
        assert!(matches!(error, TokenError::Long { .. }), "{error}");
        fs::write(&path, "short").expect("written");
        let error = Token::read(&path).expect_err("short");
        assert_eq!(
            error.to_string(),
            format!("`{path_words}`: a token has at least 16 characters")
        );
    }
}
