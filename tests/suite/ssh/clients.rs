//! Other clients than today's OpenSSH, where they are installed: an old one, dropbear, putty, paramiko.

use std::io::Write;
use std::path::Path;
use std::process::{Command, Stdio};

use super::door::{TestDoor, text};
use dokku::store::keys::DEFAULT_RESTRICTIONS;

fn is_installed(program: &str) -> bool {
    let found = Command::new("sh").args(["-c", &format!("command -v {program}")]).output().unwrap();
    let installed = found.status.success();
    if !installed {
        println!("SKIPPED: {program} is not installed");
    }
    installed
}

/// What OpenSSH 7.2 (2016) offers of what is not broken today: with each of these alone, each type of key gets
/// in. Older ones sign with RSA and SHA-1 only, and get in with ed25519.
#[test]
fn algorithms_of_old_clients_are_spoken() {
    let door = TestDoor::open();
    let rsa = door.add_key("rsa", "rsa 2048", DEFAULT_RESTRICTIONS);
    let ecdsa = door.add_key("ecdsa", "ecdsa 256", DEFAULT_RESTRICTIONS);
    let enters = |key: &Path, option: &str| {
        let output = door.ssh_as("dokku", key, &["-o", option]).arg("echo in").output().unwrap();
        assert_eq!(text(&output.stdout), "in\n", "{option}: {}", text(&output.stderr));
    };
    for kex in [
        "curve25519-sha256@libssh.org",
        "ecdh-sha2-nistp256",
        "ecdh-sha2-nistp384",
        "ecdh-sha2-nistp521",
        "diffie-hellman-group-exchange-sha256",
    ] {
        enters(&door.key("admin"), &format!("KexAlgorithms={kex}"));
    }
    for cipher in ["chacha20-poly1305@openssh.com", "aes128-ctr", "aes192-ctr", "aes256-ctr"] {
        enters(&door.key("admin"), &format!("Ciphers={cipher}"));
    }
    for mac in
        ["hmac-sha2-256", "hmac-sha2-512", "hmac-sha2-256-etm@openssh.com", "hmac-sha2-512-etm@openssh.com"]
    {
        // Ciphers that bring their own would leave it out.
        let output = door
            .ssh(&["-o", "Ciphers=aes128-ctr", "-o", &format!("MACs={mac}")])
            .arg("echo in")
            .output()
            .unwrap();
        assert_eq!(text(&output.stdout), "in\n", "{mac}: {}", text(&output.stderr));
    }
    for host_key in ["ssh-ed25519", "ecdsa-sha2-nistp256"] {
        enters(&door.key("admin"), &format!("HostKeyAlgorithms={host_key}"));
    }
    for signature in ["rsa-sha2-256", "rsa-sha2-512"] {
        enters(&rsa, &format!("PubkeyAcceptedAlgorithms={signature}"));
    }
    enters(&ecdsa, "KexAlgorithms=curve25519-sha256@libssh.org");
}

/// What OpenSSH's client of before 7.2 (2016) knows of what is not broken today, in its own order of preference.
const BEFORE_7_2: [&str; 4] = [
    "KexAlgorithms=curve25519-sha256@libssh.org,ecdh-sha2-nistp256,ecdh-sha2-nistp384,ecdh-sha2-nistp521,\
     diffie-hellman-group-exchange-sha256,diffie-hellman-group14-sha1",
    "HostKeyAlgorithms=ecdsa-sha2-nistp256,ecdsa-sha2-nistp384,ecdsa-sha2-nistp521,ssh-ed25519,ssh-rsa",
    "Ciphers=aes128-ctr,aes192-ctr,aes256-ctr,aes128-gcm@openssh.com,aes256-gcm@openssh.com,\
     chacha20-poly1305@openssh.com",
    "MACs=umac-64-etm@openssh.com,umac-128-etm@openssh.com,hmac-sha2-256-etm@openssh.com,\
     hmac-sha2-512-etm@openssh.com,hmac-sha1-etm@openssh.com,umac-64@openssh.com,hmac-sha2-256,hmac-sha1",
];

/// A client of 2017 itself, which Debian keeps beside today's; and the same confined to what older ones speak.
#[test]
fn openssh_7_5_gets_in_with_every_type_of_key_and_what_older_ones_speak() {
    if !is_installed("ssh1") {
        return;
    }
    let door = TestDoor::open();
    let old_client = |key: &Path, options: &[&str]| {
        let today = door.ssh_as("dokku", key, &[]);
        let words: Vec<_> =
            today.get_args().map(|word| if word == "ssh" { "ssh1".as_ref() } else { word }).collect();
        let (host, rest) = words.split_last().unwrap();
        let mut client = Command::new(today.get_program());
        client.args(rest).args(options.iter().flat_map(|option| ["-o", option])).arg(host);
        client.env_remove("SSH_AUTH_SOCK");
        client
    };
    for key_type in ["ed25519", "ecdsa 256", "ecdsa 384", "ecdsa 521", "rsa 2048", "rsa 4096"] {
        let key = door.add_key(&key_type.replace(' ', "-"), key_type, DEFAULT_RESTRICTIONS);
        for options in [&[][..], &BEFORE_7_2] {
            let output = old_client(&key, options).arg("echo in; exit 5").output().unwrap();
            let seen = (text(&output.stdout), output.status.code());
            assert_eq!((seen.0.as_str(), seen.1), ("in\n", Some(5)), "{key_type}: {}", text(&output.stderr));
        }
    }
    // New keys every megabyte, both ways at once, without today's stricter exchange.
    for options in [&["RekeyLimit=1M"][..], &[&BEFORE_7_2[..], &["RekeyLimit=1M"]].concat()] {
        let mut child = old_client(&door.key("admin"), options)
            .arg("cat")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let sent: Vec<u8> =
            (0..10_000_000_u32).map(|number| (number.wrapping_mul(2_654_435_761) >> 24) as u8).collect();
        let (mut stdin, bytes) = (child.stdin.take().unwrap(), sent.clone());
        let writer = std::thread::spawn(move || stdin.write_all(&bytes));
        let output = child.wait_with_output().unwrap();
        writer.join().unwrap().unwrap();
        assert!(output.status.success() && output.stdout == sent, "{} bytes came back", output.stdout.len());
    }
}

/// A client that asks whether we are there, every second of a long silence.
#[test]
fn questions_whether_we_live_are_answered() {
    let door = TestDoor::open();
    let asks = ["-o", "ServerAliveInterval=1", "-o", "ServerAliveCountMax=1"];
    let output = door.ssh(&asks).arg("sleep 4; echo awake").output().unwrap();
    assert_eq!(text(&output.stdout), "awake\n", "{}", text(&output.stderr));
}

/// The client, given a command, brings back what it prints and how it ends.
fn learns_its_name_and_status(door: &TestDoor, mut client: Command) {
    client.arg("echo $NAME; exit 5").env("HOME", door.folder.path()).stdin(Stdio::null());
    let output = client.output().unwrap();
    let seen = (text(&output.stdout), output.status.code());
    assert_eq!((seen.0.as_str(), seen.1), ("admin\n", Some(5)), "{}", text(&output.stderr));
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
    let port = door.address.port().to_string();
    let mut client = Command::new("timeout");
    client
        .args(["30", "dbclient", "-y", "-y", "-T", "-p", &port, "-i"])
        .arg(converted)
        .arg("dokku@127.0.0.1");
    learns_its_name_and_status(&door, client);
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
            child.stdin.take().unwrap().write_all(public.as_bytes())?;
            child.wait_with_output()
        })
        .unwrap();
    let port = door.address.port().to_string();
    let mut client = Command::new("timeout");
    client.args(["30", "plink", "-batch", "-ssh", "-P", &port, "-i"]).arg(converted);
    client.args(["-hostkey", text(&host_key.stdout).trim(), "dokku@127.0.0.1"]);
    learns_its_name_and_status(&door, client);
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
