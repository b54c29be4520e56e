//! `docs/findings.md` is generated. `TIERKEEPER_UPDATE=1 cargo test --test findings_page`
//! writes it anew.

use std::path::Path;

#[test]
fn the_findings_page_is_fresh() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/findings.md");
    let generated = tierkeeper::diagnostic::findings_markdown();
    if std::env::var_os("TIERKEEPER_UPDATE").is_some() {
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(&path, &generated).unwrap();
    }
    let written = std::fs::read_to_string(&path).unwrap_or_default();
    assert!(
        written == generated,
        "docs/findings.md is stale: run `TIERKEEPER_UPDATE=1 cargo test --test findings_page`"
    );
}
