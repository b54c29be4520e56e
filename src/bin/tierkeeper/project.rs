//! New projects: a copy of a pack, and a `tierkeeper.yaml` that binds it.

use std::fmt::Write;
use std::fs;
use std::path::{Path, PathBuf};

use tierkeeper::demo::EmbeddedPack;
use tierkeeper::explain::plain_number;
use tierkeeper::expr::Value;
use tierkeeper::pack::PackFiles;
use tierkeeper::program::{ParameterValue, Program, Relation};

use crate::exit::Failure;

/// A pack that can be copied: its files by their paths.
#[derive(Debug)]
pub struct PackCopy {
    pub files: Vec<(String, Vec<u8>)>,
}

impl PackCopy {
    pub fn of_embedded(pack: &EmbeddedPack) -> Self {
        let files = pack.files.iter();
        Self { files: files.map(|&(name, text)| (name.to_owned(), text.into())).collect() }
    }

    /// Every file of a directory but hidden ones. Links are not followed.
    pub fn of_directory(root: &Path) -> Result<Self, Failure> {
        let mut files = Vec::new();
        take(root, "", &mut files).map_err(|(path, error)| {
            Failure::new(format_args!("cannot read {}: {error}", path.display()))
        })?;
        files.sort();
        Ok(Self { files })
    }

    pub fn as_pack(&self) -> PackFiles {
        PackFiles::embedded(self.files.iter().map(|(name, bytes)| (name.clone(), bytes.clone())))
    }

    /// Writes the files below `dir`, which they must not be in yet.
    pub fn write(&self, dir: &Path) -> Result<(), Failure> {
        for (name, bytes) in &self.files {
            write_new(&dir.join(name), bytes)?;
        }
        Ok(())
    }
}

fn take(
    dir: &Path,
    prefix: &str,
    files: &mut Vec<(String, Vec<u8>)>,
) -> Result<(), (PathBuf, std::io::Error)> {
    let fault = |path: &Path| {
        let path = path.to_owned();
        move |error| (path, error)
    };
    for entry in fs::read_dir(dir).map_err(fault(dir))? {
        let entry = entry.map_err(fault(dir))?;
        let path = entry.path();
        let Some(name) = entry.file_name().to_str().map(str::to_owned) else { continue };
        // A project file binds the pack to somebody else's store.
        if name.starts_with('.') || (prefix.is_empty() && name == "tierkeeper.yaml") {
            continue;
        }
        let kind = entry.file_type().map_err(fault(&path))?;
        let name = format!("{prefix}{name}");
        if kind.is_dir() {
            take(&path, &format!("{name}/"), files)?;
        } else if kind.is_file() && !name.ends_with(".db") {
            files.push((name, fs::read(&path).map_err(fault(&path))?));
        }
    }
    Ok(())
}

/// Writes a file that is not there yet, with the directories that lead to it.
pub fn write_new(path: &Path, bytes: &[u8]) -> Result<(), Failure> {
    let fault = |error| Failure::new(format_args!("cannot write {}: {error}", path.display()));
    if let Some(parent) = path.parent() {
        fs::create_dir_all(parent).map_err(fault)?;
    }
    let mut file = fs::File::create_new(path).map_err(fault)?;
    std::io::Write::write_all(&mut file, bytes).map_err(fault)
}

/// The text of a project file: bindings in effect, everything that can be changed as comments.
pub fn project_yaml(head: &str, program: &Program, pack: &str, locale: Option<&str>) -> String {
    let mut text = format!(
        "{head}\n\
         store: shop.db                 # the facts, an SQLite database; only ever read\n\
         # state: shop.tiers.db         # standings, history, events; this is the default\n\
         pack: {pack}\n\n\
         # What you may change without touching the pack: take away a `#` and set your value.\n\
         parameters:\n"
    );
    for parameter in &program.parameters {
        let setting = format!("{}: {}", parameter.name, written(&parameter.value));
        let title = parameter.title.get(locale).map(|title| format!("# {title}"));
        let line = format!("  # {setting:<36} {}", title.unwrap_or_default());
        let _ = writeln!(text, "{}", line.trim_end());
    }
    text.push_str("\n# Where your tables are called differently.\nsources:\n");
    for source in &program.sources {
        if let Relation::Table(table) = &source.from {
            let (name, customer, at) = (&source.name, &source.customer, &source.at);
            let binding = format!("{{ table: {table}, customer: {customer}, at: {at} }}");
            let _ = writeln!(text, "  # {name}: {binding}");
        }
    }
    text
}

/// A parameter's value as YAML reads it back.
fn written(value: &ParameterValue) -> String {
    match value {
        ParameterValue::Duration(duration) => duration.to_string(),
        ParameterValue::Value(value) => literal(value),
    }
}

fn literal(value: &Value) -> String {
    match value {
        Value::Null => "null".to_owned(),
        Value::Number(number) => plain_number(*number),
        Value::Flag(flag) => flag.to_string(),
        // JSON's quotes are YAML's too.
        Value::Text(text) => serde_json::Value::from(&**text).to_string(),
        Value::Date(date) => date.to_string(),
        Value::List(list) => {
            format!("[{}]", list.iter().map(literal).collect::<Vec<_>>().join(", "))
        }
    }
}
