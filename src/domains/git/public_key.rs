use crate::kernel::{Command, Ctx, Failure, Gate, Result, Stream};
use crate::store::keys;

/// Print the public deploy key
///
/// To be entered where private repositories are fetched from.
#[derive(clap::Args)]
pub struct PublicKey {}

impl Command for PublicKey {
    const NAME: &'static str = "git:public-key";
    const GATE: Gate = Gate::User;

    async fn run(self, ctx: &Ctx) -> Result {
        match keys::deploy_key(&ctx.layout().root)? {
            Some(text) => {
                // Whoever reads may have seen enough.
                let _ = ctx.out.raw(Stream::Stdout, text.as_bytes());
                Ok(())
            }
            None => {
                let user = ctx.env.get("DOKKU_SYSTEM_USER").unwrap_or("dokku");
                Err(Failure::user(format!("There is no deploy key associated with the {user} user."))
                    .hint("git:generate-deploy-key makes one"))
            }
        }
    }
}
