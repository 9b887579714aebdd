//! Files of the release, taken out of the code (contract: formats.md section 1).

use std::path::Path;

use super::image::is_herokuish;
use crate::kernel::{Ctx, Failure, Result};
use crate::model::template::{ClosedWorld, Session};
use crate::model::{AppJson, AppName, Fault, Procfile, checks_file};
use crate::platform::docker::read_image_file;
use crate::store::{Extracted, properties, variables};
use crate::triggers;

/// Where a file of the release stands in the code: the property that says so, and its default.
struct Place {
    file: Extracted,
    plugin: &'static str,
    key: &'static str,
    default: &'static str,
}

/// How many bytes a file of an image may have to be taken for one of these.
const LARGEST: usize = 16 * 1024 * 1024;

const PLACES: [Place; 4] = [
    Place { file: Extracted::AppJson, plugin: "app-json", key: "appjson-path", default: "app.json" },
    Place { file: Extracted::Procfile, plugin: "ps", key: "procfile-path", default: "Procfile" },
    Place {
        file: Extracted::NginxTemplate,
        plugin: "nginx",
        key: "nginx-conf-sigil-path",
        default: "nginx.conf.sigil",
    },
    Place {
        file: Extracted::Checks,
        plugin: "scheduler-docker-local",
        key: "checks-path",
        default: "CHECKS",
    },
];

/// Takes them out and puts them down as candidates of this deploy. A missing one is written down as missing.
///
/// # Errors
/// When a file cannot be understood: the deploy ends before anything is built.
pub async fn extract(ctx: &Ctx, app: &AppName) -> Result {
    let Some(source) = &ctx.source else { return Ok(()) };
    let image = triggers::GitGetProperty { app: app.clone(), key: "source-image".to_owned() };
    let image = ctx.fire(image).await?.trim().to_owned();
    let image = Some(image).filter(|name| !name.is_empty());
    let pid = ctx.env.get("DOKKU_PID").unwrap_or_default();
    for place in PLACES {
        let path = properties::computed(ctx.layout(), place.plugin, &app.into(), place.key, place.default)?;
        let bytes = match &image {
            Some(image) => of_image(ctx, image, &path).await?,
            None => source.read(path.trim_start_matches('/'))?,
        };
        let bytes = finished(ctx, app, place.file, &path, bytes)?;
        if let Some(bytes) = &bytes {
            check(place.file, &path, &String::from_utf8_lossy(bytes))?;
        }
        place.file.put(ctx.layout(), app, pid, bytes.as_deref())?;
    }
    Ok(())
}

/// One of these files as it is in the image of a release that runs.
///
/// # Errors
/// When it cannot be read; a CHECKS file also when it is no template.
pub async fn of_release(ctx: &Ctx, app: &AppName, image: &str, file: Extracted) -> Result<Option<Vec<u8>>> {
    let place = PLACES.iter().find(|place| place.file == file).expect("each file has a place");
    let path = properties::computed(ctx.layout(), place.plugin, &app.into(), place.key, place.default)?;
    // Herokuish leaves the code there, and names no working folder.
    let is_relative = !path.starts_with('/') && is_herokuish(ctx, app, image).await?;
    let in_image = if is_relative { format!("/app/{path}") } else { path.clone() };
    let bytes = of_image(ctx, image, &in_image).await?;
    finished(ctx, app, file, &path, bytes)
}

/// What is kept of a file: a CHECKS file is a template, all else stays as it is.
fn finished(
    ctx: &Ctx,
    app: &AppName,
    file: Extracted,
    path: &str,
    bytes: Option<Vec<u8>>,
) -> Result<Option<Vec<u8>>> {
    match (file, bytes) {
        (Extracted::Checks, Some(template)) => {
            Ok(Some(rendered(ctx, app, path, &String::from_utf8_lossy(&template))?.into_bytes()))
        }
        (_, bytes) => Ok(bytes),
    }
}

fn check(file: Extracted, path: &str, text: &str) -> Result {
    let understood = match file {
        Extracted::AppJson => AppJson::parse(text).map(drop),
        Extracted::Procfile => Procfile::parse(text).map(drop),
        Extracted::Checks => checks_file::to_app_json(text).map(drop),
        Extracted::NginxTemplate => Ok(()),
    };
    Ok(understood.map_err(|fault: Fault| fault.hint(format!("Mend {path}, commit, and push again")))?)
}

/// A file of the image that is the app's code: from its working folder, unless the path says otherwise.
async fn of_image(ctx: &Ctx, image: &str, path: &str) -> Result<Option<Vec<u8>>> {
    let docker = &ctx.platform.docker;
    let folder = docker.inspect_image(image).await?.config.working_dir;
    let path = Path::new("/").join(folder).join(path);
    Ok(read_image_file(&**docker, image, &path.display().to_string(), LARGEST).await?)
}

/// A CHECKS file is a template, which may ask for the app's variables and for nothing else.
fn rendered(ctx: &Ctx, app: &AppName, path: &str, template: &str) -> Result<String> {
    let env = variables::merged(ctx.layout(), &app.into())?;
    Session::new(&ClosedWorld, env).render(template, [].into(), path).map_err(|error| {
        Failure::user(format!("{path} failed to render via sigil: {error}"))
            .hint(format!("Mend {path}, commit, and push again"))
    })
}
