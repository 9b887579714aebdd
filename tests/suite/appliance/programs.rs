//! The programs that plugins call by name are in the image, and run.

use crate::support::appliance::{docker, image, is_wanted};

/// Each with arguments that make it answer without doing anything (contract: plugin-abi.md, 6.2).
const PROGRAMS: &[&str] = &[
    "awk 'BEGIN { exit 0 }'",
    "basename /a/b",
    "bash --version",
    "cat --version",
    "chmod --version",
    "chown --version",
    "column --version",
    "crontab -l || [ $? = 1 ]",
    "curl --version",
    "cut --version",
    "date --version",
    "dirname /a/b",
    "docker --version",
    "docker buildx version",
    "docker-container-healthchecker version",
    "find --version",
    "flock --version",
    "git --version",
    "grep --version",
    "head --version",
    "hostname",
    "jq --version",
    "logger -t test -- text",
    "make --version",
    "mkdir --version",
    "mkpasswd --version",
    "mktemp -u",
    "mv --version",
    "netstat --version",
    "nginx -v",
    "nginx -V 2>&1 | grep -q stream",
    "openssl version",
    "perl -v",
    "plugn version",
    "ps --version",
    "python3 --version",
    "rm --version",
    "sed --version",
    "service nginx status || [ $? = 3 ]",
    "sha1sum --version",
    "sha256sum --version",
    "sleep 0",
    "socat -V",
    "sort --version",
    "sshcommand version",
    "sqlite3 --version",
    "ssh -V",
    "ssh-keygen -l -f /dev/null || [ $? = 255 ]",
    "command -v ssh-keyscan",
    "stat --version",
    "stty --version",
    "sudo --version",
    "sv status nginx || [ $? = 3 ]",
    "systemctl daemon-reload",
    "tail --version",
    "tar --version",
    "tee --version",
    "touch --version",
    "tput -V",
    "tr --version",
    "unzip -v",
    "wc --version",
    "which sh",
    "xz --version",
    "apt-get --version",
    "invoke-rc.d nginx status || [ $? = 3 ]",
    "dokku version",
    // Paths that sudoers files of plugins spell out.
    "/bin/rm --version",
    "/bin/mv --version",
    "/bin/chown --version",
    "/bin/chmod --version",
    "/usr/bin/tee --version",
    "/usr/sbin/nginx -v",
    "/usr/bin/systemctl daemon-reload",
];

#[test]
fn each_program_that_plugins_call_runs() {
    if !is_wanted() {
        return;
    }
    let script: String = PROGRAMS
        .iter()
        .map(|line| format!("( {line} ) >/dev/null 2>&1 </dev/null || echo '{}'\n", line.replace('\'', "")))
        .collect();
    let ran = docker(&["run", "--rm", "--entrypoint", "bash", &image(), "-c", &script]).ok();
    assert_eq!(ran.out, "", "these do not run");
}

#[test]
fn user_and_group_have_the_ids_that_old_volumes_know() {
    if !is_wanted() {
        return;
    }
    let ran = docker(&["run", "--rm", "--entrypoint", "id", &image(), "dokku"]).ok();
    assert!(ran.out.starts_with("uid=200(dokku) gid=200(dokku)"), "{ran}");
}

#[test]
fn the_image_is_small_and_says_what_it_is() {
    if !is_wanted() {
        return;
    }
    let size = docker(&["image", "inspect", "-f", "{{.Size}}", &image()]).ok();
    let bytes: u64 = size.out.trim().parse().expect("a number");
    assert!(bytes <= 400_000_000, "{bytes} bytes");
    let labels =
        docker(&["image", "inspect", "-f", "{{json .Config.Labels}}{{json .Config.Healthcheck}}", &image()])
            .ok();
    labels
        .says("org.opencontainers.image.version")
        .says("org.opencontainers.image.licenses")
        .says("_dokku/health");
}
