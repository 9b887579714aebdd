//! A configuration made to stand on its own: what it includes put in its place, certificates beside it.
//! So nothing that happens to an app's folder later can keep nginx from starting.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use sha2::{Digest, Sha256};

use super::super::files;
use crate::model::{Fault, Outcome};

/// How deep includes may include.
const DEEPEST: usize = 8;

/// The configuration of an app on its own.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Contained {
    /// The text.
    pub text: String,
    /// Files that stand beside it: name and bytes. The text names them by their path in `folder`.
    pub files: BTreeMap<String, Vec<u8>>,
}

/// Reads a configuration and all that it names. Certificates are to stand in `folder`; relative paths
/// begin at `prefix`, as nginx has it.
///
/// # Errors
/// When something it names is not there: nginx would say no more than that.
pub fn contained(text: &str, folder: &Path, prefix: &Path) -> Outcome<Contained> {
    let mut whole = Contained::default();
    expand(text, &Places { folder, prefix }, &mut whole, 0)?;
    Ok(whole)
}

struct Places<'a> {
    folder: &'a Path,
    prefix: &'a Path,
}

fn expand(text: &str, places: &Places, whole: &mut Contained, depth: usize) -> Outcome {
    if depth > DEEPEST {
        return Err(Fault::new(format!("files include each other more than {DEEPEST} deep")));
    }
    for line in text.lines() {
        match directive(line) {
            Some(("include", path)) => {
                for path in matching(&places.prefix.join(path))? {
                    let included = files::read_text(&path)?.unwrap_or_default();
                    expand(&included, places, whole, depth + 1)?;
                }
            }
            Some((name, path)) if names_a_certificate(name) && !path.contains('$') && !path.contains(':') => {
                let path = places.prefix.join(path);
                let bytes = files::read(&path)?.ok_or_else(|| {
                    Fault::new(format!("{name} names {}, which is not there", path.display()))
                })?;
                let copy = copy_name(&path, &bytes);
                let indent = &line[..line.len() - line.trim_start().len()];
                whole.text.push_str(&format!("{indent}{name} {};\n", places.folder.join(&copy).display()));
                whole.files.insert(copy, bytes);
            }
            Some(_) | None => {
                whole.text.push_str(line);
                whole.text.push('\n');
            }
        }
    }
    Ok(())
}

/// The name and the one value of a line that is a whole directive: `include x;`.
fn directive(line: &str) -> Option<(&str, &str)> {
    let (name, value) = line.trim().strip_suffix(';')?.split_once(char::is_whitespace)?;
    let value = value.trim();
    let is_one = !name.starts_with('#') && !value.contains([';', '{', '}', ' ', '\t']);
    is_one.then(|| (name, value.trim_matches(['"', '\''])))
}

fn names_a_certificate(name: &str) -> bool {
    let ends = ["certificate", "certificate_key", "dhparam", "crl", "stapling_file", "password_file"];
    name.contains("ssl_") && ends.iter().any(|end| name.ends_with(end))
}

/// The bytes' own name: another certificate is another file, so that the old one stands until nobody names it.
fn copy_name(path: &Path, bytes: &[u8]) -> String {
    let digest = Sha256::digest(bytes);
    let hex: String = digest.iter().take(8).map(|byte| format!("{byte:02x}")).collect();
    let name = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    let name: String =
        name.chars().map(|c| if c.is_ascii_alphanumeric() || "._-".contains(c) { c } else { '_' }).collect();
    format!("{hex}-{name}")
}

/// The files that an include means, sorted. A pattern (with `*` in its last part) may match none; a name must be there.
fn matching(pattern: &Path) -> Outcome<Vec<PathBuf>> {
    let name = pattern.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    let folder = pattern.parent().unwrap_or(Path::new("/"));
    let Some((before, after)) = name.split_once('*') else {
        if !files::exists(pattern) {
            return Err(Fault::new(format!("it includes {}, which is not there", pattern.display())));
        }
        return Ok(vec![pattern.to_owned()]);
    };
    let fits = |name: &String| {
        name.len() >= before.len() + after.len()
            && name.starts_with(before)
            && name.ends_with(after)
            && (!name.starts_with('.') || before.starts_with('.'))
    };
    let names = files::names(folder)?;
    Ok(names
        .into_iter()
        .filter(fits)
        .map(|name| folder.join(name))
        .filter(|path| !files::is_folder(path))
        .collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn snippets_are_put_in_place_and_certificates_stand_beside() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let at = |name: &str| folder.path().join(name);
        std::fs::create_dir_all(at("d")).expect("a folder");
        std::fs::write(at("d/b.conf"), "  second on;\n").expect("writable");
        std::fs::write(at("d/a.conf"), "  include d/c.inc;\n").expect("writable");
        std::fs::write(at("d/c.inc"), "  first on;").expect("writable");
        std::fs::write(at("server.crt"), "PEM").expect("writable");
        let text = "server {\n  include d/*.conf;\n  include d/*.none;\n  ssl_certificate server.crt;\n  ssl_certificate_key $key;\n}\n";
        let whole = contained(text, Path::new("/active/shop"), folder.path()).expect("readable");
        let name = whole.files.keys().next().expect("one file").clone();
        assert_eq!(
            whole.text,
            format!(
                "server {{\n  first on;\n  second on;\n  ssl_certificate /active/shop/{name};\n  ssl_certificate_key $key;\n}}\n"
            )
        );
        assert!(name.ends_with("-server.crt") && whole.files[&name] == b"PEM");
    }

    #[test]
    fn what_is_not_there_is_named() {
        let fault = contained("include gone.conf;", Path::new("/a"), Path::new("/p")).expect_err("missing");
        assert_eq!(fault.message, "it includes /p/gone.conf, which is not there");
        let fault =
            contained("ssl_certificate x.crt;", Path::new("/a"), Path::new("/p")).expect_err("missing");
        assert_eq!(fault.message, "ssl_certificate names /p/x.crt, which is not there");
    }

    #[test]
    fn a_file_that_includes_itself_ends() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        std::fs::write(folder.path().join("a"), "include a;").expect("writable");
        assert!(contained("include a;", Path::new("/x"), folder.path()).is_err());
    }
}
