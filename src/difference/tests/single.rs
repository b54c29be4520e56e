use super::{edited, full, rules, told, Edit};

/// Prints what is told of each edit.
#[test]
fn look() {
    let files = full::files();
    let from = rules(&files);
    let edits: &[Edit<'_>] = &[("order_count > 0", "order_count > 1")];
    for edit in edits {
        println!("{edit:?}\n  {:#?}", told(&from, &rules(&edited(&files, &[*edit]))));
    }
}
