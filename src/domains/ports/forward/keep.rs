//! Forwarders made when a mapping needs them, and removed when none does.

use std::collections::BTreeSet;

use super::container::Own;
use super::{container, meeting, needed};
use crate::kernel::{Ctx, Failure, Result};
use crate::model::port_map::{OutsidePort, PortMap};
use crate::model::{AppName, Outcome};
use crate::platform::docker::ContainerSummary;
use crate::platform::lock::Lock;
use crate::store::forwarders::{self, Forwarders};
use crate::store::own_place;
use crate::triggers;

/// Publishes what the app would need with these mappings, before anything is changed.
///
/// # Errors
/// When forwarders are turned off, a port of the host is taken, or the engine refuses.
pub async fn require(ctx: &Ctx, app: &AppName, user: &[PortMap]) -> Result {
    let needed = needed::of(ctx, app, user).await?;
    if needed.is_empty() {
        return Ok(());
    }
    if !forwarders::is_on(ctx.layout(), app)? {
        return Err(needed::off(app, &needed));
    }
    let Some(own) = own(ctx).await? else { return Ok(()) };
    let _lock = lock(ctx).await?;
    let mut keeper = Keeper::new(ctx, own).await?;
    for port in needed {
        keeper.publish(port).await?;
    }
    Ok(())
}

/// After a change of an app: makes what is missing, and removes what nobody needs any more. What cannot be had is told, and
/// fails nothing.
///
/// # Errors
/// When what it depends on cannot be read.
pub async fn follow(ctx: &Ctx, app: &AppName) -> Result {
    let known = forwarders::read(ctx.layout())?;
    let needed = needed::of_stored(ctx, app).await?;
    if known == Forwarders::default() && needed.is_empty() {
        return Ok(());
    }
    tend(ctx).await
}

/// Has those forwarders that apps need, and no others. Whose route must learn of it is rebuilt.
///
/// # Errors
/// When what it depends on cannot be read, or the engine cannot be asked.
pub async fn tend(ctx: &Ctx) -> Result {
    let needed = needed::of_all(ctx).await?;
    let known = forwarders::read(ctx.layout())?;
    if needed.is_empty() && known == Forwarders::default() {
        return Ok(());
    }
    let Some(own) = own(ctx).await? else { return Ok(()) };
    {
        let _lock = lock(ctx).await?;
        let mut keeper = Keeper::new(ctx, own).await?;
        keeper.remove_all_but(&needed).await?;
        if needed.is_empty() {
            return keeper.end().await;
        }
        for port in &needed {
            if let Err(failure) = keeper.publish(*port).await {
                ctx.out.warn(format!("Port {port} is not published: {failure}"));
                keeper.forget(*port)?;
            }
        }
    }
    let now = forwarders::read(ctx.layout())?;
    if now == known {
        return Ok(());
    }
    rebuild(ctx, &known, &now).await
}

/// Tells the proxy about ports that are handed on from now on, or from another place.
async fn rebuild(ctx: &Ctx, before: &Forwarders, now: &Forwarders) -> Result {
    for app in ctx.apps()? {
        let needed = needed::of_stored(ctx, &app).await?;
        let is_new = |port: &OutsidePort| now.ports.contains(port) && !before.ports.contains(port);
        if needed.iter().any(is_new) || (now.meeting != before.meeting && !needed.is_empty()) {
            ctx.silenced().fire(triggers::ProxyBuildConfig { app }).await?;
        }
    }
    Ok(())
}

/// The appliance's own container; `None` where it is none, or stands on the host's network.
async fn own(ctx: &Ctx) -> Result<Option<Own>> {
    let Some(place) = own_place::read(ctx.layout())? else { return Ok(None) };
    // It may have joined others for the sake of apps.
    let Some(network) = place.networks.first() else { return Ok(None) };
    let container = ctx.platform.docker.inspect_container(&place.id).await?;
    Ok(Some(Own { container, network: network.clone() }))
}

/// What there is, and what is remembered of it. The caller holds the lock.
struct Keeper<'a> {
    ctx: &'a Ctx,
    own: Own,
    known: Forwarders,
    there: Vec<(OutsidePort, ContainerSummary)>,
}

impl<'a> Keeper<'a> {
    async fn new(ctx: &'a Ctx, own: Own) -> Result<Self> {
        let known = forwarders::read(ctx.layout())?;
        let there = container::all(ctx).await?;
        Ok(Keeper { ctx, own, known, there })
    }

    /// Sees to it that the port is published by a forwarder of this image that runs.
    async fn publish(&mut self, port: OutsidePort) -> Result {
        let meeting = meeting::hold(self.ctx, &self.own.container, self.known.meeting.as_ref()).await?;
        let is_same = self.known.meeting.as_ref() == Some(&meeting);
        // Before anything else, so that whatever fails next is found again.
        self.known.meeting = Some(meeting.clone());
        forwarders::write(self.ctx.layout(), &self.known)?;
        let fits = |one: &ContainerSummary| {
            is_same && one.state == "running" && one.image_id == self.own.container.image_id
        };
        if !self.there.iter().any(|(own, one)| *own == port && fits(one)) {
            self.make_way(port).await?;
            container::start(self.ctx, &self.own, &meeting, port).await?;
            self.there.retain(|(own, _)| *own != port);
        }
        self.known.ports.insert(port);
        Ok(forwarders::write(self.ctx.layout(), &self.known)?)
    }

    /// Removes the forwarder that is in the way: of an image, or to a place, of before.
    async fn make_way(&self, port: OutsidePort) -> Result {
        for (_, one) in self.there.iter().filter(|(own, _)| *own == port) {
            container::remove(self.ctx, &one.id).await?;
        }
        Ok(())
    }

    async fn remove_all_but(&mut self, needed: &BTreeSet<OutsidePort>) -> Result {
        for (_, one) in self.there.iter().filter(|(port, _)| !needed.contains(port)) {
            container::remove(self.ctx, &one.id).await?;
        }
        self.there.retain(|(port, _)| needed.contains(port));
        self.known.ports.retain(|port| needed.contains(port));
        Ok(forwarders::write(self.ctx.layout(), &self.known)?)
    }

    /// Nobody needs a forwarder: the network where they met goes as well.
    async fn end(&mut self) -> Result {
        if let Some(meeting) = self.known.meeting.take() {
            meeting::end(self.ctx, &self.own.container, &meeting).await?;
        }
        Ok(forwarders::write(self.ctx.layout(), &self.known)?)
    }

    fn forget(&mut self, port: OutsidePort) -> Result {
        self.known.ports.remove(&port);
        Ok(forwarders::write(self.ctx.layout(), &self.known)?)
    }
}

/// So that nobody removes what another is about to make.
async fn lock(ctx: &Ctx) -> Result<Lock> {
    let path = ctx.layout().forwarders_lock();
    let taken = tokio::task::spawn_blocking(move || Lock::take(&path)).await;
    let lock: Outcome<Lock> =
        taken.map_err(|error| Failure::internal(format!("cannot wait for a lock: {error}")))?;
    Ok(lock?)
}
