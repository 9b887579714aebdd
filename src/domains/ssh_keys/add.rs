use std::path::Path;

use crate::kernel::{Command, Ctx, Failure, Gate, Result};
use crate::platform::files;
use crate::store::keys;

/// Add a public key
///
/// From a file, or from standard input: `docker exec -i dokku dokku ssh-keys:add admin < ~/.ssh/id_ed25519.pub`.
/// Prints its fingerprint. Name and key must both be new.
#[derive(clap::Args)]
pub struct Add {
    /// Name of the key, which plugins and the log tell its owner by
    name: Option<String>,
    /// File on the server that holds the key
    path: Option<String>,
}

impl Command for Add {
    const NAME: &'static str = "ssh-keys:add";
    const GATE: Gate = Gate::Root;

    async fn run(self, ctx: &Ctx) -> Result {
        let name = self.name.filter(|name| !name.is_empty());
        let name = name.ok_or_else(|| {
            Failure::user("A name is required to add a key, ie: dokku ssh-keys:add <name> [<path>]")
        })?;
        let text = match &self.path {
            Some(path) => files::read_text(Path::new(path))?.ok_or_else(|| {
                Failure::user(format!("{path} does not exist")).hint(
                    "the file is looked for inside the container; a key may come on standard input instead",
                )
            })?,
            None if ctx.platform.stdin.is_terminal() => {
                return Err(Failure::user("No key specified via file or pipe"));
            }
            None => String::from_utf8_lossy(&ctx.platform.stdin.read_all()?).into_owned(),
        };
        if text.trim().is_empty() {
            return Err(Failure::user("Empty key was specified"));
        }
        let restrictions = ctx.env.get("SSHCOMMAND_ALLOWED_KEYS").unwrap_or(keys::DEFAULT_RESTRICTIONS);
        ctx.out.plain(keys::add(&ctx.layout().root, &name, &text, restrictions)?);
        Ok(())
    }
}
