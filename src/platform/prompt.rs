//! A prompt at a terminal: lines that can be edited, completed and found again.

use std::path::{Path, PathBuf};

use rustyline::completion::{Completer, Pair};
use rustyline::error::ReadlineError;
use rustyline::highlight::Highlighter;
use rustyline::hint::Hinter;
use rustyline::history::{History, MemHistory};
use rustyline::validate::Validator;
use rustyline::{Config, Editor, Helper};
use tokio::sync::mpsc;

use super::files;
use crate::model::{Context, Fault, Outcome};

/// How many lines are remembered.
const REMEMBERED: usize = 1000;

/// What is typed.
type Answer = Outcome<Option<String>>;

/// The prompt. It is attended to by a thread of its own, which the process does not wait for when it ends: a read from a
/// terminal cannot be called back.
pub struct Prompt {
    wishes: std::sync::mpsc::Sender<()>,
    answers: mpsc::UnboundedReceiver<Answer>,
    is_asked: bool,
}

impl Prompt {
    /// Shows `text` before each line. Lines are kept in the file `history`; `names` are what a line may begin with.
    pub fn open(text: &'static str, history: &Path, names: Vec<String>) -> Self {
        let (wishes, wished) = std::sync::mpsc::channel();
        let (sender, answers) = mpsc::unbounded_channel();
        let history = history.to_owned();
        std::thread::spawn(move || {
            let mut asker = match Asker::new(text, history, names) {
                Ok(asker) => asker,
                // Nobody hears it when the process is about to end.
                Err(fault) => return drop(sender.send(Err(fault))),
            };
            while wished.recv().is_ok() {
                if sender.send(asker.ask()).is_err() {
                    return;
                }
            }
        });
        Prompt { wishes, answers, is_asked: false }
    }

    /// The next line; `None` when there will be none. May be asked again after it was not waited for.
    ///
    /// # Errors
    /// When the terminal cannot be read.
    pub async fn next(&mut self) -> Answer {
        if !std::mem::replace(&mut self.is_asked, true) && self.wishes.send(()).is_err() {
            self.is_asked = false;
        }
        let answer = self.answers.recv().await;
        self.is_asked = false;
        answer.unwrap_or(Ok(None))
    }
}

struct Asker {
    editor: Editor<Names, MemHistory>,
    text: &'static str,
    history: PathBuf,
}

impl Asker {
    fn new(text: &'static str, history: PathBuf, names: Vec<String>) -> Outcome<Self> {
        let what = || "cannot use the terminal";
        let config = Config::builder().max_history_size(REMEMBERED).context(what)?;
        let config = config.history_ignore_dups(true).context(what)?.build();
        let remembered = MemHistory::with_config(&config);
        let mut editor = Editor::with_history(config, remembered).context(what)?;
        editor.set_helper(Some(Names(names)));
        // Who cannot find old lines again can type new ones.
        let known = files::read_text(&history).ok().flatten().unwrap_or_default();
        for line in known.lines() {
            let _ = editor.add_history_entry(line);
        }
        Ok(Asker { editor, text, history })
    }

    fn ask(&mut self) -> Answer {
        match self.editor.readline(self.text) {
            Ok(line) => {
                self.remember(line.trim());
                Ok(Some(line))
            }
            // Whoever types ^C wants another line.
            Err(ReadlineError::Interrupted | ReadlineError::Signal(_)) => Ok(Some(String::new())),
            Err(ReadlineError::Eof) => Ok(None),
            Err(error) => Err(Fault::new(format!("cannot read from the terminal: {error}"))),
        }
    }

    fn remember(&mut self, line: &str) {
        if line.is_empty() || !self.editor.add_history_entry(line).unwrap_or(false) {
            return;
        }
        let history = self.editor.history();
        let lines = (0..history.len()).filter_map(|at| {
            let found = history.get(at, rustyline::history::SearchDirection::Forward).ok()??;
            Some(format!("{}\n", found.entry))
        });
        let text: String = lines.collect();
        // Lines may hold secrets.
        let _ = files::write(&self.history, text.as_bytes(), 0o600);
    }
}

/// Completes the first word of a line.
struct Names(Vec<String>);

impl Completer for Names {
    type Candidate = Pair;

    fn complete(
        &self,
        line: &str,
        at: usize,
        _: &rustyline::Context<'_>,
    ) -> rustyline::Result<(usize, Vec<Pair>)> {
        let typed = line.get(..at).unwrap_or_default();
        let word = typed.trim_start();
        if word.contains(char::is_whitespace) {
            return Ok((at, Vec::new()));
        }
        let fitting = self.0.iter().filter(|name| name.starts_with(word));
        let fitting = fitting.map(|name| Pair { display: name.clone(), replacement: name.clone() });
        Ok((typed.len() - word.len(), fitting.collect()))
    }
}

impl Hinter for Names {
    type Hint = String;
}
impl Highlighter for Names {}
impl Validator for Names {}
impl Helper for Names {}
