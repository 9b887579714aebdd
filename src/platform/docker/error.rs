//! What went wrong with the engine.

use std::fmt;

use crate::model::Fault;

/// What a call of the engine returns.
pub type DockerResult<T = ()> = Result<T, DockerError>;

/// An error of the engine, sorted by what a caller may do about it. Inside is what to tell the user.
#[derive(Debug)]
pub enum DockerError {
    /// The container, image, network or volume is not there.
    NotFound(Fault),
    /// The name is taken, or the thing is in use or in another state.
    Conflict(Fault),
    /// No engine answers.
    Unreachable(Fault),
    /// Anything else; the engine's words are in the message.
    Other(Fault),
}

impl DockerError {
    /// True when the thing is not there.
    pub fn is_not_found(&self) -> bool {
        matches!(self, DockerError::NotFound(_))
    }

    /// True when the name is taken or the thing is in use.
    pub fn is_conflict(&self) -> bool {
        matches!(self, DockerError::Conflict(_))
    }

    /// True when no engine answers.
    pub fn is_unreachable(&self) -> bool {
        matches!(self, DockerError::Unreachable(_))
    }

    /// True when nobody listens on the engine's socket, though it is there.
    pub fn is_refused(&self) -> bool {
        let cause = self.fault().cause.as_ref().and_then(|cause| cause.downcast_ref());
        cause.and_then(super::failure::io_kind) == Some(std::io::ErrorKind::ConnectionRefused)
    }

    /// What to tell the user.
    pub fn fault(&self) -> &Fault {
        match self {
            DockerError::NotFound(fault)
            | DockerError::Conflict(fault)
            | DockerError::Unreachable(fault)
            | DockerError::Other(fault) => fault,
        }
    }
}

/// `remove_container(…).await.or_gone()?`: what is not there any more need not be removed.
pub trait OrGone {
    /// Turns "not there" into success.
    ///
    /// # Errors
    /// Any other error stays.
    fn or_gone(self) -> DockerResult;
}

impl OrGone for DockerResult {
    fn or_gone(self) -> DockerResult {
        match self {
            Err(DockerError::NotFound(_)) => Ok(()),
            other => other,
        }
    }
}

impl From<DockerError> for Fault {
    fn from(error: DockerError) -> Fault {
        match error {
            DockerError::NotFound(fault)
            | DockerError::Conflict(fault)
            | DockerError::Unreachable(fault)
            | DockerError::Other(fault) => fault,
        }
    }
}

impl From<Fault> for DockerError {
    fn from(fault: Fault) -> DockerError {
        DockerError::Other(fault)
    }
}

impl fmt::Display for DockerError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.fault().fmt(f)
    }
}

impl std::error::Error for DockerError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        self.fault().source()
    }
}
