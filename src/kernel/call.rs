//! One call of a trigger: what it is given and what came back.

use crate::platform::process;

/// What a trigger offers its listeners on standard input, as its declaration says it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stdin {
    /// What the command itself would read.
    Inherited,
    /// Nothing: listeners of the older form copy what they read before they print.
    Nothing,
    /// A value that whoever fires hands over, as JSON.
    Json,
}

/// What listeners find on standard input.
#[derive(Clone, Debug, Default)]
pub enum Input {
    /// What the command itself would read.
    #[default]
    Inherited,
    /// The same, for a trigger that was fired by hand: whatever stands there is meant for its listeners. What is
    /// fired by a command must not read on its own what is the command's.
    Given,
    /// Nothing.
    Empty,
    /// These bytes, for each listener anew.
    Bytes(Vec<u8>),
}

impl From<Input> for process::Input {
    fn from(input: Input) -> Self {
        match input {
            Input::Inherited | Input::Given => process::Input::Inherited,
            Input::Empty => process::Input::Empty,
            Input::Bytes(bytes) => process::Input::Bytes(bytes),
        }
    }
}

/// What came back from all listeners.
#[derive(Clone, Debug, Default)]
pub struct Reply {
    /// How many listened.
    pub listeners: usize,
    /// What they wrote, joined, where it is captured.
    pub stdout: String,
}
