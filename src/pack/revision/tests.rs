//! Packs at revisions of small repositories.

use std::fs;

use super::*;

struct Repository {
    dir: tempfile::TempDir,
}

impl Repository {
    fn new() -> Self {
        let repository = Self { dir: tempfile::tempdir().unwrap() };
        repository.git(&["init", "--quiet", "--initial-branch=main"]);
        repository
    }

    fn git(&self, arguments: &[&str]) {
        let mut command = Command::new("git");
        let identity = ["-c", "user.name=Somebody", "-c", "user.email=somebody@example.com"];
        let signing = ["-c", "commit.gpgsign=false", "-c", "core.autocrlf=false"];
        command.arg("-C").arg(self.dir.path()).args(identity).args(signing).args(arguments);
        OF_HOOKS.iter().for_each(|name| {
            command.env_remove(name);
        });
        let output = command.output().unwrap();
        assert!(output.status.success(), "{arguments:?}: {output:?}");
    }

    fn write(&self, name: &str, bytes: impl AsRef<[u8]>) {
        let path = self.dir.path().join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, bytes).unwrap();
    }

    fn commit(&self) {
        self.git(&["add", "--all"]);
        self.git(&["commit", "--quiet", "--message", "rules"]);
    }

    fn at(
        &self,
        dir: &str,
        revision: &str,
        path: Option<&str>,
    ) -> Result<PackFiles, RevisionError> {
        PackFiles::at_revision(&self.dir.path().join(dir), revision, path)
    }

    fn said(&self, dir: &str, revision: &str, path: Option<&str>) -> String {
        self.at(dir, revision, path).unwrap_err().to_string()
    }
}

fn texts(pack: &PackFiles) -> Vec<(&str, &str)> {
    let texts = pack.files.iter();
    texts.map(|file| (file.name.as_str(), std::str::from_utf8(&file.bytes).unwrap())).collect()
}

#[test]
fn the_files_as_they_were() {
    let repository = Repository::new();
    repository.write("rules/club/pack.yaml", "old");
    repository.write("rules/club/tiers.yaml", "tiers\r\n");
    repository.write("rules/club/scripts/points.rhai", "fn points() { 1 }");
    repository.write("rules/club/scripts/deep/no.rhai", "no");
    repository.write("rules/club/tests/case.yaml", "no");
    repository.write("rules/club/tierkeeper.yaml", "no");
    repository.write("rules/club/.hidden.yaml", "no");
    repository.write("rules/clubs/pack.yaml", "another");
    repository.commit();
    repository.write("rules/club/pack.yaml", "new");
    repository.write("rules/club/more.yaml", "more");
    fs::remove_file(repository.dir.path().join("rules/club/tiers.yaml")).unwrap();
    let old = repository.at("rules/club", "HEAD", None).unwrap();
    assert_eq!(
        texts(&old),
        [
            ("pack.yaml", "old"),
            ("scripts/points.rhai", "fn points() { 1 }"),
            ("tiers.yaml", "tiers\r\n"),
        ]
    );
    assert_eq!((old.root, old.refused), (None, Vec::new()));
    repository.commit();
    let texts_of = |revision: &str, path: Option<&str>| {
        let pack = repository.at("rules/club", revision, path).unwrap();
        texts(&pack)[0].1.to_owned()
    };
    assert_eq!(texts_of("main~1", None), "old");
    assert_eq!(texts_of("main", Some("./rules/clubs/")), "another");
    // The same bytes as from the directory.
    let now = PackFiles::read(&repository.dir.path().join("rules/club")).unwrap();
    assert_eq!(repository.at("rules/club", "main", None).unwrap().files, now.files);
}

#[test]
fn a_pack_that_is_the_repository() {
    let repository = Repository::new();
    repository.write("pack.yaml", "root");
    repository.commit();
    assert_eq!(texts(&repository.at("", "main", None).unwrap()), [("pack.yaml", "root")]);
    assert_eq!(texts(&repository.at("", "main", Some(".")).unwrap()), [("pack.yaml", "root")]);
}

#[cfg(unix)]
#[test]
fn follows_links_inside_of_the_pack_only() {
    use std::os::unix::fs::symlink;
    let repository = Repository::new();
    let root = repository.dir.path().join("club");
    repository.write("club/shared/x.yaml", "in");
    repository.write("club/shared/code/a.rhai", "code");
    repository.write("out.yaml", "out");
    symlink("shared/x.yaml", root.join("pack.yaml")).unwrap();
    symlink("shared/code", root.join("scripts")).unwrap();
    symlink("../out.yaml", root.join("tiers.yaml")).unwrap();
    symlink("/etc/hostname", root.join("absolute.yaml")).unwrap();
    symlink("circle.yaml", root.join("circle.yaml")).unwrap();
    symlink("shared/nothing.yaml", root.join("nothing.yaml")).unwrap();
    symlink("shared", root.join("directory.yaml")).unwrap();
    repository.commit();
    let pack = repository.at("club", "HEAD", None).unwrap();
    assert_eq!(texts(&pack), [("pack.yaml", "in"), ("scripts/a.rhai", "code")]);
    let refused: Vec<(&str, bool)> = pack
        .refused
        .iter()
        .map(|(name, why)| (name.as_str(), *why == Refusal::OutsideRoot))
        .collect();
    assert_eq!(
        refused,
        [
            ("absolute.yaml", true),
            ("circle.yaml", false),
            ("nothing.yaml", false),
            ("tiers.yaml", true)
        ]
    );
}

#[test]
fn a_file_that_is_too_large_is_cut_where_that_can_be_seen() {
    let repository = Repository::new();
    repository.write("large.yaml", vec![b'#'; LARGEST_FILE + 10_000]);
    repository.write("pack.yaml", "pack");
    repository.commit();
    let pack = repository.at("", "HEAD", None).unwrap();
    assert_eq!(pack.files[0].bytes.len(), LARGEST_FILE + 1);
    assert_eq!(pack.files[1].bytes, b"pack");
}

#[test]
fn what_cannot_be_read_is_told() {
    let repository = Repository::new();
    repository.write("club/pack.yaml", "pack");
    repository.commit();
    repository.write("other/pack.yaml", "not committed");
    assert_eq!(repository.said("club", "nowhere", None), "there is no revision `nowhere`");
    assert_eq!(repository.said("club", "--all", None), "there is no revision `--all`");
    assert_eq!(
        repository.said("other", "main", None),
        "there is no pack at `other` in the revision `main`"
    );
    assert_eq!(
        repository.said("club", "main", Some("club/pack.yaml")),
        "there is no pack at `club/pack.yaml` in the revision `main`"
    );
    for path in ["../club", "/club", "club/../../x"] {
        let said = repository.said("club", "main", Some(path));
        assert!(said.contains("is no path in a repository"), "{said}");
    }
    let outside = tempfile::tempdir().unwrap();
    let said = PackFiles::at_revision(outside.path(), "main", None).unwrap_err();
    assert!(matches!(said, RevisionError::NoRepository { .. }), "{said}");
}
