//! Logins at registries, from the file in which the docker client keeps them.

use std::collections::BTreeMap;
use std::path::Path;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::Value;

use super::names::registry_of;
use crate::model::build_plan::RegistryLogin;
use crate::model::{Context, Outcome};
use crate::platform::files;

/// The logins in a `config.json` by registry host; none when the file is not there. Those that a
/// credential helper keeps are not seen: the helper is a program of the host.
///
/// # Errors
/// When the file cannot be read, or is no JSON.
pub fn read_logins(path: &Path) -> Outcome<BTreeMap<String, RegistryLogin>> {
    let Some(text) = files::read_text(path)? else { return Ok(BTreeMap::new()) };
    let what = || format!("cannot read the registry logins in {}", path.display());
    let config: Value = serde_json::from_str(&text).context(what)?;
    let logins = config["auths"].as_object().map(|logins| logins.iter()).into_iter().flatten();
    Ok(logins.filter_map(|(address, entry)| Some((host_of(address).to_owned(), login(entry)?))).collect())
}

/// The login for an image's registry.
pub fn login_for<'a>(image: &str, logins: &'a BTreeMap<String, RegistryLogin>) -> Option<&'a RegistryLogin> {
    logins.get(registry_of(image))
}

/// The Docker Hub is kept under an address of its own.
fn host_of(address: &str) -> &str {
    let bare = address.trim_start_matches("https://").trim_start_matches("http://");
    let host = bare.split('/').next().unwrap_or(bare);
    if matches!(host, "index.docker.io" | "registry-1.docker.io") { "docker.io" } else { host }
}

fn login(entry: &Value) -> Option<RegistryLogin> {
    let text = |key: &str| entry[key].as_str().unwrap_or_default().to_owned();
    let mut login = RegistryLogin {
        username: text("username"),
        password: text("password"),
        identity_token: text("identitytoken"),
    };
    if let Ok(pair) = STANDARD.decode(text("auth"))
        && let Some((username, password)) = String::from_utf8_lossy(&pair).split_once(':')
    {
        username.clone_into(&mut login.username);
        password.trim_end_matches('\0').clone_into(&mut login.password);
    }
    (login != RegistryLogin::default()).then_some(login)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn logins_are_read_as_the_docker_client_writes_them() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("config.json");
        let text = r#"{ "auths": {
            "https://index.docker.io/v1/": { "auth": "bWU6czNjOnJldA==" },
            "ghcr.io": { "auth": "dG9rZW46", "identitytoken": "abc" },
            "helper.example": {}
        }, "credsStore": "desktop" }"#;
        std::fs::write(&path, text).expect("a file");
        let logins = read_logins(&path).expect("good JSON");
        assert_eq!(logins.keys().collect::<Vec<_>>(), ["docker.io", "ghcr.io"]);
        let hub = login_for("team/app:1", &logins).expect("a login");
        assert_eq!((hub.username.as_str(), hub.password.as_str()), ("me", "s3c:ret"));
        assert_eq!(login_for("ghcr.io/a/b", &logins).expect("a login").identity_token, "abc");
        assert!(login_for("quay.io/a/b", &logins).is_none());
    }

    #[test]
    fn no_file_is_no_login_and_a_broken_one_is_told() {
        let folder = tempfile::tempdir().expect("a folder");
        assert!(read_logins(&folder.path().join("none")).expect("fine").is_empty());
        let path = folder.path().join("config.json");
        std::fs::write(&path, "{").expect("a file");
        assert!(read_logins(&path).expect_err("no JSON").message.contains("config.json"));
    }
}
