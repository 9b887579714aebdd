//! What must stand before nginx starts: routes that it can read, pages for errors, and a site for names of nobody.

use super::activate::put_aside;
use super::places::ProxyPlaces;
use super::{kept, pages};
use crate::model::{AppName, Outcome};
use crate::platform::nginx::{Part, Set, contained};
use crate::platform::{files, listening};
use crate::store::apps;

/// Prepares: an nginx that starts from now on says that it is this generation. On a volume of the official image the
/// apps' configurations are taken over.
///
/// # Errors
/// When a file cannot be written or nginx cannot be run.
pub async fn prepare(places: &ProxyPlaces, generation: u64) -> Outcome {
    pages::write(&places.layout)?;
    files::create_folders_as_root(&places.logs, 0o755)?;
    write_ipv6_default(places)?;
    for part in Part::ALL {
        kept::put_all_back(places.nginx.folder(part))?;
    }
    places.nginx.write_generation(generation)?;
    places.nginx.write_streams()?;
    if !files::is_folder(&places.nginx.active) {
        files::create_folders_as_root(&places.nginx.active, 0o755)?;
        take_over(places)?;
    }
    files::create_folders_as_root(&places.nginx.streams, 0o755)?;
    // nginx starts on what is left, whatever an app brought.
    loop {
        let mut set = Set::default();
        for part in Part::ALL {
            for app in at_work(places, part)? {
                set.add(part, places.active(part, &app));
            }
        }
        let Some(words) = places.nginx.test(&set).await? else { return Ok(()) };
        let named =
            words.file.as_deref().and_then(|file| file.file_stem()?.to_str()?.parse::<AppName>().ok());
        let is_its = |app: &AppName, part| words.file.as_deref() == Some(&places.active(part, app));
        match named.filter(|app| Part::ALL.into_iter().any(|part| is_its(app, part))) {
            Some(app) => put_aside(places, &app, &words)?,
            None => {
                tracing::warn!("nginx refuses its configuration: {}", words.text);
                return Ok(());
            }
        }
    }
}

/// The apps that have something at work in a context.
///
/// # Errors
/// When the folder cannot be read.
pub fn at_work(places: &ProxyPlaces, part: Part) -> Outcome<Vec<AppName>> {
    let names = files::names(places.nginx.folder(part))?;
    Ok(names.iter().filter_map(|name| name.strip_suffix(".conf")?.parse().ok()).collect())
}

/// What apps' folders of the official image say. There are no ports that are passed on among it.
fn take_over(places: &ProxyPlaces) -> Outcome {
    for app in apps::all(&places.layout)? {
        let Some(text) = files::read_text(&places.layout.nginx_conf(&app))? else { continue };
        // One that names what is not there waits until its app is deployed again.
        let Ok(whole) = contained(&text, &places.active_files(&app), places.prefix()) else { continue };
        for (name, bytes) in &whole.files {
            files::write_as_root(&places.active_files(&app).join(name), bytes, 0o600)?;
        }
        files::write_as_root(&places.active(Part::Http, &app), whole.text.as_bytes(), 0o644)?;
    }
    Ok(())
}

/// The site for names of nobody listens on IPv6 too, where the kernel has it; the image cannot know.
fn write_ipv6_default(places: &ProxyPlaces) -> Outcome {
    let path = places.nginx.generation_file.with_file_name("default-ipv6.conf");
    if !listening::has_ipv6() {
        return files::remove(&path).map(drop);
    }
    let text = "server {\n  listen [::]:80 default_server;\n  http2 on;\n  server_name _;\n  access_log off;\n  return 444;\n}\n\
                server {\n  listen [::]:443 ssl default_server;\n  server_name _;\n  access_log off;\n  ssl_reject_handshake on;\n}\n";
    files::write_as_root(&path, text.as_bytes(), 0o644)
}
