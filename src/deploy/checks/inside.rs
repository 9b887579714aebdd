//! Programs of checks, in the container that is checked. They run as the app's own programs do, and as Dokku's checker has it:
//! behind the image's entrypoint, or with all that buildpacks have prepared.

use std::sync::Arc;
use std::time::Duration;

use futures_util::StreamExt;
use tokio::io::AsyncWriteExt;
use tokio::time::timeout;

use crate::model::Outcome;
use crate::platform::docker::{ContainerConfig, Docker, ExecPlan, exec_end};

use super::once::{Subject, Unwell};

/// How many bytes of what a program writes are looked at, its end: the server holds them for as long as the program runs.
const OUTPUT: usize = 64 * 1024;

/// Where images of Cloud Native Buildpacks have an entrypoint for each process type, and the one that runs any command.
const PROCESSES: &str = "/cnb/process/";
const LAUNCHER: &str = "/cnb/lifecycle/launcher";

/// As whom apps run that herokuish has built, unless a variable of theirs says otherwise.
const HEROKUISH: &str = "herokuishuser";

/// What the engine is asked to run, and what that reads.
#[derive(Debug, PartialEq, Eq)]
struct Call {
    command: Vec<String>,
    input: String,
}

/// One try of a program in the container.
pub(super) async fn run(subject: Subject<'_>, command: &[String], limit: Duration) -> Result<(), Unwell> {
    let ran = async {
        let container = subject.docker.inspect_container(subject.id).await?;
        output_of(subject.docker, subject.id, call(&container.config, command)).await
    };
    match timeout(limit, ran).await {
        Ok(Ok((0, _))) => Ok(()),
        Ok(Ok((status, output))) => {
            Err(Unwell { why: format!("non-zero exit code {status}"), output: Some(output) })
        }
        Ok(Err(fault)) => Err(fault.into()),
        Err(_) => Err(format!("no end within {} seconds", limit.as_secs()).into()),
    }
}

/// Runs a program in the container as it is: its exit status and the end of what it wrote.
pub(super) async fn output(docker: &Arc<dyn Docker>, id: &str, command: &[String]) -> Outcome<(i64, String)> {
    output_of(docker, id, Call { command: command.to_vec(), input: String::new() }).await
}

async fn output_of(docker: &Arc<dyn Docker>, id: &str, call: Call) -> Outcome<(i64, String)> {
    let plan = ExecPlan { command: call.command, stdin: !call.input.is_empty(), ..ExecPlan::default() };
    let mut exec = docker.exec(id, &plan).await?;
    if plan.stdin {
        // A program that does not read on has ended, or says so by its status.
        let _ = exec.attached.input.write_all(call.input.as_bytes()).await;
        let _ = exec.attached.input.shutdown().await;
    }
    let mut output = Vec::new();
    while let Some(chunk) = exec.attached.output.next().await {
        output.extend_from_slice(&chunk?.bytes);
        let surplus = output.len().saturating_sub(OUTPUT);
        if surplus > OUTPUT {
            output.drain(..surplus);
        }
    }
    let end = output.len().saturating_sub(OUTPUT);
    let output = String::from_utf8_lossy(output.get(end..).unwrap_or_default()).into_owned();
    Ok((exec_end(&**docker, &exec.id).await?, output))
}

/// How a command is run in a container of that kind.
fn call(config: &ContainerConfig, command: &[String]) -> Call {
    let with = |entrypoint: &[String]| Call { command: [entrypoint, command].concat(), input: String::new() };
    match config.entrypoint.as_slice() {
        // It takes the words for a shell apart itself, and wrongly: here they stand in what the shell reads.
        [] if is_herokuish(config) => {
            Call { command: ["/exec", "bash"].map(str::to_owned).to_vec(), input: script(command) }
        }
        // A line for a shell, which heeds no further words.
        [_, flag, _] if flag == "-c" => with(&[]),
        [program] if program.starts_with(PROCESSES) => with(&[LAUNCHER.to_owned()]),
        entrypoint => with(entrypoint),
    }
}

fn is_herokuish(config: &ContainerConfig) -> bool {
    let value = |name: &str| config.env.iter().find_map(|line| line.strip_prefix(name)?.strip_prefix('='));
    value("USER") == Some(value("DOKKU_APP_USER").unwrap_or(HEROKUISH))
}

/// The command for a shell. Variables in it are filled in, as Dokku has it.
fn script(command: &[String]) -> String {
    let words = command.iter().map(|word| format!("\"{}\"", word.replace('\\', "\\\\").replace('"', "\\\"")));
    format!("{}\n", words.collect::<Vec<_>>().join(" "))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn called(entrypoint: &[&str], env: &[&str]) -> (String, String) {
        let texts = |words: &[&str]| words.iter().map(|word| (*word).to_owned()).collect();
        let config =
            ContainerConfig { entrypoint: texts(entrypoint), env: texts(env), ..ContainerConfig::default() };
        let command: Vec<String> = texts(&["bin/ok", "a \"b\"", "$PORT"]);
        let call = call(&config, &command);
        (call.command.join(" "), call.input)
    }

    #[test]
    fn a_command_runs_as_the_apps_own_programs_do() {
        let bare = || ("bin/ok a \"b\" $PORT".to_owned(), String::new());
        assert_eq!(called(&[], &["USER=root"]), bare());
        assert_eq!(called(&["/bin/sh", "-c", "exec serve"], &[]), bare());
        assert_eq!(called(&["/entry", "--"], &[]).0, "/entry -- bin/ok a \"b\" $PORT");
        assert_eq!(called(&["/cnb/process/web"], &[]).0, "/cnb/lifecycle/launcher bin/ok a \"b\" $PORT");
    }

    #[test]
    fn what_herokuish_built_has_its_variables_filled_in() {
        let script = "\"bin/ok\" \"a \\\"b\\\"\" \"$PORT\"\n".to_owned();
        assert_eq!(called(&[], &["USER=herokuishuser"]), ("/exec bash".to_owned(), script.clone()));
        assert_eq!(called(&[], &["DOKKU_APP_USER=me", "USER=me"]), ("/exec bash".to_owned(), script));
        assert_eq!(called(&[], &["DOKKU_APP_USER=me", "USER=herokuishuser"]).1, "");
    }
}
