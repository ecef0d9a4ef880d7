//! What the terminal is like: its size, whether it shows colours.

use super::args::Color;
use std::io::IsTerminal;
use terminal_size::terminal_size_of;

/// Whether to colour what goes to a stream.
pub(super) fn colored(choice: Color, stream: &impl IsTerminal) -> bool {
    match choice {
        Color::Always => true,
        Color::Never => false,
        Color::Auto => {
            let set = |name| std::env::var_os(name).is_some_and(|value| !value.is_empty() && value != "0");
            let refused = std::env::var_os("NO_COLOR").is_some_and(|value| !value.is_empty());
            let dumb = std::env::var_os("TERM").is_some_and(|term| term == "dumb");
            !refused && (set("CLICOLOR_FORCE") || !dumb && stream.is_terminal())
        }
    }
}

/// The width of the terminal on standard output; nothing where there is none.
pub(super) fn width() -> Option<usize> {
    terminal_size_of(std::io::stdout()).map(|(width, _)| usize::from(width.0))
}

/// The same for standard error.
pub(super) fn error_width() -> Option<usize> {
    terminal_size_of(std::io::stderr()).map(|(width, _)| usize::from(width.0))
}

/// How many lines the terminal on standard output has; nothing where there is none.
pub(super) fn height() -> Option<usize> {
    terminal_size_of(std::io::stdout()).map(|(_, height)| usize::from(height.0))
}

/// The second to record things at: now, or what `SOURCE_DATE_EPOCH` says, so that a build can be repeated to the byte.
pub(super) fn now() -> i64 {
    let fixed = std::env::var("SOURCE_DATE_EPOCH").ok().and_then(|text| text.parse().ok());
    fixed.unwrap_or_else(|| {
        let since = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH);
        since.map_or(0, |since| since.as_secs().cast_signed())
    })
}
