use super::DOMAIN;
use super::properties::{PROPERTIES, PROVIDER_VARIABLE};
use crate::kernel::{Command, Ctx, Failure, Gate, Result, is_global_flag, set};
use crate::model::Scope;
use crate::store::properties;

/// Set or clear a traefik property
///
/// dns-provider-VARIABLE sets a variable that the DNS provider's part of traefik reads, such as
/// dns-provider-cf_api_token. Traefik learns of what is set by traefik:start.
#[derive(clap::Args)]
pub struct Set {
    /// `--global`, the property, and its value; without a value it is cleared
    #[arg(value_name = "APP_PROPERTY_VALUE", trailing_var_arg = true, allow_hyphen_values = true)]
    words: Vec<String>,
}

impl Command for Set {
    const NAME: &'static str = "traefik:set";
    const GATE: Gate = Gate::User;

    async fn run(self, ctx: &Ctx) -> Result {
        // Flags of all commands may stand anywhere between the words.
        let words: Vec<&str> =
            self.words.iter().map(String::as_str).filter(|word| !is_global_flag(word)).collect();
        match words[..] {
            [scope, key, ..] if key.starts_with(PROVIDER_VARIABLE) => {
                set_variable(ctx, scope, key, words.get(2).copied().unwrap_or_default())
            }
            _ => set(&DOMAIN, &PROPERTIES, &self.words, ctx).await,
        }
    }
}

fn set_variable(ctx: &Ctx, scope: &str, key: &str, value: &str) -> Result {
    if scope != "--global" {
        return Err(Failure::user(format!("The key '{key}' can only be set globally")));
    }
    let variable = &key[PROVIDER_VARIABLE.len()..];
    if variable.is_empty() || !variable.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_') {
        return Err(Failure::user(format!("{variable} cannot be the name of a variable"))
            .hint("Letters, digits and _ alone: dns-provider-cf_api_token"));
    }
    let out = ctx.out.unless_quiet();
    if value.is_empty() {
        out.heading(format!("Unsetting {key}"));
        return Ok(properties::unset(ctx.layout(), PROPERTIES.plugin, &Scope::Global, key)?);
    }
    out.heading(format!("Setting {key} to {value}"));
    Ok(properties::set(ctx.layout(), PROPERTIES.plugin, &Scope::Global, key, value)?)
}
