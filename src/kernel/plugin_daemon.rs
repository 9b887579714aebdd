//! Plugins with a program that is kept running: triggers are sent to its socket (docs/guide/plugins.md has the protocol).

use std::collections::BTreeMap;
use std::time::Duration;

use futures_util::StreamExt;
use serde::{Deserialize, Serialize};

use super::ctx::Ctx;
use super::failure::{Failure, Result};
use super::plugin_host::{Answer, Asked};
use crate::platform::json_lines::{self, Hear, Say};
use crate::store::plugin_limits;

/// How long a daemon may take to open its socket: it may just be starting.
const PATIENCE: Duration = Duration::from_secs(5);

/// How long a daemon may be silent whose plugin has no time of its own: nobody could tell it from one that hangs.
const SILENCE: Duration = Duration::from_secs(60);

/// The first line that is sent.
#[derive(Serialize)]
struct Request<'a> {
    trigger: &'a str,
    arguments: &'a [String],
    env: BTreeMap<String, String>,
}

/// The lines that follow it: what listeners read, piece by piece, and `null` at the end.
#[derive(Serialize)]
struct Piece {
    stdin: Option<String>,
}

/// A line of the answer. The one with a status is the last.
#[derive(Default, Deserialize)]
#[serde(default)]
struct Said {
    stdout: String,
    stderr: String,
    status: Option<i32>,
}

/// Sends the trigger to the plugin's daemon and listens to its answer.
///
/// # Errors
/// When it is down, silent for too long or not to be understood, or the status that it answers.
pub async fn ask(ctx: &Ctx, asked: &Asked<'_>, is_captured: bool) -> Result<String> {
    let layout = ctx.layout();
    let silence = plugin_limits::timeout(layout, &asked.plugin.name)?.unwrap_or(SILENCE);
    let socket = layout.plugin_socket(&asked.plugin.name);
    let (mut hear, mut say) =
        json_lines::connect(&socket, PATIENCE.min(silence)).await.map_err(|fault| down(asked, fault))?;
    let env = asked.env(ctx)?;
    let request = Request { trigger: asked.trigger, arguments: asked.arguments, env };
    say.line(&request).await.map_err(|fault| down(asked, fault))?;
    tokio::select! {
        answer = listen(ctx, asked, &mut hear, silence, is_captured) => answer,
        never = feed(ctx, asked, &mut say) => match never {},
    }
}

async fn listen(
    ctx: &Ctx,
    asked: &Asked<'_>,
    hear: &mut Hear,
    silence: Duration,
    is_captured: bool,
) -> Result<String> {
    let mut answer = Answer::new(ctx, asked, is_captured);
    loop {
        let Ok(line) = tokio::time::timeout(silence, hear.line()).await else {
            let name = &asked.plugin.name;
            return Err(asked
                .failed(format!("its daemon was silent for {} s", silence.as_secs()))
                .hint(format!("How long it may be: dokku plugin:set {name} timeout SECONDS")));
        };
        let Some(line) = line.map_err(|fault| down(asked, fault))? else {
            return Err(down(asked, "its daemon hung up before it had answered"));
        };
        let said: Said = serde_json::from_str(&line).map_err(|error| {
            asked.failed(format!("its daemon's answer is no line of the protocol: {error}"))
        })?;
        answer.stdout(said.stdout.as_bytes())?;
        answer.stderr(said.stderr.as_bytes());
        if let Some(status) = said.status {
            return answer.end(status);
        }
    }
}

/// Sends what listeners read. Does not end: the answer does.
async fn feed(ctx: &Ctx, asked: &Asked<'_>, say: &mut Say) -> std::convert::Infallible {
    let mut pieces = asked.input(ctx);
    let mut held = Vec::new();
    while let Some(bytes) = pieces.next().await {
        held.extend_from_slice(&bytes);
        let piece = Piece { stdin: Some(whole_text(&mut held)) };
        if say.line(&piece).await.is_err() {
            break;
        }
    }
    if !held.is_empty() {
        let _ = say.line(&Piece { stdin: Some(String::from_utf8_lossy(&held).into_owned()) }).await;
    }
    // Who does not read to the end has answered, or will hang up.
    let _ = say.line(&Piece { stdin: None }).await;
    std::future::pending().await
}

/// Takes the text from the front of the bytes, and leaves the beginning of a character whose end has not come yet.
fn whole_text(held: &mut Vec<u8>) -> String {
    let end = match std::str::from_utf8(held) {
        Ok(_) => held.len(),
        Err(error) if error.error_len().is_none() => error.valid_up_to(),
        // No text at all: as much as can be shown of it.
        Err(_) => held.len(),
    };
    let rest = held.split_off(end);
    String::from_utf8_lossy(&std::mem::replace(held, rest)).into_owned()
}

fn down(asked: &Asked<'_>, why: impl std::fmt::Display) -> Failure {
    asked.failed(why).hint("The server starts a plugin's daemon again by itself; its log tells why it ended")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_character_that_came_in_two_pieces_stays_whole() {
        let mut held = Vec::new();
        let mut taken = Vec::new();
        for bytes in ["aé".as_bytes().split_at(2).0, "aé".as_bytes().split_at(2).1, b"\xff!"] {
            held.extend_from_slice(bytes);
            taken.push(whole_text(&mut held));
        }
        assert_eq!(taken, ["a", "é", "\u{fffd}!"]);
    }
}
