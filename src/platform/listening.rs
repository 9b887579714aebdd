//! What this machine can listen on.

use std::net::{Ipv4Addr, Ipv6Addr, TcpListener};

use super::random::Random;

/// True when the kernel knows IPv6: only then can anything listen on `[::]`.
pub fn has_ipv6() -> bool {
    TcpListener::bind((Ipv6Addr::UNSPECIFIED, 0)).is_ok()
}

/// A random port of 1025 to 65535 that nobody listens on now.
pub fn free_port(random: &dyn Random) -> u16 {
    let mut port = 0;
    // Should all of a thousand be taken, the last is as good as any: whoever listens on it will say so.
    for _ in 0..1000 {
        port = u16::try_from(1025 + random.below(64511)).unwrap_or(u16::MAX);
        if TcpListener::bind((Ipv4Addr::UNSPECIFIED, port)).is_ok() {
            break;
        }
    }
    port
}

/// The size of a memory page, in bytes: what buffers of a proxy are cut to.
pub fn page_size() -> i64 {
    use nix::unistd::{SysconfVar, sysconf};
    sysconf(SysconfVar::PAGE_SIZE).ok().flatten().unwrap_or(4096)
}
