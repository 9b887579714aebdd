//! Room on the engine's disk: looked at before a build, and how much the build took is kept.
//!
//! The engine's data lies where our own files do: what a container writes goes to the engine's storage. So the kernel
//! tells what is free in microseconds, where the engine itself would add up all its files.

use crate::kernel::{Ctx, Failure, Result};
use crate::model::{AppName, size};
use crate::platform::docker::{DiskItem, DiskKind};
use crate::platform::host;
use crate::store::builds::{self, Kind, Record, settings};

/// Of how many builds the largest growth counts.
const BUILDS: usize = 5;

/// Growth of less is not worth a line in the record: every build writes a little.
const LITTLE: u64 = 1 << 20;

/// How many of the largest users are named.
const NAMED: usize = 10;

/// The room there was before a build.
pub struct Room {
    free: Option<u64>,
}

impl Room {
    /// Looks whether there is room for a build of this app.
    ///
    /// # Errors
    /// When there is too little. It says what takes most, and what frees most.
    pub async fn require(ctx: &Ctx, app: &AppName) -> Result<Self> {
        let layout = ctx.layout();
        let Some(free) = host::free_of_engine() else { return Ok(Room { free: None }) };
        if settings::is_guarded(layout, app)? {
            let need = Need {
                growth: largest_growth(&builds::all(layout, app)?),
                kept: settings::min_free(layout, app)?,
            };
            if free < need.bytes() {
                return Err(refusal(ctx, app, free, &need).await);
            }
        }
        Ok(Room { free: Some(free) })
    }

    /// Writes down how much less there is now.
    ///
    /// # Errors
    /// When the record cannot be written.
    pub fn note_growth(self, ctx: &Ctx, app: &AppName) -> Result {
        let Some((before, after)) = self.free.zip(host::free_of_engine()) else { return Ok(()) };
        let growth = before.saturating_sub(after);
        if growth >= LITTLE {
            let id = ctx.env.get("DOKKU_BUILD_ID").unwrap_or_default();
            builds::change(ctx.layout(), app, id, |record| record.disk_growth = Some(growth))?;
        }
        Ok(())
    }
}

/// How much a build needs.
struct Need {
    growth: u64,
    kept: u64,
}

impl Need {
    /// What the largest of the last builds took and a fifth more, and what is to stay free.
    fn bytes(&self) -> u64 {
        self.growth.saturating_add(self.growth / 5).saturating_add(self.kept)
    }
}

/// The newest stand first.
fn largest_growth(records: &[Record]) -> u64 {
    let finished = records.iter().filter(|record| record.kind == Kind::Build && !record.is_running());
    finished.take(BUILDS).filter_map(|record| record.disk_growth).max().unwrap_or_default()
}

async fn refusal(ctx: &Ctx, app: &AppName, free: u64, need: &Need) -> Failure {
    let [free, needed] = [free, need.bytes()].map(size::people);
    let mut failure = Failure::user(format!(
        "Too little disk space on the Docker engine to build {app}: {free} are free, {needed} are needed"
    ));
    if need.growth > 0 {
        failure = failure.hint(format!(
            "The last builds of {app} took up to {}; a fifth is added, and {} are to stay free",
            size::people(need.growth),
            size::people(need.kept)
        ));
    }
    match ctx.platform.docker.disk_items().await {
        Ok(items) => {
            failure = failure.hint("What takes most:");
            for line in largest(&items) {
                failure = failure.hint(line);
            }
            failure = failure.hint(what_frees_most(&items));
        }
        Err(error) => failure = failure.hint(format!("What takes most cannot be told: {error}")),
    }
    failure.hint(format!("To build all the same: dokku builds:set {app} disk-guard false"))
}

fn largest(items: &[DiskItem]) -> Vec<String> {
    let mut items: Vec<&DiskItem> = items.iter().filter(|item| item.bytes > 0).collect();
    items.sort_by(|one, other| other.bytes.cmp(&one.bytes).then_with(|| one.name.cmp(&other.name)));
    let noun = |item: &DiskItem| match item.kind {
        DiskKind::Image => format!("image {}", item.name),
        DiskKind::Container => format!("what the container {} wrote", item.name),
        DiskKind::Volume => format!("volume {}", item.name),
        DiskKind::BuildCache => "build cache".to_owned(),
    };
    let line = |item: &DiskItem| format!("{:>11}  {}", size::people(item.bytes), noun(item));
    items.into_iter().take(NAMED).map(line).collect()
}

/// The command that frees most without a loss: a volume may hold data, so none is ever named.
fn what_frees_most(items: &[DiskItem]) -> String {
    let sum = |wanted: fn(&DiskItem) -> bool| -> u64 {
        items.iter().filter(|item| item.is_unused && wanted(item)).map(|item| item.bytes).sum()
    };
    let commands = [
        (
            "dokku cleanup --all",
            sum(|item| match item.kind {
                DiskKind::BuildCache => true,
                DiskKind::Image => item.is_dokkus && item.is_nameless,
                DiskKind::Container => item.is_dokkus,
                DiskKind::Volume => false,
            }),
        ),
        (
            "docker image prune --all    (on the host: images that no container uses, which are pulled again when needed)",
            sum(|item| item.kind == DiskKind::Image && !item.is_dokkus),
        ),
        (
            "docker container prune    (on the host: stopped containers that are no app's)",
            sum(|item| item.kind == DiskKind::Container && !item.is_dokkus),
        ),
    ];
    let most = commands.into_iter().max_by_key(|(_, bytes)| *bytes).filter(|(_, bytes)| *bytes > 0);
    match most {
        Some((command, bytes)) => format!("This frees most, {}: {command}", size::people(bytes)),
        None => "Nothing of it is unused: a larger disk is needed, or an app less".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::builds::{End, Source};

    fn item(kind: DiskKind, name: &str, bytes: u64) -> DiskItem {
        let name = name.to_owned();
        DiskItem { kind, name, bytes, is_unused: true, is_dokkus: false, is_nameless: false }
    }

    #[test]
    fn the_largest_of_the_last_five_builds_counts() {
        let app: AppName = "shop".parse().expect("a name");
        let now = jiff::Timestamp::UNIX_EPOCH;
        let of = |source, growth| {
            let mut record = Record::begin(&app, "a", source, now);
            record.end(End::with(0), now);
            Record { disk_growth: growth, ..record }
        };
        let build = |growth| of(Source::GitHook, growth);
        let records = [
            build(Some(10)),
            of(Source::ConfigRedeploy, Some(1000)),
            build(None),
            build(Some(70)),
            build(Some(20)),
            build(Some(20)),
            build(Some(5000)),
        ];
        assert_eq!(largest_growth(&records), 70, "a redeploy is no build, and the sixth is too long ago");
        assert_eq!(Need { growth: 70, kept: 7 }.bytes(), 91);
        assert_eq!(largest_growth(&[]), 0);
    }

    #[test]
    fn the_largest_users_are_named_and_what_frees_most_is_never_a_volume() {
        let mut items: Vec<DiskItem> =
            (0..12).map(|number| item(DiskKind::Image, &format!("app{number:02}"), 1 << 20)).collect();
        items.push(item(DiskKind::Volume, "data", 9 << 30));
        items.push(item(DiskKind::BuildCache, "", 2 << 30));
        items.push(DiskItem { is_unused: false, ..item(DiskKind::Image, "big", 3 << 30) });
        let lines = largest(&items);
        assert_eq!(lines.len(), NAMED);
        assert_eq!(
            lines[..4],
            [
                "    9.0 GiB  volume data",
                "    3.0 GiB  image big",
                "    2.0 GiB  build cache",
                "    1.0 MiB  image app00"
            ]
        );
        assert_eq!(what_frees_most(&items), "This frees most, 2.0 GiB: dokku cleanup --all");
        items.retain(|item| item.kind != DiskKind::BuildCache);
        let said = what_frees_most(&items);
        assert!(said.starts_with("This frees most, 12.0 MiB: docker image prune --all"), "{said}");
        items.retain(|item| item.kind == DiskKind::Volume);
        assert!(what_frees_most(&items).starts_with("Nothing of it is unused"));
    }
}
