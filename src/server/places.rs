//! Where the server finds and opens what only it needs.

use std::path::PathBuf;

use crate::platform::attached::Launch;
use crate::platform::env::{self, Env};
use crate::store::Layout;

use super::session;

/// Folders and ports of the server. All have their place in the image; a test moves them.
#[derive(Clone, Debug)]
pub struct Places {
    /// The volume.
    pub volume: PathBuf,
    /// The port for SSH, on all addresses.
    pub ssh_port: u16,
    /// The port for health, on the loopback address.
    pub health_port: u16,
    /// The port on which nginx answers.
    pub http_port: u16,
    /// The port on the loopback address that our nginx alone listens on, telling its generation.
    pub generation_port: u16,
    /// All paths of commands.
    pub layout: Layout,
}

impl Places {
    /// As the environment says; without a word those of the image.
    pub fn from_env(env: &Env) -> Self {
        let port =
            |key: &str, default: u16| env.get(key).and_then(|text| text.parse().ok()).unwrap_or(default);
        Places {
            volume: PathBuf::from(env.get("DOKKU_VOLUME").unwrap_or("/mnt/dokku")),
            ssh_port: port("DOKKU_SSH_PORT", 22),
            health_port: port("DOKKU_HEALTH_PORT", 18080),
            http_port: port("DOKKU_HTTP_PORT", 80),
            generation_port: generation_port(env),
            layout: Layout::from_env(env),
        }
    }

    /// Where the host keys are kept.
    pub fn host_keys(&self) -> PathBuf {
        self.volume.join("etc/ssh")
    }
}

/// As the environment says, or that of the image.
pub fn generation_port(env: &Env) -> u16 {
    env.get("DOKKU_GENERATION_PORT").and_then(|text| text.parse().ok()).unwrap_or(18081)
}

/// What sessions run: this program as a session, with what of the container's own environment is meant for commands.
pub fn session_launch(env: &Env, layout: &Layout) -> Launch {
    let mut given: Env = env.iter().filter(|(key, _)| is_meant_for_commands(key)).collect();
    let user = env.get("DOKKU_SYSTEM_USER").unwrap_or("dokku");
    given.set("HOME", layout.root.display().to_string());
    given.set("USER", user);
    given.set("LOGNAME", user);
    given.set("SHELL", "/bin/bash");
    given.set_default("PATH", "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin");
    Launch {
        program: env::command_program(),
        arguments: vec![session::NAME.to_owned()],
        env: given,
        terminal: None,
    }
}

fn is_meant_for_commands(key: &str) -> bool {
    let prefixes = ["DOKKU_", "DOCKER_", "BUILDKIT_", "BUILDX_", "SSHCOMMAND_"];
    let names = [
        "PATH",
        "TZ",
        "LANG",
        "HTTP_PROXY",
        "HTTPS_PROXY",
        "NO_PROXY",
        "http_proxy",
        "https_proxy",
        "no_proxy",
    ];
    prefixes.iter().any(|prefix| key.starts_with(prefix)) || names.contains(&key)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sessions_get_what_is_meant_for_them_and_the_users_own() {
        let env: Env =
            [("DOKKU_X", "1"), ("SECRET", "2"), ("HOME", "/root"), ("TZ", "UTC")].into_iter().collect();
        let launch = session_launch(&env, &Layout::from_env(&env));
        let get = |key: &str| launch.env.get(key).map(str::to_owned);
        assert_eq!(get("DOKKU_X").as_deref(), Some("1"));
        assert_eq!(get("SECRET"), None);
        assert_eq!(get("HOME").as_deref(), Some("/home/dokku"));
        assert_eq!(get("USER").as_deref(), Some("dokku"));
    }
}
