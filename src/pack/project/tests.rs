use super::*;
use crate::limits::{DemotedLimit, Limits, RiseLimit};
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
        "store: shop.db\nstate: /var/shop.tiers.db\npack: rules/p\nguard: off\n\
         schedule: daily at 03:00\nparameters: { vip: 1500 }\n",
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

#[test]
fn what_is_for_the_host_is_read() {
    let guard = |text: &str| {
        let (project, findings, _) = project(text);
        assert_eq!(findings, [], "{text}");
        project.host.guard
    };
    let usual = Limits {
        max_demoted: Some(DemotedLimit::Percent(5.into())),
        at_least: 20,
        max_cost_rise: Some(RiseLimit::Percent(20.into())),
    };
    assert_eq!(guard(""), Guard::On(usual));
    assert_eq!(guard("guard: off"), Guard::Off);
    // What is written counts as it is written.
    let one = Some(DemotedLimit::Percent(1.into()));
    let expected = Limits { max_demoted: one, at_least: 0, ..usual };
    assert_eq!(guard("guard: { max_demoted: 1% }"), Guard::On(expected));
    let expected = Limits { max_demoted: one, at_least: 3, max_cost_rise: None };
    assert_eq!(
        guard("guard: { max_demoted: 1%, at_least: 3, max_cost_rise: off }"),
        Guard::On(expected)
    );
    let people = Limits { max_demoted: Some(DemotedLimit::People(40)), at_least: 0, ..usual };
    assert_eq!(guard("guard: { max_demoted: 40 }"), Guard::On(people));
    let (project, findings, _) = project("listen: 127.0.0.1:8080\nschedule: every 15 minutes\n");
    assert_eq!(findings, []);
    assert_eq!(project.host.listen, Some("127.0.0.1:8080".parse().unwrap()));
    assert_eq!(project.host.schedule, Some(Schedule::Every(15)));
}

#[test]
fn typos_for_the_host_are_found_at_their_place() {
    let (project, findings, _) = project(
        "listen: 7878\nschedule: dayly at 03:00\n\
         guard: { max_demoted: five, at_least: few, max_rise: 1% }\n",
    );
    let found = findings.iter().map(|(code, line, column, _)| (*code, *line, *column));
    assert_eq!(
        found.collect::<Vec<_>>(),
        [
            ("invalid-value", 1, 9),
            ("invalid-value", 2, 11),
            ("invalid-value", 3, 23),
            ("invalid-value", 3, 39),
            ("unknown-key", 3, 44),
        ]
    );
    assert_eq!(findings[0].3.as_deref(), Some("write the address too: `127.0.0.1:7878`"));
    assert_eq!(findings[1].3.as_deref(), Some("did you mean `daily`?"));
    // The guard is never off by mistake.
    assert_eq!(project.host.guard.limits(), Limits { at_least: 20, ..Guard::default().limits() });
}
