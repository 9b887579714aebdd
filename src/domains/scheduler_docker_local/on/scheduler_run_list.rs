use crate::domains::scheduler_docker_local::one_off;
use crate::kernel::{Ctx, Reaction, Result, json, table};
use crate::triggers;
use crate::triggers::DOCKER_LOCAL;
use jiff::Timestamp;

/// Lists the one-off containers of the app.
pub struct List;

impl Reaction for List {
    type Trigger = triggers::SchedulerRunList;

    async fn react(ctx: &Ctx, trigger: &Self::Trigger) -> Result {
        if trigger.scheduler != DOCKER_LOCAL {
            return Ok(());
        }
        let app = &trigger.app;
        let listed = one_off::list(ctx, app).await?;
        if trigger.format == "json" {
            let rows: Vec<_> = listed
                .iter()
                .map(|one| {
                    let created = Timestamp::from_second(one.created).unwrap_or_default();
                    serde_json::json!({
                        "name": one.name(), "state": one.state, "command": format!("\"{}\"", one.command),
                        "created_at": created.strftime("%Y-%m-%d %H:%M:%S +0000 UTC").to_string(),
                    })
                })
                .collect();
            ctx.out.plain(json::compact(&rows));
            return Ok(());
        }
        let quiet = ctx.out.unless_quiet();
        quiet.heading(format!("{app} run containers"));
        let now = ctx.platform.clock.now().as_second();
        let mut rows = vec![["NAMES", "COMMAND", "CREATED"].map(str::to_owned).to_vec()];
        for one in &listed {
            let age = format!("{} ago", age(now - one.created));
            rows.push(vec![one.name().to_owned(), format!("\"{}\"", one.command), age]);
        }
        let mut lines = table::columns(&rows).into_iter();
        if let Some(head) = lines.next() {
            quiet.plain(head);
        }
        lines.for_each(|line| ctx.out.plain(line));
        Ok(())
    }
}

/// A time span as the docker client words it.
fn age(seconds: i64) -> String {
    match seconds {
        ..1 => "Less than a second".to_owned(),
        1 => "1 second".to_owned(),
        2..60 => format!("{seconds} seconds"),
        60..120 => "About a minute".to_owned(),
        120..3600 => format!("{} minutes", seconds / 60),
        3600..7200 => "About an hour".to_owned(),
        7200..172_800 => format!("{} hours", seconds / 3600),
        _ => format!("{} days", seconds / 86400),
    }
}
