use super::PackFile;
use crate::diagnostic::{Code, Diagnostic, Diagnostics};
use crate::source::{Sources, Span};

/// The largest file that is read: 1 MiB.
pub(super) const LARGEST_FILE: usize = 1 << 20;

const BYTE_ORDER_MARK: char = '\u{feff}';

/// The text of a file without a byte order mark; `None` with a finding where it is too large or
/// not UTF-8. A file without text stays among the sources, so that findings can name it.
pub(crate) fn text(
    file: &PackFile,
    sources: &mut Sources,
    findings: &mut Diagnostics,
) -> Option<String> {
    if file.bytes.len() > LARGEST_FILE {
        let id = sources.add(&file.name, "");
        findings.push(
            Diagnostic::new(
                Code::FileTooLarge,
                Span::new(id, 0, 0),
                format!("`{}` is larger than 1 MiB", file.name),
            )
            .help("split it into several files of the pack"),
        );
        return None;
    }
    match str::from_utf8(&file.bytes) {
        Ok(text) => Some(text.strip_prefix(BYTE_ORDER_MARK).unwrap_or(text).to_owned()),
        Err(error) => {
            // Everything up to the bad byte is UTF-8, so the place is a place of this text.
            let shown = String::from_utf8_lossy(&file.bytes);
            let lossy = shown.strip_prefix(BYTE_ORDER_MARK).unwrap_or(&shown);
            let at = error.valid_up_to() - (shown.len() - lossy.len());
            let bad = file.bytes[error.valid_up_to()];
            let id = sources.add(&file.name, lossy);
            let end = at + char::REPLACEMENT_CHARACTER.len_utf8();
            findings.push(
                Diagnostic::new(
                    Code::NotUtf8,
                    Span::new(id, at, end),
                    format!("the byte 0x{bad:02x} is not UTF-8 text"),
                )
                .help("save the file as UTF-8"),
            );
            None
        }
    }
}
