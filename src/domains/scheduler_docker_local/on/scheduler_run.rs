use crate::domains::scheduler_docker_local::one_off::{self, OneOff};
use crate::domains::scheduler_docker_local::session;
use crate::domains::scheduler_docker_local::stopping;
use crate::kernel::{Ctx, Failure, Reaction, Result};
use crate::platform::digest;
use crate::platform::docker::Filter;
use crate::platform::lock::Lock;
use crate::triggers;
use crate::triggers::DOCKER_LOCAL;

/// Runs a command in a container of its own.
pub struct Run;

impl Reaction for Run {
    type Trigger = triggers::SchedulerRun;

    async fn react(ctx: &Ctx, trigger: &Self::Trigger) -> Result {
        if trigger.scheduler != DOCKER_LOCAL {
            return Ok(());
        }
        let app = &trigger.app;
        let docker = &ctx.platform.docker;
        one_off::release_image(ctx, app).await?;
        let one = one_off(ctx, trigger);
        let turn = make_room(ctx, &one).await?;
        let plan = one_off::plan(ctx, &one).await?;
        let id = docker.create_container(&plan).await?;
        ctx.fire(triggers::PostContainerCreate {
            kind: "app".to_owned(),
            container_id: id.clone(),
            app: app.to_string(),
            phase: "run".to_owned(),
            process_type: None,
        })
        .await?;
        let status = if one.is_detached {
            docker.start_container(&id).await?;
            drop(turn);
            ctx.out.plain(plan.name.as_deref().unwrap_or(&id));
            0
        } else {
            session::attend(ctx, &id, plan.tty, || drop(turn)).await?
        };
        ctx.fire(triggers::SchedulerPostRun {
            scheduler: trigger.scheduler.clone(),
            app: app.clone(),
            container_id: id,
            exit_code: status.to_string(),
        })
        .await?;
        match i32::try_from(status).unwrap_or(1) {
            0 => Ok(()),
            status => Err(Failure::inner(status)),
        }
    }
}

/// The words behind the arguments: so many `KEY=VALUE`, `--`, the command.
fn one_off(ctx: &Ctx, trigger: &triggers::SchedulerRun) -> OneOff {
    let count = usize::try_from(trigger.env_count).unwrap_or(0).min(trigger.words.len());
    let (env, rest) = trigger.words.split_at(count);
    let command = rest.strip_prefix(&["--".to_owned()]).unwrap_or(rest);
    OneOff {
        app: trigger.app.clone(),
        kind: if ctx.env.get("DOKKU_CRON_ID").is_some() { "cron" } else { "run" },
        env: env.to_vec(),
        command: command.to_vec(),
        has_terminal: session::wants_terminal(ctx),
        is_detached: ctx.env.get("DOKKU_DETACH_CONTAINER") == Some("1"),
    }
}

/// What a cron task wants done about its own last run. Of two that begin at once the other waits until the one runs: the
/// lock is to be held until then.
async fn make_room(ctx: &Ctx, one: &OneOff) -> Result<Option<Lock>> {
    let Some(id) = ctx.env.get("DOKKU_CRON_ID") else { return Ok(None) };
    let policy = ctx.env.get("DOKKU_CONCURRENCY_POLICY").unwrap_or("allow");
    if policy == "allow" {
        return Ok(None);
    }
    // The number of a task may be longer than the name of a file.
    let lock = format!("cron-{}.lock", digest::sha1(id)?);
    let turn = Lock::take(&ctx.layout().app_data("scheduler-docker-local", &one.app).join(lock))?;
    let filter = Filter::label(format!("com.dokku.cron-id={id}")).and("status", "running");
    let running = ctx.platform.docker.list_containers(&filter).await?;
    if running.is_empty() {
        return Ok(Some(turn));
    }
    if policy == "forbid" {
        let app = &one.app;
        let what = format!("{app} currently has a cron lock in place for {id}. Exiting...");
        return Err(Failure::skipped(what));
    }
    ctx.out.warn(format!("Replacing running container for {id}"));
    let ids: Vec<String> = running.into_iter().map(|container| container.id).collect();
    stopping::stop_all(ctx, &one.app, &ids).await?;
    Ok(Some(turn))
}
