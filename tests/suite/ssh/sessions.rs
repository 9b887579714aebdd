//! Commands over SSH: streams, status, environment, terminals, signals, clients that go away.

use std::io::{Read, Write};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use dokku::platform::pty::{self, Size};
use dokku::server::ssh::Limits;

use super::door::{TestDoor, kill, text};

#[test]
fn output_errors_and_status_arrive_apart() {
    let door = TestDoor::open();
    let output = door.run("echo out; echo err >&2; exit 7");
    assert_eq!((text(&output.stdout).as_str(), text(&output.stderr).as_str()), ("out\n", "err\n"));
    assert_eq!(output.status.code(), Some(7));
}

#[test]
fn no_command_is_no_command() {
    let door = TestDoor::open();
    let output = door.ssh(&[]).stdin(Stdio::null()).output().unwrap();
    assert_eq!(text(&output.stdout), "no command\n");
}

#[test]
fn the_command_learns_who_calls_from_where() {
    let door = TestDoor::open();
    let output = door.run(
        r#"echo "$NAME|$FINGERPRINT|$BASE|$SSH_CLIENT|$SSH_CONNECTION|$SSH_ORIGINAL_COMMAND" | head -c 60"#,
    );
    let said = text(&output.stdout);
    assert!(said.starts_with("admin|SHA256:"), "{said}");
    let output = door.run("echo $SSH_CONNECTION; echo $BASE; echo ${SSH_TTY:-none}");
    let said = text(&output.stdout);
    let port = door.address.port();
    assert!(
        said.starts_with("127.0.0.1 ") && said.contains(&format!(" 127.0.0.1 {port}\nfrom serve\nnone\n")),
        "{said}"
    );
}

#[test]
fn only_harmless_variables_are_let_through() {
    let door = TestDoor::open();
    let output = door
        .ssh(&["-o", "SendEnv=LC_ALL LD_PRELOAD NAME GIT_PROTOCOL DOKKU_TRACE"])
        .arg(r#"echo "$LC_ALL|$LD_PRELOAD|$NAME|$GIT_PROTOCOL|$DOKKU_TRACE""#)
        .envs([("LC_ALL", "C.UTF-8"), ("NAME", "root"), ("GIT_PROTOCOL", "version=2"), ("DOKKU_TRACE", "1")])
        .output()
        .unwrap();
    assert_eq!(text(&output.stdout), "C.UTF-8||admin|version=2|\n");
}

#[test]
fn input_arrives_whole_and_ends() {
    let door = TestDoor::open();
    let sent = vec![b'x'; 5_000_000];
    let mut child = door.ssh(&[]).arg("wc -c").stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
    child.stdin.take().unwrap().write_all(&sent).unwrap();
    let output = child.wait_with_output().unwrap();
    assert_eq!(text(&output.stdout).trim(), "5000000", "{} {}", output.status, text(&output.stderr));
}

/// Both directions full at once: each waits for the other if either holds the connection up.
#[test]
fn an_echo_of_fifty_megabytes_comes_back() {
    let door = TestDoor::open();
    let mut child = door.ssh(&[]).arg("cat").stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
    let mut stdin = child.stdin.take().unwrap();
    let writer = std::thread::spawn(move || {
        let block = vec![b'y'; 1_000_000];
        (0..50).all(|_| stdin.write_all(&block).is_ok())
    });
    let mut stdout = child.stdout.take().unwrap();
    // A client that does not read at first: the command blocks, and with it its input.
    std::thread::sleep(Duration::from_millis(700));
    let mut count = 0;
    let mut block = vec![0; 1 << 16];
    loop {
        let read = stdout.read(&mut block).unwrap();
        if read == 0 {
            break;
        }
        assert!(block[..read].iter().all(|byte| *byte == b'y'));
        count += read;
    }
    assert!(writer.join().unwrap());
    assert_eq!(count, 50_000_000);
    assert!(child.wait().unwrap().success());
}

/// New keys every megabyte, as for a session that moves gigabytes by the clients' own habits.
#[test]
fn keys_are_changed_in_mid_stream() {
    let door = TestDoor::open();
    let mut child = door
        .ssh(&["-v", "-o", "LogLevel=DEBUG1", "-o", "RekeyLimit=1M"])
        .arg("cat")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut stdin = child.stdin.take().unwrap();
    let sent: Vec<u8> =
        (0..20_000_000_u32).map(|number| (number.wrapping_mul(2_654_435_761) >> 24) as u8).collect();
    let expected = sent.clone();
    let writer = std::thread::spawn(move || stdin.write_all(&sent));
    let output = child.wait_with_output().unwrap();
    writer.join().unwrap().unwrap();
    assert!(output.status.success(), "{}", text(&output.stderr));
    assert!(output.stdout == expected, "{} bytes came back", output.stdout.len());
    let exchanges = text(&output.stderr).matches("SSH2_MSG_NEWKEYS sent").count();
    assert!(exchanges >= 10, "{exchanges} exchanges of keys\n{}", text(&output.stderr));
}

/// As for a session that moves gigabytes, and one that lasts for hours: here it is the server that wants new keys.
#[test]
fn the_server_changes_keys_by_bytes_and_by_time() {
    for (limits, least) in [
        (Limits { bytes_per_key: 2 << 20, ..Limits::default() }, 5),
        (Limits { time_per_key: Duration::from_millis(200), ..Limits::default() }, 3),
    ] {
        let door = TestDoor::open_with(limits);
        let mut child = door
            .ssh(&["-v", "-o", "LogLevel=DEBUG1", "-o", "RekeyLimit=default none"])
            .arg("cat")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let mut stdin = child.stdin.take().unwrap();
        let writer = std::thread::spawn(move || {
            let begun = Instant::now();
            let mut count = 0;
            // The time limit is looked at when something moves, so it is given something for a while.
            while count < 20 || begun.elapsed() < Duration::from_secs(1) {
                if stdin.write_all(&[b'k'; 1_000_000]).is_err() {
                    break;
                }
                count += 1;
            }
            count * 1_000_000
        });
        let output = child.wait_with_output().unwrap();
        let sent = writer.join().unwrap();
        assert!(output.status.success(), "{}", text(&output.stderr));
        assert_eq!(output.stdout.len(), sent);
        let exchanges = text(&output.stderr).matches("SSH2_MSG_NEWKEYS sent").count();
        assert!(exchanges > least, "{exchanges} exchanges of keys\n{}", text(&output.stderr));
    }
}

/// What a command does not read waits at the client, not in our memory.
#[test]
fn input_that_nobody_reads_stays_with_the_client() {
    let door = TestDoor::open();
    let mut child = door
        .ssh(&[])
        .arg("echo ready; read line < $(echo /tmp/never-$$; mkfifo /tmp/never-$$)")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut stdin = child.stdin.take().unwrap();
    let (sent, count) = std::sync::mpsc::channel();
    std::thread::spawn(move || {
        let block = vec![b'z'; 1_000_000];
        while stdin.write_all(&block).is_ok() {
            if sent.send(()).is_err() {
                return;
            }
        }
    });
    let mut megabytes = 0;
    while count.recv_timeout(Duration::from_secs(2)).is_ok() {
        megabytes += 1;
        assert!(megabytes < 40, "the server takes in what nobody reads");
    }
    kill(child);
}

#[test]
fn a_signal_that_ends_the_command_is_told() {
    let door = TestDoor::open();
    let output = door.ssh(&["-v"]).arg("kill -TERM $$").output().unwrap();
    let said = text(&output.stderr);
    assert!(said.contains("exit-signal"), "{said}");
}

#[test]
fn a_terminal_has_the_clients_size_and_type() {
    let door = TestDoor::open();
    let output = door
        .ssh(&["-tt"])
        .arg("stty size; echo $TERM; tty; echo $SSH_TTY; exec 3</dev/tty && echo controlled; echo err >&2")
        .env("TERM", "xterm-test")
        .stdin(Stdio::null())
        .output()
        .unwrap();
    let said = text(&output.stdout).replace('\r', "");
    let lines: Vec<&str> = said.lines().collect();
    assert_eq!(lines[1], "xterm-test", "{said}");
    assert!(lines[2].starts_with("/dev/pts/"), "{said}");
    assert_eq!(lines[2], lines[3]);
    assert_eq!(lines[4..], ["controlled", "err"]);
}

#[test]
fn a_window_change_reaches_the_command() {
    let door = TestDoor::open();
    let size = |columns, rows| Size { columns, rows, width: 0, height: 0 };
    let terminal = pty::open(size(80, 24), &[], None).unwrap();
    let client = door.ssh(&["-tt"]);
    let mut command = Command::new("setsid");
    command.arg("--ctty").arg(client.get_program()).args(client.get_args());
    let mut child = command
        .arg("stty size; trap 'stty size; exit 3' WINCH; echo ready; while :; do sleep 0.05; done")
        .stdin(Stdio::from(terminal.slave.try_clone().unwrap()))
        .stdout(Stdio::from(terminal.slave.try_clone().unwrap()))
        .stderr(Stdio::from(terminal.slave))
        .spawn()
        .unwrap();
    let mut screen = std::fs::File::from(terminal.master.try_clone().unwrap());
    await_line(&mut screen, "24 80");
    await_line(&mut screen, "ready");
    pty::resize(&terminal.master, size(120, 55)).unwrap();
    await_line(&mut screen, "55 120");
    assert_eq!(child.wait().unwrap().code(), Some(3));
}

/// A client that goes away while this program runs for it; what the program then wrote into its file.
fn left_alone(program: &str, then: &str) -> String {
    let door = TestDoor::open();
    let (file, mark) = (door.folder.path().join(program), door.folder.path().join("mark"));
    let script = format!(
        "#!/bin/sh\nMARK={}\ntrap 'echo hung up > $MARK; exit' HUP\necho ready\n{then}\necho finished > $MARK\n",
        mark.display()
    );
    std::fs::write(&file, script).unwrap();
    assert!(Command::new("chmod").arg("+x").arg(&file).status().unwrap().success());
    let mut client = door
        .ssh(&[])
        .arg(format!("{program} 'app'"))
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    await_line(client.stdout.as_mut().unwrap(), "ready");
    kill(client);
    let deadline = Instant::now() + Duration::from_secs(10);
    loop {
        let found = std::fs::read_to_string(&mark).unwrap_or_default();
        if !found.is_empty() {
            return found.trim().to_owned();
        }
        assert!(Instant::now() < deadline, "{program} did not notice");
        std::thread::sleep(Duration::from_millis(20));
    }
}

#[test]
fn what_is_shown_to_a_client_ends_with_it() {
    assert_eq!(left_alone("logs", "while :; do sleep 0.05; done"), "hung up");
}

#[test]
fn a_push_goes_on_when_its_client_goes_away() {
    assert_eq!(left_alone("git-receive-pack", "cat > /dev/null; sleep 0.3; echo out"), "finished");
}

#[test]
fn what_children_of_a_command_hold_open_does_not_hold_the_client() {
    let door = TestDoor::open();
    let began = Instant::now();
    let output = door.run("sleep 20 & echo done");
    assert_eq!(text(&output.stdout), "done\n");
    assert!(began.elapsed() < Duration::from_secs(10));
}

#[test]
fn ten_sessions_share_a_connection_and_no_more() {
    let door = TestDoor::open();
    let socket = door.folder.path().join("mux");
    let control = format!("ControlPath={}", socket.display());
    let mut master =
        door.ssh(&["-M", "-o", &control]).arg("echo ready; sleep 30").stdout(Stdio::piped()).spawn().unwrap();
    await_line(master.stdout.as_mut().unwrap(), "ready");
    let children: Vec<_> = (0..9)
        .map(|_| {
            let mut child = door
                .ssh(&["-o", &control])
                .arg("echo ready; sleep 30")
                .stdout(Stdio::piped())
                .spawn()
                .unwrap();
            await_line(child.stdout.as_mut().unwrap(), "ready");
            child
        })
        .collect();
    let eleventh = door.ssh(&["-o", &control, "-o", "LogLevel=INFO"]).arg("echo in").output().unwrap();
    assert!(!text(&eleventh.stderr).is_empty());
    for child in children.into_iter().chain([master]) {
        kill(child);
    }
}

#[test]
fn sessions_that_ended_make_room_for_others() {
    let door = TestDoor::open();
    let control = format!("ControlPath={}", door.folder.path().join("mux").display());
    let mut master =
        door.ssh(&["-M", "-o", &control]).arg("echo ready; sleep 30").stdout(Stdio::piped()).spawn().unwrap();
    await_line(master.stdout.as_mut().unwrap(), "ready");
    for number in 0..25 {
        let output = door.ssh(&["-o", &control]).arg(format!("echo {number}")).output().unwrap();
        assert_eq!(text(&output.stdout), format!("{number}\n"), "{}", text(&output.stderr));
    }
    kill(master);
}

fn await_line(stream: &mut impl Read, line: &str) {
    let mut read = Vec::new();
    let mut byte = [0];
    while !text(&read).contains(line) {
        assert_eq!(stream.read(&mut byte).unwrap(), 1, "{}", text(&read));
        read.push(byte[0]);
    }
}
