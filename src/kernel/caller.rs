//! Who runs the command.

use crate::platform::env::Env;
use crate::platform::user;

/// Who runs the command, as plugins are told (contract: commands.yaml, users_and_privilege).
#[derive(Clone, Debug)]
pub struct Caller {
    /// SSH_USER: the system user who called; `root` under `docker exec`, `dokku` over SSH.
    pub user: String,
    /// SSH_NAME: the name of the SSH key, or `default`.
    pub name: String,
    /// FINGERPRINT: of the SSH key; empty without one.
    pub fingerprint: String,
    /// True when the command came over SSH.
    pub is_ssh: bool,
}

impl Caller {
    /// Who it is, in one word for a record: the name of the SSH key; without one, the user of the system.
    pub fn who(&self) -> &str {
        if self.name == "default" { &self.user } else { &self.name }
    }

    /// From the environment that the session or `docker exec` left.
    pub fn from_env(env: &Env) -> Self {
        let name = env.get("SSH_NAME").or_else(|| env.get("NAME")).unwrap_or("default");
        Caller {
            user: env.get("SSH_USER").map_or_else(user::current_name, str::to_owned),
            name: name.to_owned(),
            fingerprint: env.get("FINGERPRINT").unwrap_or_default().to_owned(),
            is_ssh: env.get("SSH_CONNECTION").is_some() || env.get("NAME").is_some(),
        }
    }
}
