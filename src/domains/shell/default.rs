use super::lines::Lines;
use crate::kernel::{Command, Ctx, Gate, Result, Stream};
use crate::model::command_line;
use crate::platform::env::command_program;
use crate::platform::process::{self, Input, Output, Program};
use crate::platform::signals::Asked;

/// Open a prompt that runs commands
///
/// Each line is a command, without the word `dokku` in front; `clear`, `quit` and `exit` are understood as well. At a
/// terminal lines can be edited, completed with TAB, and found again with the arrow keys; they are kept in `.dokku_history`.
/// Without one, lines are read from standard input, of which a command may read what follows its own line.
///
/// Example: ssh -t dokku@example.com shell
#[derive(clap::Args)]
pub struct Shell {}

/// What belongs to this command alone: a line's command is an outermost one, as if it were typed at the host.
const OURS: [&str; 4] = ["DOKKU_COMMAND", "DOKKU_GLOBAL_FLAGS", "DOKKU_PID", "SSH_ORIGINAL_COMMAND"];

/// Erases the screen (ECMA-48: cursor home, erase all).
const CLEAR: &[u8] = b"\x1b[H\x1b[2J";

impl Command for Shell {
    const NAME: &'static str = "shell";
    const GATE: Gate = Gate::User;

    async fn run(self, ctx: &Ctx) -> Result {
        let mut lines = Lines::open(ctx);
        // What a line's command is to end of must not end the prompt.
        let mut asked = Asked::listen()?;
        loop {
            let line = tokio::select! {
                line = lines.next() => line?,
                name = asked.next() => match name {
                    "INT" | "QUIT" => continue,
                    _ => return Ok(()),
                },
            };
            let Some(line) = line else {
                ctx.out.plain("");
                return Ok(());
            };
            let words = match command_line::split(&line) {
                Ok(words) => words,
                Err(fault) => {
                    ctx.out.warn(fault.message);
                    continue;
                }
            };
            let goes = match words.first().map(String::as_str) {
                None => Goes::On,
                Some("quit" | "exit") => Goes::Away,
                Some("clear") => {
                    // Nobody looks at a screen that is gone.
                    let _ = ctx.out.raw(Stream::Stdout, CLEAR);
                    Goes::On
                }
                Some(_) => run_line(ctx, words, &mut asked).await?,
            };
            if goes == Goes::Away {
                return Ok(());
            }
        }
    }
}

/// Whether whoever sits at the prompt is still there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Goes {
    On,
    Away,
}

/// Runs a line. How it ends is its own affair, and told by its own words.
async fn run_line(ctx: &Ctx, words: Vec<String>, asked: &mut Asked) -> Result<Goes> {
    let mut env = ctx.env.as_ref().clone();
    OURS.iter().for_each(|key| env.remove(key));
    let program = Program {
        path: command_program(),
        arguments: words,
        env,
        folder: None,
        input: Input::Inherited,
        output: Output::Inherited,
    };
    let mut goes = Goes::On;
    let running = process::run(program);
    tokio::pin!(running);
    loop {
        tokio::select! {
            ended = &mut running => {
                ended?;
                return Ok(goes);
            }
            // The command gets the same signal, as it stands in the same group.
            name = asked.next() => {
                if !matches!(name, "INT" | "QUIT") {
                    goes = Goes::Away;
                }
            }
        }
    }
}
