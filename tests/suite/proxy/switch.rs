use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::thread;
use std::time::Duration;

use dokku::platform::lock::Lock;

use super::{Rig, name};

/// A container of sorts: answers each request with its name, keeps connections. Returns its port.
fn upstream(words: &'static str) -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let port = listener.local_addr().expect("an address").port();
    thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            thread::spawn(move || answer(&stream, words));
        }
    });
    port
}

fn answer(mut stream: &TcpStream, words: &str) {
    let mut reader = BufReader::new(stream);
    let mut line = String::new();
    while reader.read_line(&mut line).is_ok_and(|length| length > 0) {
        if line == "\r\n" {
            let answer = format!("HTTP/1.1 200 OK\r\nContent-Length: {}\r\n\r\n{words}", words.len());
            if stream.write_all(answer.as_bytes()).is_err() {
                return;
            }
        }
        line.clear();
    }
}

#[derive(Default)]
struct Counts {
    stop: AtomicBool,
    good: AtomicU64,
    failed: AtomicU64,
}

/// One client that keeps its connection and asks again and again. A connection closed between two requests is
/// nobody's fault: it connects anew.
fn keep_asking(port: u16, counts: &Counts) {
    while !counts.stop.load(Ordering::Relaxed) {
        let Ok(mut stream) = TcpStream::connect(("127.0.0.1", port)) else {
            counts.failed.fetch_add(1, Ordering::Relaxed);
            continue;
        };
        let mut reader = BufReader::new(stream.try_clone().expect("a second handle"));
        while !counts.stop.load(Ordering::Relaxed) {
            let sent = stream.write_all(b"GET / HTTP/1.1\r\nHost: shop.test\r\n\r\n").is_ok();
            match read_answer(&mut reader) {
                Some(200) => drop(counts.good.fetch_add(1, Ordering::Relaxed)),
                Some(_) => drop(counts.failed.fetch_add(1, Ordering::Relaxed)),
                None => {
                    // Not a byte came back: closed between requests.
                    let _ = sent;
                    break;
                }
            }
            thread::sleep(Duration::from_millis(5));
        }
    }
}

/// The status of the next answer; `None` when the connection ends before its first byte. One cut short is a failure (0).
fn read_answer(reader: &mut BufReader<TcpStream>) -> Option<u16> {
    let mut line = String::new();
    if !reader.read_line(&mut line).is_ok_and(|length| length > 0) {
        return None;
    }
    let status = line.split(' ').nth(1)?.parse().ok()?;
    let mut length = 0;
    loop {
        line.clear();
        if !reader.read_line(&mut line).is_ok_and(|length| length > 0) {
            return Some(0);
        }
        if let Some(value) = line.to_ascii_lowercase().strip_prefix("content-length:") {
            length = value.trim().parse().unwrap_or(0);
        }
        if line == "\r\n" {
            let mut body = vec![0; length];
            return Some(if reader.read_exact(&mut body).is_ok() { status } else { 0 });
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn many_wishes_at_once_are_few_reloads() {
    let Some(mut rig) = Rig::new() else { return };
    let proxy = rig.start().await;
    rig.write("shop", &rig.saying("shop", "one"));
    proxy.apply(name("shop")).await.expect("taken");
    let before = rig.generation();
    let wish = async |number: u32| {
        rig.write("shop", &rig.saying("shop", &format!("wish {number}")));
        proxy.apply(name("shop")).await
    };
    let done = futures_util::future::join_all((1..=50).map(wish)).await;
    assert_eq!(rig.get("shop").expect("an answer"), "wish 50");
    assert!(done.iter().all(Result::is_ok), "{done:?}");
    let reloads = rig.generation() - before;
    assert!((1..=10).contains(&reloads), "{reloads} reloads for fifty wishes");
}

#[tokio::test(flavor = "multi_thread")]
async fn twenty_switches_under_load_fail_no_request() {
    const SWITCHES: usize = 20;
    let Some(mut rig) = Rig::new() else { return };
    let proxy = rig.start().await;
    let (blue, green) = (upstream("blue"), upstream("green"));
    rig.write("shop", &rig.passing("shop", blue));
    proxy.apply(name("shop")).await.expect("taken");
    // A deploy waits for each; else they would come one a second.
    let _turn = Lock::take(&rig.layout.deploy_queue(&name("shop"))).expect("free");
    let counts = Arc::new(Counts::default());
    let mut clients = Vec::new();
    for _ in 0..20 {
        let (counts, port) = (Arc::clone(&counts), rig.port);
        clients.push(thread::spawn(move || keep_asking(port, &counts)));
    }
    let rig = Arc::new(rig);
    {
        let (counts, rig) = (Arc::clone(&counts), Arc::clone(&rig));
        clients.push(thread::spawn(move || {
            while !counts.stop.load(Ordering::Relaxed) {
                let is_good = rig.get("shop").is_ok_and(|answer| answer == "blue" || answer == "green");
                let count = if is_good { &counts.good } else { &counts.failed };
                count.fetch_add(1, Ordering::Relaxed);
                thread::sleep(Duration::from_millis(20));
            }
        }));
    }
    let began = std::time::Instant::now();
    for turn in 0..SWITCHES {
        let (port, words) = if turn % 2 == 0 { (green, "green") } else { (blue, "blue") };
        rig.write("shop", &rig.passing("shop", port));
        proxy.apply(name("shop")).await.expect("taken");
        for _ in 0..5 {
            assert_eq!(
                rig.get("shop").expect("an answer"),
                words,
                "who connects after the switch meets the new one"
            );
        }
    }
    let took = began.elapsed() / 20;
    counts.stop.store(true, Ordering::Relaxed);
    for client in clients {
        client.join().expect("no client panics");
    }
    let (good, failed) = (counts.good.load(Ordering::Relaxed), counts.failed.load(Ordering::Relaxed));
    eprintln!("{good} requests answered, {failed} failed, {} ms a switch", took.as_millis());
    assert!(good > 500, "{good} requests are no load");
    assert_eq!(failed, 0, "of {good} requests");
}

#[tokio::test]
async fn an_nginx_that_begins_on_what_was_prepared_is_not_reloaded() {
    let Some(mut rig) = Rig::new() else { return };
    let proxy = rig.start().await;
    rig.write("shop", &rig.saying("shop", "open"));
    proxy.apply(name("shop")).await.unwrap();
    rig.stop_nginx();

    let proxy = rig.start().await;
    let begun = rig.generation();
    proxy.catch_up().await;
    rig.wait_for("shop", "open");
    assert_eq!(rig.generation(), begun);
}

#[tokio::test]
async fn what_changed_while_nobody_was_here_is_at_work_after_a_start() {
    let Some(mut rig) = Rig::new() else { return };
    let proxy = rig.start().await;
    rig.write("shop", &rig.saying("shop", "open"));
    proxy.apply(name("shop")).await.unwrap();
    rig.stop_nginx();
    rig.write("shop", &rig.saying("shop", "changed"));

    rig.start().await.catch_up().await;
    rig.wait_for("shop", "changed");
}

#[tokio::test]
async fn an_nginx_that_went_on_alone_is_reloaded_once() {
    let Some(mut rig) = Rig::new() else { return };
    let before = rig.start().await;
    before.clone().catch_up().await;
    let after = rig.start_server().await;
    let begun = rig.generation();
    after.catch_up().await;
    assert_eq!(rig.generation(), begun + 1);
}
