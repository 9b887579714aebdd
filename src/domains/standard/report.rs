use crate::kernel::{Command, Ctx, Failure, Gate, Result};
use crate::model::Fault;
use crate::platform::host;
use crate::store::version;
use crate::triggers;

/// Report what helps to find out what is wrong
///
/// The server's facts, and the reports of one app or, with `--all`, of each.
#[derive(clap::Args)]
pub struct Report {
    /// Of all apps
    #[arg(long)]
    all: bool,
    /// Not offered here: each domain's own report has it
    #[arg(long, hide = true, num_args = 0..=1)]
    format: Option<Option<String>>,
    /// Name of the app
    app: Option<String>,
}

impl Command for Report {
    const NAME: &'static str = "report";
    const GATE: Gate = Gate::User;

    async fn run(self, ctx: &Ctx) -> Result {
        if self.format.is_some() {
            return Err(Failure::user("--format flag not supported on global report"));
        }
        let apps = match (&self.app, self.all) {
            (_, true) => ctx.apps()?,
            (Some(name), false) => {
                let app = name.parse()?;
                ctx.require_app(&app)?;
                vec![app]
            }
            (None, false) => Vec::new(),
        };
        server(ctx).await?;
        for app in apps {
            ctx.fire(triggers::Report { app }).await?;
        }
        Ok(())
    }
}

async fn server(ctx: &Ctx) -> Result {
    ctx.out.step(format!("uname: {}", host::kernel()));
    if let Some((total, available)) = host::memory() {
        ctx.out.step("memory: ");
        ctx.out.detail(format!("{total} MiB, {available} MiB available"));
    }
    if let Some([total, free, inodes, free_inodes]) = host::room(&ctx.layout().lib) {
        ctx.out.step("disk utilization: ");
        ctx.out.detail(format!("{total} MiB, {free} MiB free, of the volume"));
        ctx.out.step("disk inode utilization: ");
        ctx.out.detail(format!("{inodes}, {free_inodes} free"));
    }
    ctx.out.step("docker daemon info: ");
    match engine(ctx).await {
        Ok(lines) => lines.iter().for_each(|line| ctx.out.detail(line)),
        // A report is asked for when something is broken; the rest of it matters all the more.
        Err(fault) => ctx.out.warn(fault.to_string()),
    }
    ctx.out.step(format!("dokku version: {}", version::of_volume(ctx.layout())?));
    ctx.out.step("dokku plugins: ");
    for domain in ctx.bus.domains().iter().filter(|domain| !domain.name.is_empty()) {
        ctx.out.detail(format!("{:20} core    {}", domain.plugin, domain.about));
    }
    for plugin in ctx.bus.plugins(ctx.layout())? {
        ctx.out.detail(format!("{:20} enabled {}", plugin.name, plugin.folder.display()));
    }
    Ok(())
}

async fn engine(ctx: &Ctx) -> Result<Vec<String>> {
    let version = ctx.platform.docker.version().await.map_err(Fault::from)?;
    let info = ctx.platform.docker.info().await.map_err(Fault::from)?;
    let mut lines = vec![
        format!("version: {} (API {})", version.engine, version.api),
        format!("system: {} {} {}", info.operating_system, version.os, version.arch),
        format!("kernel: {}", version.kernel),
        format!("storage driver: {}", info.driver),
        format!("logging driver: {}", info.logging_driver),
        format!("live restore: {}", info.live_restore_enabled),
    ];
    lines.extend(info.warnings);
    Ok(lines)
}
