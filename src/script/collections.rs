//! Functions on texts, lists and maps that Rhai has without a bound, with one.
//!
//! Rhai looks at the size of a result after a native function has made it. Where a small input
//! can make a huge result, the size is looked at before.

use rhai::{Dynamic, EvalAltResult, ImmutableString, Position};

use super::library::Library;
use super::limits::TEXT_BYTES;
use super::numbers::Failure;

pub(super) fn register(library: &mut Library) {
    library.register_fn("replace", |text: &mut ImmutableString, find: &str, by: &str| {
        replace(text, find, by)
    });
    library.register_fn("replace", |text: &mut ImmutableString, find: &str, by: char| {
        replace(text, find, by.encode_utf8(&mut [0; 4]))
    });
    library.register_fn("replace", |text: &mut ImmutableString, find: char, by: &str| {
        replace(text, find.encode_utf8(&mut [0; 4]), by)
    });
    library.register_fn("replace", |text: &mut ImmutableString, find: char, by: char| {
        replace(text, find.encode_utf8(&mut [0; 4]), by.encode_utf8(&mut [0; 4]))
    });
    // Lists are written by what they hold, each held text again and again.
    for name in ["to_json", "to_debug", "to_string"] {
        library.register_fn(name, move |_: &mut rhai::Map| no_text(name));
    }
    for name in ["to_debug", "to_string"] {
        library.register_fn(name, move |_: &mut rhai::Array| no_text(name));
    }
}

fn replace(text: &mut ImmutableString, find: &str, by: &str) -> Result<(), Failure> {
    let found = text.matches(find).count();
    if text.len() + found.saturating_mul(by.len()) > TEXT_BYTES + found * find.len() {
        return Err(
            EvalAltResult::ErrorDataTooLarge("Length of string".into(), Position::NONE).into()
        );
    }
    *text = text.replace(find, by).into();
    Ok(())
}

fn no_text(name: &str) -> Result<Dynamic, Failure> {
    Err(super::numbers::failure(format!("`{name}` is for single values")))
}
