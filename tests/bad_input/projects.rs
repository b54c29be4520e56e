//! Project files that say nothing, or nothing that can be read.

use super::{assert_says, shop_with_pack};
use crate::shop::{PACK, tierkeeper};

#[test]
fn a_project_file_that_cannot_be_read() {
    let broken: &[(&[u8], &str)] = &[
        (b"store: [1]\npack: rules/tiny\n", "wrong-shape"),
        (b"stor: shop.db\npack: rules/tiny\n", "did you mean `store`?"),
        (b"store: a\nstore: b\npack: rules/tiny\n", "duplicate-key"),
        (
            b"store: shop.db\npack: rules/tiny\nsources: { order: { table: x } }\n",
            "did you mean `orders`?",
        ),
        (b"pack: [rules\n", "yaml-syntax"),
        (b"\xff\xfe\x00", "not-utf8"),
        (b"pack: rules/t\xefny\n", "not-utf8"),
        (&[b'x'; (1 << 20) + 1], "file-too-large"),
    ];
    let shop = shop_with_pack(PACK);
    for (text, words) in broken {
        shop.write("tierkeeper.yaml", text);
        for arguments in [&["check"][..], &["list"], &["evaluate", "--as-of", "2026-03-21"]] {
            let mut command = tierkeeper();
            let output = command.current_dir(shop.path()).args(arguments).output().unwrap();
            let said = [output.stdout, output.stderr].concat();
            let said = String::from_utf8(said).unwrap();
            assert_eq!(output.status.code(), Some(1), "{arguments:?}: {said}");
            assert_says(&said, &[words, "tierkeeper.yaml:"]);
        }
    }
    assert!(!shop.path().join("shop.tiers.db").exists());
}

#[test]
fn a_project_without_a_pack_and_no_project_at_all() {
    let shop = shop_with_pack(PACK);
    for text in ["", "store: shop.db\n"] {
        shop.write("tierkeeper.yaml", text);
        let said = shop.stderr(2, ["check"]);
        assert_says(&said, &["tierkeeper.yaml does not say which pack", "--pack DIR"]);
    }
    shop.write("tierkeeper.yaml", "store: shop.db\npack: rules/none\n");
    assert_says(&shop.stderr(2, ["check"]), &["there is no pack at", "rules/none"]);
    assert_says(&shop.stderr(2, ["check", "--config", "none.yaml"]), &["cannot read `none.yaml`"]);
    assert_says(&shop.stderr(2, ["check", "--config", "rules"]), &["cannot read `rules`"]);

    let nowhere = tempfile::tempdir().unwrap();
    for arguments in [&["check"][..], &["evaluate"], &["list"], &["explain", "1"]] {
        let mut command = tierkeeper();
        let output = command.current_dir(nowhere.path()).args(arguments).assert().code(2);
        let said = String::from_utf8(output.get_output().stderr.clone()).unwrap();
        assert_says(&said, &["which pack?", "--pack DIR", "tierkeeper init"]);
    }
    assert_says(
        &shop.stderr(2, ["evaluate", "--pack", "rules/tiny"]),
        &["which store?", "--store"],
    );
}
