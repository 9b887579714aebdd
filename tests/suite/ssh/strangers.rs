//! Limits on connections: who stays silent must not keep others out.

use std::io::Read;
use std::net::TcpStream;
use std::time::{Duration, Instant};

use dokku::server::ssh::Limits;

use super::door::{TestDoor, text};

fn silent(door: &TestDoor) -> TcpStream {
    let stream = TcpStream::connect(door.address).unwrap();
    stream.set_read_timeout(Some(Duration::from_secs(20))).unwrap();
    stream
}

fn await_end(mut stream: &TcpStream) {
    let mut all = Vec::new();
    // An end by reset is an end too.
    let _ = stream.read_to_end(&mut all);
}

#[test]
fn silent_connections_give_way_when_others_wait() {
    let limits = Limits { strangers: 3, patience: Duration::from_millis(300), ..Limits::default() };
    let door = TestDoor::open_with(limits);
    let _silent: Vec<TcpStream> = (0..6).map(|_| silent(&door)).collect();
    assert_eq!(text(&door.run("echo in").stdout), "in\n");
}

#[test]
fn who_does_not_log_in_is_shown_out() {
    let door = TestDoor::open_with(Limits { grace: Duration::from_millis(300), ..Limits::default() });
    let began = Instant::now();
    await_end(&silent(&door));
    assert!(began.elapsed() < Duration::from_secs(10));
    // Who did log in stays as long as it likes.
    assert_eq!(text(&door.run("sleep 1; echo in").stdout), "in\n");
}

#[test]
fn too_many_connections_are_told_so() {
    let door = TestDoor::open_with(Limits { connections: 2, ..Limits::default() });
    let _first = silent(&door);
    let _second = silent(&door);
    let mut said = String::new();
    let deadline = Instant::now() + Duration::from_secs(10);
    while !said.contains("Too many connections") {
        assert!(Instant::now() < deadline, "{said}");
        said.clear();
        let mut third = silent(&door);
        third.set_read_timeout(Some(Duration::from_millis(500))).unwrap();
        let mut bytes = [0; 64];
        let read = third.read(&mut bytes).unwrap_or(0);
        said = text(&bytes[..read]);
    }
}

#[test]
fn fifty_at_once_all_get_in() {
    let door = TestDoor::open();
    let children: Vec<_> = (0..50)
        .map(|number| {
            door.ssh(&[]).arg(format!("echo {number}")).stdout(std::process::Stdio::piped()).spawn().unwrap()
        })
        .collect();
    for (number, child) in children.into_iter().enumerate() {
        let output = child.wait_with_output().unwrap();
        assert_eq!(text(&output.stdout), format!("{number}\n"));
    }
}

#[test]
fn nonsense_ends_only_its_own_connection() {
    use std::io::Write;
    let door = TestDoor::open();
    for nonsense in
        [&b"GET / HTTP/1.1\r\n\r\n"[..], b"SSH-2.0-x\r\n\xff\xff\xff\xff\xff\xff", b"\0\0\0\0", &[b'A'; 4096]]
    {
        let mut stream = silent(&door);
        // The server may have hung up before we have said it all; that is what we are after.
        let _ = stream.write_all(nonsense);
        let _ = stream.shutdown(std::net::Shutdown::Write);
        await_end(&stream);
    }
    assert_eq!(text(&door.run("echo in").stdout), "in\n");
}
