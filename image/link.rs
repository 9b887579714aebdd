//! How the binary is linked; cargo runs this before it builds the crate.
//!
//! Some sixty thousand pointers of the binary are put right each time it starts. Packed, they take a few
//! pages instead of a megabyte and a half that each short-lived command would read: 2.4 MiB less at its peak.
//!
//! The program of the commands is linked at a fixed address, where no pointer is to be put right at all: each start
//! writes to some hundred pages less. Its libraries, heap and stacks lie at random addresses as ever. The programs that
//! live as long as the container, and that strangers can reach, stay as they were.

#![allow(clippy::print_stdout, reason = "a build script speaks to cargo on its output")]

fn main() {
    println!("cargo::rerun-if-changed=image/link.rs");
    println!("cargo::rustc-link-arg-bins=-Wl,-z,pack-relative-relocs");
    println!("cargo::rustc-link-arg-bin=dokku=-no-pie");
}
