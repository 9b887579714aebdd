//! From bollard's errors to words a user can act on.

use std::error::Error as _;
use std::io::ErrorKind;
use std::path::Path;

use bollard::errors::Error;

use super::{ApiVersion, DockerError};
use crate::model::Fault;

/// `cannot WHAT: cause`, sorted by what a caller may do.
pub fn docker_error(socket: &Path, what: &str, error: Error) -> DockerError {
    if let Some(kind) = io_kind(&error) {
        return DockerError::Unreachable(unreachable(socket, what, kind).caused_by(error));
    }
    match error {
        Error::DockerResponseServerError { status_code, message } => {
            let fault = Fault::new(format!("cannot {what}: {}", message.trim()));
            match status_code {
                404 => DockerError::NotFound(fault),
                409 => DockerError::Conflict(fault),
                _ => DockerError::Other(fault),
            }
        }
        Error::DockerStreamError { error } => {
            DockerError::Other(Fault::new(format!("cannot {what}: {}", error.trim())))
        }
        Error::RequestTimeoutError => DockerError::Unreachable(
            Fault::new(format!("cannot {what}: the Docker engine does not answer in time"))
                .hint("look at the engine's log on the host: journalctl -u docker"),
        ),
        Error::HyperResponseError { .. } | Error::HyperLegacyError { .. } => DockerError::Unreachable(
            Fault::new(format!("cannot {what}: the Docker engine closed the connection"))
                .hint("if the engine was restarted, try again")
                .caused_by(error),
        ),
        other => DockerError::Other(Fault::new(format!("cannot {what}: {other}")).caused_by(other)),
    }
}

/// The refusal of an engine that lacks what we need.
pub fn too_old(api: ApiVersion) -> DockerError {
    let message = if api == ApiVersion::default() {
        "what answers on the Docker socket does not name its API version".to_owned()
    } else {
        format!("the Docker engine is too old: it has API {api}, needed is {}", ApiVersion::OLDEST)
    };
    DockerError::Other(Fault::new(message).hint("Docker 20.10 or newer is needed on the host"))
}

/// The kind of the input/output error at the bottom, when it came from connecting.
pub fn io_kind(error: &Error) -> Option<ErrorKind> {
    if let Error::IOError { err } = error {
        return Some(err.kind());
    }
    let mut cause = error.source();
    while let Some(below) = cause {
        if let Some(found) = below.downcast_ref::<std::io::Error>() {
            return Some(found.kind());
        }
        cause = below.source();
    }
    None
}

fn unreachable(socket: &Path, what: &str, kind: ErrorKind) -> Fault {
    let socket = socket.display();
    match kind {
        ErrorKind::NotFound => Fault::new(format!("cannot {what}: there is no Docker socket at {socket}"))
            .hint(format!("start this container with -v /var/run/docker.sock:{socket}")),
        ErrorKind::PermissionDenied => {
            Fault::new(format!("cannot {what}: the Docker socket {socket} may not be used by this user"))
                .hint("restart this container: at its start it joins the socket's group")
        }
        ErrorKind::ConnectionRefused => {
            Fault::new(format!("cannot {what}: nothing listens on the Docker socket {socket}"))
                .hint("start the Docker engine on the host: systemctl start docker")
                .hint("if it runs, it has replaced its socket: restart this container")
        }
        _ => Fault::new(format!("cannot {what}: the connection to the Docker engine broke"))
            .hint("if the engine was restarted, try again"),
    }
}
