//! What git's own rules refuse before anybody is asked.

use gix_hash::ObjectId;

use super::push::RefUpdate;
use crate::model::Outcome;
use crate::platform::git::Repository;
use crate::platform::git::objects::{Kind, Objects};
use crate::platform::git::refs::{Expected, RefChange, name_fault};
use crate::platform::git::repository::is_ancestor;

/// Why each update is refused, `None` where it is not. `objects` shows the quarantine too.
pub(super) fn refusals(
    repository: &Repository,
    objects: &Objects,
    updates: &[RefUpdate],
    deploy_ref: Option<&str>,
) -> Outcome<Vec<Option<String>>> {
    let rules = Rules::of(repository, deploy_ref)?;
    let changes = changes(repository, objects, updates, deploy_ref)?;
    let mut refusals = repository.refs().check(&changes)?;
    for (update, refusal) in updates.iter().zip(&mut refusals) {
        if name_fault(&update.name).is_none() && refusal.is_none() {
            *refusal = rules.refusal(update, objects)?;
        }
    }
    Ok(refusals)
}

/// The updates as changes of references. The deploy branch may have moved since the client looked, as
/// long as the push builds on what it is now.
pub(super) fn changes(
    repository: &Repository,
    objects: &Objects,
    updates: &[RefUpdate],
    deploy_ref: Option<&str>,
) -> Outcome<Vec<RefChange>> {
    let mut changes = Vec::with_capacity(updates.len());
    for update in updates {
        let mut expected = update.old.map_or(Expected::Absent, Expected::Is);
        if update.old.is_none() && update.new.is_none() {
            expected = Expected::Anything;
        }
        if deploy_ref == Some(update.name.as_str())
            && let Some(new) = update.new
            && let Some(current) = repository.refs().find(&update.name)?
            && update.old != Some(current)
            && objects.contains(&new)
            && is_ancestor(objects, &current, &new)?
        {
            expected = Expected::Is(current);
        }
        changes.push(RefChange { name: update.name.clone(), expected, new: update.new });
    }
    Ok(changes)
}

/// The rules of this repository, HEAD and configuration.
struct Rules {
    /// The branch that must not be deleted.
    head: Option<String>,
    keeps_head_branch: bool,
    denies_deletes: bool,
    denies_rewinds: bool,
}

impl Rules {
    fn of(repository: &Repository, deploy_ref: Option<&str>) -> Outcome<Self> {
        let config = repository.config();
        let deletes_current = config.get("receive.denydeletecurrent").unwrap_or("refuse");
        let head = repository.head_branch()?.map(|branch| format!("refs/heads/{branch}"));
        Ok(Rules {
            // What deploys is for the receiver to decide on: it knows what to do instead.
            head: head.filter(|head| deploy_ref != Some(head.as_str())),
            keeps_head_branch: !matches!(deletes_current, "ignore" | "warn" | "false"),
            denies_deletes: config.is_true("receive.denydeletes"),
            denies_rewinds: config.is_true("receive.denynonfastforwards"),
        })
    }

    fn refusal(&self, update: &RefUpdate, objects: &Objects) -> Outcome<Option<String>> {
        let is_branch = update.name.starts_with("refs/heads/");
        let Some(new) = update.new else {
            let is_head = self.head.as_deref() == Some(&update.name);
            return Ok(if is_head && self.keeps_head_branch {
                Some("deletion of the current branch prohibited".to_owned())
            } else if self.denies_deletes {
                Some("deletion prohibited".to_owned())
            } else {
                None
            });
        };
        match objects.kind(&new)? {
            None => {
                return Ok(Some(format!("missing necessary objects: {new} was not sent and is not here")));
            }
            Some(Kind::Commit) => {}
            Some(kind) if is_branch => {
                return Ok(Some(format!("a branch must point to a commit, not to a {}", kind.name())));
            }
            Some(_) => {}
        }
        let rewinds = |old: ObjectId| is_ancestor(objects, &old, &new).map(|is_forward| !is_forward);
        match update.old {
            Some(old) if self.denies_rewinds && is_branch && rewinds(old)? => {
                Ok(Some("non-fast-forward".to_owned()))
            }
            _ => Ok(None),
        }
    }
}
