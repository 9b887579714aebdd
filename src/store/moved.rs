//! Environment variables that became properties (contract: commands.yaml, config_vars_migrated_to_properties).

use super::{Layout, properties};
use crate::model::{Outcome, Scope};

/// A variable that is a property today.
#[derive(Debug)]
pub struct Moved {
    /// The variable.
    pub variable: &'static str,
    set_for: SetFor,
    /// The plugin whose property it is, as its folder in the store is called.
    pub plugin: &'static str,
    /// The property.
    pub key: &'static str,
    becomes: Becomes,
}

/// For what it could be set.
#[derive(Debug)]
enum SetFor {
    App,
    AllApps,
    Both,
}

/// What the value of the variable becomes.
#[derive(Debug)]
enum Becomes {
    /// The same text.
    Same,
    /// A list: the text has spaces between the items.
    List,
    /// `false` for `0`, else `true`.
    Switch,
    /// The second text where the variable is the first; else the property is not set.
    Only(&'static str, &'static str),
    /// This text, whatever the variable says, unless it is empty.
    Fixed(&'static str),
}

const fn moved(variable: &'static str, plugin: &'static str, key: &'static str) -> Moved {
    Moved { variable, set_for: SetFor::App, plugin, key, becomes: Becomes::Same }
}

const fn global(variable: &'static str, plugin: &'static str, key: &'static str) -> Moved {
    Moved { set_for: SetFor::AllApps, ..moved(variable, plugin, key) }
}

const fn both(variable: &'static str, plugin: &'static str, key: &'static str) -> Moved {
    Moved { set_for: SetFor::Both, ..moved(variable, plugin, key) }
}

/// All of them.
pub const MOVED: &[Moved] = &[
    moved("DOKKU_APP_PROXY_TYPE", "proxy", "type"),
    global("DOKKU_PROXY_TYPE", "proxy", "type"),
    Moved { becomes: Becomes::Fixed("true"), ..moved("DOKKU_DISABLE_PROXY", "proxy", "disabled") },
    both("DOKKU_PROXY_PORT", "proxy", "proxy-port"),
    both("DOKKU_PROXY_SSL_PORT", "proxy", "proxy-ssl-port"),
    moved("DOKKU_NGINX_PORT", "proxy", "proxy-port"),
    moved("DOKKU_NGINX_SSL_PORT", "proxy", "proxy-ssl-port"),
    Moved { becomes: Becomes::List, ..moved("DOKKU_PROXY_PORT_MAP", "ports", "map") },
    moved("DOKKU_DOCKER_STOP_TIMEOUT", "ps", "stop-timeout-seconds"),
    Moved { becomes: Becomes::Switch, ..moved("DOKKU_APP_RESTORE", "ps", "restore") },
    both("DOKKU_SKIP_DEPLOY", "ps", "skip-deploy"),
    moved("DOKKU_START_CMD", "ps", "start-cmd"),
    moved("DOKKU_DOCKERFILE_START_CMD", "ps", "dockerfile-start-cmd"),
    both("DOKKU_SCHEDULER", "scheduler", "selected"),
    both("DOKKU_APP_SHELL", "scheduler", "shell"),
    moved("DOKKU_APP_TYPE", "builder", "detected"),
    both("DOKKU_SKIP_CLEANUP", "builder", "skip-cleanup"),
    global("DOKKU_DISABLE_APP_AUTOCREATION", "apps", "disable-autocreation"),
    both("DOKKU_WAIT_TO_RETIRE", "checks", "wait-to-retire"),
    moved("DOKKU_CHECKS_DISABLED", "checks", "disabled"),
    moved("DOKKU_CHECKS_SKIPPED", "checks", "skipped"),
    both("DOKKU_CHECKS_WAIT", "checks", "wait"),
    both("DOKKU_CHECKS_TIMEOUT", "checks", "timeout"),
    both("DOKKU_CHECKS_ATTEMPTS", "checks", "attempts"),
    both("DOKKU_DEFAULT_CHECKS_WAIT", "checks", "default-wait"),
    Moved { becomes: Becomes::Only("0", "_all_"), ..moved("DOKKU_CHECKS_ENABLED", "checks", "skipped") },
    Moved { becomes: Becomes::Only("true", "_all_"), ..both("DOKKU_SKIP_ALL_CHECKS", "checks", "disabled") },
    Moved {
        becomes: Becomes::Only("true", "_all_"),
        ..both("DOKKU_SKIP_DEFAULT_CHECKS", "checks", "skipped")
    },
    both("DOKKU_DEPLOY_BRANCH", "git", "deploy-branch"),
];

impl Moved {
    /// What the variable of this name became in this scope, if it became anything.
    pub fn of(variable: &str, scope: &Scope) -> Option<&'static Moved> {
        MOVED.iter().find(|moved| {
            moved.variable == variable
                && match moved.set_for {
                    SetFor::App => scope.app().is_some(),
                    SetFor::AllApps => scope.app().is_none(),
                    SetFor::Both => true,
                }
        })
    }

    /// What the property becomes when the variable is set to this; `None` when it is then not set.
    pub fn value(&self, variable: &str) -> Option<String> {
        let value = match self.becomes {
            Becomes::Same | Becomes::List => variable,
            Becomes::Switch => ["true", "false"][usize::from(variable == "0")],
            Becomes::Only(on, value) if variable == on => value,
            Becomes::Fixed(value) if !variable.is_empty() => value,
            Becomes::Only(..) | Becomes::Fixed(_) => "",
        };
        (!value.is_empty()).then(|| value.to_owned())
    }

    /// Writes the property for this value of the variable, and returns it as [`Moved::value`] does.
    ///
    /// # Errors
    /// When it cannot be written.
    pub fn write(&self, layout: &Layout, scope: &Scope, variable: &str) -> Outcome<Option<String>> {
        let value = self.value(variable);
        match (&value, &self.becomes) {
            (None, _) => properties::unset(layout, self.plugin, scope, self.key)?,
            (Some(value), Becomes::List) => {
                let items: Vec<String> = value.split_whitespace().map(str::to_owned).collect();
                properties::set_list(layout, self.plugin, scope, self.key, &items)?;
            }
            (Some(value), Becomes::Same | Becomes::Switch | Becomes::Only(..) | Becomes::Fixed(_)) => {
                properties::set(layout, self.plugin, scope, self.key, value)?;
            }
        }
        Ok(value)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn value(variable: &str, text: &str) -> Option<String> {
        let app = Scope::App("shop".parse().expect("a name"));
        Moved::of(variable, &app).expect("a moved variable").value(text)
    }

    #[test]
    fn values_become_what_the_property_wants() {
        assert_eq!(value("DOKKU_SCHEDULER", "null").as_deref(), Some("null"));
        assert_eq!(value("DOKKU_APP_RESTORE", "0").as_deref(), Some("false"));
        assert_eq!(value("DOKKU_APP_RESTORE", "1").as_deref(), Some("true"));
        assert_eq!(value("DOKKU_CHECKS_ENABLED", "0").as_deref(), Some("_all_"));
        assert_eq!(value("DOKKU_CHECKS_ENABLED", "1"), None);
        assert_eq!(value("DOKKU_DISABLE_PROXY", "1").as_deref(), Some("true"));
        assert_eq!(value("DOKKU_DISABLE_PROXY", ""), None);
    }

    #[test]
    fn a_variable_of_apps_alone_stays_a_variable_for_all() {
        assert!(Moved::of("DOKKU_START_CMD", &Scope::Global).is_none());
        assert!(Moved::of("DOKKU_SCHEDULER", &Scope::Global).is_some());
        assert!(Moved::of("DATABASE_URL", &Scope::Global).is_none());
    }
}
