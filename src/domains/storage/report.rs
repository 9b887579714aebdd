use crate::kernel::{self, BoxFuture, Command, Ctx, Gate, Key, Report, Result};
use crate::model::{AppName, Scope};
use crate::store::{attachments, storage_entries};

use super::{DOMAIN, mounts, report_global};

/// Show what apps mount, or with `--global` all storage entries and who mounts them
///
/// `--format json` prints it as an object; a row's flag, such as `--storage-deploy-mounts`, its value alone.
#[derive(clap::Args)]
pub struct StorageReport {
    /// Name of the app or `--global`, `--format` and a flag
    #[arg(value_name = "APP", trailing_var_arg = true, allow_hyphen_values = true)]
    words: Vec<String>,
}

impl Command for StorageReport {
    const NAME: &'static str = "storage:report";
    const GATE: Gate = Gate::User;

    async fn run(self, ctx: &Ctx) -> Result {
        if self.words.iter().any(|word| word == "--global") {
            return report_global::show(ctx, &self.words);
        }
        kernel::report(&DOMAIN, &REPORT, &self.words, ctx).await
    }
}

const REPORT: Report = Report {
    kind: "storage",
    prefix: "storage",
    has_legacy_json: true,
    has_small_labels: false,
    keys: &[
        Key::fact("storage-build-mounts", |ctx, scope| mounted(ctx, scope, "build")),
        Key::fact("storage-deploy-mounts", |ctx, scope| mounted(ctx, scope, attachments::DEPLOY)),
        Key::fact("storage-run-mounts", |ctx, scope| mounted(ctx, scope, attachments::RUN)),
    ],
    extra: Some(of_attachments),
};

/// The mounts of a phase; none where an entry is gone, of which a warning tells.
fn mounted(ctx: &Ctx, scope: &Scope, phase: &str) -> Result<String> {
    let rows = scope.app().map(|app| mounts::rows(ctx, app, phase)).transpose().unwrap_or_default();
    let options: Vec<String> = rows.unwrap_or_default().iter().map(|row| format!("-v {row}")).collect();
    Ok(options.join(" "))
}

/// Names of flags with their values.
type Rows = Vec<(String, String)>;

fn of_attachments(ctx: Ctx, scopes: Vec<Scope>) -> BoxFuture<Result<Vec<Rows>>> {
    Box::pin(async move {
        scopes.iter().map(|scope| scope.app().map_or(Ok(Vec::new()), |app| rows(&ctx, app))).collect()
    })
}

/// The fields of each mount, numbered from 1.
fn rows(ctx: &Ctx, app: &AppName) -> Result<Rows> {
    let all = match attachments::of(ctx.layout(), app) {
        Ok(all) => all,
        Err(fault) => {
            ctx.out.warn(format!("Unable to load storage attachments for {:?}: {fault}", app.as_str()));
            return Ok(Vec::new());
        }
    };
    let mut rows = Rows::new();
    let mut number = 0;
    for one in all {
        let entry = match storage_entries::require(ctx.layout(), &one.entry_name) {
            Ok(entry) => entry,
            Err(fault) => {
                let (app, name) = (app.as_str(), &one.entry_name);
                ctx.out.warn(format!("Skipping attachment on {app:?}: missing entry {name:?} ({fault})"));
                continue;
            }
        };
        number += 1;
        for (field, value) in [
            ("entry-name", one.entry_name),
            ("host-path", entry.source().to_owned()),
            ("container-path", one.container_path),
            ("phases", one.phases.join(",")),
            ("process-type", one.process_type),
            ("subpath", one.subpath),
            ("readonly", one.readonly.to_string()),
            ("volume-options", one.volume_options),
            ("volume-chown", one.volume_chown),
        ] {
            rows.push((format!("storage-attachment.{number}.{field}"), value));
        }
    }
    Ok(rows)
}
