use crate::kernel::{Command, Ctx, Failure, Gate, Result};
use crate::model::AppName;
use crate::model::storage::{ChownOption, ColonMount};
use crate::store::attachments::{self, ALL, Attachment, DEPLOY, RUN};
use crate::store::storage_entries::{self, Entry};

/// Mount a storage entry, or a folder or volume of the host, into the containers of an app
///
/// An entry by its name and `--container-dir`, anything else in one word: `HOST:CONTAINER[:OPTIONS]`. It holds from the
/// next deploy or run on. An entry that is mounted in the same place already gets the options that are given now.
#[derive(clap::Args)]
pub struct Mount {
    /// Where in the container the entry is mounted
    #[arg(long, value_name = "PATH", default_value = "", hide_default_value = true)]
    container_dir: String,
    /// Only in these containers: deploy (the app's), run (one-off ones)
    #[arg(long, value_delimiter = ',')]
    phase: Vec<String>,
    /// Only in the app's containers of this process type
    #[arg(long, value_name = "TYPE", default_value = ALL, hide_default_value = true)]
    process_type: String,
    /// Only this folder in the entry
    #[arg(long, value_name = "PATH", default_value = "", hide_default_value = true)]
    volume_subpath: String,
    /// The container may only read
    #[arg(long)]
    volume_readonly: bool,
    /// Whom it is to belong to: kept for schedulers that look after that
    #[arg(long, value_name = "OWNER", default_value = "", hide_default_value = true)]
    volume_chown: String,
    /// Options of the mount, with commas: Z, noexec
    #[arg(long, value_name = "OPTIONS", default_value = "", hide_default_value = true)]
    volume_options: String,
    /// Name of the app
    app: AppName,
    /// An entry, or HOST:CONTAINER[:OPTIONS]
    #[arg(default_value = "", hide_default_value = true)]
    what: String,
}

impl Command for Mount {
    const NAME: &'static str = "storage:mount";
    const GATE: Gate = Gate::User;

    async fn run(self, ctx: &Ctx) -> Result {
        ctx.require_app(&self.app)?;
        if self.what.contains(':') { in_one_word(ctx, &self.app, &self.what) } else { self.entry(ctx) }
    }
}

impl Mount {
    fn entry(self, ctx: &Ctx) -> Result {
        let (app, name) = (&self.app, &self.what);
        let Some(entry) = storage_entries::find(ctx.layout(), name)? else {
            return Err(Failure::user(format!(
                "storage entry {name:?} does not exist; create it first with `dokku storage:create`"
            )));
        };
        if self.container_dir.is_empty() {
            return Err(Failure::user("--container-dir is required when mounting a named storage entry"));
        }
        if !self.volume_chown.is_empty() {
            self.volume_chown.parse::<ChownOption>()?;
        }
        let place = self.container_dir.clone();
        let attachment = Attachment {
            entry_name: entry.name.clone(),
            container_path: self.container_dir,
            phases: if self.phase.is_empty() { both() } else { self.phase },
            process_type: if self.process_type.is_empty() { ALL.to_owned() } else { self.process_type },
            subpath: self.volume_subpath,
            readonly: self.volume_readonly,
            volume_options: self.volume_options,
            volume_chown: self.volume_chown,
        };
        attachment.check()?;
        let _lock = attachments::locked(ctx.layout(), app)?;
        let mut all = attachments::of(ctx.layout(), app)?;
        let old = all.iter_mut().find(|one| one.is_same(&attachment));
        let is_new = old.is_none();
        match old {
            Some(old) => *old = attachment,
            None => all.push(attachment),
        }
        attachments::save(ctx.layout(), app, &all)?;
        let name = &entry.name;
        ctx.out.step(match is_new {
            true => format!("Storage entry {name} mounted at {place} on {app}"),
            false => format!("Storage entry {name} mount at {place} on {app} updated"),
        });
        Ok(())
    }
}

fn both() -> Vec<String> {
    vec![DEPLOY.to_owned(), RUN.to_owned()]
}

/// A mount in one word gets an entry of its own, by the digest of what is mounted.
fn in_one_word(ctx: &Ctx, app: &AppName, word: &str) -> Result {
    let mount: ColonMount = word.parse()?;
    let entry = Entry::of_mount(&mount)?;
    let attachment = Attachment {
        entry_name: entry.name.clone(),
        container_path: mount.target,
        phases: both(),
        process_type: ALL.to_owned(),
        readonly: mount.readonly,
        volume_options: mount.options,
        ..Attachment::default()
    };
    let _registry = storage_entries::locked(ctx.layout())?;
    if storage_entries::find(ctx.layout(), &entry.name)?.is_none() {
        storage_entries::save(ctx.layout(), &entry)?;
    }
    let _lock = attachments::locked(ctx.layout(), app)?;
    let mut all = attachments::of(ctx.layout(), app)?;
    if all.iter().any(|one| one.is_same(&attachment)) {
        return Err(Failure::user("Mount path already exists."));
    }
    all.push(attachment);
    Ok(attachments::save(ctx.layout(), app, &all)?)
}
