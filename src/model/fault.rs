//! The error of the lower rooms: what failed, on which thing, and what to do next.

use std::error::Error;
use std::fmt;

/// What a function of `model`, `platform` or `store` returns.
pub type Outcome<T = ()> = std::result::Result<T, Fault>;

/// An error in words a user can act on. The kernel turns it into a `Failure`.
#[derive(Debug)]
pub struct Fault {
    /// What failed, on which thing. Without prefix, without a final full stop.
    pub message: String,
    /// What the user can do next, one line each.
    pub hints: Vec<String>,
    /// The error below, for `--trace` and the log.
    pub cause: Option<Box<dyn Error + Send + Sync>>,
}

impl Fault {
    /// A fault with a message alone.
    pub fn new(message: impl Into<String>) -> Self {
        Fault { message: message.into(), hints: Vec::new(), cause: None }
    }

    /// Adds a line that says what to do next.
    #[must_use]
    pub fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hints.push(hint.into());
        self
    }

    /// Keeps the error that led here.
    #[must_use]
    pub fn caused_by(mut self, cause: impl Into<Box<dyn Error + Send + Sync>>) -> Self {
        self.cause = Some(cause.into());
        self
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl Error for Fault {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        self.cause.as_deref().map(|cause| cause as &(dyn Error + 'static))
    }
}

/// Adds to a low-level error what was being done, to which thing.
pub trait Context<T> {
    /// `read(path).context(|| format!("cannot read {path}"))`: the message becomes `cannot read X: cause`.
    fn context<M: Into<String>>(self, message: impl FnOnce() -> M) -> Outcome<T>;
}

impl<T, E: Into<Box<dyn Error + Send + Sync>>> Context<T> for std::result::Result<T, E> {
    fn context<M: Into<String>>(self, message: impl FnOnce() -> M) -> Outcome<T> {
        self.map_err(|error| {
            let cause = error.into();
            Fault::new(format!("{}: {cause}", message().into())).caused_by(cause)
        })
    }
}
