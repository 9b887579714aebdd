use crate::kernel::{Command, Ctx, Failure, Gate, Result};
use crate::platform::files;

use super::folder;

/// Make a folder that apps can mount (older form of storage:create)
#[derive(clap::Args)]
pub struct EnsureDirectory {
    /// Whom it belongs to: herokuish, heroku, paketo, root, false or a number
    #[arg(long, value_name = "OWNER", default_value = "herokuish")]
    chown: String,
    /// Its name
    #[arg(default_value = "")]
    directory: String,
}

impl Command for EnsureDirectory {
    const NAME: &'static str = "storage:ensure-directory";
    const GATE: Gate = Gate::User;

    async fn run(self, ctx: &Ctx) -> Result {
        ctx.out.warn("Deprecated: please use 'storage:create' instead of 'storage:ensure-directory'");
        let name = self.directory.as_str();
        if name.is_empty() {
            return Err(Failure::user("Please specify a directory to create"));
        }
        let fits = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'_' || byte == b'-';
        if !name.bytes().all(fits) {
            return Err(Failure::user(
                "Directory can only contain the following set of characters: [A-Za-z0-9_-]",
            ));
        }
        let owner = folder::owner(ctx, &self.chown).await?;
        let path = ctx.layout().storage_folders().join(name);
        ctx.out.step(format!("Ensuring {} exists", path.display()));
        files::create_folders(&path, 0o755)
            .map_err(|fault| folder::because("Unable to create directory:", name, fault))?;
        if let Some(id) = owner {
            ctx.out.unless_quiet().detail(format!("Setting directory ownership to {id}:{id}"));
            folder::own(ctx, name, id)
                .await
                .map_err(|fault| folder::because("Unable to set directory ownership:", name, fault))?;
        }
        ctx.out.unless_quiet().detail("Directory ready for mounting");
        Ok(())
    }
}
