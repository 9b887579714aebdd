use serde_json::json;

use crate::kernel::{Command, Ctx, Failure, Gate, Result, json as go_json};
use crate::store::keys::{self, AuthorizedKey};

/// List the public keys
#[derive(clap::Args)]
pub struct List {
    /// How to print them: text or json
    #[arg(long, default_value = "text")]
    format: String,
    /// Name of the key
    name: Option<String>,
}

impl Command for List {
    const NAME: &'static str = "ssh-keys:list";
    const GATE: Gate = Gate::User;

    async fn run(self, ctx: &Ctx) -> Result {
        let mut keys = keys::list(&ctx.layout().authorized_keys())?;
        if let Some(name) = self.name.filter(|name| !name.is_empty()) {
            keys.retain(|key| key.name == name);
        }
        match self.format.as_str() {
            "json" => {
                let list: Vec<_> = keys.iter().map(object).collect();
                ctx.out.plain(go_json::compact(&list));
            }
            "text" if keys.is_empty() => return Err(Failure::user("No public keys found")),
            "text" => keys.iter().for_each(|key| ctx.out.plain(line(key))),
            _ => {
                return Err(Failure::user("Invalid output format specified, supported formats: json, text"));
            }
        }
        Ok(())
    }
}

fn line(key: &AuthorizedKey) -> String {
    let AuthorizedKey { fingerprint, name, restrictions, .. } = key;
    format!("{fingerprint} NAME=\"{name}\" SSHCOMMAND_ALLOWED_KEYS=\"{restrictions}\"")
}

fn object(key: &AuthorizedKey) -> serde_json::Value {
    json!({
        "fingerprint": key.fingerprint,
        "name": key.name,
        "SSHCOMMAND_ALLOWED_KEYS": key.restrictions,
        "public-key": key.public_key(),
    })
}
