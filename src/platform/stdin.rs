//! What a command reads: answers to prompts, keys and files handed in.

use std::io::{BufRead, IsTerminal, Read};

use crate::model::{Context, Outcome};

/// Standard input. Tests hand in bytes.
pub trait Stdin: Send + Sync {
    /// All that is left of it.
    ///
    /// # Errors
    /// When it cannot be read.
    fn read_all(&self) -> Outcome<Vec<u8>>;

    /// The next line without its end; `None` at the end of input.
    ///
    /// # Errors
    /// When it cannot be read.
    fn read_line(&self) -> Outcome<Option<String>>;

    /// True when somebody sits at the other end.
    fn is_terminal(&self) -> bool;
}

/// The process's own.
pub struct ProcessStdin;

impl Stdin for ProcessStdin {
    fn read_all(&self) -> Outcome<Vec<u8>> {
        let mut bytes = Vec::new();
        std::io::stdin().lock().read_to_end(&mut bytes).context(|| "cannot read standard input")?;
        Ok(bytes)
    }

    fn read_line(&self) -> Outcome<Option<String>> {
        let mut line = Vec::new();
        let read = std::io::stdin().lock().read_until(b'\n', &mut line);
        if read.context(|| "cannot read standard input")? == 0 {
            return Ok(None);
        }
        Ok(Some(String::from_utf8_lossy(&line).trim_end_matches(['\n', '\r']).to_owned()))
    }

    fn is_terminal(&self) -> bool {
        std::io::stdin().is_terminal()
    }
}
