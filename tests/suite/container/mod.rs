//! What runs in the container, without an engine: PID 1, and the process of a session.

mod health;
mod init;
mod session;
