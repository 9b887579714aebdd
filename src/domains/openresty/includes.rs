//! Files of an app's source that openresty includes in its configuration: `openresty/http-includes/*.conf` and
//! `openresty/http-location-includes/*.conf`. They are kept beside the release and told as labels
//! (contract: layout.md section 4.2).

use std::path::PathBuf;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;

use crate::kernel::{Ctx, Failure, Result};
use crate::model::AppName;
use crate::platform::docker::EntryKind;
use crate::platform::source::Source;
use crate::platform::{files, process};

const MODE: u32 = 0o644;

/// A folder of such files.
struct Kind {
    in_source: &'static str,
    kept: &'static str,
    label: &'static str,
}

const KINDS: [Kind; 2] = [
    Kind { in_source: "openresty/http-includes", kept: "openresty-http-includes", label: "include-http" },
    Kind {
        in_source: "openresty/http-location-includes",
        kept: "openresty-location-includes",
        label: "include-location-http",
    },
];

/// Where the files of an app are.
pub fn folder(ctx: &Ctx, app: &AppName) -> PathBuf {
    ctx.layout().data("openresty-vhosts").join(format!("app-{app}"))
}

fn pid(ctx: &Ctx) -> &str {
    ctx.env.get("DOKKU_PID").unwrap_or_default()
}

/// Takes the files out of the source of the deploy in progress.
///
/// # Errors
/// For a name that could not stand in a label; and when they cannot be read or written.
pub fn take(ctx: &Ctx, app: &AppName, code: &dyn Source) -> Result {
    let folder = folder(ctx, app);
    sweep(ctx, app)?;
    for kind in KINDS {
        let candidate = folder.join(kind.kept).with_added_extension(pid(ctx));
        let missing = candidate.with_added_extension("missing");
        files::remove_folder(&candidate)?;
        let Some(tree) = code.below(kind.in_source)? else {
            if files::is_folder(&folder.join(kind.kept)) {
                files::write(&missing, b"", MODE)?;
            }
            continue;
        };
        files::remove(&missing)?;
        files::create_folders(&candidate, 0o755)?;
        for entry in tree.context().entries()? {
            let name = &entry.path;
            if name.contains('/') || !matches!(entry.kind, EntryKind::File { .. }) {
                continue;
            }
            if !name.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"_.-".contains(&byte)) {
                return Err(Failure::user(format!(
                    "Aborting deploy: include file has unsafe filename: {name}"
                )));
            }
            files::write(&candidate.join(name), &tree.read(name)?.unwrap_or_default(), MODE)?;
        }
    }
    Ok(())
}

/// Makes what the deploy in progress took out the files of the running release.
///
/// # Errors
/// When a folder cannot be renamed or removed.
pub fn promote(ctx: &Ctx, app: &AppName) -> Result {
    for kind in KINDS {
        let kept = folder(ctx, app).join(kind.kept);
        let candidate = kept.with_added_extension(pid(ctx));
        if files::remove(&candidate.with_added_extension("missing"))? {
            files::remove_folder(&kept)?;
        } else if files::is_folder(&candidate) {
            files::remove_folder(&kept)?;
            files::rename(&candidate, &kept)?;
        }
    }
    Ok(())
}

/// The files that hold for this deploy, as labels.
///
/// # Errors
/// When they cannot be read.
pub fn labels(ctx: &Ctx, app: &AppName) -> Result<Vec<(String, String)>> {
    let mut labels = Vec::new();
    for kind in KINDS {
        let kept = folder(ctx, app).join(kind.kept);
        let candidate = kept.with_added_extension(pid(ctx));
        if files::exists(&candidate.with_added_extension("missing")) {
            continue;
        }
        let from = if files::is_folder(&candidate) { candidate } else { kept };
        let mut names = files::names(&from)?;
        names.retain(|name| name.ends_with(".conf"));
        names.sort_unstable();
        for name in names {
            let bytes = files::read(&from.join(&name))?.unwrap_or_default();
            labels.push((format!("openresty.{}-{name}", kind.label), STANDARD.encode(bytes)));
        }
    }
    Ok(labels)
}

/// Removes what deploys that failed or were killed have taken out.
fn sweep(ctx: &Ctx, app: &AppName) -> Result {
    let folder = folder(ctx, app);
    for name in files::names(&folder)? {
        let suffix = KINDS.iter().find_map(|kind| name.strip_prefix(kind.kept)?.strip_prefix('.'));
        let Some(suffix) = suffix else { continue };
        let pid = suffix.strip_suffix(".missing").unwrap_or(suffix);
        if pid.parse().is_ok_and(|pid| !process::is_alive(pid)) {
            let path = folder.join(&name);
            if files::is_folder(&path) {
                files::remove_folder(&path)?;
            } else {
                files::remove(&path)?;
            }
        }
    }
    Ok(())
}
