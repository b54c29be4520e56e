use std::io::Write;

/// Says of every panic that it is ours, with what a report needs.
pub fn install_hook() {
    std::panic::set_hook(Box::new(|panic| {
        let message = panic.payload_as_str().map_or_else(|| "no message".to_owned(), str::to_owned);
        let place = panic.location().map_or_else(String::new, |at| format!(" at {at}"));
        // Where stderr is gone too there is nobody left to tell.
        let _ = writeln!(
            std::io::stderr(),
            "\nbug: this is a fault of tierkeeper, not of your rules or your data.\n  \
             {message}{place}\n  tierkeeper {}, {} {}\n\
             Nothing was written by the step that failed. Please report it with the command \
             you ran:\n  {}/issues",
            env!("CARGO_PKG_VERSION"),
            std::env::consts::OS,
            std::env::consts::ARCH,
            env!("CARGO_PKG_REPOSITORY"),
        );
    }));
}
