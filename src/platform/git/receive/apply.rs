//! The moment a push becomes visible: objects first, then references, under one lock.

use super::push::{ReceiveOptions, RefUpdate};
use super::quarantine::Quarantine;
use super::refusal::changes;
use crate::model::Outcome;
use crate::platform::git::Repository;
use crate::platform::git::refs::{Storage, sweep_locks};

/// Lands the objects and changes the references; a refusal, or `None`, for each update.
pub(super) fn apply(
    repository: &Repository,
    quarantine: Option<Quarantine>,
    updates: &[RefUpdate],
    is_atomic: bool,
    options: &ReceiveOptions,
) -> Outcome<Vec<Option<String>>> {
    // The slow part, waiting for the disk, before anybody else has to wait for us.
    if let Some(quarantine) = &quarantine {
        quarantine.sync()?;
    }
    let mut lock = repository.lock()?;
    sweep_locks(repository, &mut lock)?;
    if let Some(quarantine) = quarantine {
        quarantine.land(repository)?;
    }
    let changes = changes(repository, &repository.objects()?, updates, options.deploy_ref.as_deref())?;
    let storage = Storage { is_atomic, stays_loose: options.deploy_ref.iter().cloned().collect() };
    repository.refs().change_locked(&changes, &storage, &mut lock)
}
