//! Logins at registries, from the file in which the docker client keeps them.

use std::collections::BTreeMap;
use std::path::Path;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};

use super::names::registry_of;
use crate::model::build_plan::RegistryLogin;
use crate::model::{Context, Fault, Outcome};
use crate::platform::files;
use crate::platform::lock::Lock;

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

/// Keeps a login in a `config.json` under the registry's host, or with `None` forgets it; true when something
/// changed. All else in the file stays as it is. Only its owner may read it: the docker client keeps passwords as good
/// as open, too.
///
/// # Errors
/// When the file is no JSON, or cannot be written.
pub fn write_login(path: &Path, host: &str, login: Option<&RegistryLogin>) -> Outcome<bool> {
    if let Some(folder) = path.parent() {
        files::create_folders(folder, 0o700)?;
    }
    let _lock = Lock::take(&path.with_extension("json.flock"))?;
    let what = || format!("cannot read the registry logins in {}", path.display());
    let mut config: Value = match files::read_text(path)? {
        Some(text) => serde_json::from_str(&text).context(what)?,
        None => json!({}),
    };
    let Some(fields) = config.as_object_mut() else {
        return Err(Fault::new(format!("{}: it is no object", what())));
    };
    let auths = fields.entry("auths").or_insert_with(|| json!({}));
    let Some(auths) = auths.as_object_mut() else {
        return Err(Fault::new(format!("{}: auths is no object", what())));
    };
    let others: Vec<String> = auths.keys().filter(|address| host_of(address) == host).cloned().collect();
    for address in &others {
        auths.remove(address);
    }
    let is_changed = login.is_some() || !others.is_empty();
    if let Some(login) = login {
        auths.insert(address_of(host).to_owned(), entry(login));
    }
    if is_changed {
        let text = serde_json::to_string_pretty(&config).expect("JSON can be written as JSON");
        files::write(path, format!("{text}\n").as_bytes(), 0o600)?;
    }
    Ok(is_changed)
}

/// The login for an image's registry.
pub fn login_for<'a>(image: &str, logins: &'a BTreeMap<String, RegistryLogin>) -> Option<&'a RegistryLogin> {
    logins.get(registry_of(image))
}

/// Under which address a registry is asked, and its login kept.
pub(super) fn address_of(host: &str) -> &str {
    if host == "docker.io" { "https://index.docker.io/v1/" } else { host }
}

fn entry(login: &RegistryLogin) -> Value {
    if login.identity_token.is_empty() {
        json!({ "auth": STANDARD.encode(format!("{}:{}", login.username, login.password)) })
    } else {
        json!({ "auth": STANDARD.encode(format!("{}:", login.username)), "identitytoken": login.identity_token })
    }
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
    fn a_login_is_written_beside_the_others_and_forgotten_again() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("app/config.json");
        std::fs::create_dir(folder.path().join("app")).expect("a folder");
        std::fs::write(&path, r#"{"auths": {"ghcr.io": {"auth": "bWU6b25l"}}, "credHelpers": {"x": "y"}}"#)
            .expect("a file");
        let me = |password: &str| RegistryLogin {
            username: "me".to_owned(),
            password: password.to_owned(),
            identity_token: String::new(),
        };
        assert!(write_login(&path, "docker.io", Some(&me("two"))).expect("writable"));
        assert!(write_login(&path, "docker.io", Some(&me("thr:ee"))).expect("writable"));
        let logins = read_logins(&path).expect("good JSON");
        assert_eq!(logins["ghcr.io"], me("one"));
        assert_eq!(logins["docker.io"], me("thr:ee"));
        let text = std::fs::read_to_string(&path).expect("readable");
        assert!(text.contains("credHelpers") && text.contains("https://index.docker.io/v1/"), "{text}");
        assert!(write_login(&path, "docker.io", None).expect("writable"));
        assert!(!write_login(&path, "docker.io", None).expect("nothing to do"));
        assert_eq!(read_logins(&path).expect("good JSON").keys().collect::<Vec<_>>(), ["ghcr.io"]);
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
