//! The environment that plugins and inner commands are given
//! (contract: commands.yaml, environment and environment_exported_to_plugins; startup_files).

use crate::model::Outcome;
use crate::platform::env::Env;
use crate::platform::{files, process};
use crate::store::Layout;

use super::caller::Caller;
use super::flags::Flags;

const LABELS: &str =
    "--label=org.label-schema.schema-version=1.0 --label=org.label-schema.vendor=dokku --label=dokku";

/// Reads `/etc/default/dokku`, `dokkurc` and `.dokkurc/*` into the environment. None of them there costs
/// three failed look-ups; plain `export K=V` lines are read here; anything else is one run of bash, and
/// only in the outermost process (DOKKU_PID is set in inner ones, which inherit what it found).
///
/// # Errors
/// When such a file is there and cannot be read.
pub fn read_startup_files(env: &mut Env, layout: &Layout) -> Outcome {
    if env.get("DOKKU_PID").is_some() {
        return Ok(());
    }
    let folder = layout.startup_folder();
    let in_folder = files::names(&folder)?.into_iter().map(|name| folder.join(name));
    for path in layout.startup_files().into_iter().chain(in_folder) {
        // A folder is none: an app may be called `dokkurc`.
        if !files::is_file(&path) {
            continue;
        }
        let Some(text) = files::read_text(&path)? else { continue };
        match plain_assignments(&text) {
            Some(pairs) => pairs.into_iter().for_each(|(key, value)| env.set(key, value)),
            None => *env = process::source(&path, env)?,
        }
    }
    Ok(())
}

/// The assignments of a file that holds nothing else; `None` when a shell is needed to read it.
fn plain_assignments(text: &str) -> Option<Vec<(String, String)>> {
    let mut pairs = Vec::new();
    for line in text.lines().map(str::trim) {
        if line.is_empty() || line.starts_with('#') {
            continue;
        }
        let (key, value) = line.strip_prefix("export ").unwrap_or(line).split_once('=')?;
        let quoted = |quote: char| value.strip_prefix(quote).and_then(|rest| rest.strip_suffix(quote));
        let value = quoted('\'').or_else(|| quoted('"')).unwrap_or(value);
        let is_plain = |c: char| c.is_ascii_alphanumeric() || "_-./:=,@%+".contains(c);
        if !crate::model::dotenv::is_key(key) || !value.chars().all(is_plain) {
            return None;
        }
        pairs.push((key.to_owned(), value.to_owned()));
    }
    Some(pairs)
}

/// Adds what Dokku exports to plugins.
pub fn export(env: &mut Env, layout: &Layout, caller: &Caller, flags: &Flags, command: &str) {
    let path = |path: &std::path::Path| path.display().to_string();
    let plugins = path(&layout.lib.join("plugins"));
    let core = path(&layout.core_plugins());
    env.set("DOKKU_ROOT", path(&layout.root));
    env.set("DOKKU_LIB_PATH", path(&layout.lib));
    env.set("DOKKU_LIB_ROOT", path(&layout.lib));
    env.set("DOKKU_LOGS_DIR", path(&layout.logs));
    env.set_default("DOKKU_HOST_ROOT", path(&layout.root));
    env.set_default("DOKKU_LOGS_HOST_DIR", path(&layout.logs));
    env.set_default("DOKKU_EVENTS_LOGFILE", path(&layout.events_log()));
    env.set("PLUGIN_PATH", &plugins);
    env.set("PLUGIN_AVAILABLE_PATH", format!("{plugins}/available"));
    env.set("PLUGIN_ENABLED_PATH", format!("{plugins}/enabled"));
    env.set("PLUGIN_CORE_PATH", &core);
    env.set("PLUGIN_CORE_AVAILABLE_PATH", format!("{core}/available"));
    env.set("PLUGIN_CORE_ENABLED_PATH", format!("{core}/enabled"));
    for (key, value) in [
        ("DOKKU_SYSTEM_USER", "dokku"),
        ("DOKKU_SYSTEM_GROUP", "dokku"),
        ("DOKKU_API_VERSION", "1"),
        ("DOKKU_NOT_IMPLEMENTED_EXIT", "10"),
        ("DOKKU_VALID_EXIT", "0"),
        ("DOKKU_DISTRO", "debian"),
        ("DOKKU_CONTAINER_LABEL", "dokku"),
        ("DOKKU_GLOBAL_BUILD_ARGS", LABELS),
        ("DOKKU_GLOBAL_RUN_ARGS", LABELS),
        ("DOCKER_BIN", "docker"),
    ] {
        env.set_default(key, value);
    }
    env.set_default("DOKKU_PID", process::own_pid().to_string());
    env.set("SSH_USER", &caller.user);
    env.set("SSH_NAME", &caller.name);
    env.set("DOKKU_GLOBAL_FLAGS", flags.all.join(" "));
    env.set("DOKKU_COMMAND", command);
    if flags.quiet {
        env.set("DOKKU_QUIET_OUTPUT", "1");
    }
    if flags.trace {
        env.set("DOKKU_TRACE", "1");
    }
    if flags.force {
        env.set("DOKKU_APPS_FORCE_DELETE", "1");
    }
    if let Some(app) = &flags.app {
        env.set("DOKKU_APP_NAME", app);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn plain_files_need_no_shell_and_others_do() {
        let plain = plain_assignments("# c\nexport DOKKU_EVENTS=1\nDOKKU_HOST_ROOT='/srv/x'\n");
        assert_eq!(
            plain,
            Some(vec![
                ("DOKKU_EVENTS".to_owned(), "1".to_owned()),
                ("DOKKU_HOST_ROOT".to_owned(), "/srv/x".to_owned())
            ])
        );
        for text in ["export A=$(hostname)", "export A=$B", "if true; then A=1; fi", "A=1 B=2 ls"] {
            assert_eq!(plain_assignments(text), None, "{text}");
        }
    }

    #[test]
    fn a_folder_in_the_place_of_a_file_is_passed_over() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let layout = Layout::below(folder.path());
        for made in [layout.root.join("dokkurc"), layout.startup_folder().join("old")] {
            files::create_folders(&made, 0o755).expect("made");
        }
        files::write(&layout.startup_folder().join("KEY"), b"export DOKKU_X=1\n", 0o644).expect("written");
        let mut env = Env::default();
        read_startup_files(&mut env, &layout).expect("an app of that name is no trouble");
        assert_eq!(env.get("DOKKU_X"), Some("1"));
    }
}
