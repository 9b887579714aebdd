//! Afterwards each file of the volume is one that 0.38 knows, in the form in which it reads it.

use std::collections::BTreeMap;

use dokku::model::dotenv;

use super::volume::{self, File};

/// Which form a file has.
#[derive(Clone, Copy, Debug)]
enum Form {
    /// Whatever Dokku makes of it, it is as it was before.
    Untouched,
    /// A value, no newline.
    Value,
    /// An item a line, a newline after each.
    List,
    /// A JSON object a line.
    JsonLines,
    /// A JSON object.
    Json,
    /// Variables, as 0.38 writes them.
    Env,
    /// An id and a newline.
    Id,
    /// Not read by 0.38, in a place where it looks for nothing.
    Ours,
}

/// Paths (a star is any part of a name) with mode and form. The first that fits counts. The files that older releases kept
/// in an app's folder are in none of these lines.
const LAYOUT: &[(&str, u32, Form)] = &[
    ("home/VHOST", 0o644, Form::Untouched),
    ("home/.sshcommand", 0o644, Form::Untouched),
    ("home/.ssh/authorized_keys", 0o600, Form::Untouched),
    ("home/.dokkurc/*", 0o644, Form::Untouched),
    ("home/*/HEAD", 0o644, Form::Untouched),
    ("home/*/config", 0o644, Form::Untouched),
    ("home/*/refs/heads/*", 0o644, Form::Untouched),
    ("home/*/hooks/pre-receive", 0o755, Form::Untouched),
    ("home/*/VHOST", 0o644, Form::Untouched),
    ("home/*/nginx.conf", 0o644, Form::Untouched),
    ("home/*/nginx.conf.d/*.conf", 0o644, Form::Untouched),
    ("home/*/tls/server.*", 0o640, Form::Untouched),
    ("home/*/CONTAINER.*.*", 0o644, Form::Id),
    ("home/*/IP.*.*", 0o644, Form::Value),
    ("home/*/PORT.*.*", 0o644, Form::Value),
    // What 0.38 itself calls a file that it does not believe.
    ("home/*/ENV.migrated", 0o600, Form::Untouched),
    ("lib/config/*/ENV", 0o600, Form::Env),
    ("lib/config/*/*/scale", 0o600, Form::List),
    ("lib/config/*/*/scale.old", 0o600, Form::List),
    ("lib/config/ports/*/map*", 0o600, Form::List),
    ("lib/config/buildpacks/*/buildpacks", 0o600, Form::List),
    ("lib/config/docker-options/*/*.build", 0o600, Form::List),
    ("lib/config/docker-options/*/*.deploy", 0o600, Form::List),
    ("lib/config/docker-options/*/*.run", 0o600, Form::List),
    ("lib/config/storage/*/mounts", 0o600, Form::JsonLines),
    ("lib/config/*/*/*", 0o600, Form::Value),
    ("lib/data/storage/*/*", 0o644, Form::Untouched),
    ("lib/data/storage-registry/entries/*.json", 0o600, Form::Json),
    ("lib/data/apps/*/.deploy.lock", 0o644, Form::Untouched),
    ("lib/data/app-json/*/app.json", 0o644, Form::Untouched),
    ("lib/data/ps/*/Procfile", 0o644, Form::Untouched),
    ("lib/data/builds/*/*.json", 0o644, Form::Untouched),
    ("lib/data/builds/*/*.log", 0o644, Form::Untouched),
    ("lib/data/appliance/taken-over.log", 0o600, Form::Ours),
    ("lib/data/appliance/taken-over", 0o644, Form::Ours),
    ("lib/data/appliance/files-in-images", 0o644, Form::Ours),
    ("lib/data/appliance/set-aside/*/*", 0o644, Form::Ours),
];

/// Plugins of 0.38 whose folders in the store may be there.
const PLUGINS: &[&str] = &[
    "app-json",
    "apps",
    "builder",
    "buildpacks",
    "checks",
    "common",
    "config",
    "cron",
    "docker-options",
    "git",
    "nginx",
    "network",
    "ports",
    "proxy",
    "ps",
    "registry",
    "resource",
    "scheduler",
    "storage",
];

#[test]
fn each_file_is_one_that_0_38_reads() {
    for release in ["0.20", "0.24", "0.30", "0.38"] {
        let world = volume::of(release);
        let before = volume::files(&world.layout);
        world.run("take-over");
        let after = volume::files(&world.layout);
        for (path, file) in &after {
            let wrong = wrong(path, file, &before);
            assert!(wrong.is_none(), "{release}: {path}: {}\n{file:?}", wrong.unwrap_or_default());
        }
        let gone: Vec<&String> = before.keys().filter(|path| !after.contains_key(*path)).collect();
        for path in gone {
            let name = path.rsplit('/').next().unwrap_or_default();
            let is_old = [
                "ENV",
                "URLS",
                "DOKKU_SCALE",
                "PERSISTENT_STORAGE",
                "CONTAINER",
                "IP",
                "PORT",
                ".deploy.lock",
            ];
            let is_old =
                is_old.contains(&name) || name.starts_with("DOCKER_OPTIONS_") || name.ends_with(".extracted");
            assert!(path.starts_with("home/") && is_old, "{release}: {path} is gone");
        }
    }
}

fn wrong(path: &str, (mode, text): &File, before: &BTreeMap<String, File>) -> Option<String> {
    let Some((_, wanted, form)) = LAYOUT.iter().find(|(pattern, ..)| fits(pattern, path)) else {
        return Some("0.38 knows no such file".to_owned());
    };
    if mode != wanted {
        return Some(format!("mode {mode:o}"));
    }
    let mut parts = path.strip_prefix("lib/config/").into_iter().flat_map(|rest| rest.split('/'));
    if let (Some(plugin), Some(_), Some(_)) = (parts.next(), parts.next(), parts.next())
        && !PLUGINS.contains(&plugin)
    {
        return Some("0.38 has no such plugin".to_owned());
    }
    let is_well = match form {
        Form::Ours => true,
        Form::Untouched => {
            let was = path.strip_suffix(".migrated").unwrap_or(path);
            before.get(path).or_else(|| before.get(was)).is_some_and(|(_, old)| old == text)
        }
        Form::Value => !text.ends_with('\n'),
        Form::List => text.is_empty() || text.ends_with('\n') && text.lines().all(|line| !line.is_empty()),
        Form::JsonLines => text.lines().all(|line| serde_json::from_str::<serde_json::Value>(line).is_ok()),
        Form::Json => serde_json::from_str::<serde_json::Value>(text).is_ok(),
        Form::Env => dotenv::print(&dotenv::parse(text)) == *text,
        Form::Id => text.trim_end().len() == 64 && text.ends_with('\n'),
    };
    (!is_well).then(|| format!("not of the form {form:?}"))
}

/// A star stands for any text without a slash.
fn fits(pattern: &str, path: &str) -> bool {
    let (patterns, parts): (Vec<_>, Vec<_>) = (pattern.split('/').collect(), path.split('/').collect());
    patterns.len() == parts.len()
        && patterns.iter().zip(&parts).all(|(pattern, part)| fits_part(pattern, part))
}

fn fits_part(pattern: &str, part: &str) -> bool {
    match pattern.split_once('*') {
        None => pattern == part,
        Some((before, rest)) => part.strip_prefix(before).is_some_and(|part| {
            (0..=part.len()).filter(|at| part.is_char_boundary(*at)).any(|at| fits_part(rest, &part[at..]))
        }),
    }
}
