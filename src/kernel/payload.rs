//! What a trigger's listeners write to standard output, as a typed value.

use crate::model::Fault;

/// A value that travels as the joined standard output of a trigger's listeners.
pub trait Payload: Sized + Send + 'static {
    /// True when the text is read by the caller, false when it is progress for the user.
    const CAPTURED: bool;

    /// As a listener prints it.
    fn print(&self) -> String;

    /// From what all listeners printed, joined.
    ///
    /// # Errors
    /// When the text is not such a value.
    fn parse(text: &str) -> Result<Self, Fault>;
}

/// Progress for the user, printed as it comes.
impl Payload for () {
    const CAPTURED: bool = false;

    fn print(&self) -> String {
        String::new()
    }

    fn parse(_: &str) -> Result<Self, Fault> {
        Ok(())
    }
}

/// Text, final newlines taken off.
impl Payload for String {
    const CAPTURED: bool = true;

    fn print(&self) -> String {
        self.clone()
    }

    fn parse(text: &str) -> Result<Self, Fault> {
        Ok(text.trim_end_matches('\n').to_owned())
    }
}

/// One value a line; blank lines do not count.
impl Payload for Vec<String> {
    const CAPTURED: bool = true;

    fn print(&self) -> String {
        self.iter().map(|line| format!("{line}\n")).collect()
    }

    fn parse(text: &str) -> Result<Self, Fault> {
        Ok(text.lines().filter(|line| !line.trim().is_empty()).map(str::to_owned).collect())
    }
}

/// `true`, or anything else for false.
impl Payload for bool {
    const CAPTURED: bool = true;

    fn print(&self) -> String {
        format!("{self}\n")
    }

    fn parse(text: &str) -> Result<Self, Fault> {
        Ok(text.trim() == "true")
    }
}
