use std::collections::BTreeMap;

use super::facts::LABEL;
use crate::kernel::{Command, Ctx, Failure, Gate, Result};
use crate::platform::docker::NetworkPlan;

/// Create an attachable network
///
/// It is a bridge of the Docker engine. A network of another kind is made with `docker network create`, and is
/// used by its name like one that was made here.
#[derive(clap::Args)]
pub struct Create {
    /// Name of the network
    #[arg(default_value = "")]
    network: String,
}

impl Command for Create {
    const NAME: &'static str = "network:create";
    const GATE: Gate = Gate::User;

    async fn run(self, ctx: &Ctx) -> Result {
        let name = self.network;
        check_name(&name)?;
        ctx.out.unless_quiet().step(format!("Creating network {name}"));
        let plan = NetworkPlan {
            name: name.clone(),
            attachable: true,
            labels: BTreeMap::from([(LABEL.to_owned(), name.clone())]),
            ..NetworkPlan::default()
        };
        match ctx.platform.docker.create_network(&plan).await {
            Ok(_) => Ok(()),
            Err(error) if error.is_unreachable() => Err(error.into()),
            Err(error) => {
                let known = format!("cannot create the network {name}: ");
                let words = error.to_string();
                let words = words.strip_prefix(&known).unwrap_or(&words);
                Err(Failure::user(format!("Unable to create network: {words}")))
            }
        }
    }
}

/// True for what can be a network's name. Some engines take any text for one, but a comma separates names in
/// properties, and `=` makes a docker option of one.
pub fn is_name(name: &str) -> bool {
    let starts_well = name.starts_with(|letter: char| letter.is_ascii_alphanumeric());
    starts_well && name.chars().all(|letter| letter.is_ascii_alphanumeric() || "_.-".contains(letter))
}

fn check_name(name: &str) -> Result {
    if name.is_empty() {
        return Err(Failure::user("No network name specified"));
    }
    if is_name(name) {
        return Ok(());
    }
    Err(Failure::user(format!("Unable to create network: {name:?} is not a valid name"))
        .hint("Names have letters, digits, _ . and -, and begin with a letter or digit"))
}

#[cfg(test)]
mod tests {
    use super::is_name;

    #[test]
    fn names_that_would_mean_something_else_are_refused() {
        for name in ["back", "Back_1.x-y", "0"] {
            assert!(is_name(name), "{name}");
        }
        for name in ["", "a,b", "name=a", "-x", ".x", "a b", "a/b", "ä", "a\nb"] {
            assert!(!is_name(name), "{name}");
        }
    }
}
