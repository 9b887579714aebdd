//! Asking nginx whether it would take a configuration.

use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};

use tokio::process::Command;

use super::super::files;
use super::streams::block;
use super::{Nginx, Part};
use crate::model::{Context, Outcome};

/// What nginx says of a configuration it refuses.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Words {
    /// Its words: what is wrong, in which file, in which line.
    pub text: String,
    /// The file that it names.
    pub file: Option<PathBuf>,
}

/// Which apps' configurations stand beside the appliance's own.
#[derive(Clone, Debug, Default)]
pub struct Set {
    /// Server blocks of HTTP.
    pub http: Vec<PathBuf>,
    /// Ports that are passed on.
    pub streams: Vec<PathBuf>,
}

impl Set {
    /// All of several.
    pub fn of<'a>(sets: impl IntoIterator<Item = &'a Set>) -> Self {
        let mut all = Set::default();
        for set in sets {
            all.http.extend_from_slice(&set.http);
            all.streams.extend_from_slice(&set.streams);
        }
        all
    }

    /// Adds a file.
    pub fn add(&mut self, part: Part, path: PathBuf) {
        match part {
            Part::Http => self.http.push(path),
            Part::Stream => self.streams.push(path),
        }
    }

    /// Leaves files out.
    pub fn remove(&mut self, paths: &[PathBuf]) {
        self.http.retain(|path| !paths.contains(path));
        self.streams.retain(|path| !paths.contains(path));
    }
}

impl Nginx {
    /// Tests these apps' configurations together with the appliance's own. `None` when nginx takes them.
    ///
    /// # Errors
    /// When nginx cannot be run.
    pub async fn test(&self, set: &Set) -> Outcome<Option<Words>> {
        // Several may look at once: one that changes routes, and others that only ask.
        static COUNT: AtomicU64 = AtomicU64::new(0);
        let name = format!("dokku-test-{}.conf", COUNT.fetch_add(1, Ordering::Relaxed));
        let wrapper = self.configuration.with_file_name(name);
        files::write_as_root(&wrapper, self.wrapped(set)?.as_bytes(), 0o644)?;
        let what = || format!("cannot run {}", self.program.display());
        let output = Command::new(&self.program)
            .arg("-t")
            .arg("-q")
            .arg("-c")
            .arg(&wrapper)
            .output()
            .await
            .context(what)?;
        files::remove(&wrapper)?;
        if output.status.success() {
            return Ok(None);
        }
        Ok(Some(words(&String::from_utf8_lossy(&output.stderr))))
    }

    /// The main configuration with these files in place of those that are at work.
    fn wrapped(&self, set: &Set) -> Outcome<String> {
        let main = files::read_text(&self.configuration)?.unwrap_or_default();
        let folder = self.configuration.with_file_name("conf.d");
        let whole = |folder: &Path| format!("include {}/*.conf;", folder.display());
        let one_by_one = |files: &[PathBuf]| -> String {
            files.iter().map(|path| format!("include {};\n", path.display())).collect()
        };
        let (active, includes) = (whole(&self.active), one_by_one(&set.http));
        let streams = block(&main, &one_by_one(&set.streams)).unwrap_or_default();
        let main = main.replace(&whole(&self.top), &streams);
        let mut parts = String::new();
        for name in files::names(&folder)?.iter().filter(|name| name.ends_with(".conf")) {
            let path = folder.join(name);
            let text = files::read_text(&path)?.unwrap_or_default();
            if text.contains(&active) {
                parts.push_str(&text.replace(&active, &includes));
            } else {
                parts.push_str(&format!("include {};\n", path.display()));
            }
        }
        let all = whole(&folder);
        Ok(main.replace(&all, &parts).replace(&active, &includes))
    }
}

/// Out of what nginx writes, the line that says what is wrong, without time and process.
pub(super) fn words(output: &str) -> Words {
    let mark = ["[emerg]", "[alert]", "[crit]"].into_iter().find(|mark| output.contains(mark));
    let line = output.lines().find(|line| mark.is_none_or(|mark| line.contains(mark)));
    let line = line.unwrap_or("no reason given");
    let text = mark.and_then(|mark| line.split_once(mark)).map_or(line, |(_, text)| text).trim();
    let is_process = |word: &str| word.bytes().all(|byte| byte.is_ascii_digit() || byte == b'#');
    let text = text.split_once(": ").filter(|(word, _)| is_process(word)).map_or(text, |(_, text)| text);
    let file = text.rsplit_once(" in ").and_then(|(_, place)| place.rsplit_once(':')).map(|(path, _)| path);
    Words { file: file.map(|path| Path::new(path).to_owned()), text: text.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_reason_and_its_file_are_found() {
        for before in ["nginx: [emerg] ", "2026/01/02 03:04:05 [emerg] 7#7: "] {
            let output = format!(
                "nginx: [warn] x\n{before}unknown directive \"foo\" in /a/shop.conf:3\nnginx: test failed\n"
            );
            let words = words(&output);
            assert_eq!(words.text, "unknown directive \"foo\" in /a/shop.conf:3");
            assert_eq!(words.file, Some(PathBuf::from("/a/shop.conf")));
        }
    }
}
