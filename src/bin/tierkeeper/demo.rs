use std::fs;
use std::path::{Path, PathBuf};

use clap::Args;
use serde_json::json;
use tierkeeper::demo::{DEMO_AS_OF, PACKS, SHOPS, Shop, embedded_pack};
use tierkeeper::diagnostic::did_you_mean;
use tierkeeper::explain::{Explanation, explain, next_tier};
use tierkeeper::pass::PassOutcome;
use tierkeeper::program::Program;
use tierkeeper::source::Sources;

use crate::decided::{PassOptions, pass};
use crate::exit::{Exit, Failure};
use crate::output::{self, Format};
use crate::session::Session;
use crate::shared::{Look, Shared};
use crate::{explain as explain_command, init, project::PackCopy, summary};

/// A small shop to play with
///
/// Makes the store of a made-up shop and a project in DIR, evaluates it, shows who is in which
/// tier and what somebody just below the top is missing.
#[derive(Debug, Args)]
#[command(after_help = "Examples:\n  tierkeeper demo\n  tierkeeper demo my-shop --locale tr\n  \
                        tierkeeper demo corner --from corner-shop --locale fa")]
pub struct Arguments {
    /// Where to make it
    #[arg(value_name = "DIR", default_value = "demo")]
    dir: PathBuf,
    /// The pack whose shop to make: `fashion-retail` or `corner-shop`
    #[arg(long, value_name = "PACK", default_value = "fashion-retail")]
    from: String,
    /// The language of titles, like `en` or `tr`
    #[arg(long, value_name = "LANG")]
    locale: Option<String>,
    /// How to show the result
    #[arg(long, value_enum, default_value_t)]
    format: Format,
    #[command(flatten)]
    look: Look,
}

/// How the first line of a demo's project file begins: by it a demo knows its own directory
/// again, and by the rest of the line whose shop it is.
const MARK: &str = "# Made by `tierkeeper demo --from ";

impl Arguments {
    pub fn run(&self) -> Result<Exit, Failure> {
        let shop = self.shop()?;
        let config = self.dir.join("tierkeeper.yaml");
        match made_from(&config) {
            Some(pack) if pack == self.from => output::note(format_args!(
                "{} is there already and is used again",
                self.dir.display()
            )),
            Some(pack) => {
                return Err(Failure::with_help(
                    format_args!("{} holds the demo of `{pack}`", self.dir.display()),
                    "name another directory: `tierkeeper demo my-demo`",
                ));
            }
            None => self.make()?,
        }
        let store = self.dir.join("shop.db");
        if !store.exists() {
            make_store(&store, shop)?;
        }
        let shared = self.shared(config)?;
        let session = Session::open(&shared)?;
        let rules = session.rules()?;
        let program = &rules.program;
        let as_of = session.as_of_or_today(program)?;
        let options = PassOptions { as_of, skip_bad_rows: false, dry_run: false };
        let (outcome, _) = pass(&session, &rules, options)?;
        let example = just_below_the_top(program, &rules.texts, &outcome);
        let locale = self.locale.as_deref();
        match self.format {
            Format::Json => output::print_json(&json!({
                "dir": self.dir.display().to_string(),
                "summary": summary::as_json(program, &outcome, None),
                "example": example.map(|example| example.to_json(program, locale)),
            }))?,
            Format::Human => {
                let paint = self.look.color.for_stdout();
                let mut text = summary::page(program, &outcome, None, locale, paint);
                let mut customer = "ID".to_owned();
                if let Some(example) = &example {
                    let heading = paint.bold("Somebody who is nearly there");
                    let page = explain_command::ladders(example, program, locale, paint);
                    text.push_str(&format!("\n{heading}\n\n{page}"));
                    customer.clone_from(&example.customer);
                }
                text.push_str(&self.what_next(&customer, shop));
                output::print(&text)?;
            }
        }
        Ok(Exit::Done)
    }

    /// Makes the project in a directory that is empty or not there.
    fn make(&self) -> Result<(), Failure> {
        let occupied = match fs::read_dir(&self.dir) {
            Ok(mut entries) => entries.next().is_some(),
            Err(_) => self.dir.exists(),
        };
        if occupied {
            return Err(Failure::with_help(
                format_args!("{} holds something else", self.dir.display()),
                "name another directory: `tierkeeper demo my-demo`",
            ));
        }
        let Some(pack) = embedded_pack(&self.from) else { return Err(self.no_shop()) };
        let head = format!(
            "{MARK}{}`: a made-up shop, to try things on.\n# It is made for {DEMO_AS_OF}.\n",
            self.from
        );
        init::make(&self.dir, &PackCopy::of_embedded(pack), &head, self.locale.as_deref())?;
        Ok(())
    }

    fn shop(&self) -> Result<&'static Shop, Failure> {
        SHOPS.iter().find(|shop| shop.pack == self.from).ok_or_else(|| self.no_shop())
    }

    fn no_shop(&self) -> Failure {
        let names: Vec<&str> = PACKS.iter().map(|pack| pack.name).collect();
        let help = did_you_mean(&self.from, names.iter().copied())
            .unwrap_or_else(|| format!("there are {}", names.join(" and ")));
        Failure::with_help(format_args!("no pack `{}` came with this program", self.from), help)
    }

    /// The demo's own project, as of the day that its store was made for.
    fn shared(&self, config: PathBuf) -> Result<Shared, Failure> {
        Ok(Shared {
            pack: None,
            store: None,
            state: None,
            config: Some(config),
            set: Vec::new(),
            as_of: Some(DEMO_AS_OF.parse().map_err(Failure::new)?),
            locale: self.locale.clone(),
            look: self.look.clone(),
        })
    }

    fn what_next(&self, customer: &str, shop: &Shop) -> String {
        format!(
            "\nTry next:\n  cd {}\n  tierkeeper explain {customer}\n  \
             tierkeeper list --near club.vip --limit 10\n  \
             tierkeeper evaluate --as-of {DEMO_AS_OF} --dry-run --set {}\n",
            self.dir.display(),
            shop.try_setting
        )
    }
}

/// The pack that a demo in this directory was made from; `None`: there is no demo.
fn made_from(config: &Path) -> Option<String> {
    let text = fs::read_to_string(config).ok()?;
    let (pack, _) = text.strip_prefix(MARK)?.split_once('`')?;
    Some(pack.to_owned())
}

/// Makes the store under another name first, so that a demo that was stopped leaves no half one.
fn make_store(store: &Path, shop: &Shop) -> Result<(), Failure> {
    let fault = |error: &dyn std::fmt::Display| {
        Failure::new(format_args!("cannot make {}: {error}", store.display()))
    };
    let part = store.with_extension("db.part");
    if part.exists() {
        fs::remove_file(&part).map_err(|error| fault(&error))?;
    }
    (shop.make)(&part).map_err(|error| fault(&error))?;
    fs::rename(&part, store).map_err(|error| fault(&error))
}

/// Of those one tier below the top of the first ladder, whoever misses the least for it.
fn just_below_the_top<'a>(
    program: &'a Program,
    texts: &Sources,
    outcome: &PassOutcome,
) -> Option<Explanation<'a>> {
    let PassOutcome { population, after, .. } = outcome;
    let held = &after.standings.ladders.first()?.tier;
    let distance = |slot: usize| {
        let next = next_tier(program, texts, population, after, (0, slot))?;
        let is_short = next.others.is_empty() && !next.needs.is_empty();
        is_short.then_some((next.distance, slot))
    };
    let below = (0..held.len()).filter(|&slot| held[slot].tier() == Some(1));
    let (_, slot) = below.filter_map(distance).min()?;
    Some(explain(program, texts, population, after, slot))
}
