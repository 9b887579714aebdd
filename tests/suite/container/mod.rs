//! What runs in the container without an engine: PID 1.

mod init;
