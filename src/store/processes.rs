//! What runs of an app: its scale, and which container, address and port each of its processes has
//! (contract: layout.md sections 3 and 5).

use super::{Layout, properties};
use crate::model::{AppName, Dyno, Outcome, Scale, Scope, scale};
use crate::platform::files;

const PLUGIN: &str = "ps";
const MODE: u32 = 0o644;

/// The port that counts where a container has no PORT file.
pub const DEFAULT_PORT: u16 = 5000;

/// A container of the running release, as its file names it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Running {
    /// Its place.
    pub dyno: Dyno,
    /// Its full id.
    pub id: String,
}

/// The scale of an app.
///
/// # Errors
/// When it cannot be read, or holds lines that are none.
pub fn scale(layout: &Layout, app: &AppName) -> Outcome<Scale> {
    let read = |key| scale::parse(&properties::list(layout, PLUGIN, &app.into(), key)?);
    Ok(Scale { current: read("scale")?, old: read("scale.old")? })
}

/// Changes the scale under its lock.
///
/// # Errors
/// Those of `change`, and when the scale cannot be read or written.
pub fn change_scale(
    layout: &Layout,
    app: &AppName,
    change: impl FnOnce(&Scale) -> Outcome<Scale>,
) -> Outcome<Scale> {
    let scope = Scope::from(app);
    let _lock = properties::locked(layout, PLUGIN, &scope)?;
    let changed = change(&scale(layout, app)?)?;
    properties::set_list(layout, PLUGIN, &scope, "scale.old", &scale::lines(&changed.old))?;
    properties::set_list(layout, PLUGIN, &scope, "scale", &scale::lines(&changed.current))?;
    Ok(changed)
}

/// Forgets types that left the Procfile, after a release without them went live.
///
/// # Errors
/// When the file cannot be removed.
pub fn forget_old_scale(layout: &Layout, app: &AppName) -> Outcome {
    properties::unset(layout, PLUGIN, &app.into(), "scale.old")
}

/// The containers of the running release, sorted by type and number.
///
/// # Errors
/// When the app's folder or a file in it cannot be read.
pub fn running(layout: &Layout, app: &AppName) -> Outcome<Vec<Running>> {
    let mut found = Vec::new();
    for dyno in dynos(layout, app, "CONTAINER")? {
        let file = layout.container(app, &dyno.process_type, dyno.index);
        let id = files::read_text(&file)?.unwrap_or_default().trim().to_owned();
        if !id.is_empty() {
            found.push(Running { dyno, id });
        }
    }
    Ok(found)
}

/// The address on record of the running release's container with this id, if it is one.
///
/// # Errors
/// When the app's folder or a file in it cannot be read.
pub fn ip_of(layout: &Layout, app: &AppName, container: &str) -> Outcome<Option<String>> {
    match running(layout, app)?.into_iter().find(|one| one.id == container) {
        Some(found) => ip(layout, app, &found.dyno),
        None => Ok(None),
    }
}

/// The places for which a file of this kind (CONTAINER, IP or PORT) is there, sorted by type and number.
fn dynos(layout: &Layout, app: &AppName, kind: &str) -> Outcome<Vec<Dyno>> {
    let names = files::names(&layout.app(app))?;
    let mut dynos: Vec<Dyno> =
        names.iter().filter_map(|name| name.strip_prefix(kind)?.strip_prefix('.')?.parse().ok()).collect();
    dynos.sort_unstable();
    Ok(dynos)
}

/// The id of one container, if it is known.
///
/// # Errors
/// When its file cannot be read.
pub fn container(layout: &Layout, app: &AppName, dyno: &Dyno) -> Outcome<Option<String>> {
    text(&layout.container(app, &dyno.process_type, dyno.index))
}

/// The address of one container, if it is known.
///
/// # Errors
/// When its file cannot be read.
pub fn ip(layout: &Layout, app: &AppName, dyno: &Dyno) -> Outcome<Option<String>> {
    text(&layout.container_ip(app, &dyno.process_type, dyno.index))
}

/// The port of one container; that of a container without a file is the default port.
///
/// # Errors
/// When its file cannot be read.
pub fn port(layout: &Layout, app: &AppName, dyno: &Dyno) -> Outcome<u16> {
    let text = text(&layout.container_port(app, &dyno.process_type, dyno.index))?;
    Ok(text.and_then(|text| text.parse().ok()).unwrap_or(DEFAULT_PORT))
}

fn text(path: &std::path::Path) -> Outcome<Option<String>> {
    Ok(files::read_text(path)?.map(|text| text.trim().to_owned()).filter(|text| !text.is_empty()))
}

/// Remembers the container of a place. It has a final newline, as scripts expect that `cat` it.
///
/// # Errors
/// When the file cannot be written.
pub fn set_container(layout: &Layout, app: &AppName, dyno: &Dyno, id: &str) -> Outcome {
    let path = layout.container(app, &dyno.process_type, dyno.index);
    files::write(&path, format!("{id}\n").as_bytes(), MODE)
}

/// Remembers the address of a place.
///
/// # Errors
/// When the file cannot be written.
pub fn set_ip(layout: &Layout, app: &AppName, dyno: &Dyno, ip: &str) -> Outcome {
    files::write(&layout.container_ip(app, &dyno.process_type, dyno.index), ip.as_bytes(), MODE)
}

/// Remembers the port of a place.
///
/// # Errors
/// When the file cannot be written.
pub fn set_port(layout: &Layout, app: &AppName, dyno: &Dyno, port: u16) -> Outcome {
    let path = layout.container_port(app, &dyno.process_type, dyno.index);
    files::write(&path, port.to_string().as_bytes(), MODE)
}

/// The CONTAINER, IP and PORT files of an app: name and content, sorted by name.
///
/// # Errors
/// When the app's folder or a file in it cannot be read.
pub fn state_files(layout: &Layout, app: &AppName) -> Outcome<Vec<(String, String)>> {
    let folder = layout.app(app);
    let names = files::names(&folder)?;
    let state = names
        .into_iter()
        .filter(|name| ["CONTAINER.", "IP.", "PORT."].iter().any(|kind| name.starts_with(kind)));
    state.map(|name| Ok((name.clone(), files::read_text(&folder.join(&name))?.unwrap_or_default()))).collect()
}

/// Forgets all that is known of a place.
///
/// # Errors
/// When a file cannot be removed.
pub fn forget(layout: &Layout, app: &AppName, dyno: &Dyno) -> Outcome {
    let (process_type, index) = (&dyno.process_type, dyno.index);
    files::remove(&layout.container_ip(app, process_type, index))?;
    files::remove(&layout.container_port(app, process_type, index))?;
    files::remove(&layout.container(app, process_type, index)).map(drop)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::scale::Clear;

    fn world() -> (tempfile::TempDir, Layout, AppName) {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let layout = Layout::below(folder.path());
        let app: AppName = "hello".parse().expect("a name");
        (folder, layout, app)
    }

    fn dyno(text: &str) -> Dyno {
        text.parse().expect("a dyno")
    }

    #[test]
    fn containers_are_found_in_order_of_their_numbers() {
        let (_folder, layout, app) = world();
        for name in ["web.10", "web.2", "worker.1"] {
            set_container(&layout, &app, &dyno(name), &format!("id-of-{name}")).expect("writable");
        }
        set_ip(&layout, &app, &dyno("web.2"), "172.17.0.2").expect("writable");
        set_port(&layout, &app, &dyno("web.2"), 3000).expect("writable");
        let found: Vec<_> =
            running(&layout, &app).expect("readable").iter().map(|one| one.dyno.to_string()).collect();
        assert_eq!(found, ["web.2", "web.10", "worker.1"]);
        assert_eq!(port(&layout, &app, &dyno("web.2")).expect("readable"), 3000);
        assert_eq!(port(&layout, &app, &dyno("web.10")).expect("readable"), 5000);

        forget(&layout, &app, &dyno("web.2")).expect("removable");
        assert_eq!(container(&layout, &app, &dyno("web.2")).expect("readable"), None);
        assert_eq!(ip(&layout, &app, &dyno("web.2")).expect("readable"), None);
    }

    #[test]
    fn the_scale_is_kept_in_dokkus_lines() {
        let (_folder, layout, app) = world();
        let changes = scale::parse(&["web=2", "worker=0"]).expect("a scale");
        change_scale(&layout, &app, |scale| scale.changed(&changes, Clear::Nothing, None)).expect("writable");
        let read = |key| properties::get(&layout, "ps", &Scope::from(&app), key).expect("readable");
        assert_eq!(read("scale").as_deref(), Some("web=2\n"));
        assert_eq!(read("scale.old").as_deref(), Some("worker=0\n"));
        assert_eq!(scale(&layout, &app).expect("readable").to_string(), "web=2\nworker=0");
        forget_old_scale(&layout, &app).expect("removable");
        assert_eq!(scale(&layout, &app).expect("readable").to_string(), "web=2");
    }
}
