//! Folders of storage entries: only root may give them to the users of apps. Whoever asks names a folder, never a path.

use std::path::PathBuf;

use serde_json::Value;

use super::control::Control;
use crate::model::storage::directory_mode;
use crate::model::{Context, Fault, Outcome};
use crate::platform::owned_folders::{self, MODE, OWN, REMOVE};
use crate::store::Layout;

/// Numbers that users of containers have, and the host's for them where the engine gives containers numbers of their own.
const IDS: [std::ops::RangeInclusive<u64>; 2] = [0..=65_535, 165_536..=231_071];

/// Adds the requests about folders.
pub fn answer(control: Control, layout: &Layout) -> Control {
    let folders = layout.storage_folders();
    [OWN, MODE, REMOVE].into_iter().fold(control, |control, verb| {
        let folders = folders.clone();
        control.on(verb, move |asked| change(verb, folders.clone(), asked))
    })
}

/// On a thread of its own: a folder may be large, and its disk slow.
async fn change(verb: &'static str, folders: PathBuf, asked: Value) -> Outcome<Value> {
    let done = tokio::task::spawn_blocking(move || {
        let name = name(&asked)?;
        match verb {
            OWN => owned_folders::own(&folders, name, id(&asked)?),
            MODE => owned_folders::set_mode(&folders, name, mode(&asked)?),
            _ => owned_folders::remove(&folders, name),
        }
    });
    done.await.context(|| "the folder was not changed")?.map(|()| Value::Null)
}

fn name(asked: &Value) -> Outcome<&str> {
    let name = asked["name"].as_str().unwrap_or_default();
    let fits = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'_' || byte == b'-';
    if name.is_empty() || !name.bytes().all(fits) {
        return Err(Fault::new("Directory can only contain the following set of characters: [A-Za-z0-9_-]"));
    }
    Ok(name)
}

fn id(asked: &Value) -> Outcome<u32> {
    let id = asked["id"].as_u64().filter(|id| IDS.iter().any(|range| range.contains(id)));
    id.and_then(|id| u32::try_from(id).ok()).ok_or_else(|| {
        Fault::new(
            "Unsupported chown permissions. Supported values: 0-65535 \
             (and user namespace offset variants, 165536-231071)",
        )
    })
}

fn mode(asked: &Value) -> Outcome<u32> {
    let text = directory_mode(asked["mode"].as_str().unwrap_or_default())?;
    u32::from_str_radix(&text, 8).context(|| "Unsupported directory mode")
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::PermissionsExt;

    use serde_json::json;

    use super::*;
    use crate::platform::files;

    #[tokio::test]
    async fn only_folders_of_entries_are_changed_and_only_within_bounds() {
        let folder = tempfile::tempdir().unwrap();
        let (folders, outside) = (folder.path().join("storage"), folder.path().join("outside"));
        files::create_folders(&folders.join("data"), 0o755).unwrap();
        files::create_folders(&outside, 0o755).unwrap();
        let ask = |verb, asked| change(verb, folders.clone(), asked);
        ask(MODE, json!({ "name": "data", "mode": "0700" })).await.unwrap();
        assert_eq!(std::fs::metadata(folders.join("data")).unwrap().permissions().mode() & 0o7777, 0o700);
        for (verb, asked, told) in [
            (REMOVE, json!({ "name": "../outside" }), "Directory can only contain"),
            (REMOVE, json!({ "name": "" }), "Directory can only contain"),
            (OWN, json!({ "name": "data", "id": 65_536 }), "Unsupported chown permissions"),
            (OWN, json!({ "name": "data", "id": 231_072 }), "Unsupported chown permissions"),
            (OWN, json!({ "name": "data" }), "Unsupported chown permissions"),
            (MODE, json!({ "name": "data", "mode": "0888" }), "Unsupported directory mode"),
            (MODE, json!({ "name": "data", "mode": "07555" }), "Unsupported directory mode"),
        ] {
            let fault = ask(verb, asked.clone()).await.unwrap_err();
            assert!(fault.message.contains(told), "{asked}: {fault}");
        }
        ask(REMOVE, json!({ "name": "data" })).await.unwrap();
        assert!(!folders.join("data").exists() && outside.exists());
    }
}
