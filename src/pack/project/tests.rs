use super::*;
use crate::pack::{PackFiles, parse};

const PACK: &str = "pack: p\ncustomers: { table: c, id: id, columns: { joined: date } }\nsources:\n  \
    orders:\n    table: orders\n    customer: customer\n    at: at\n    columns:\n      \
    cost: { type: money, unit: minor }\n";

/// Code, line, column and help.
type Found = (&'static str, usize, usize, Option<String>);

fn project(text: &str) -> (Project, Vec<Found>, ParsedPack) {
    let mut parsed = parse(&PackFiles::embedded([("pack.yaml", PACK)]));
    assert!(parsed.findings.is_empty());
    let file = ProjectFile { path: "shop/tierkeeper.yaml".into(), bytes: text.into() };
    let project = file.parse(&mut parsed.sources, &mut parsed.findings);
    project.apply(&mut parsed.pack, &mut parsed.findings);
    let findings = parsed.findings.into_sorted().into_iter().map(|finding| {
        assert_eq!(parsed.sources.file(finding.span.file).name, "tierkeeper.yaml");
        let at = parsed.sources.position(finding.span);
        (finding.code.slug(), at.line, at.column, finding.help)
    });
    (project, findings.collect(), parsed.pack)
}

#[test]
fn paths_are_relative_to_the_file() {
    let (project, findings, _) = project(
        "store: shop.db\nstate: /var/shop.tiers.db\npack: rules/p\nguard: { max: 1 }\n\
         schedule: { every: day }\nparameters: { vip: 1500 }\n",
    );
    assert_eq!(findings, []);
    assert_eq!(project.store.unwrap(), Path::new("shop/shop.db"));
    assert_eq!(project.state.unwrap(), Path::new("/var/shop.tiers.db"));
    assert_eq!(project.pack.unwrap(), Path::new("shop/rules/p"));
    assert_eq!(project.parameters[0].0.value, "vip");
    let Literal::Scalar { text, .. } = &project.parameters[0].1 else { panic!() };
    assert_eq!(text.text, "1500");
}

#[test]
fn tables_and_columns_are_replaced() {
    let (_, findings, pack) = project(
        "sources:\n  orders: { table: sales, at: sold_at, at_unit: ms, columns: { cost: { column: c, unit: major } } }\n\
         customers: { id: nr, columns: { joined: since } }\n",
    );
    assert_eq!(findings, []);
    let orders = &pack.sources[0];
    assert_eq!(orders.table.as_ref().unwrap().value, "sales");
    assert_eq!(orders.customer.as_ref().unwrap().value, "customer");
    assert_eq!(orders.at.as_ref().unwrap().value, "sold_at");
    assert!(orders.at_milliseconds && !orders.columns[0].minor);
    assert_eq!(orders.columns[0].column.as_ref().unwrap().value, "c");
    let customers = pack.customers.unwrap();
    assert_eq!((customers.table.value.as_str(), customers.id.value.as_str()), ("c", "nr"));
    assert_eq!(customers.columns[0].column.as_ref().unwrap().value, "since");
}

#[test]
fn what_the_pack_does_not_have_is_found() {
    let mean = |name: &str| Some(format!("did you mean `{name}`?"));
    let (_, findings, _) = project(
        "stroe: x\nsources:\n  order: { table: sales }\n  orders: { columns: { csot: x } }\n",
    );
    assert_eq!(
        findings,
        [
            ("unknown-key", 1, 1, mean("store")),
            ("unknown-name", 3, 3, mean("orders")),
            ("unknown-name", 4, 24, mean("cost")),
        ]
    );
}

#[test]
fn is_looked_for_upwards() {
    let dir = tempfile::tempdir().unwrap();
    let deep = dir.path().join("a/b");
    fs::create_dir_all(&deep).unwrap();
    fs::write(dir.path().join(FILE_NAME), "store: x.db\n").unwrap();
    let found = ProjectFile::find_upwards(&deep).unwrap().unwrap();
    assert_eq!(found.path, dir.path().join(FILE_NAME));
    assert!(ProjectFile::read(&deep.join(FILE_NAME)).is_err());
}
