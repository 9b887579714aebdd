use crate::kernel::{Command, Ctx, Gate, Result};
use crate::platform::user;
use crate::store::keys;

/// Make a deploy key
///
/// An ed25519 key without passphrase, with which private repositories are fetched. One that is there stays.
#[derive(clap::Args)]
pub struct GenerateDeployKey {}

impl Command for GenerateDeployKey {
    const NAME: &'static str = "git:generate-deploy-key";
    const GATE: Gate = Gate::User;

    async fn run(self, ctx: &Ctx) -> Result {
        let root = &ctx.layout().root;
        if keys::deploy_key(root)?.is_some() {
            ctx.out.unless_quiet().exclaim("A deploy key already exists for this host");
            return Ok(());
        }
        let public = keys::make_deploy_key(root, &format!("dokku@{}", user::host_name()))?;
        ctx.out.plain(public);
        Ok(())
    }
}
