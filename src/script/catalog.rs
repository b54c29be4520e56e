//! The functions that scripts may call besides their own.

/// Functions that expressions have too, and those on dates.
const SHARED: &[&str] = &[
    "abs",
    "between",
    "ceil",
    "date",
    "day",
    "days_since",
    "days_until",
    "days_until_next",
    "floor",
    "is_known",
    "max",
    "min",
    "month",
    "round",
    "to_int",
    "year",
    "years_since",
];

/// Functions of Rhai on texts, lists, maps and ranges.
const COLLECTIONS: &[&str] = &[
    "all",
    "append",
    "call",
    "chars",
    "chop",
    "clear",
    "contains",
    "crop",
    "dedup",
    "drain",
    "ends_with",
    "extract",
    "fill_with",
    "filter",
    "find",
    "find_map",
    "for_each",
    "get",
    "index_of",
    "insert",
    "is_empty",
    "keys",
    "len",
    "make_lower",
    "make_upper",
    "map",
    "mixin",
    "order",
    "order_by",
    "order_desc",
    "pad",
    "pop",
    "push",
    "range",
    "reduce",
    "reduce_rev",
    "remove",
    "replace",
    "retain",
    "reverse",
    "set",
    "shift",
    "some",
    "sort",
    "sort_by",
    "sort_desc",
    "splice",
    "split",
    "split_rev",
    "starts_with",
    "sub_string",
    "to_chars",
    "to_lower",
    "to_string",
    "to_upper",
    "trim",
    "truncate",
    "type_of",
    "values",
    "zip",
];

/// What a script may not call, and why not.
const FORBIDDEN: &[(&str, &str)] = &[
    ("eval", "a script cannot run text as code"),
    ("print", "a script has nowhere to print to; return a value"),
    ("debug", "a script has nowhere to print to; return a value"),
    ("sleep", "a script cannot wait"),
    ("exit", "a script ends with `return`"),
    ("timestamp", "a script has no clock; `as_of` is the date of the pass"),
    ("now", "a script has no clock; `as_of` is the date of the pass"),
    ("today", "a script has no clock; `as_of` is the date of the pass"),
    ("rand", "a script has no randomness: the same facts give the same tiers"),
    ("random", "a script has no randomness: the same facts give the same tiers"),
    ("Fn", "a function is named where it is called"),
    ("curry", "a function is called with all its arguments"),
    ("is_shared", "variables are not shared"),
    ("is_def_var", "a variable is there or it is not"),
    ("is_def_fn", "a function is there or it is not"),
    ("open_file", "a script reads no files"),
    ("read_file", "a script reads no files"),
];

pub(super) fn is_known(name: &str) -> bool {
    names().any(|known| known == name)
}

pub(super) fn names<'a>() -> impl Iterator<Item = &'a str> {
    SHARED.iter().chain(COLLECTIONS).copied()
}

/// Why a function is not for scripts.
pub(super) fn forbidden(name: &str) -> Option<&'static str> {
    FORBIDDEN.iter().find(|(forbidden, _)| *forbidden == name).map(|(_, reason)| *reason)
}
