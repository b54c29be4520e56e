use clap::{Args, CommandFactory};
use clap_complete::Shell;

use crate::Cli;
use crate::exit::{Exit, Failure};
use crate::output;

/// Shell completions
#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  tierkeeper completions bash > ~/.local/share/bash-completion/completions/tierkeeper\n  \
                        tierkeeper completions zsh > ~/.zfunc/_tierkeeper\n  \
                        tierkeeper completions fish > ~/.config/fish/completions/tierkeeper.fish"
)]
pub struct Arguments {
    /// The shell
    #[arg(value_enum)]
    shell: Shell,
}

impl Arguments {
    pub fn run(&self) -> Result<Exit, Failure> {
        let mut script = Vec::new();
        clap_complete::generate(self.shell, &mut Cli::command(), "tierkeeper", &mut script);
        output::print(&String::from_utf8_lossy(&script))?;
        Ok(Exit::Done)
    }
}
