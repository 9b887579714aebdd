//! How the binary is linked; cargo runs this before it builds the crate.
//!
//! Some sixty thousand pointers of the binary are put right each time it starts. Packed, they take a few
//! pages instead of a megabyte and a half that each short-lived command would read: 2.4 MiB less at its peak.
//!
//! The program of the commands is linked at a fixed address, where no pointer is to be put right at all, and with the
//! archives of the C library in place of the shared one, which would be found, mapped and bound at each start: a third of
//! what a start takes. Its heap and stacks lie at random addresses as ever. The programs that live as long as the
//! container, and that strangers can reach, stay as they were.

#![allow(clippy::print_stdout, reason = "a build script speaks to cargo on its output")]
#![allow(clippy::disallowed_methods, reason = "a build script is no part of the program")]

use std::path::{Path, PathBuf};
use std::process::Command;
use std::{env, fs, io};

fn main() {
    println!("cargo::rerun-if-changed=image/link.rs");
    println!("cargo::rustc-link-arg-bins=-Wl,-z,pack-relative-relocs");
    println!("cargo::rustc-link-arg-bin=dokku=-no-pie");
    let is_native = env::var_os("HOST") == env::var_os("TARGET");
    let is_glibc = env::var("CARGO_CFG_TARGET_ENV").is_ok_and(|name| name == "gnu");
    // Elsewhere, and where the archives are not installed, it is linked as any other: slower to start, and nothing else.
    if let Some(folder) = env::var_os("OUT_DIR").filter(|_| is_native && is_glibc).map(PathBuf::from)
        && let Ok(true) = lay_archives(&folder.join("archives"))
    {
        for word in ["-static", &format!("-L{}", folder.join("archives").display())] {
            println!("cargo::rustc-link-arg-bin=dokku={word}");
        }
        println!("cargo::rustc-link-arg-bin=dokku=-Wl,--start-group,-lgcc,-lgcc_eh,-lc,--end-group");
    }
}

/// The compiler asks for shared libraries by name. In this folder, searched first, these names are archives.
fn lay_archives(folder: &Path) -> io::Result<bool> {
    fs::create_dir_all(folder)?;
    for name in ["libc.a", "libm.a"] {
        let Some(archive) = installed(name)? else { return Ok(false) };
        fs::write(folder.join(name), format!("INPUT({})\n", archive.display()))?;
    }
    fs::write(folder.join("libgcc_s.a"), "GROUP(-lgcc -lgcc_eh)\n")?;
    Ok(true)
}

/// Where the linker would find an archive.
fn installed(name: &str) -> io::Result<Option<PathBuf>> {
    let said = Command::new("cc").arg(format!("-print-file-name={name}")).output()?;
    let path = PathBuf::from(String::from_utf8_lossy(&said.stdout).trim());
    Ok(path.is_absolute().then_some(path))
}
