//! The certificate and key that somebody hands in.

use std::path::Path;

use futures_util::StreamExt;

use super::{install, tarball};
use crate::kernel::{Ctx, Failure, Result};
use crate::model::AppName;
use crate::platform::files;
use crate::store::acme;
use crate::store::certificates::Pair;

/// The longest file that is taken, in bytes. A long chain has some ten thousand.
pub const LONGEST: usize = 1024 * 1024;

/// The words of certs:add and certs:update.
#[derive(clap::Args)]
pub struct Given {
    /// Name of the app
    app: AppName,
    /// The certificate, with the chain behind it
    crt: Option<String>,
    /// Its private key
    key: Option<String>,
}

impl Given {
    /// Installs what is given.
    ///
    /// # Errors
    /// When it is not there, or clients would refuse it; nothing is changed then.
    pub async fn install(self, ctx: &Ctx) -> Result {
        ctx.require_app(&self.app)?;
        let pair = pair(ctx, self.crt.as_deref(), self.key.as_deref()).await?;
        install::checked(ctx, &self.app, &pair).await?;
        if acme::read(ctx.layout(), &self.app)?.is_some() {
            ctx.out
                .warn("An authority issues the next one, in the place of this: certs:acme-disable ends that");
        }
        Ok(())
    }
}

/// From files when both are named, else from a tar archive on standard input.
///
/// # Errors
/// When there is none, or not exactly one of each.
async fn pair(ctx: &Ctx, crt: Option<&str>, key: Option<&str>) -> Result<Pair> {
    let named = |path: Option<&str>| path.filter(|path| !path.is_empty()).map(str::to_owned);
    match (named(crt), named(key)) {
        (Some(crt), Some(key)) => from_files(&crt, &key),
        (Some(_), None) | (None, Some(_) | None) => from_input(ctx).await,
    }
}

/// From files on the server.
///
/// # Errors
/// When one is not there, cannot be read, or is far too long.
pub fn from_files(crt: &str, key: &str) -> Result<Pair> {
    if crt.is_empty() || key.is_empty() {
        return Err(Failure::user("Both CRT and KEY file paths are required"));
    }
    Ok(Pair { certificate: read("CRT", crt)?, key: read("KEY", key)? })
}

fn read(what: &str, path: &str) -> Result<Vec<u8>> {
    let missing =
        || Failure::user(format!("{what} file specified not found, please check file paths")).hint(path);
    files::read_at_most(Path::new(path), LONGEST)?.ok_or_else(missing)
}

async fn from_input(ctx: &Ctx) -> Result<Pair> {
    let expected = || Failure::user("Tar archive containing server.crt and server.key expected on stdin");
    if ctx.platform.stdin.is_terminal() {
        return Err(expected());
    }
    let mut bytes = Vec::new();
    let mut pieces = ctx.platform.stdin.pieces();
    while let Some(piece) = pieces.next().await {
        bytes.extend_from_slice(&piece);
        if bytes.len() > tarball::LONGEST {
            return Err(Failure::user(format!(
                "The archive on stdin is longer than {} bytes",
                tarball::LONGEST
            )));
        }
    }
    if bytes.is_empty() {
        return Err(expected());
    }
    tarball::pair(&bytes)
}
