//! The command line of a task (contract: formats.md section 5, last paragraph).

use crate::kernel::{Failure, Result};

/// What of an image decides how a task is run in it.
pub struct Shape<'a> {
    /// The shell of the app's tasks.
    pub shell: String,
    /// `dockerfile`, `herokuish`, `pack`, …
    pub builder: &'a str,
    /// The image's own.
    pub entrypoint: &'a [String],
}

/// Entrypoints that run whatever follows them, a shell too.
const TRANSPARENT: [&str; 4] = ["/tini", "/bin/tini", "/usr/bin/tini", "/usr/local/bin/tini"];

/// What herokuish does before it runs a process.
const HEROKUISH: &str = "if [[ -d '/app' ]]; then export HOME=/app; cd $HOME; fi; \
    if [[ -d '/app/.profile.d' ]]; then for file in /app/.profile.d/*; do source $file; done; fi;";

/// The words of the container's command: the task in a shell, or its bare words where the image has an
/// entrypoint that takes them.
///
/// # Errors
/// When such words cannot be split.
pub fn script(command: &str, shape: &Shape, is_trace: bool) -> Result<Vec<String>> {
    let is_herokuish = shape.builder == "herokuish";
    if !is_herokuish && !shape.entrypoint.is_empty() && !is_transparent(shape.entrypoint) {
        return shell_words::split(command).map_err(|error| {
            Failure::user(format!("Cannot split the command of a task: {error}: {command}"))
        });
    }
    let mut script = vec!["set -e;".to_owned(), "set -o pipefail || true;".to_owned()];
    if is_trace {
        script.push("set -x;".to_owned());
    }
    if is_herokuish {
        script.push(HEROKUISH.to_owned());
    }
    if command.starts_with('/') {
        let program = command.split(' ').next().unwrap_or_default();
        script.push(format!(
            "if [[ ! -x \"{program}\" ]]; then echo specified binary is not executable; exit 1; fi;"
        ));
    }
    script.push(format!("{command} || exit 1;"));
    Ok(vec![shape.shell.clone(), "-c".to_owned(), script.join(" ")])
}

fn is_transparent(entrypoint: &[String]) -> bool {
    matches!(entrypoint, [program, dashes] if dashes == "--" && TRANSPARENT.contains(&program.as_str()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(command: &str, builder: &str, entrypoint: &[&str]) -> Vec<String> {
        let entrypoint: Vec<String> = entrypoint.iter().map(|&word| word.to_owned()).collect();
        let shape = Shape { shell: "/bin/sh".to_owned(), builder, entrypoint: &entrypoint };
        script(command, &shape, false).expect("words")
    }

    #[test]
    fn a_task_runs_in_the_apps_shell() {
        let text = "set -e; set -o pipefail || true; rake db:migrate || exit 1;";
        assert_eq!(words("rake db:migrate", "dockerfile", &[]), ["/bin/sh", "-c", text]);
        assert_eq!(words("rake db:migrate", "dockerfile", &["/tini", "--"]), ["/bin/sh", "-c", text]);
    }

    #[test]
    fn an_entrypoint_gets_the_bare_words() {
        assert_eq!(words("migrate 'a b'", "dockerfile", &["/entry"]), ["migrate", "a b"]);
        assert_eq!(words("migrate", "dockerfile", &["/tini", "-g", "--"]), ["migrate"]);
    }

    #[test]
    fn a_path_must_be_executable() {
        let text = "set -e; set -o pipefail || true; if [[ ! -x \"/app/x\" ]]; then echo specified binary \
                    is not executable; exit 1; fi; /app/x --all || exit 1;";
        assert_eq!(words("/app/x --all", "dockerfile", &[]), ["/bin/sh", "-c", text]);
    }

    #[test]
    fn herokuish_images_bring_their_profile() {
        let script = &words("x", "herokuish", &["/exec"])[2];
        assert!(script.contains("source $file"), "{script}");
    }
}
