//! Other clients than OpenSSH's, where they are installed: dropbear, putty, paramiko.

use std::process::{Command, Stdio};

use super::door::{TestDoor, text};

fn is_installed(program: &str) -> bool {
    let found = Command::new("sh").args(["-c", &format!("command -v {program}")]).output().unwrap();
    let installed = found.status.success();
    if !installed {
        println!("SKIPPED: {program} is not installed");
    }
    installed
}

#[test]
fn dropbears_client_gets_in() {
    if !is_installed("dbclient") || !is_installed("dropbearconvert") {
        return;
    }
    let door = TestDoor::open();
    let converted = door.folder.path().join("dropbear-key");
    let status = Command::new("dropbearconvert")
        .args(["openssh", "dropbear"])
        .args([door.key("admin"), converted.clone()])
        .stderr(Stdio::null())
        .status()
        .unwrap();
    assert!(status.success());
    let output = Command::new("timeout")
        .args(["30", "dbclient", "-y", "-y", "-T", "-p", &door.address.port().to_string(), "-i"])
        .arg(converted)
        .args(["dokku@127.0.0.1", "echo $NAME; exit 5"])
        .env("HOME", door.folder.path())
        .stdin(Stdio::null())
        .output()
        .unwrap();
    assert_eq!(
        (text(&output.stdout).as_str(), output.status.code()),
        ("admin\n", Some(5)),
        "{}",
        text(&output.stderr)
    );
}

#[test]
fn puttys_client_gets_in() {
    if !is_installed("plink") || !is_installed("puttygen") {
        return;
    }
    let door = TestDoor::open();
    let converted = door.folder.path().join("putty.ppk");
    let status = Command::new("puttygen")
        .arg(door.key("admin"))
        .args(["-O", "private", "-o"])
        .arg(&converted)
        .status()
        .unwrap();
    assert!(status.success());
    let public =
        std::fs::read_to_string(door.folder.path().join("etc/ssh/ssh_host_ed25519_key.pub")).unwrap();
    let host_key = Command::new("sh")
        .args(["-c", "ssh-keygen -lf /dev/stdin | cut -d' ' -f2"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .and_then(|mut child| {
            use std::io::Write;
            child.stdin.take().unwrap().write_all(public.as_bytes())?;
            child.wait_with_output()
        })
        .unwrap();
    let output = Command::new("timeout")
        .args(["30", "plink", "-batch", "-ssh", "-P", &door.address.port().to_string(), "-i"])
        .arg(converted)
        .args(["-hostkey", text(&host_key.stdout).trim(), "dokku@127.0.0.1", "echo $NAME; exit 5"])
        .env("HOME", door.folder.path())
        .stdin(Stdio::null())
        .output()
        .unwrap();
    assert_eq!(
        (text(&output.stdout).as_str(), output.status.code()),
        ("admin\n", Some(5)),
        "{}",
        text(&output.stderr)
    );
}

#[test]
fn paramiko_gets_in() {
    let python = ["python3"].into_iter().find(|python| {
        Command::new(python)
            .args(["-c", "import paramiko"])
            .stderr(Stdio::null())
            .status()
            .is_ok_and(|status| status.success())
    });
    let Some(python) = python else {
        println!("SKIPPED: paramiko is not installed");
        return;
    };
    let door = TestDoor::open();
    let script = r#"
import sys, paramiko
client = paramiko.SSHClient()
client.set_missing_host_key_policy(paramiko.AutoAddPolicy())
client.connect("127.0.0.1", port=int(sys.argv[1]), username="dokku", key_filename=sys.argv[2], look_for_keys=False, allow_agent=False)
stdin, stdout, stderr = client.exec_command("cat; echo err >&2; exit 5")
stdin.write("x" * 3000000)
stdin.channel.shutdown_write()
data = stdout.read()
print(len(data), stderr.read().decode().strip(), stdout.channel.recv_exit_status())
"#;
    let output = Command::new("timeout")
        .args(["60", python, "-W", "ignore", "-c", script, &door.address.port().to_string()])
        .arg(door.key("admin"))
        .output()
        .unwrap();
    assert_eq!(text(&output.stdout), "3000000 err 5\n", "{}", text(&output.stderr));
}
