//! The files themselves: what sourcing one does to the shell, and that shell and program know the same names.

use std::collections::BTreeSet;
use std::process::Command;

use dokku::domains;
use expect_test::expect;

use super::Installation;
use crate::support::sources::{below, root};

const FILES: [&str; 11] = [
    "certs/functions",
    "common/functions",
    "common/property-functions",
    "config/functions",
    "docker-options/functions",
    "domains/functions",
    "nginx-vhosts/functions",
    "nginx-vhosts/internal-functions",
    "proxy/functions",
    "ps/functions",
    "storage/functions",
];

fn defined(here: &Installation, file: &str) -> String {
    let script = format!("source \"$PLUGIN_CORE_AVAILABLE_PATH/{file}\"; declare -F | cut -d' ' -f3 | xargs");
    here.bash(&script).1
}

#[test]
fn each_file_brings_in_what_plugins_count_on() {
    let here = Installation::new();
    for (file, brings) in [
        ("config/functions", "dokku_log_info1 config_get"),
        ("certs/functions", "dokku_log_info1 is_ssl_enabled"),
        ("domains/functions", "dokku_log_info1 config_get get_app_domains"),
        ("docker-options/functions", "dokku_log_info1 add_passed_docker_option remove_passed_docker_option"),
        ("nginx-vhosts/functions", "is_ssl_enabled config_get restart_nginx fn-nginx-error-log-path"),
        ("nginx-vhosts/internal-functions", "fn-plugin-property-get"),
        ("ps/functions", "dokku_log_info1 ps_stop"),
        ("proxy/functions", "dokku_log_info1 get_app_proxy_type"),
    ] {
        let names = defined(&here, file);
        let names: BTreeSet<&str> = names.split_whitespace().collect();
        for name in brings.split(' ') {
            assert!(names.contains(name), "{file} does not bring in {name}");
        }
    }
    assert_eq!(defined(&here, "storage/functions").trim(), "");
}

#[test]
fn no_function_is_there_that_dokku_does_not_have() {
    let here = Installation::new();
    // Plugins look whether a name is defined and go another way then: a new one is a decision.
    expect![[r#"
        add_val_to_list copy_from_image dokku_apps dokku_col_log_info1 dokku_col_log_info1_quiet dokku_col_log_info2 dokku_col_log_info2_quiet dokku_col_log_msg dokku_col_log_msg_quiet dokku_container_log_verbose_quiet dokku_log_event dokku_log_exclaim dokku_log_exclaim_quiet dokku_log_exit dokku_log_exit_quiet dokku_log_fail dokku_log_fail_quiet dokku_log_info1 dokku_log_info1_quiet dokku_log_info2 dokku_log_info2_quiet dokku_log_quiet dokku_log_stderr dokku_log_verbose dokku_log_verbose_quiet dokku_log_warn dokku_log_warn_quiet dokku_version fn-docker-args-split fn-in-array fn-is-valid-app-name fn-verify-app-image get_app_container_ids get_app_image_name get_app_image_repo get_app_scheduler get_available_port get_deploying_app_image_name get_json_value get_running_image_tag has_tty is_abs_path is_container_status is_deployed is_image_cnb_based is_image_herokuish_based is_number is_val_in_list is_valid_app_name release_and_deploy strip_inline_comments suppress_output verify_app_name verify_image
    "#]].assert_eq(&defined(&here, "common/functions"));
}

#[test]
fn sourcing_switches_the_shell_to_strict() {
    let here = Installation::new();
    for file in FILES {
        let source = format!("source \"$PLUGIN_CORE_AVAILABLE_PATH/{file}\"");
        let (_, flags) = here.bash(&format!("{source}; echo $-; shopt -o pipefail"));
        assert!(flags.contains('e') && flags.contains("on"), "{file}: {flags}");
        assert!(!flags.lines().next().unwrap().contains('x'), "{file}: {flags}");
        let (status, _) = here.bash(&format!("set +e; {source}; {source}; false; echo reached"));
        assert_eq!(status, 1, "{file}: errexit comes with each sourcing, the second too");
        let (_, traced) = here.bash(&format!("export DOKKU_TRACE=1; {source}; echo $-"));
        assert!(traced.lines().any(|line| !line.starts_with("2>") && line.contains('x')), "{file}: {traced}");
    }
}

#[test]
fn a_plugins_own_function_of_the_same_name_stays_and_inner_shells_source_anew() {
    let here = Installation::new();
    let (_, seen) = here.bash(
        "source \"$PLUGIN_CORE_AVAILABLE_PATH/common/functions\"
         is_container_status() { echo mine; }
         source \"$PLUGIN_CORE_AVAILABLE_PATH/config/functions\"
         is_container_status
         bash -c 'source \"$PLUGIN_CORE_AVAILABLE_PATH/config/functions\"; dokku_log_info1 inner'",
    );
    assert_eq!(seen, "mine\n-----> inner\n");
}

#[test]
fn shell_and_program_know_the_same_functions() {
    let shell: BTreeSet<String> = FILES
        .iter()
        .map(|file| std::fs::read_to_string(root().join("image/facade").join(file)).unwrap())
        .flat_map(|text| {
            let calls = text.split("dokku plugin-call ").skip(1);
            calls
                .map(|rest| rest.split([' ', ')', '\n']).next().unwrap_or_default().to_owned())
                .collect::<Vec<_>>()
        })
        // The words of the comment at the top of the file.
        .filter(|name| !name.starts_with("NAME"))
        .collect();
    let native = domains::ALL.iter().flat_map(|domain| domain.functions);
    let native: BTreeSet<String> = native.map(|function| function.name.trim().to_owned()).collect();
    assert_eq!(shell, native);
}

#[test]
fn each_domain_has_a_folder_that_plugins_find() {
    let version = env!("CARGO_PKG_VERSION");
    let folder = root().join("image/facade");
    let mut names: BTreeSet<String> = domains::ALL.iter().map(|domain| domain.plugin.to_owned()).collect();
    names.extend(FILES.iter().map(|file| file.split('/').next().unwrap().to_owned()));
    for name in names {
        let path = folder.join(&name).join("plugin.toml");
        let expected = format!(
            "[plugin]\ndescription = \"dokku core {name} plugin\"\nversion = \"{version}\"\n\n[plugin.config]\n"
        );
        if std::env::var_os("UPDATE_EXPECT").is_some() {
            std::fs::create_dir_all(path.parent().unwrap()).unwrap();
            std::fs::write(&path, &expected).unwrap();
        }
        let found = std::fs::read_to_string(&path).unwrap_or_default();
        assert_eq!(found, expected, "{}: UPDATE_EXPECT=1 writes it", path.display());
    }
}

#[test]
fn what_plugins_probe_is_there_only_if_it_is_answered() {
    let probed = [("certs", "certs-set"), ("cron", "cron-write")];
    for (plugin, trigger) in probed {
        let mut listeners = domains::ALL.iter().flat_map(|domain| domain.listeners);
        let is_answered = listeners.any(|listener| listener.trigger == trigger);
        let path = root().join("image/facade").join(plugin).join(trigger);
        assert_eq!(path.exists(), is_answered, "{}", path.display());
    }
}

#[test]
fn shellcheck_finds_nothing() {
    if Command::new("shellcheck").arg("--version").output().is_err() {
        println!("SKIPPED: there is no shellcheck");
        return;
    }
    assert!(below("image/facade", "functions").len() >= FILES.len());
    let output = Command::new("shellcheck")
        .args(["--external-sources", "--shell=bash"])
        .args(FILES.map(|file| format!("image/facade/{file}")))
        .current_dir(root())
        .output()
        .unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stdout));
}
