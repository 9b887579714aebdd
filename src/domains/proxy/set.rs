use super::DOMAIN;
use super::properties::PROPERTIES;
use crate::kernel::{Command, Ctx, Failure, Gate, Result, set};

/// Set or clear a proxy property
///
/// `proxy:set APP TYPE` with one word that is no property is read as `proxy:set APP type TYPE`, as before 0.31.
#[derive(clap::Args)]
pub struct Set {
    /// The app, or --global
    #[arg(allow_hyphen_values = true, value_name = "APP")]
    scope: String,
    /// The property, or the name of a proxy
    #[arg(default_value = "")]
    key: String,
    /// Its value; none clears the property
    #[arg(default_value = "", hide_default_value = true)]
    value: String,
}

impl Command for Set {
    const NAME: &'static str = "proxy:set";
    const GATE: Gate = Gate::User;

    async fn run(self, ctx: &Ctx) -> Result {
        let is_property = PROPERTIES.list.iter().any(|property| property.key == self.key);
        let is_type = !is_property && self.value.is_empty() && !self.key.is_empty();
        if is_type && self.key.contains(':') {
            ctx.out.warn("Detected potential port mapping instead of proxy type");
            return Err(Failure::user("Consider using ports:set command or specifying a valid proxy"));
        }
        let words = if is_type {
            [self.scope, "type".to_owned(), self.key]
        } else {
            [self.scope, self.key, self.value]
        };
        set(&DOMAIN, &PROPERTIES, &words, ctx).await
    }
}
