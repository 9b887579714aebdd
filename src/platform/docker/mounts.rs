//! From `--mount` to what the engine's create call takes.

use serde_json::{Map, Value, json};

use super::DockerResult;
use crate::model::Fault;
use crate::model::run_plan::Mount;

/// The engine's list of mounts.
pub fn to_json(mounts: &[Mount]) -> DockerResult<Value> {
    mounts.iter().map(one).collect::<DockerResult<Vec<Value>>>().map(Value::Array)
}

fn one(mount: &Mount) -> DockerResult<Value> {
    let mut value = json!({ "Type": mount.kind, "Target": mount.target });
    if !mount.source.is_empty() {
        value["Source"] = mount.source.as_str().into();
    }
    if mount.read_only {
        value["ReadOnly"] = true.into();
    }
    for (key, option) in &mount.options {
        add(&mut value, key, option)?;
    }
    Ok(value)
}

fn add(mount: &mut Value, key: &str, option: &str) -> DockerResult {
    let flag = || option.is_empty() || option == "true" || option == "1";
    let (group, name, value) = match key {
        "consistency" => {
            mount["Consistency"] = option.into();
            return Ok(());
        }
        "bind-propagation" => ("BindOptions", "Propagation", option.into()),
        "bind-nonrecursive" => ("BindOptions", "NonRecursive", flag().into()),
        "bind-recursive" if option == "disabled" => ("BindOptions", "NonRecursive", true.into()),
        "bind-recursive" if option == "writable" => ("BindOptions", "ReadOnlyNonRecursive", true.into()),
        "bind-recursive" if option == "readonly" => ("BindOptions", "ReadOnlyForceRecursive", true.into()),
        "bind-recursive" => return Ok(()),
        "volume-nocopy" => ("VolumeOptions", "NoCopy", flag().into()),
        "volume-subpath" => ("VolumeOptions", "Subpath", option.into()),
        "volume-label" => {
            add_pair(&mut mount["VolumeOptions"]["Labels"], option);
            return Ok(());
        }
        "volume-driver" => {
            mount["VolumeOptions"]["DriverConfig"]["Name"] = option.into();
            return Ok(());
        }
        "volume-opt" => {
            add_pair(&mut mount["VolumeOptions"]["DriverConfig"]["Options"], option);
            return Ok(());
        }
        "image-subpath" => ("ImageOptions", "Subpath", option.into()),
        "tmpfs-size" => ("TmpfsOptions", "SizeBytes", bytes(option)?.into()),
        "tmpfs-mode" => ("TmpfsOptions", "Mode", mode(option)?.into()),
        other => return Err(Fault::new(format!("--mount has no key {other}")).into()),
    };
    mount[group][name] = value;
    Ok(())
}

fn add_pair(into: &mut Value, pair: &str) {
    let (key, value) = pair.split_once('=').unwrap_or((pair, ""));
    if !into.is_object() {
        *into = Value::Object(Map::new());
    }
    into[key] = value.into();
}

fn bytes(text: &str) -> DockerResult<i64> {
    Ok(crate::model::size::parse_bytes(text)
        .ok_or_else(|| Fault::new(format!("{text} is not a size: --mount tmpfs-size")))?)
}

fn mode(text: &str) -> DockerResult<u32> {
    Ok(u32::from_str_radix(text, 8)
        .map_err(|_| Fault::new(format!("{text} is not an octal mode: --mount tmpfs-mode")))?)
}
