//! Builds of all apps together: so many at once, in the order in which they came.

use crate::kernel::{Ctx, Result};
use crate::model::AppName;
use crate::platform::queue::{self, Place};
use crate::platform::waits::{self, Wait};
use crate::store::builds::{self, WaitsFor, settings};

use super::wait_in_line::{Line, wait_in_line};

/// The right to build, until it is dropped.
pub struct BuildSlot {
    /// None for a build that another one started: it has a place already.
    _place: Option<Place>,
}

impl BuildSlot {
    /// Waits until fewer builds run than may at once.
    ///
    /// # Errors
    /// When the line or the record of the build cannot be written.
    pub async fn take(ctx: &Ctx, app: &AppName) -> Result<Self> {
        let layout = ctx.layout();
        let id = ctx.env.get("DOKKU_BUILD_ID").unwrap_or_default();
        let who = format!("{id} {app}");
        let is_ours = |one: &String| !id.is_empty() && one.split(' ').next() == Some(id);
        if queue::all(&layout.build_line())?.iter().any(is_ours) {
            // It would wait for itself: what its deploy builds on the way is a part of it.
            return Ok(BuildSlot { _place: None });
        }
        let place = Place::join(&layout.build_line(), &who)?;
        let most = settings::parallel(layout)?;
        if place.before()?.len() >= most {
            builds::change(layout, app, id, |record| record.waits_for = Some(WaitsFor::BuildSlot))?;
            let line = Line {
                place: &place,
                most: &|| Ok(settings::parallel(layout)?),
                first: &|before| {
                    let apps = before.iter().take(most).filter_map(|one| one.split(' ').nth(1));
                    let apps: Vec<&str> = apps.collect();
                    format!("Waiting for one of {most} builds to end ({})", apps.join(", "))
                },
                name: "of builds",
            };
            waits::during(Wait::Turn, wait_in_line(ctx, &line)).await?;
            builds::change(layout, app, id, |record| record.waits_for = None)?;
        }
        Ok(BuildSlot { _place: Some(place) })
    }
}
