//! Which container this is, as the engine sees it: its published ports, and what lies behind the volume.

use std::path::Path;

use futures_util::StreamExt;

use crate::deploy::networks;
use crate::model::port_map::OutsidePort;
use crate::model::{Fault, Outcome};
use crate::platform::docker::{Container, Docker};
use crate::platform::env::Env;
use crate::platform::{Platform, files, net};
use crate::store::Layout;
use crate::store::own_place::{self, OwnPlace};
use crate::store::published_ports::{self, PublishedPorts};

/// What the engine says of this container.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct OwnContainer {
    /// Its name.
    pub name: String,
    /// Its published ports.
    pub ports: PublishedPorts,
    /// The host's path behind the volume; `None` when nothing is mounted there.
    pub volume_on_host: Option<String>,
    /// Its place among networks.
    pub place: OwnPlace,
}

/// Finds this container. That it is this one is proved by a file: only here can it hold what we just wrote.
///
/// # Errors
/// When the engine does not answer, or knows no container that has our file.
pub async fn find(platform: &Platform, layout: &Layout, volume: &Path) -> Outcome<OwnContainer> {
    let mountinfo = files::read_text(Path::new("/proc/self/mountinfo"))?.unwrap_or_default();
    let cgroup = files::read_text(Path::new("/proc/self/cgroup"))?.unwrap_or_default();
    let hostname = files::read_text(Path::new("/etc/hostname"))?.unwrap_or_default();
    let candidates = candidates(&[&mountinfo, &cgroup], &hostname);
    let mut bytes = [0; 16];
    platform.random.fill(&mut bytes);
    let nonce = u128::from_le_bytes(bytes).to_string();
    let proof = layout.run.join("proof");
    files::write_as_root(&proof, nonce.as_bytes(), 0o600)?;
    let mut last = Fault::new("the engine knows no container that is this one");
    for id in candidates {
        match prove(&*platform.docker, &id, &proof, &nonce).await {
            Ok(container) => {
                let mut own = facts(&container, volume);
                // Known in containers of an engine in a desktop's virtual machine, or where the name was given.
                if let Some(host) = net::address_of("host.docker.internal").await
                    && !own.place.is_on_host()
                {
                    own.place.host = host.to_string();
                }
                return Ok(own);
            }
            Err(fault) => last = fault,
        }
    }
    Err(last)
}

/// Writes down what commands need of it: the published ports, and the host's paths for plugins (a value given to the
/// container wins). These paths lead to the volume in here too, as plugins use them on both sides.
///
/// # Errors
/// When a file cannot be written.
pub fn remember(own: &OwnContainer, layout: &Layout, volume: &Path, etc: &Path, env: &Env) -> Outcome {
    published_ports::write(layout, &own.ports)?;
    own_place::write(layout, &own.place)?;
    let Some(host) = &own.volume_on_host else { return Ok(()) };
    show_under_host_path(Path::new(host), volume)?;
    let path = etc.join("default/dokku");
    let old = files::read_text(&path)?.unwrap_or_default();
    let new = with_paths(&old, host, env);
    if new == old { Ok(()) } else { files::write_as_root(&path, new.as_bytes(), 0o644) }
}

/// Links the host's path of the volume to the volume. Where a folder of that name is here already, as for
/// `-v /var/lib/dokku:/mnt/dokku`, what it lacks of the volume's folders is linked.
fn show_under_host_path(host: &Path, volume: &Path) -> Outcome {
    let link = |path: &Path, target: &Path| files::symlink(&target.display().to_string(), path);
    if !host.is_absolute() || host.starts_with(volume) || volume.starts_with(host) {
        return Ok(());
    }
    if !files::exists(host) {
        if let Some(parent) = host.parent() {
            files::create_folders_as_root(parent, 0o755)?;
        }
        return link(host, volume);
    }
    if files::link_target(host).is_some() || !files::is_folder(host) {
        return Ok(());
    }
    for (_, below) in PATHS {
        let first = below.split('/').next().unwrap_or(below);
        if !files::exists(&host.join(first)) {
            link(&host.join(first), &volume.join(first))?;
        }
    }
    Ok(())
}

/// Ids of containers that this one may be, likeliest first. The engine mounts files from a folder
/// that bears the id; older kernels name it in the control group; the host name is its start unless it was given.
fn candidates(tables: &[&str], hostname: &str) -> Vec<String> {
    let is_id = |word: &&str| word.len() == 64 && word.bytes().all(|byte| byte.is_ascii_hexdigit());
    let mut found: Vec<String> = Vec::new();
    for table in tables {
        for word in table.split(|letter: char| !letter.is_ascii_alphanumeric()).filter(is_id) {
            if !found.iter().any(|known| known == word) {
                found.push(word.to_owned());
            }
        }
    }
    let hostname = hostname.trim();
    if !hostname.is_empty() && !found.iter().any(|id| id.starts_with(hostname)) {
        found.push(hostname.to_owned());
    }
    found
}

/// What we listen on: on the host's own network nothing is published, and all is open.
const OUR_PORTS: &[u16] = &[22, 80, 443];

async fn prove(docker: &dyn Docker, id: &str, proof: &Path, nonce: &str) -> Outcome<Container> {
    let mut archive = docker.read_archive(id, &proof.display().to_string()).await?;
    let mut bytes = Vec::new();
    while let Some(chunk) = archive.next().await {
        bytes.extend_from_slice(&chunk?);
        if bytes.len() > 1024 * 1024 {
            break;
        }
    }
    let holds = bytes.windows(nonce.len()).any(|window| window == nonce.as_bytes());
    if !holds {
        return Err(Fault::new(format!("the container {id} is another one")));
    }
    Ok(docker.inspect_container(id).await?)
}

fn facts(container: &Container, volume: &Path) -> OwnContainer {
    let mut ports = PublishedPorts::default();
    for (inner, outer) in container.ports() {
        let Ok(inner) = inner.parse::<OutsidePort>() else { continue };
        let numbers = outer.iter().flatten().filter_map(|port| port.port.parse().ok());
        let of_its_kind = if inner.is_udp { &mut ports.udp } else { &mut ports.tcp };
        let list = of_its_kind.entry(inner.port).or_default();
        for number in numbers {
            // Once for IPv4 and once for IPv6.
            if !list.contains(&number) {
                list.push(number);
            }
        }
    }
    if container.host_config.network_mode == "host" {
        ports.tcp = OUR_PORTS.iter().map(|port| (*port, vec![*port])).collect();
        ports.is_open = true;
    }
    ports.tcp.retain(|_, numbers| !numbers.is_empty());
    ports.udp.retain(|_, numbers| !numbers.is_empty());
    let mount = container.mounts.iter().find(|mount| Path::new(&mount.destination) == volume);
    OwnContainer {
        name: container.name.clone(),
        ports,
        volume_on_host: mount.map(|mount| mount.source.trim_end_matches('/').to_owned()),
        place: place(container),
    }
}

/// The networks it was started in, what it joined by itself left out, and where the host is reached from there.
fn place(container: &Container) -> OwnPlace {
    let (id, name) = (container.id.clone(), container.name.clone());
    let loopback = own_place::LOOPBACK.to_owned();
    if container.host_config.network_mode == "host" {
        return OwnPlace { id, name, networks: Vec::new(), gateway: loopback.clone(), host: loopback };
    }
    let own = container.networks().iter().filter(|(_, endpoint)| !networks::is_ours(endpoint));
    let mut gateways = own.clone().map(|(_, endpoint)| endpoint.gateway.clone());
    let gateway = gateways.find(|gateway| !gateway.is_empty()).unwrap_or(loopback);
    let networks = own.map(|(name, _)| name.clone()).collect();
    OwnPlace { id, name, networks, host: gateway.clone(), gateway }
}

fn with_paths(old: &str, host: &str, env: &Env) -> String {
    let mut text: String =
        old.lines().filter(|line| !is_ours(line)).map(|line| format!("{line}\n")).collect();
    for (key, below) in PATHS {
        let value = env.get(key).map_or_else(|| format!("{host}/{below}"), str::to_owned);
        text.push_str(&format!("export {key}={}\n", shell_words::quote(&value)));
    }
    text
}

const PATHS: &[(&str, &str)] = &[
    ("DOKKU_HOST_ROOT", "home/dokku"),
    ("DOKKU_LIB_HOST_ROOT", "var/lib/dokku"),
    ("DOKKU_LOGS_HOST_DIR", "var/log/dokku"),
];

fn is_ours(line: &str) -> bool {
    PATHS.iter().any(|(key, _)| line.strip_prefix("export ").unwrap_or(line).starts_with(&format!("{key}=")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_id_is_found_in_what_the_engine_mounts() {
        let id = "0123456789abcdef".repeat(4);
        let mountinfo = format!("1 2 8:1 /var/lib/docker/containers/{id}/hostname /etc/hostname rw - ext4\n");
        assert_eq!(candidates(&[&mountinfo, ""], "0123456789ab\n"), std::slice::from_ref(&id));
        assert_eq!(candidates(&[&mountinfo], "given"), [id, "given".to_owned()]);
        assert_eq!(candidates(&["", ""], "0123456789ab\n"), ["0123456789ab"]);
    }

    #[test]
    fn host_paths_replace_old_ones_and_given_ones_win() {
        let old = "export OTHER=1\nexport DOKKU_HOST_ROOT=/old\n";
        let env: Env = [("DOKKU_LIB_HOST_ROOT", "/given lib")].into_iter().collect();
        assert_eq!(
            with_paths(old, "/srv/dokku", &env),
            "export OTHER=1\n\
             export DOKKU_HOST_ROOT=/srv/dokku/home/dokku\n\
             export DOKKU_LIB_HOST_ROOT='/given lib'\n\
             export DOKKU_LOGS_HOST_DIR=/srv/dokku/var/log/dokku\n"
        );
    }

    #[test]
    fn the_volume_is_found_under_its_path_on_the_host() {
        let folder = tempfile::tempdir().unwrap();
        let (volume, lib) = (folder.path().join("mnt/dokku"), folder.path().join("var/lib/dokku"));
        files::write(&volume.join("var/lib/dokku/services/a"), b"a", 0o644).unwrap();
        files::write(&lib.join("VERSION"), b"1", 0o644).unwrap();
        let elsewhere = folder.path().join("var/lib/docker/volumes/dokku/_data");
        for host in [&elsewhere, &lib, &elsewhere] {
            show_under_host_path(host, &volume).unwrap();
            let found = files::read_text(&host.join("var/lib/dokku/services/a")).unwrap();
            assert_eq!(found.as_deref(), Some("a"), "{}", host.display());
        }
        assert_eq!(files::read_text(&lib.join("VERSION")).unwrap().as_deref(), Some("1"));
        show_under_host_path(&volume, &volume).unwrap();
        assert!(files::link_target(&volume).is_none());
    }
}
