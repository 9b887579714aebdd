//! Visitors who never stop: on connections that they keep, and on new ones.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::thread::JoinHandle;
use std::time::Duration;

use super::http::{Answer, get};

/// How many visitors there are of each kind.
const EACH: usize = 3;

/// What the visitors saw.
#[derive(Default)]
struct Seen {
    is_over: AtomicBool,
    answered: AtomicUsize,
    failed: Mutex<Vec<String>>,
}

/// Visitors at work.
pub struct Load {
    seen: Arc<Seen>,
    visitors: Vec<JoinHandle<()>>,
}

impl Load {
    /// Visitors of a host by that port.
    pub fn on(port: u16, host: &str) -> Self {
        let seen = Arc::new(Seen::default());
        let mut visitors = Vec::new();
        for number in 0..2 * EACH {
            let (seen, host) = (Arc::clone(&seen), host.to_owned());
            visitors.push(std::thread::spawn(move || {
                let mut kept = None;
                while !seen.is_over.load(Ordering::Relaxed) {
                    let answer = match number % 2 {
                        0 => get(port, &host, "/"),
                        _ => get_on(&mut kept, port, &host),
                    };
                    match answer {
                        Ok(Answer { status: 200, .. }) => drop(seen.answered.fetch_add(1, Ordering::Relaxed)),
                        other => {
                            seen.failed.lock().expect("nobody panics").push(format!("{number}: {other:?}"))
                        }
                    }
                    std::thread::sleep(Duration::from_millis(5));
                }
            }));
        }
        Load { seen, visitors }
    }

    /// Sends the visitors home. Fails the test if one of them was not answered, or if there were hardly any requests.
    #[track_caller]
    pub fn ends_without_failure(self) -> usize {
        self.seen.is_over.store(true, Ordering::Relaxed);
        for visitor in self.visitors {
            visitor.join().expect("visitors do not panic");
        }
        let failed = self.seen.failed.lock().expect("nobody panics");
        let answered = self.seen.answered.load(Ordering::Relaxed);
        assert!(failed.is_empty(), "{} of {answered} requests failed: {failed:#?}", failed.len());
        assert!(answered > 50, "only {answered} requests");
        answered
    }
}

/// One request on a connection that is kept. As browsers do, one that was closed while nothing was asked on it is
/// replaced; a request that fails on a new connection has failed.
fn get_on(kept: &mut Option<BufReader<TcpStream>>, port: u16, host: &str) -> Result<Answer, String> {
    if let Some(mut stream) = kept.take() {
        match exchange(&mut stream, host) {
            Ok((answer, is_kept)) => {
                *kept = is_kept.then_some(stream);
                return Ok(answer);
            }
            Err(Trouble::Before) => {}
            Err(Trouble::Within(why)) => return Err(why),
        }
    }
    let stream = TcpStream::connect(("127.0.0.1", port)).map_err(|error| error.to_string())?;
    stream.set_read_timeout(Some(Duration::from_secs(10))).map_err(|error| error.to_string())?;
    let mut stream = BufReader::new(stream);
    match exchange(&mut stream, host) {
        Ok((answer, is_kept)) => {
            *kept = is_kept.then_some(stream);
            Ok(answer)
        }
        Err(Trouble::Before) => Err("a new connection was closed without an answer".to_owned()),
        Err(Trouble::Within(why)) => Err(why),
    }
}

enum Trouble {
    /// Before a byte of the answer came.
    Before,
    /// In its midst.
    Within(String),
}

fn exchange(stream: &mut BufReader<TcpStream>, host: &str) -> Result<(Answer, bool), Trouble> {
    let within = |error: std::io::Error| Trouble::Within(error.to_string());
    let asked = write!(stream.get_mut(), "GET / HTTP/1.1\r\nHost: {host}\r\n\r\n");
    asked.map_err(|_| Trouble::Before)?;
    let mut line = String::new();
    match stream.read_line(&mut line) {
        Ok(0) => return Err(Trouble::Before),
        Err(error) if error.kind() == std::io::ErrorKind::ConnectionReset => return Err(Trouble::Before),
        Err(error) => return Err(within(error)),
        Ok(_) => {}
    }
    let status = line.split(' ').nth(1).and_then(|code| code.parse().ok());
    let status = status.ok_or_else(|| Trouble::Within(format!("no status: {line:?}")))?;
    let (mut length, mut is_kept) = (None, true);
    loop {
        line.clear();
        stream.read_line(&mut line).map_err(within)?;
        let head = line.trim().to_lowercase();
        if head.is_empty() {
            break;
        }
        if let Some(value) = head.strip_prefix("content-length: ") {
            length = value.parse::<usize>().ok();
        }
        is_kept &= head != "connection: close";
    }
    let mut body = Vec::new();
    match length {
        Some(length) => {
            body.resize(length, 0);
            stream.read_exact(&mut body).map_err(within)?;
        }
        None => {
            stream.read_to_end(&mut body).map_err(within)?;
            is_kept = false;
        }
    }
    Ok((Answer { status, body: String::from_utf8_lossy(&body).into_owned() }, is_kept))
}
