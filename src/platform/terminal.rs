//! Whether somebody sits at the other end.

use std::io::IsTerminal;

/// True when standard input is a terminal.
pub fn stdin_is_terminal() -> bool {
    std::io::stdin().is_terminal()
}

/// Where the server's log goes: what `docker logs` shows.
pub fn log_output() -> std::io::Stderr {
    std::io::stderr()
}
