//! From YAML to a service. What a container could not be made of is refused by name: a key that is passed over would
//! be a promise that is not kept.

use serde_yaml::{Mapping, Value};

use super::Service;
use super::text::{list, pairs, scalar};
use crate::model::{Fault, Outcome};

/// What a service may say.
const KEYS: &str = "image, command, ports, volumes, labels, environment, networks, network_mode and restart";

/// Reads a compose file.
///
/// # Errors
/// What is no YAML, has not one service, or says what cannot be done here: the key is named.
pub fn parse(text: &str) -> Outcome<Service> {
    let root: Value = serde_yaml::from_str(text)
        .map_err(|error| Fault::new(format!("The compose file is no YAML: {error}")))?;
    let mut services = None;
    let mut outside = Names::default();
    for (key, value) in map(&root, "The compose file")? {
        match key.as_str() {
            "services" => services = Some(value),
            // Compose passes over it, too.
            "version" => {}
            "networks" => outside.networks = named(value, "networks")?,
            "volumes" => outside.volumes = named(value, "volumes")?,
            other => return Err(unknown(other, "services, networks and volumes")),
        }
    }
    let services = services.ok_or_else(|| Fault::new("The compose file has no services"))?;
    let services = map(services, "services")?;
    let [(name, service)] = &services[..] else {
        let names: Vec<&str> = services.iter().map(|(name, _)| name.as_str()).collect();
        return Err(Fault::new(format!(
            "The compose file must have one service, not {}: {}",
            names.len(),
            names.join(", ")
        )));
    };
    outside.service(name, service)
}

/// What networks and volumes are called outside of the file.
#[derive(Default)]
struct Names {
    networks: Vec<(String, String)>,
    volumes: Vec<(String, String)>,
}

impl Names {
    fn service(&self, name: &str, value: &Value) -> Outcome<Service> {
        let mut service = Service { name: name.to_owned(), ..Service::default() };
        let place = format!("services.{name}");
        for (key, value) in map(value, &place)? {
            let at = format!("{place}.{key}");
            match key.as_str() {
                "image" => service.image = scalar(value, &at)?,
                "command" => service.command = command(value, &at)?,
                "ports" => service.ports = list(value, &at)?,
                "volumes" => service.volumes = self.volumes(list(value, &at)?, &at)?,
                "labels" => service.labels = pairs(value, &at)?,
                "environment" => service.environment = pairs(value, &at)?,
                "networks" => service.networks = self.joined(value, &at)?,
                "network_mode" => service.networks = vec![scalar(value, &at)?],
                "restart" => service.restart = Some(scalar(value, &at)?),
                _ => return Err(unknown(&at, KEYS)),
            }
        }
        if service.image.is_empty() {
            return Err(Fault::new(format!("{place} has no image")));
        }
        Ok(service)
    }

    /// The service's networks: a list, or a map to nothing.
    fn joined(&self, value: &Value, at: &str) -> Outcome<Vec<String>> {
        if !value.is_mapping() {
            return Ok(list(value, at)?.into_iter().map(|name| outer(&self.networks, name)).collect());
        }
        let mut names = Vec::new();
        for (name, how) in map(value, at)? {
            let says_nothing = how.is_null() || how.as_mapping().is_some_and(Mapping::is_empty);
            if !says_nothing {
                return Err(unknown(&format!("{at}.{name}"), "names of networks"));
            }
            names.push(outer(&self.networks, name));
        }
        Ok(names)
    }

    /// The service's volumes, by the names that the engine knows.
    fn volumes(&self, volumes: Vec<String>, at: &str) -> Outcome<Vec<String>> {
        let named = |volume: String| {
            if volume.starts_with(['.', '~']) {
                return Err(Fault::new(format!("{at}: {volume} hangs on where the file stands"))
                    .hint("Write the whole path on the host"));
            }
            Ok(match volume.split_once(':') {
                Some((source, rest)) => format!("{}:{rest}", outer(&self.volumes, source.to_owned())),
                None => volume,
            })
        };
        volumes.into_iter().map(named).collect()
    }
}

fn outer(names: &[(String, String)], inner: String) -> String {
    names.iter().find(|(name, _)| *name == inner).map_or(inner, |(_, outer)| outer.clone())
}

/// Networks or volumes of the whole file: ones that are there already, maybe under another name.
fn named(value: &Value, kind: &str) -> Outcome<Vec<(String, String)>> {
    let mut found = Vec::new();
    for (name, how) in map(value, kind)? {
        let place = format!("{kind}.{name}");
        let (mut outer, mut is_external) = (name.clone(), false);
        if !how.is_null() {
            for (key, value) in map(how, &place)? {
                match key.as_str() {
                    "external" => is_external = scalar(value, &format!("{place}.external"))? == "true",
                    "name" => outer = scalar(value, &format!("{place}.name"))?,
                    _ => return Err(unknown(&format!("{place}.{key}"), "external and name")),
                }
            }
        }
        if !is_external {
            return Err(Fault::new(format!("{place} would have to be made by compose"))
                .hint(format!("Make it beforehand, and write `external: true` below {place}")));
        }
        found.push((name, outer));
    }
    Ok(found)
}

/// A list of words, or a line as a shell splits it.
fn command(value: &Value, at: &str) -> Outcome<Vec<String>> {
    if value.is_sequence() {
        return list(value, at);
    }
    let line = scalar(value, at)?;
    shell_words::split(&line).map_err(|error| Fault::new(format!("{at} cannot be split: {error}")))
}

/// The entries of a map, in their order.
fn map<'a>(value: &'a Value, place: &str) -> Outcome<Vec<(String, &'a Value)>> {
    let entries: &Mapping =
        value.as_mapping().ok_or_else(|| Fault::new(format!("{place} must be a map of keys")))?;
    entries.iter().map(|(key, value)| Ok((scalar(key, place)?, value))).collect()
}

fn unknown(key: &str, known: &str) -> Fault {
    Fault::new(format!("The compose file may not say {key} here"))
        .hint(format!("The container is made without compose; what it can be told there: {known}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lists_and_maps_are_read_alike() {
        let listed = parse(
            "---\nservices:\n  web:\n    image: a:1\n    command: [--flag, 'a b']\n    ports: ['80:80', 9000]\n    \
             labels: ['a=b=c', d=]\n    environment: [X=1]\n    networks: [inner]\n    restart: always\n    \
             volumes: ['data:/data', '/srv:/srv:ro']\nnetworks:\n  inner: {external: true, name: outer}\n\
             volumes:\n  data: {external: true}\n",
        )
        .expect("readable");
        let mapped = parse(
            "version: '3'\nservices:\n  web:\n    image: a:1\n    command: --flag 'a b'\n    ports: ['80:80', '9000']\n    \
             labels: {a: b=c, d: ''}\n    environment: {X: 1}\n    networks: {inner: {}}\n    restart: always\n    \
             volumes: ['data:/data', '/srv:/srv:ro']\nnetworks:\n  inner: {external: true, name: outer}\n",
        )
        .expect("readable");
        assert_eq!(listed, mapped);
        assert_eq!(listed.networks, ["outer"]);
        assert_eq!(listed.labels[0], ("a".to_owned(), "b=c".to_owned()));
    }

    #[test]
    fn what_cannot_be_done_is_named() {
        let refused = |text: &str, words: &str| {
            let fault = parse(text).expect_err(text);
            assert!(fault.message.contains(words), "{text}: {}", fault.message);
        };
        refused("services: {web: {image: a, deploy: {replicas: 2}}}", "services.web.deploy");
        refused("services: {web: {image: a, networks: {n: {aliases: [b]}}}}", "services.web.networks.n");
        refused("services: {web: {image: a, ports: [{target: 80}]}}", "services.web.ports[0] must be a text");
        refused("services: {web: {image: a, volumes: ['./x:/x']}}", "./x:/x");
        refused("services: {web: {image: a, environment: {A: }}}", "services.web.environment.A has no value");
        refused("services: {web: {image: a, labels: [b]}}", "b is not KEY=value");
        refused("services: {web: {restart: always}}", "services.web has no image");
        refused("services: {a: {image: a}, b: {image: b}}", "not 2: a, b");
        refused("services: {a: {image: a}}\nnetworks: {own: }", "networks.own would have to be made");
        refused("services: {a: {image: a}}\nsecrets: {}", "secrets");
        refused("services: {a: {image: $IMAGE}}", "variable of the shell");
        refused("services: [", "no YAML");
        refused("", "must be a map");
        refused("{}", "no services");
    }
}
