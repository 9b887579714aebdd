use crate::kernel::{Ctx, Reaction, Result};
use crate::platform::process_mark::ProcessMark;
use crate::store::builds::{self, Record, Source};
use crate::triggers::BuildsRecordStart;

/// Writes down that a build began.
pub struct OnBuildsRecordStart;

impl Reaction for OnBuildsRecordStart {
    type Trigger = BuildsRecordStart;

    async fn react(ctx: &Ctx, trigger: &BuildsRecordStart) -> Result {
        let source = Source::from_word(&trigger.source);
        if source == Source::Unknown && trigger.source != "unknown" {
            ctx.out.warn(format!(
                "builds-record-start: unknown source \"{}\" for app {}, recording as \"unknown\"",
                trigger.source, trigger.app
            ));
        }
        let record = Record::begin(&trigger.app, &trigger.build_id, source, ctx.platform.clock.now());
        let record = match ProcessMark::of(trigger.pid) {
            Some(process) => record.done_by(&process),
            None => Record { pid: trigger.pid, pid_start_time: None, boot_id: None, ..record },
        };
        Ok(builds::start(ctx.layout(), &trigger.app, &record)?)
    }
}
