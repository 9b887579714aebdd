//! A tar archive with one certificate and one key in it.

use std::io::Read;
use std::path::{Component, Path};

use super::given::LONGEST as LONGEST_FILE;
use crate::kernel::{Failure, Result};
use crate::store::certificates::Pair;

/// The longest archive that is taken, in bytes, also after decompression.
pub const LONGEST: usize = 4 * 1024 * 1024;

/// The one `.crt` and the one `.key` file, in whatever folder; hidden ones, as macOS adds them, are passed over.
///
/// # Errors
/// When it is no archive, holds more or fewer, or a path in it leads out of it.
pub fn pair(bytes: &[u8]) -> Result<Pair> {
    let mut plain = Vec::new();
    if bytes.starts_with(&[0x1f, 0x8b]) {
        let limit = u64::try_from(LONGEST).unwrap_or(u64::MAX) + 1;
        flate2::read::GzDecoder::new(bytes).take(limit).read_to_end(&mut plain).map_err(broken)?;
        if plain.len() > LONGEST {
            return Err(Failure::user(format!("The archive on stdin is longer than {LONGEST} bytes")));
        }
    }
    let bytes = if plain.is_empty() { bytes } else { &plain };
    let (mut certificates, mut keys) = (Vec::new(), Vec::new());
    for entry in tar::Archive::new(bytes).entries().map_err(broken)? {
        let mut entry = entry.map_err(broken)?;
        let path = entry.path().map_err(broken)?.into_owned();
        let target = entry.link_name().map_err(broken)?.filter(|_| entry.header().entry_type().is_symlink());
        if let Some(fault) = unsafe_path(&path).or_else(|| unsafe_target(target.as_deref())) {
            return Err(Failure::user(format!("Archive contains {fault}")));
        }
        let found = match path.extension().and_then(|ending| ending.to_str()) {
            Some("crt") => &mut certificates,
            Some("key") => &mut keys,
            Some(_) | None => continue,
        };
        if is_hidden(&path) || !entry.header().entry_type().is_file() {
            continue;
        }
        if entry.size() > u64::try_from(LONGEST_FILE).unwrap_or(u64::MAX) {
            return Err(Failure::user(format!("{} is longer than {LONGEST_FILE} bytes", path.display())));
        }
        let mut content = Vec::new();
        entry.read_to_end(&mut content).map_err(broken)?;
        found.push(content);
    }
    Ok(Pair { certificate: one(certificates, ".crt")?, key: one(keys, ".key")? })
}

fn one(mut found: Vec<Vec<u8>>, ending: &str) -> Result<Vec<u8>> {
    match (found.pop(), found.is_empty()) {
        (Some(content), true) => Ok(content),
        (Some(_), false) => Err(Failure::user(format!("Tar archive contains more than one {ending} file"))),
        (None, _) => Err(Failure::user(format!("Tar archive is missing {ending} file"))),
    }
}

/// What is wrong with the path of an entry, in Dokku's words. Nothing is unpacked here, but the key's owner should know that
/// somebody has tampered with the archive.
fn unsafe_path(path: &Path) -> Option<&'static str> {
    match leads_out(path)? {
        Way::FromTheRoot => Some("entries with absolute paths"),
        Way::Upwards => Some("entries with parent directory traversal"),
    }
}

/// What is wrong with what a symbolic link leads to.
fn unsafe_target(target: Option<&Path>) -> Option<&'static str> {
    match leads_out(target?)? {
        Way::FromTheRoot => Some("symlinks with absolute targets"),
        Way::Upwards => Some("symlinks pointing outside extraction directory"),
    }
}

/// How a path leaves the folder that it is unpacked in.
enum Way {
    FromTheRoot,
    Upwards,
}

fn leads_out(path: &Path) -> Option<Way> {
    path.components().find_map(|part| match part {
        Component::RootDir | Component::Prefix(_) => Some(Way::FromTheRoot),
        Component::ParentDir => Some(Way::Upwards),
        Component::CurDir | Component::Normal(_) => None,
    })
}

fn is_hidden(path: &Path) -> bool {
    path.components().any(|part| match part {
        Component::Normal(name) => name.as_encoded_bytes().starts_with(b"."),
        Component::CurDir | Component::ParentDir | Component::RootDir | Component::Prefix(_) => false,
    })
}

fn broken(error: std::io::Error) -> Failure {
    let mut failure = Failure::user("Standard input is no tar archive")
        .hint("tar c server.crt server.key | ssh dokku@host certs:add APP");
    failure.cause = Some(Box::new(error));
    failure
}

#[cfg(test)]
mod tests {
    use super::*;

    fn archive(files: &[(&str, &str)]) -> Vec<u8> {
        let mut archive = tar::Builder::new(Vec::new());
        for (path, content) in files {
            let mut header = tar::Header::new_gnu();
            header.as_old_mut().name[..path.len()].copy_from_slice(path.as_bytes());
            header.set_size(u64::try_from(content.len()).unwrap());
            header.set_mode(0o600);
            header.set_cksum();
            archive.append(&header, content.as_bytes()).unwrap();
        }
        archive.into_inner().unwrap()
    }

    fn told(files: &[(&str, &str)]) -> String {
        match pair(&archive(files)) {
            Ok(pair) => format!(
                "{} {}",
                String::from_utf8_lossy(&pair.certificate),
                String::from_utf8_lossy(&pair.key)
            ),
            Err(failure) => failure.message,
        }
    }

    #[test]
    fn one_of_each_is_found_wherever_it_stands() {
        assert_eq!(told(&[("./a/b.com.crt", "c"), ("readme", "x"), ("k.key", "k")]), "c k");
        assert_eq!(told(&[("._a.crt", "x"), ("a.crt", "c"), (".x/a.key", "x"), ("a.key", "k")]), "c k");
        assert_eq!(told(&[("a.key", "k")]), "Tar archive is missing .crt file");
        assert_eq!(told(&[("a.crt", "c")]), "Tar archive is missing .key file");
        assert_eq!(
            told(&[("a.crt", "c"), ("b.crt", "c"), ("a.key", "k")]),
            "Tar archive contains more than one .crt file"
        );
        for (path, fault) in [
            ("../a.crt", "parent directory traversal"),
            ("/a.crt", "absolute paths"),
            ("a/../../b", "parent directory traversal"),
        ] {
            assert_eq!(told(&[(path, "c")]), format!("Archive contains entries with {fault}"), "{path}");
        }
        let long = "x".repeat(LONGEST_FILE + 1);
        assert_eq!(told(&[("a.crt", &long)]), format!("a.crt is longer than {LONGEST_FILE} bytes"));
    }

    #[test]
    fn a_link_that_leads_out_is_refused() {
        for (target, told) in [
            ("/tmp", "Archive contains symlinks with absolute targets"),
            ("../../tmp", "Archive contains symlinks pointing outside extraction directory"),
            ("b.crt", "Tar archive is missing .crt file"),
        ] {
            let mut archive = tar::Builder::new(Vec::new());
            let mut header = tar::Header::new_gnu();
            header.set_entry_type(tar::EntryType::Symlink);
            header.set_size(0);
            archive.append_link(&mut header, "a.crt", target).unwrap();
            let failure = pair(&archive.into_inner().unwrap()).err().expect("it is refused");
            assert_eq!(failure.message, told);
        }
    }

    #[test]
    fn a_compressed_one_is_unpacked_and_garbage_is_none() {
        let mut packed = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
        std::io::Write::write_all(&mut packed, &archive(&[("a.crt", "c"), ("a.key", "k")])).unwrap();
        assert_eq!(pair(&packed.finish().unwrap()).unwrap().key, b"k");
        for garbage in [&b"hello"[..], &[0x1f, 0x8b, 1, 2, 3], &[7; 2000]] {
            let failure = pair(garbage).err().expect("it is refused");
            assert_eq!(failure.message, "Standard input is no tar archive");
        }
    }
}
