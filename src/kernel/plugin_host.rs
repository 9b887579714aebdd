//! What plugins that are no programs of the moment have in common: what they are told, and how they answer.

use std::collections::BTreeMap;

use bytes::Bytes;
use futures_util::StreamExt;
use futures_util::stream::{self, BoxStream};

use super::bus::Plugin;
use super::call::Input;
use super::ctx::Ctx;
use super::failure::{Failure, Result};
use super::output::Stream;
use super::program::{self, LONGEST_ANSWER};

/// A trigger that a plugin is asked.
pub struct Asked<'a> {
    /// Who is asked.
    pub plugin: &'a Plugin,
    /// The trigger's name.
    pub trigger: &'a str,
    /// Its arguments.
    pub arguments: &'a [String],
    /// What listeners read.
    pub input: &'a Input,
}

/// Of the environment they are told what speaks of the command: who called it, Dokku's own, the plugin's settings.
/// Paths of this container and what somebody exported by chance mean nothing elsewhere.
const TOLD: [&str; 6] = ["SSH_USER", "SSH_NAME", "NAME", "FINGERPRINT", "TZ", "LANG"];

impl Asked<'_> {
    /// The variables that they are told.
    ///
    /// # Errors
    /// When the plugin's settings cannot be read.
    pub fn env(&self, ctx: &Ctx) -> Result<BTreeMap<String, String>> {
        let env = program::environment(ctx, self.plugin)?;
        let is_told = |key: &str| {
            ["DOKKU_", "CONFIG_"].iter().any(|prefix| key.starts_with(prefix)) || TOLD.contains(&key)
        };
        let told = env.iter().filter(|(key, _)| is_told(key));
        Ok(told.map(|(key, value)| (key.to_owned(), value.to_owned())).collect())
    }

    /// What they read, as it comes.
    pub fn input(&self, ctx: &Ctx) -> BoxStream<'static, Bytes> {
        match self.input {
            Input::Given if !ctx.platform.stdin.is_terminal() => ctx.platform.stdin.pieces(),
            Input::Bytes(bytes) => stream::iter([Bytes::copy_from_slice(bytes)]).boxed(),
            Input::Given | Input::Inherited | Input::Empty => stream::empty().boxed(),
        }
    }

    /// What is said when they cannot be asked.
    pub fn failed(&self, why: impl std::fmt::Display) -> Failure {
        Failure::user(format!("Plugin {} did not take {}: {why}", self.plugin.name, self.trigger))
    }
}

/// What they write: passed on, or held as the answer.
pub struct Answer<'a> {
    ctx: &'a Ctx,
    asked: &'a Asked<'a>,
    is_captured: bool,
    held: Vec<u8>,
}

impl<'a> Answer<'a> {
    /// Nothing so far.
    pub fn new(ctx: &'a Ctx, asked: &'a Asked<'a>, is_captured: bool) -> Self {
        Answer { ctx, asked, is_captured, held: Vec::new() }
    }

    /// They wrote this to standard output.
    ///
    /// # Errors
    /// When that is more than is held.
    pub fn stdout(&mut self, bytes: &[u8]) -> Result {
        if self.is_captured {
            self.held.extend_from_slice(bytes);
        } else {
            // Whoever reads may be gone; the plugin goes on.
            let _ = self.ctx.out.raw(Stream::Stdout, bytes);
        }
        match self.held.len() > LONGEST_ANSWER {
            true => Err(program::too_much(self.asked.plugin, self.asked.trigger)),
            false => Ok(()),
        }
    }

    /// They wrote this to standard error.
    pub fn stderr(&self, bytes: &[u8]) {
        let _ = self.ctx.out.raw(Stream::Stderr, bytes);
    }

    /// They ended with this status.
    ///
    /// # Errors
    /// That status, if it is not 0.
    pub fn end(self, status: i32) -> Result<String> {
        match status {
            0 => Ok(String::from_utf8_lossy(&self.held).into_owned()),
            status => Err(Failure::inner(status)),
        }
    }
}
