use crate::kernel::{Command, Ctx, Failure, Gate, Result};
use crate::model::storage::{EntryName, directory_mode};
use crate::store::storage_entries::{self, DOCKER_LOCAL, Entry, Map, default_path};

use super::{folder, scheduler};

/// Register a storage entry, for apps to mount
///
/// Without a path a folder of the entry's name is made below the server's data. A path is a folder of the host, or the
/// name of a volume of the engine. For an entry that is there already what is given changes, and all else stays.
#[derive(clap::Args)]
pub struct Create {
    /// Whose volume it is: docker-local or k3s
    #[arg(long, default_value = DOCKER_LOCAL)]
    scheduler: String,
    /// How large the claim is, such as 2Gi (k3s)
    #[arg(long)]
    size: Option<String>,
    /// How many may use the claim, such as ReadWriteMany (k3s)
    #[arg(long, value_name = "MODE")]
    access_mode: Option<String>,
    /// Of which storage class the claim is (k3s)
    #[arg(long, value_name = "CLASS")]
    storage_class_name: Option<String>,
    /// Where in the cluster the claim is (k3s)
    #[arg(long)]
    namespace: Option<String>,
    /// Whom the folder belongs to: herokuish, heroku, paketo, root, false or a number
    #[arg(long, value_name = "OWNER")]
    chown: Option<String>,
    /// The folder's permissions, such as 0755
    #[arg(long)]
    mode: Option<String>,
    /// Whether the volume stays when the entry is destroyed: Retain or Delete
    #[arg(long, value_name = "POLICY")]
    reclaim_policy: Option<String>,
    /// A value for tools of the cluster; can be given several times
    #[arg(long, value_name = "KEY=VALUE", value_delimiter = ',')]
    annotation: Vec<String>,
    /// A value for tools of the cluster; can be given several times
    #[arg(long, value_name = "KEY=VALUE", value_delimiter = ',')]
    label: Vec<String>,
    /// Name of the entry
    #[arg(default_value = "")]
    name: String,
    /// A folder of the host, or a volume of the engine
    path: Option<String>,
}

impl Command for Create {
    const NAME: &'static str = "storage:create";
    const GATE: Gate = Gate::User;

    async fn run(self, ctx: &Ctx) -> Result {
        let name: EntryName = self.name.parse()?;
        let _lock = storage_entries::locked(ctx.layout())?;
        let old = storage_entries::find(ctx.layout(), name.as_str())?;
        let entry = self.entry(ctx, &name, old.as_ref())?;
        entry.check(ctx.layout())?;
        if let Some(old) = &old {
            if old.scheduler != entry.scheduler {
                return Err(Failure::user(format!(
                    "storage entry {:?} already exists with scheduler {:?}; refusing to redefine",
                    old.name, old.scheduler
                )));
            }
            ctx.out.unless_quiet().step(format!("Storage entry {name} already exists, leaving in place"));
        }
        if entry.scheduler == DOCKER_LOCAL {
            folder::ensure(ctx, &entry).await?;
        }
        storage_entries::save(ctx.layout(), &entry)?;
        let refused = format!("scheduler refused storage entry {:?}", entry.name);
        if let Err(failure) = scheduler::make(ctx, &entry, &refused).await {
            // The registry says what the cluster has.
            match &old {
                Some(old) => storage_entries::save(ctx.layout(), old)?,
                None => storage_entries::forget(ctx.layout(), &entry.name)?,
            }
            return Err(failure);
        }
        ctx.out.step(format!("Storage entry {name} created"));
        Ok(())
    }
}

impl Create {
    /// The entry as it was, if it was, with what is given.
    fn entry(self, ctx: &Ctx, name: &EntryName, old: Option<&Entry>) -> Result<Entry> {
        let was = old.cloned().unwrap_or_default();
        let path = self.path.filter(|path| !path.is_empty());
        let mut host_path = path.unwrap_or(was.host_path);
        if host_path.is_empty() && self.scheduler == DOCKER_LOCAL {
            host_path = default_path(ctx.layout(), name.as_str());
        }
        Ok(Entry {
            name: name.to_string(),
            scheduler: self.scheduler,
            host_path,
            size: self.size.unwrap_or(was.size),
            access_mode: self.access_mode.unwrap_or(was.access_mode),
            storage_class: self.storage_class_name.unwrap_or(was.storage_class),
            namespace: self.namespace.unwrap_or(was.namespace),
            chown: self.chown.unwrap_or(was.chown),
            mode: self.mode.map_or(Ok(was.mode), |mode| directory_mode(&mode))?,
            reclaim_policy: self.reclaim_policy.unwrap_or(was.reclaim_policy),
            annotations: if self.annotation.is_empty() { was.annotations } else { pairs(&self.annotation)? },
            labels: if self.label.is_empty() { was.labels } else { pairs(&self.label)? },
            schema_version: was.schema_version,
        })
    }
}

/// `KEY=VALUE` words as a map.
///
/// # Errors
/// For a word without a key.
pub fn pairs(words: &[String]) -> Result<Map> {
    let pair = |word: &String| match word.split_once('=') {
        Some((key, value)) if !key.is_empty() => Ok((key.to_owned(), value.to_owned())),
        Some(_) | None => Err(Failure::user(format!("expected key=value, got {word:?}"))),
    };
    words.iter().map(pair).collect()
}
