//! The machine below: what it is and how much room it has.

use std::fs;
use std::path::Path;

const MEBIBYTE: u64 = 1024 * 1024;

/// Name and version of the kernel, name of the machine, as `uname -a` begins.
pub fn kernel() -> String {
    let Ok(name) = nix::sys::utsname::uname() else { return "unknown".to_owned() };
    let words = [name.sysname(), name.nodename(), name.release(), name.version(), name.machine()];
    words.map(|word| word.to_string_lossy().into_owned()).join(" ")
}

/// Name of the machine; of the container, in one.
pub fn name() -> String {
    nix::sys::utsname::uname().map(|name| name.nodename().to_string_lossy().into_owned()).unwrap_or_default()
}

/// Total and available memory in MiB, as far as the kernel tells.
pub fn memory() -> Option<(u64, u64)> {
    let text = fs::read_to_string("/proc/meminfo").ok()?;
    let kilobytes = |key: &str| -> Option<u64> {
        let line = text.lines().find(|line| line.starts_with(key))?;
        line.split_whitespace().nth(1)?.parse().ok()
    };
    Some((kilobytes("MemTotal:")? / 1024, kilobytes("MemAvailable:")? / 1024))
}

/// Total and free room in MiB where the path is, and total and free inodes.
pub fn room(path: &Path) -> Option<[u64; 4]> {
    let found = rustix::fs::statvfs(path).ok()?;
    let mebibytes = |blocks: u64| blocks.saturating_mul(found.f_frsize) / MEBIBYTE;
    Some([mebibytes(found.f_blocks), mebibytes(found.f_bavail), found.f_files, found.f_favail])
}

/// Bytes that are free where the engine keeps its data; none when the kernel does not tell. What this container writes
/// beside its mounts goes there, so that is the place to ask.
pub fn free_of_engine() -> Option<u64> {
    let found = rustix::fs::statvfs("/").ok()?;
    Some(found.f_bavail.saturating_mul(found.f_frsize))
}
