//! The world as the program `sigil` hands it to a template: files, programs, servers.

use std::collections::BTreeMap;
use std::io::{self, Read};
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::process::{Command, Stdio};

use super::files;
use crate::model::template::{Entry, World};
use crate::model::{Context, Fault, Outcome};

/// The whole world, as whoever calls `sigil` may use it.
#[derive(Clone, Copy, Debug)]
pub struct OpenWorld;

/// A system's error in the words scripts know: `open FILE: no such file or directory`.
fn told(verb: &str, path: &str, error: &io::Error) -> String {
    let reason = error.to_string();
    let reason = reason.split(" (os error").next().unwrap_or_default();
    format!("{verb} {path}: {}", reason.to_lowercase())
}

impl World for OpenWorld {
    fn exists(&self, path: &str) -> bool {
        !matches!(std::fs::metadata(path), Err(error) if error.kind() == io::ErrorKind::NotFound)
    }

    fn read(&self, path: &str) -> Result<String, String> {
        let bytes = std::fs::read(path).map_err(|error| {
            let verb = if Path::new(path).is_dir() { "read" } else { "open" };
            told(verb, path, &error)
        })?;
        Ok(String::from_utf8_lossy(&bytes).into_owned())
    }

    fn list(&self, path: &str) -> Result<Vec<Entry>, String> {
        let mut entries = Vec::new();
        for entry in std::fs::read_dir(path).map_err(|error| told("open", path, &error))? {
            let entry = entry.map_err(|error| told("readdirent", path, &error))?;
            let is_folder = entry.file_type().is_ok_and(|kind| kind.is_dir());
            entries.push(Entry { name: entry.file_name().to_string_lossy().into_owned(), is_folder });
        }
        Ok(entries)
    }

    fn run(&self, words: &[String], env: &BTreeMap<String, String>) -> Result<String, String> {
        let (program, arguments) = words.split_first().ok_or("no program is named")?;
        let output = Command::new(program)
            .args(arguments)
            .env_clear()
            .envs(env)
            .stdin(Stdio::null())
            .stderr(Stdio::null())
            .output()
            .map_err(|error| match error.kind() {
                io::ErrorKind::NotFound => {
                    format!("exec: {program:?}: executable file not found in $PATH")
                }
                _ => format!("exec: {program:?}: {error}"),
            })?;
        if !output.status.success() {
            return Err(output.status.to_string().replace("exit status: ", "exit status "));
        }
        Ok(String::from_utf8_lossy(&output.stdout).into_owned())
    }

    /// Asked by `curl`, which the image has: this binary speaks no TLS as a client.
    fn fetch(&self, address: &str) -> Result<String, String> {
        if !address.starts_with("http://") && !address.starts_with("https://") {
            return Err(format!("Get {address:?}: unsupported protocol scheme"));
        }
        let words = ["curl", "--silent", "--location", "--max-time", "60", "--", address];
        let env = std::env::vars_os()
            .filter_map(|(key, value)| Some((key.into_string().ok()?, value.into_string().ok()?)))
            .collect();
        let words: Vec<String> = words.iter().map(|word| (*word).to_owned()).collect();
        self.run(&words, &env).map_err(|error| format!("Get {address:?}: {error}"))
    }

    fn stdin(&self) -> Result<String, String> {
        let mut bytes = Vec::new();
        io::stdin().lock().read_to_end(&mut bytes).map_err(|error| error.to_string())?;
        Ok(String::from_utf8_lossy(&bytes).into_owned())
    }
}

/// Puts another text into a file that keeps its mode. Readers see the old text or the new.
///
/// # Errors
/// When the file is not there, or cannot be replaced.
pub fn replace(path: &str, text: &str) -> Outcome {
    let what = || format!("cannot replace {path}");
    let whole = std::path::absolute(path).context(what)?;
    let known = std::fs::metadata(&whole).map_err(|error| Fault::new(told("stat", path, &error)))?;
    files::write_as_root(&whole, text.as_bytes(), known.permissions().mode() & 0o7777)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn errors_are_said_in_the_words_scripts_know() {
        let missing = "/nowhere/at-all";
        assert_eq!(OpenWorld.read(missing), Err(format!("open {missing}: no such file or directory")));
        assert!(!OpenWorld.exists(missing));
        let none = OpenWorld.run(&["no-such-program".to_owned()], &BTreeMap::new());
        assert_eq!(none, Err("exec: \"no-such-program\": executable file not found in $PATH".to_owned()));
    }

    #[test]
    fn a_replaced_file_keeps_its_mode() {
        let folder = tempfile::tempdir().expect("a folder can be made");
        let path = folder.path().join("template");
        std::fs::write(&path, "old").expect("a file can be written");
        std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o640)).expect("a mode can be set");
        replace(path.to_str().expect("the path is UTF-8"), "new").expect("the file can be replaced");
        assert_eq!(std::fs::read_to_string(&path).expect("it is there"), "new");
        assert_eq!(std::fs::metadata(&path).expect("it is there").permissions().mode() & 0o777, 0o640);
    }
}
