use crate::kernel::{Ctx, Reaction, Result};
use crate::platform::docker::{Filter, OrGone, RemoveContainer};
use crate::triggers;
use crate::triggers::DOCKER_LOCAL;

/// Removes containers of earlier releases that have stopped.
pub struct Clear;

impl Reaction for Clear {
    type Trigger = triggers::SchedulerPreRestore;

    async fn react(ctx: &Ctx, trigger: &Self::Trigger) -> Result {
        if trigger.scheduler != DOCKER_LOCAL {
            return Ok(());
        }
        let docker = &ctx.platform.docker;
        let filter = Filter::label(format!("com.dokku.app-name={}", trigger.app));
        for one in docker.list_containers(&filter).await? {
            if is_replaced(one.name()) && !matches!(one.state.as_str(), "running" | "paused" | "restarting") {
                docker.remove_container(&one.id, RemoveContainer::default()).await.or_gone()?;
            }
        }
        Ok(())
    }
}
/// True for `APP.PROC.N.EPOCH`.
fn is_replaced(name: &str) -> bool {
    let mut parts = name.rsplit('.');
    let is_number = |part: Option<&str>| part.is_some_and(|part| part.parse::<u64>().is_ok());
    is_number(parts.next()) && is_number(parts.next()) && parts.count() >= 2
}

#[cfg(test)]
mod tests {
    use super::is_replaced;

    #[test]
    fn only_names_with_a_time_are_replaced() {
        assert!(is_replaced("shop.web.1.1767323045"));
        assert!(is_replaced("my.shop.web.1.1767323045"));
        for name in ["shop.web.1", "shop.web.1.upcoming-17", "shop.run.1234", "1.2"] {
            assert!(!is_replaced(name), "{name}");
        }
    }
}
