use crate::kernel::{Command, Ctx, Failure, Gate, Result};
use crate::store::keys::{self, Selector};

/// Remove a public key
///
/// By its name, or by its fingerprint. Sessions that are open stay open.
#[derive(clap::Args)]
pub struct Remove {
    /// Fingerprint of the key
    #[arg(long, num_args = 0..=1, default_missing_value = "")]
    fingerprint: Option<String>,
    /// Name of the key
    name: Option<String>,
}

impl Command for Remove {
    const NAME: &'static str = "ssh-keys:remove";
    const GATE: Gate = Gate::Root;

    async fn run(self, ctx: &Ctx) -> Result {
        let (selector, what) = match (self.fingerprint, self.name) {
            (Some(fingerprint), _) if fingerprint.is_empty() => {
                return Err(Failure::user(
                    "A fingerprint is required to remove a key, ie: dokku ssh-keys:remove --fingerprint FINGERPRINT",
                ));
            }
            (Some(fingerprint), _) => {
                (Selector::Fingerprint(fingerprint.clone()), format!("fingerprint {fingerprint}"))
            }
            (None, Some(name)) if !name.is_empty() => (Selector::Name(name.clone()), format!("name {name}")),
            (None, _) => {
                return Err(Failure::user(
                    "A name is required to remove a key, ie: dokku ssh-keys:remove <name>",
                ));
            }
        };
        if keys::remove(&ctx.layout().root, &selector)?.is_empty() {
            // As in Dokku this is no failure; but nobody should believe that a key went.
            ctx.out.warn(format!("There is no key of the {what}"));
        }
        Ok(())
    }
}
