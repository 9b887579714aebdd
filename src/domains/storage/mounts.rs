//! An app's mounts together with what they mount: as rows to show, as options of containers, as pairs for schedulers.

use std::fmt;

use serde::Serialize;

use crate::kernel::{Ctx, Failure, Result};
use crate::model::{AppName, docker_args};
use crate::store::attachments::{self, Attachment};
use crate::store::storage_entries::{self, DOCKER_LOCAL, Entry};

/// A mount with its entry, as schedulers are told it.
#[derive(Clone, Debug, Serialize)]
pub struct Pair {
    /// What is mounted.
    pub entry: Entry,
    /// Where and how.
    pub attachment: Attachment,
}

/// A mount as lists show it: as text `SOURCE:TARGET[:OPTIONS]`.
#[derive(Clone, Debug, Serialize)]
pub struct Row {
    entry_name: String,
    host_path: String,
    container_path: String,
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    readonly: bool,
    #[serde(skip_serializing_if = "String::is_empty")]
    volume_options: String,
    #[serde(skip)]
    options: String,
}

impl fmt::Display for Row {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.host_path, self.container_path)?;
        if self.options.is_empty() { Ok(()) } else { write!(f, ":{}", self.options) }
    }
}

/// The mounts of an app in a phase with their entries, by entry and path.
///
/// # Errors
/// When one names an entry that is gone.
pub fn pairs(ctx: &Ctx, app: &AppName, phase: &str) -> Result<Vec<Pair>> {
    let found = attachments::in_phase(ctx.layout(), app, phase)?;
    let with_entry = |attachment: Attachment| {
        let name = &attachment.entry_name;
        let entry = storage_entries::require(ctx.layout(), name).map_err(|fault| {
            let app = app.as_str();
            Failure::user(format!("attachment on {app:?} references missing entry {name:?}: {fault}"))
        })?;
        Ok(Pair { entry, attachment })
    };
    found.into_iter().map(with_entry).collect()
}

/// The same as lists show them.
///
/// # Errors
/// When one names an entry that is gone.
pub fn rows(ctx: &Ctx, app: &AppName, phase: &str) -> Result<Vec<Row>> {
    let row = |Pair { entry, attachment }: Pair| Row {
        host_path: entry.source().to_owned(),
        options: attachment.options(),
        entry_name: entry.name,
        container_path: attachment.container_path,
        readonly: attachment.readonly,
        volume_options: attachment.volume_options,
    };
    Ok(pairs(ctx, app, phase)?.into_iter().map(row).collect())
}

/// The options of containers that mount this, with a space before each.
///
/// # Errors
/// For what the engine cannot mount.
pub fn arguments<'a>(pairs: impl Iterator<Item = &'a Pair>) -> Result<String> {
    let mut text = String::new();
    for pair in pairs.filter(|pair| pair.entry.scheduler == DOCKER_LOCAL && !pair.entry.host_path.is_empty())
    {
        text.push(' ');
        text.push_str(&docker_args::join_words(&argument(&pair.entry, &pair.attachment)?));
    }
    Ok(text)
}

fn argument(entry: &Entry, attachment: &Attachment) -> Result<[String; 2]> {
    let (source, target) = (&entry.host_path, &attachment.container_path);
    let subpath = attachment.subpath.trim_matches('/');
    if !entry.is_folder() && !subpath.is_empty() {
        // A bind has no name for a folder in a volume.
        let mut mount = format!("type=volume,source={source},target={target},volume-subpath={subpath}");
        let options = attachment.options();
        for option in options.split(',').filter(|option| !option.is_empty()) {
            match option {
                "ro" => mount.push_str(",readonly"),
                "nocopy" => mount.push_str(",volume-nocopy"),
                other => {
                    return Err(Failure::user(format!(
                        "storage entry {:?} is a volume: with --volume-subpath it cannot have the option {other}",
                        entry.name
                    )));
                }
            }
        }
        return Ok(["--mount".to_owned(), mount]);
    }
    let mut volume = source.trim_end_matches('/').to_owned();
    if !subpath.is_empty() {
        volume.push('/');
        volume.push_str(subpath);
    } else if volume.is_empty() {
        volume.push('/');
    }
    volume = format!("{volume}:{target}");
    let options = attachment.options();
    if !options.is_empty() {
        volume = format!("{volume}:{options}");
    }
    Ok(["-v".to_owned(), volume])
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pair(host_path: &str) -> Pair {
        let entry = Entry {
            name: "data".into(),
            scheduler: DOCKER_LOCAL.into(),
            host_path: host_path.into(),
            ..Entry::default()
        };
        let attachment = Attachment { container_path: "/data".into(), ..Attachment::default() };
        Pair { entry, attachment }
    }

    fn check(pair: &Pair, expected: &str) {
        assert_eq!(arguments([pair].into_iter()).expect("it can be mounted"), expected);
    }

    #[test]
    fn a_mount_is_an_option_of_docker_run() {
        check(&pair("/srv/x"), " -v /srv/x:/data");
        check(&pair("vol"), " -v vol:/data");
        check(&pair("/srv/a b"), " -v '/srv/a b:/data'");
        check(&Pair { entry: Entry { scheduler: "k3s".into(), ..pair("/x").entry }, ..pair("/x") }, "");
        let mut one = pair("/srv/x");
        one.attachment.readonly = true;
        one.attachment.volume_options = "noexec,nosuid".into();
        check(&one, " -v /srv/x:/data:ro,noexec,nosuid");
        one.attachment.subpath = "in/side".into();
        check(&one, " -v /srv/x/in/side:/data:ro,noexec,nosuid");
    }

    #[test]
    fn a_folder_in_a_volume_is_a_mount_of_its_own_kind() {
        let mut one = pair("vol");
        one.attachment.subpath = "in".into();
        one.attachment.readonly = true;
        check(&one, " --mount type=volume,source=vol,target=/data,volume-subpath=in,readonly");
        one.attachment.volume_options = "Z".into();
        assert!(arguments([&one].into_iter()).is_err());
    }
}
