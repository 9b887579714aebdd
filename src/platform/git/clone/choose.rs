//! Which objects to fetch for what was asked for.

use gix_hash::ObjectId;

use super::protocol::{Advertised, RemoteRef};
use crate::model::near::near;
use crate::model::{Fault, Outcome};

/// What HEAD will be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Aim {
    /// A branch with its commit.
    Branch(String, ObjectId),
    /// A tag or a commit; a tag is followed to its commit when it is here.
    Detached(ObjectId),
    /// The only commit whose id begins so.
    Prefix(String),
}

/// What is fetched.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Choice {
    pub aim: Aim,
    /// The references that the clone keeps.
    pub refs: Vec<RemoteRef>,
    /// What no reference names.
    pub extra: Option<ObjectId>,
    /// Only the one commit: history is needed where a commit must be found in it.
    pub is_shallow: bool,
}

/// The shortest id that git takes.
const SHORTEST: usize = 4;

/// Chooses: a full reference name, a branch, a tag, a commit, in this order.
pub(super) fn choose(advertised: &Advertised, committish: Option<&str>) -> Outcome<Choice> {
    let Some(name) = committish else { return head(advertised) };
    let find = |name: &str| advertised.refs.iter().find(|reference| reference.name == name);
    if let Some(branch) =
        find(&format!("refs/heads/{name}")).or_else(|| find(name).filter(|_| name.starts_with("refs/heads/")))
    {
        return Ok(one(advertised, branch, branch_aim(&branch.name, branch.id)));
    }
    let tag =
        find(&format!("refs/tags/{name}")).or_else(|| find(name).filter(|_| name.starts_with("refs/tags/")));
    if let Some(tag) = tag {
        return Ok(one(advertised, tag, Aim::Detached(tag.id)));
    }
    if name == "HEAD" {
        return head(advertised);
    }
    let hex = name.to_ascii_lowercase();
    let full = advertised.hash.len_in_hex();
    if !(SHORTEST..=full).contains(&hex.len()) || !hex.bytes().all(|byte| byte.is_ascii_hexdigit()) {
        return Err(missing(advertised, name));
    }
    let refs: Vec<RemoteRef> =
        advertised.refs.iter().filter(|found| found.name.starts_with("refs/")).cloned().collect();
    let id = ObjectId::from_hex(hex.as_bytes()).ok().filter(|_| hex.len() == full);
    let extra = id.filter(|_| advertised.gives_any_commit());
    Ok(Choice { aim: id.map_or(Aim::Prefix(hex), Aim::Detached), refs, extra, is_shallow: false })
}

/// What HEAD names. Old servers do not say which branch that is: then one with the same commit, `main` first.
fn head(advertised: &Advertised) -> Outcome<Choice> {
    let Some(head) = advertised.refs.iter().find(|reference| reference.name == "HEAD") else {
        let fault = Fault::new("its HEAD leads nowhere");
        return Err(match names(advertised).first() {
            Some(_) => fault.hint(format!("Name a branch. It has {}", listed(&names(advertised)))),
            None => Fault::new("it is empty: nothing was pushed to it yet"),
        });
    };
    let branches = || advertised.refs.iter().filter(|found| found.name.starts_with("refs/heads/"));
    let branch = match &head.leads_to {
        Some(name) => branches().find(|branch| branch.name == *name),
        // A server that speaks v2 would have said so: its HEAD is a commit.
        None if advertised.is_modern => None,
        None => {
            let usual = |branch: &&RemoteRef| {
                ["refs/heads/main", "refs/heads/master"].contains(&branch.name.as_str())
            };
            let same = || branches().filter(|branch| branch.id == head.id);
            same().find(usual).or_else(|| same().next())
        }
    };
    Ok(match branch {
        Some(branch) => one(advertised, branch, branch_aim(&branch.name, branch.id)),
        None => Choice {
            aim: Aim::Detached(head.id),
            refs: Vec::new(),
            extra: Some(head.id),
            is_shallow: advertised.can_be_shallow(),
        },
    })
}

fn one(advertised: &Advertised, reference: &RemoteRef, aim: Aim) -> Choice {
    Choice { aim, refs: vec![reference.clone()], extra: None, is_shallow: advertised.can_be_shallow() }
}

fn branch_aim(name: &str, id: ObjectId) -> Aim {
    Aim::Branch(name.strip_prefix("refs/heads/").unwrap_or(name).to_owned(), id)
}

/// A fault for what is not there, with what may have been meant.
pub(super) fn missing(advertised: &Advertised, name: &str) -> Fault {
    let fault = Fault::new(format!("it has no branch, tag or commit '{}'", name.escape_debug()));
    let names = names(advertised);
    let close = near(name, names.iter().copied());
    if close.is_empty() && !names.is_empty() {
        fault.hint(format!("It has {}", listed(&names)))
    } else {
        close.iter().fold(fault, |fault, name| fault.hint(format!("Did you mean {name}?")))
    }
}

/// Branches, then tags, as the server sorts them.
fn names(advertised: &Advertised) -> Vec<&str> {
    let of = |prefix: &'static str| {
        advertised.refs.iter().filter_map(move |found| found.name.strip_prefix(prefix))
    };
    of("refs/heads/").chain(of("refs/tags/")).collect()
}

fn listed(names: &[&str]) -> String {
    const SHOWN: usize = 12;
    let mut text = names.iter().take(SHOWN).copied().collect::<Vec<_>>().join(", ");
    if names.len() > SHOWN {
        text.push_str(&format!(" and {} more", names.len() - SHOWN));
    }
    text
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    fn id(digit: char) -> ObjectId {
        ObjectId::from_hex(digit.to_string().repeat(40).as_bytes()).expect("an id")
    }

    fn server(is_modern: bool, refs: &[(&str, char, Option<&str>)]) -> Advertised {
        let refs = refs.iter().map(|(name, digit, leads_to)| RemoteRef {
            name: (*name).to_owned(),
            id: id(*digit),
            leads_to: leads_to.map(str::to_owned),
        });
        Advertised {
            refs: refs.collect(),
            hash: gix_hash::Kind::Sha1,
            is_modern,
            capabilities: vec![if is_modern { "fetch=shallow filter" } else { "shallow" }.to_owned()],
            shallow: HashSet::new(),
        }
    }

    fn aim(server: &Advertised, committish: Option<&str>) -> Result<Aim, Vec<String>> {
        choose(server, committish).map(|choice| choice.aim).map_err(|fault| fault.hints)
    }

    #[test]
    fn a_branch_wins_over_a_tag_and_a_tag_over_a_commit() {
        let server = server(
            true,
            &[
                ("HEAD", '1', Some("refs/heads/main")),
                ("refs/heads/main", '1', None),
                ("refs/heads/dead", '2', None),
                ("refs/tags/dead", '3', None),
                ("refs/tags/beef", '4', None),
            ],
        );
        assert_eq!(aim(&server, None), Ok(Aim::Branch("main".into(), id('1'))));
        assert_eq!(aim(&server, Some("dead")), Ok(Aim::Branch("dead".into(), id('2'))));
        assert_eq!(aim(&server, Some("refs/tags/dead")), Ok(Aim::Detached(id('3'))));
        assert_eq!(aim(&server, Some("beef")), Ok(Aim::Detached(id('4'))));
        assert_eq!(aim(&server, Some("BEEF1")), Ok(Aim::Prefix("beef1".into())));
        assert!(choose(&server, Some("dead")).expect("there").is_shallow);
        assert!(!choose(&server, Some("abcd")).expect("perhaps").is_shallow, "it must be looked for");
        assert_eq!(aim(&server, Some("mian")), Err(vec!["Did you mean main?".to_owned()]));
        assert_eq!(aim(&server, Some("zzzzz")), Err(vec!["It has main, dead, dead, beef".to_owned()]));
    }

    #[test]
    fn an_old_server_does_not_say_where_head_leads() {
        let old = server(
            false,
            &[("HEAD", '1', None), ("refs/heads/a", '1', None), ("refs/heads/master", '1', None)],
        );
        assert_eq!(aim(&old, None), Ok(Aim::Branch("master".into(), id('1'))));
        let new = server(true, &[("HEAD", '1', None), ("refs/heads/a", '1', None)]);
        assert_eq!(aim(&new, None), Ok(Aim::Detached(id('1'))));
        assert_eq!(aim(&server(true, &[]), None), Err(Vec::new()), "nothing to name");
    }
}
