//! Files of the release, taken out of the code (contract: formats.md section 1).

use crate::kernel::{Ctx, Result};
use crate::model::{AppJson, AppName, Fault, Procfile};
use crate::store::{Extracted, properties};

/// Where a file of the release stands in the code: the property that says so, and its default.
struct Place {
    file: Extracted,
    plugin: &'static str,
    key: &'static str,
    default: &'static str,
}

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
pub fn extract(ctx: &Ctx, app: &AppName) -> Result {
    let Some(source) = &ctx.source else { return Ok(()) };
    let pid = ctx.env.get("DOKKU_PID").unwrap_or_default();
    for place in PLACES {
        let path = properties::computed(ctx.layout(), place.plugin, &app.into(), place.key, place.default)?;
        let bytes = source.read(path.trim_start_matches('/'))?;
        if let Some(bytes) = &bytes {
            check(place.file, &path, &String::from_utf8_lossy(bytes))?;
        }
        place.file.put(ctx.layout(), app, pid, bytes.as_deref())?;
    }
    Ok(())
}

fn check(file: Extracted, path: &str, text: &str) -> Result {
    let understood = match file {
        Extracted::AppJson => AppJson::parse(text).map(drop),
        Extracted::Procfile => Procfile::parse(text).map(drop),
        Extracted::NginxTemplate | Extracted::Checks => Ok(()),
    };
    Ok(understood.map_err(|fault: Fault| fault.hint(format!("Mend {path}, commit, and push again")))?)
}
