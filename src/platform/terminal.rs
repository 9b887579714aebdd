//! Whether somebody sits at the other end.

use std::io::IsTerminal;

/// True when standard input is a terminal.
pub fn stdin_is_terminal() -> bool {
    std::io::stdin().is_terminal()
}
