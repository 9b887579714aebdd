//! Proof by DNS: a script of the server's owner sets and removes a record, called as lego's `exec` provider calls one:
//! `present|cleanup NAME VALUE`, the name with a dot at its end.

use std::path::PathBuf;
use std::time::Duration;

use crate::kernel::{Ctx, Failure, Result};
use crate::platform::acme::Record;
use crate::platform::files;
use crate::platform::process::{self, Ending, Input, Limits, Output, Program};
use crate::store::acme;

/// How long a script may take: it returns when the record can be seen, which takes minutes with some providers.
const WITHIN: Duration = Duration::from_secs(600);

/// The script of this name.
///
/// # Errors
/// When there is none; those that are there are named.
pub fn find(ctx: &Ctx, name: &str) -> Result<PathBuf> {
    let folder = acme::dns_providers(ctx.layout());
    let path = folder.join(name);
    // A script is a name in that folder, which only the server's owner fills, and no way out of it.
    let is_name = !name.contains('/') && !name.starts_with('.');
    if is_name && files::is_file(&path) && files::is_executable(&path) {
        return Ok(path);
    }
    let all: Vec<String> = files::names(&folder)?;
    let known = if all.is_empty() { "none".to_owned() } else { all.join(", ") };
    Err(Failure::user(format!("There is no DNS provider {name}; there are: {known}"))
        .hint(format!("A provider is an executable file in {}", folder.display()))
        .hint("It is called as: PROVIDER present|cleanup _acme-challenge.example.com. VALUE"))
}

/// Has the record set.
///
/// # Errors
/// When the script fails or takes too long.
pub async fn present(ctx: &Ctx, provider: &str, record: &Record) -> Result {
    call(ctx, provider, "present", record).await
}

/// Has the record removed. One that stays harms nobody, so that is a warning.
pub async fn cleanup(ctx: &Ctx, provider: &str, record: &Record) {
    if let Err(failure) = call(ctx, provider, "cleanup", record).await {
        failure.print(&ctx.out);
    }
}

async fn call(ctx: &Ctx, provider: &str, action: &str, record: &Record) -> Result {
    let program = Program {
        path: find(ctx, provider)?,
        arguments: vec![action.to_owned(), record.name.clone(), record.value.clone()],
        env: (*ctx.env).clone(),
        folder: None,
        input: Input::Empty,
        output: Output::Captured,
    };
    let limits = Limits { time: Some(WITHIN), captured: Some(1024 * 1024) };
    let what = format!("DNS provider {provider} {action} {}", record.name);
    match process::run_within(program, limits).await? {
        Ending::Ended(ended) => {
            for line in String::from_utf8_lossy(&ended.stdout).lines() {
                ctx.out.detail(line);
            }
            if ended.status == 0 {
                return Ok(());
            }
            Err(Failure::user(format!("{what} ended with status {}", ended.status)))
        }
        Ending::TooSlow => Err(Failure::user(format!("{what} took longer than {} s", WITHIN.as_secs()))),
        Ending::TooMuch => Err(Failure::user(format!("{what} printed too much"))),
    }
}
