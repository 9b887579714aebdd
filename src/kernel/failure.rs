//! What goes wrong, in words and as an exit status. Exit codes are decided here alone.

use crate::model::{AppName, Fault};
use crate::platform::docker::DockerError;
use crate::platform::process;

use super::output::Out;

/// What a command, a reaction or a step returns.
pub type Result<T = ()> = std::result::Result<T, Failure>;

/// Who is to blame, which decides the exit status (contract: output.md section 2).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// The request cannot be done: 1.
    User,
    /// The words of the command cannot be understood: 2.
    Usage,
    /// The caller may not: 1.
    Denied,
    /// The app is not there: 20.
    NoSuchApp,
    /// A program that ran inside ended like this; its own words were its message.
    Inner(i32),
    /// Something of ours broke: 1.
    Internal,
    /// Nothing was done, and that is what was asked for in this case: 1.
    Skipped,
}

/// A failed command: kind, message in Dokku's words, what to do next, what lay below.
#[derive(Debug)]
pub struct Failure {
    /// Who is to blame.
    pub kind: Kind,
    /// What failed, on which thing; printed behind ` !     `. May hold several lines; empty prints nothing.
    pub message: String,
    /// What to do next, a line each.
    pub hints: Vec<String>,
    /// The error below.
    pub cause: Option<Box<dyn std::error::Error + Send + Sync>>,
}

impl Failure {
    /// A request that cannot be done.
    pub fn user(message: impl Into<String>) -> Self {
        Self::of(Kind::User, message)
    }

    /// Words that cannot be understood.
    pub fn usage(message: impl Into<String>) -> Self {
        Self::of(Kind::Usage, message)
    }

    /// A caller who may not.
    pub fn denied(message: impl Into<String>) -> Self {
        Self::of(Kind::Denied, message)
    }

    /// A command that is for root, called by somebody else.
    pub fn for_root() -> Self {
        Self::denied("This command must be run as root")
            .hint("on the Docker host: docker exec -i <container> dokku <command>")
    }

    /// Something of ours that broke.
    pub fn internal(message: impl Into<String>) -> Self {
        Self::of(Kind::Internal, message)
    }

    /// Nothing was done, as it is wanted when this is so.
    pub fn skipped(message: impl Into<String>) -> Self {
        Self::of(Kind::Skipped, message)
    }

    /// The app is not there.
    pub fn no_such_app(app: &AppName) -> Self {
        Self::of(Kind::NoSuchApp, format!("App {app} does not exist"))
    }

    /// Ends with the status of an inner program, without words of ours.
    pub fn inner(status: i32) -> Self {
        Self::of(Kind::Inner(status), "")
    }

    fn of(kind: Kind, message: impl Into<String>) -> Self {
        Failure { kind, message: message.into(), hints: Vec::new(), cause: None }
    }

    /// Adds a line that says what to do next.
    #[must_use]
    pub fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hints.push(hint.into());
        self
    }

    /// The exit status of the command.
    pub fn status(&self) -> u8 {
        match self.kind {
            Kind::User | Kind::Denied | Kind::Internal | Kind::Skipped => 1,
            Kind::Usage => 2,
            Kind::NoSuchApp => 20,
            Kind::Inner(status) => u8::try_from(status).unwrap_or(1),
        }
    }

    /// Prints message, hints and, when tracing, the chain of causes.
    pub fn print(&self, out: &Out) {
        for line in self.message.lines() {
            out.warn(line);
        }
        for hint in &self.hints {
            out.warn(hint);
        }
        let mut cause = self.cause.as_deref().map(|cause| cause as &dyn std::error::Error);
        while let Some(error) = cause {
            out.debug(format!("caused by: {error}"));
            cause = error.source();
        }
    }
}

impl std::fmt::Display for Failure {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        if self.message.is_empty() {
            write!(f, "exit status {}", self.status())
        } else {
            f.write_str(&self.message)
        }
    }
}

impl From<Fault> for Failure {
    fn from(fault: Fault) -> Self {
        Failure { kind: Kind::User, message: fault.message, hints: fault.hints, cause: fault.cause }
    }
}

impl From<DockerError> for Failure {
    fn from(error: DockerError) -> Self {
        Fault::from(error).into()
    }
}

impl From<process::Ended> for Result {
    fn from(ended: process::Ended) -> Self {
        if ended.status == 0 { Ok(()) } else { Err(Failure::inner(ended.status)) }
    }
}
