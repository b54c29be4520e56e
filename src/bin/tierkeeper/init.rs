use std::path::{Path, PathBuf};

use clap::Args;
use serde_json::json;
use tierkeeper::build::{Request, build};
use tierkeeper::demo::{PACKS, embedded_pack};
use tierkeeper::diagnostic::{did_you_mean, findings_text};

use crate::exit::{Exit, Failure};
use crate::output::{self, Format};
use crate::project::{PackCopy, project_yaml, write_new};
use crate::shared::Look;

/// A new project from a pack
///
/// Copies the pack into DIR/rules and writes DIR/tierkeeper.yaml, which names the store and shows
/// what can be changed. Nothing that is there is overwritten.
#[derive(Debug, Args)]
#[command(after_help = "Examples:\n  tierkeeper init shop --from fashion-retail\n  \
                        tierkeeper init . --from ../packs/our-club")]
pub struct Arguments {
    /// The project's directory; it is made where it is not there
    #[arg(value_name = "DIR")]
    dir: PathBuf,
    /// A pack: a directory, or one that comes with tierkeeper (corner-shop, fashion-retail)
    #[arg(long, value_name = "PACK")]
    from: String,
    /// The language of the comments in the project file
    #[arg(long, value_name = "LANG")]
    locale: Option<String>,
    /// How to show the result
    #[arg(long, value_enum, default_value_t)]
    format: Format,
    #[command(flatten)]
    look: Look,
}

/// The head of a new project file.
const HEAD: &str = "# What binds the rules to your shop. Flags on the command line override it; its paths\n\
                    # are relative to this file. Try: tierkeeper check\n";

impl Arguments {
    pub fn run(&self) -> Result<Exit, Failure> {
        let pack = find(&self.from)?;
        let made = make(&self.dir, &pack, HEAD, self.locale.as_deref())?;
        match self.format {
            Format::Json => output::print_json(&json!({
                "dir": self.dir.display().to_string(),
                "config": made.config.display().to_string(),
                "pack": made.pack.display().to_string(),
            }))?,
            Format::Human => output::print(&format!(
                "{} binds the pack in {}\n\n\
                 Next:\n  cd {}\n  tierkeeper import orders.csv --into orders   your data, or point `store:` at a database\n  \
                 tierkeeper check                              does everything fit?\n  \
                 tierkeeper evaluate                           who is in which tier\n",
                made.config.display(),
                made.pack.display(),
                self.dir.display(),
            ))?,
        }
        Ok(Exit::Done)
    }
}

fn find(from: &str) -> Result<PackCopy, Failure> {
    let path = Path::new(from);
    if path.is_dir() {
        return PackCopy::of_directory(path);
    }
    if let Some(pack) = embedded_pack(from) {
        return Ok(PackCopy::of_embedded(pack));
    }
    let names = || PACKS.iter().map(|pack| pack.name);
    let help = did_you_mean(from, names()).unwrap_or_else(|| {
        let names: Vec<_> = names().collect();
        format!("packs that come with tierkeeper: {}", names.join(", "))
    });
    Err(Failure::with_help(format_args!("there is no pack `{from}`"), help))
}

/// Where the parts of a new project are.
#[derive(Debug)]
pub struct Made {
    pub config: PathBuf,
    pub pack: PathBuf,
}

/// Makes a project in a directory that has none.
pub fn make(
    dir: &Path,
    pack: &PackCopy,
    head: &str,
    locale: Option<&str>,
) -> Result<Made, Failure> {
    let files = pack.as_pack();
    let built = build(&Request { files: &files, project: None, set: &[], store: None })?;
    let Some(program) = built.program else {
        output::note(findings_text(&built.findings, &built.sources, false).trim_end());
        return Err(Failure::Findings);
    };
    let relative = format!("rules/{}", program.name);
    let made = Made { config: dir.join("tierkeeper.yaml"), pack: dir.join(&relative) };
    if dir.exists() && !dir.is_dir() {
        return Err(Failure::new(format_args!("{} is not a directory", dir.display())));
    }
    for path in [&made.config, &made.pack] {
        if path.exists() {
            return Err(Failure::with_help(
                format_args!("{} is there already", path.display()),
                "nothing was changed; choose another directory",
            ));
        }
    }
    pack.write(&made.pack)?;
    write_new(&made.config, project_yaml(head, &program, &relative, locale).as_bytes())?;
    Ok(made)
}
