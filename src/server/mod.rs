//! The doors of the container: SSH, health, control. All truth stays in the volume.

pub mod session;
pub mod ssh;
