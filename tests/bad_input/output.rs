//! Output that nobody reads or that cannot be written, and colours that nobody wants.

use std::process::{Command, Stdio};

use super::assert_says;
use crate::shop::{PACK, Shop};

const COMMANDS: &[&[&str]] = &[
    &["list"],
    &["list", "--format", "csv"],
    &["list", "--format", "json"],
    &["explain", "1"],
    &["check"],
    &["evaluate", "--as-of", "2026-03-21"],
    &["explain-code"],
    &["completions", "bash"],
    &["--help"],
];

fn command(shop: &Shop, arguments: &[&str]) -> Command {
    let mut command = Command::new(assert_cmd::cargo::cargo_bin("tierkeeper"));
    command.current_dir(shop.path()).args(arguments).stderr(Stdio::piped());
    command
}

#[cfg(unix)]
#[test]
fn a_closed_pipe_is_success() {
    let shop = Shop::evaluated();
    for arguments in COMMANDS {
        let mut child = command(&shop, arguments).stdout(Stdio::piped()).spawn().unwrap();
        drop(child.stdout.take());
        let ended = child.wait_with_output().unwrap();
        assert_eq!(ended.status.code(), Some(0), "{arguments:?}: {ended:?}");
        assert!(ended.stderr.is_empty(), "{arguments:?}: {ended:?}");
    }
}

#[cfg(target_os = "linux")]
#[test]
fn a_full_disk_behind_the_output_is_told() {
    let shop = Shop::evaluated();
    for arguments in COMMANDS.iter().filter(|arguments| arguments[0] != "--help") {
        let full = std::fs::OpenOptions::new().write(true).open("/dev/full").unwrap();
        let ended = command(&shop, arguments).stdout(full).output().unwrap();
        assert_eq!(ended.status.code(), Some(2), "{arguments:?}");
        assert_says(&String::from_utf8_lossy(&ended.stderr), &["cannot write the result", "space"]);
    }
}

#[test]
fn colours_only_when_they_are_wanted() {
    let shop = Shop::evaluated();
    shop.write("rules/tiny/pack.yaml", PACK.replace("order_count >= 2", "spend >= 2"));
    for arguments in [["explain", "1"], ["check", "--color=auto"]] {
        let coloured = |color: Option<&str>, no_color: Option<&str>| {
            let mut run = shop.run(arguments);
            if let Some(no_color) = no_color {
                run.env("NO_COLOR", no_color);
            }
            if let Some(color) = color {
                run = shop.run([
                    arguments[0],
                    if arguments[0] == "check" { "--deny-warnings" } else { "1" },
                    color,
                ]);
                if let Some(no_color) = no_color {
                    run.env("NO_COLOR", no_color);
                }
            }
            let output = run.output().unwrap();
            output.stdout.contains(&0x1b)
        };
        assert!(!coloured(None, None), "{arguments:?} into a pipe");
        assert!(!coloured(None, Some("1")), "{arguments:?}");
        assert!(!coloured(Some("--color=never"), None), "{arguments:?}");
        assert!(coloured(Some("--color=always"), None), "{arguments:?}");
        // What is asked for on the command line outranks the environment.
        assert!(coloured(Some("--color=always"), Some("1")), "{arguments:?}");
    }
    shop.run(["list", "--color", "pink"]).assert().code(2);
}
