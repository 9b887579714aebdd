use crate::kernel::{Ctx, Reaction, Result, report};
use crate::triggers::Report;

/// Prints the reports of all domains that have one, in the order of their plugins.
pub struct OnReport;

impl Reaction for OnReport {
    type Trigger = Report;

    async fn react(ctx: &Ctx, trigger: &Report) -> Result {
        let mut domains: Vec<_> = ctx.bus.domains().iter().filter(|it| !it.is_apart_in_report).collect();
        domains.sort_by_key(|domain| domain.plugin);
        for domain in domains {
            if ctx.bus.is_disabled(ctx.layout(), domain.plugin)? {
                continue;
            }
            if let Some(table) = domain.report {
                report(domain, table, &[trigger.app.to_string()], ctx).await?;
            }
        }
        Ok(())
    }
}
