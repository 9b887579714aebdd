use super::DOMAIN;
use super::properties::PROPERTIES;
use crate::kernel::{Command, Ctx, Failure, Gate, Result, set};
use crate::model::Scope;

/// Set or clear a network property
///
/// The properties attach-post-create and attach-post-deploy take several networks.
#[derive(clap::Args)]
pub struct Set {
    /// The app, or --global
    #[arg(allow_hyphen_values = true, value_name = "APP")]
    scope: String,
    /// The property
    #[arg(default_value = "")]
    key: String,
    /// Its value; none clears the property
    values: Vec<String>,
}

impl Command for Set {
    const NAME: &'static str = "network:set";
    const GATE: Gate = Gate::User;

    async fn run(self, ctx: &Ctx) -> Result {
        let value = self.values.join(",");
        self.refuse_twice(ctx, &value)?;
        set(&DOMAIN, &PROPERTIES, &[self.scope, self.key, value], ctx).await
    }
}

impl Set {
    /// A network is joined at one of the two moments, not at both.
    fn refuse_twice(&self, ctx: &Ctx, value: &str) -> Result {
        let other = match self.key.as_str() {
            "attach-post-create" => "attach-post-deploy",
            "attach-post-deploy" => "attach-post-create",
            _ => return Ok(()),
        };
        let scope = match self.scope.as_str() {
            "--global" => Scope::Global,
            // What is wrong with the name is said where it is used.
            name => name.parse().map_or(Scope::Global, Scope::App),
        };
        let joined = PROPERTIES.computed(ctx, &scope, other)?;
        match value.split(',').find(|name| !name.is_empty() && joined.split(',').any(|known| known == *name))
        {
            Some(name) => {
                Err(Failure::user(format!("Network name already associated with this app: {name}")))
            }
            None => Ok(()),
        }
    }
}
