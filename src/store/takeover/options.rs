//! Docker options of releases before 0.38: a file per phase in the app's folder; and options that an early 0.38 took from
//! there as they were typed.

use super::old_file;
use super::report::Report;
use crate::model::{AppName, Outcome, Scope, docker_args};
use crate::platform::files;
use crate::store::{Layout, properties};

/// The plugin whose options these are.
pub const PLUGIN: &str = "docker-options";

/// What the files' names begin with.
pub const FILE: &str = "DOCKER_OPTIONS_";

const PHASES: [&str; 3] = ["build", "deploy", "run"];

/// The restart policy of an app that was never given one.
const USUAL_RESTART: &str = "on-failure:10";

/// Once these are set, 0.38 does not look for the old forms again.
const DONE: [&str; 3] = ["migrated-from-files", "migrated-traefik-backticks", "migrated-canonical-options"];

/// Takes over the files.
///
/// # Errors
/// When something cannot be read, written or removed.
pub fn adopt(layout: &Layout, app: &AppName, report: &mut Report) -> Outcome {
    let scope = Scope::from(app);
    let _lock = properties::locked(layout, PLUGIN, &scope)?;
    for phase in PHASES {
        let file = layout.app(app).join(format!("{FILE}{}", phase.to_uppercase()));
        let (key, mark) = (format!("_default_.{phase}"), format!("migrated-{phase}"));
        // An early 0.38 left this behind, when it had taken the options over.
        let taken = file.with_extension("migrated");
        if files::is_file(&taken) {
            properties::set(layout, PLUGIN, &scope, &mark, "true")?;
            files::remove(&taken)?;
        }
        let Some(text) = old_file::read(&file)? else { continue };
        let old: Vec<String> = text
            .lines()
            .map(str::trim)
            .filter(|line| !line.is_empty() && !line.starts_with('#'))
            .flat_map(plain)
            .collect();
        let count = old.len();
        let mut all = properties::list(layout, PLUGIN, &scope, &key)?;
        let new: Vec<String> = old.into_iter().filter(|option| !all.contains(option)).collect();
        let is_done = properties::get(layout, PLUGIN, &scope, &mark)?.as_deref() == Some("true");
        if is_done && !new.is_empty() {
            report.set_aside(
                &scope,
                &file,
                "was taken over before, and has other options than the app today",
            )?;
            continue;
        }
        if !new.is_empty() {
            all.extend(new);
            all.sort_unstable();
            properties::set_list(layout, PLUGIN, &scope, &key, &all)?;
        }
        if count > 0 {
            report.taken(&scope, format!("docker options for {phase}: {count}"))?;
            properties::set(layout, PLUGIN, &scope, &mark, "true")?;
        }
        files::remove(&file)?;
    }
    Ok(())
}

/// Writes options as today's commands do, an option a line, so that they can be removed; and makes the restart policy
/// among them the property that it is today.
///
/// # Errors
/// When something cannot be read or written.
pub fn tidy(layout: &Layout, app: &AppName, report: &mut Report) -> Outcome {
    let scope = Scope::from(app);
    let _lock = properties::locked(layout, PLUGIN, &scope)?;
    for key in properties::keys(layout, PLUGIN, &scope)? {
        if !PHASES.iter().any(|phase| key.strip_suffix(phase).is_some_and(|rest| rest.ends_with('.'))) {
            continue;
        }
        let old = properties::list(layout, PLUGIN, &scope, &key)?;
        let mut new: Vec<String> = old.iter().flat_map(|line| plain(line)).map(mended).collect();
        if key == "_default_.deploy" {
            adopt_restart(layout, &scope, &mut new, report)?;
        }
        if new != old {
            properties::set_list(layout, PLUGIN, &scope, &key, &new)?;
        }
    }
    Ok(())
}

fn adopt_restart(layout: &Layout, scope: &Scope, options: &mut Vec<String>, report: &mut Report) -> Outcome {
    let is_one =
        |option: &String| option.strip_prefix("--restart").is_some_and(|rest| rest.starts_with(['=', ' ']));
    let found =
        options.iter().find(|option| is_one(option)).map(|option| option["--restart ".len()..].to_owned());
    if let Some(policy) = found.filter(|policy| policy != USUAL_RESTART) {
        properties::set(layout, "ps", scope, "restart-policy", &policy)?;
        report.taken(scope, format!("restart policy of the docker options: {policy}"))?;
    }
    options.retain(|option| !is_one(option));
    Ok(())
}

/// Remembers for 0.38 that nothing is left in the old forms.
///
/// # Errors
/// When it cannot be written.
pub fn done(layout: &Layout) -> Outcome {
    DONE.into_iter().try_for_each(|key| properties::set(layout, PLUGIN, &Scope::Global, key, "true"))
}

/// The options of a line, as `docker-options:add` stores them. What cannot be read stays as it is, and so does what was
/// written for a shell: its words are not the option's.
pub fn plain(line: &str) -> Vec<String> {
    let is_for_shell = ["$(", "|", ";", "&&"].iter().any(|mark| line.contains(mark));
    match docker_args::options_of(line) {
        Ok(options) if !is_for_shell => options.iter().map(|words| docker_args::join_words(words)).collect(),
        Ok(_) | Err(_) => vec![line.to_owned()],
    }
}

/// A release of 0.38 put a backslash before each backtick of labels for traefik, whose rules are full of them.
fn mended(option: String) -> String {
    let words = docker_args::split_words(&option).unwrap_or_default();
    let label = match words.as_slice() {
        [one] => one.strip_prefix("--label=").or_else(|| one.strip_prefix("-l=")),
        [flag, label] if flag == "--label" || flag == "-l" => Some(label.as_str()),
        _ => None,
    };
    match label {
        Some(label) if label.starts_with("traefik.") && label.contains("\\`") => {
            let words: Vec<String> = words.iter().map(|word| word.replace("\\`", "`")).collect();
            docker_args::join_words(&words)
        }
        _ => option,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_of_many_becomes_one_option_each() {
        assert_eq!(plain("-v /a:/b --link x:y"), ["-v /a:/b", "--link x:y"]);
        assert_eq!(plain("-e 'A=b c'"), ["-e 'A=b c'"]);
        for kept in ["-e 'never ends", "--group-add $(getent group docker | cut -d: -f3)"] {
            assert_eq!(plain(kept), [kept]);
        }
    }

    #[test]
    fn labels_for_traefik_lose_a_backslash_and_nothing_else_does() {
        let mend = |option: &str| mended(option.to_owned());
        let rule = r"'--label=traefik.http.routers.x.rule=Host(\`a.b\`)'";
        assert_eq!(mend(rule), "'--label=traefik.http.routers.x.rule=Host(`a.b`)'");
        for kept in [r"'--label=other=\`a\`'", "--link a", r"-e 'A=\`'"] {
            assert_eq!(mend(kept), kept);
        }
    }
}
