//! Asking a container from outside: does its port answer, and what does it say to a request?

use std::io::Read;
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use http_body_util::{BodyExt, Full};
use hyper::{Method, Request};
use hyper_util::rt::TokioIo;
use rustls::crypto::ring::default_provider;
use tokio::net::TcpStream;
use tokio::time::timeout;
use ureq::tls::TlsConfig;

use super::trust::Trust;
use crate::model::{Context, Fault, Outcome};

/// How much of an answer is read, in bytes, and kept at most: the server asks sixteen containers at once, and is to stay
/// small meanwhile. What is longer is cut.
pub const LONGEST_ANSWER: usize = 1024 * 1024;

/// How a request travels.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Security {
    /// As it is.
    #[default]
    Plain,
    /// By TLS, whoever answers: a container has no certificate that anybody could know.
    Encrypted,
    /// By TLS, to whom the system's roots vouch for.
    Trusted,
}

/// A request.
#[derive(Clone, Debug, Default)]
pub struct HttpRequest {
    /// How it travels.
    pub security: Security,
    /// Whom to connect to: an address or a name.
    pub address: String,
    /// Its port.
    pub port: u16,
    /// With a leading slash, and with the query.
    pub path: String,
    /// Headers; without a `Host` among them the address is it.
    pub headers: Vec<(String, String)>,
    /// Makes it a POST of JSON; a GET without.
    pub json: Option<String>,
    /// How many bytes of the answer are kept, none where nobody looks at them.
    pub kept: usize,
}

/// An answer.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct HttpAnswer {
    /// Such as 200.
    pub status: u16,
    /// Where a redirect leads to; empty without one.
    pub location: String,
    /// What was said, as far as it was to be kept.
    pub body: Vec<u8>,
    /// True when more was said than is read.
    pub is_cut: bool,
}

/// True when somebody accepts a connection in that time.
pub async fn accepts(address: &str, port: u16, limit: Duration) -> bool {
    matches!(timeout(limit, TcpStream::connect((address, port))).await, Ok(Ok(_)))
}

/// Sends the request and reads the answer, `LONGEST_ANSWER` bytes of it at most.
///
/// # Errors
/// When nobody answers in that time, or not in HTTP.
pub async fn http(request: &HttpRequest, limit: Duration) -> Outcome<HttpAnswer> {
    let exchange = async {
        match request.security {
            Security::Plain => exchange(request).await,
            Security::Encrypted | Security::Trusted => {
                let request = request.clone();
                let asked = tokio::task::spawn_blocking(move || exchange_by_tls(&request, limit)).await;
                asked.context(|| "the exchange did not end")?
            }
        }
    };
    match timeout(limit, exchange).await {
        Ok(answer) => answer,
        Err(_) => Err(Fault::new(format!("no answer within {} seconds", limit.as_secs()))),
    }
}

/// The same by TLS, which is seldom: by the client that the tree has for it.
fn exchange_by_tls(request: &HttpRequest, limit: Duration) -> Outcome<HttpAnswer> {
    let url = format!("https://{}:{}{}", request.address, request.port, request.path);
    let what = || format!("cannot ask {url}");
    let provider = || Arc::new(default_provider());
    let tls = match request.security {
        Security::Trusted => Trust::of_system().for_ureq(),
        Security::Plain | Security::Encrypted => TlsConfig::builder()
            .disable_verification(true)
            .unversioned_rustls_crypto_provider(provider())
            .build(),
    };
    let agent = ureq::Agent::config_builder()
        .tls_config(tls)
        .timeout_global(Some(limit))
        .max_redirects(0)
        .http_status_as_error(false)
        .proxy(None)
        .build()
        .new_agent();
    let has = |name: &str| request.headers.iter().any(|(key, _)| key.eq_ignore_ascii_case(name));
    let head = |mut message: ureq::http::request::Builder| {
        if !has("accept") {
            message = message.header("Accept", "*/*");
        }
        request.headers.iter().fold(message, |message, (name, value)| message.header(name, value))
    };
    let answer = match &request.json {
        Some(json) => {
            let message = head(ureq::http::Request::post(&url).header("Content-Type", "application/json"));
            agent.run(message.body(json.clone()).context(what)?)
        }
        None => agent.run(head(ureq::http::Request::get(&url)).body(()).context(what)?),
    };
    let mut answer = answer.context(what)?;
    let location = answer.headers().get("location").and_then(|value| value.to_str().ok());
    let location = location.unwrap_or_default().to_owned();
    let mut body = Body::new(request.kept);
    let mut reader = answer.body_mut().as_reader();
    let mut piece = [0; 16 * 1024];
    while !body.is_cut {
        match reader.read(&mut piece).context(what)? {
            0 => break,
            length => body.take(&piece[..length]),
        }
    }
    Ok(HttpAnswer { status: answer.status().as_u16(), location, body: body.bytes, is_cut: body.is_cut })
}

async fn exchange(request: &HttpRequest) -> Outcome<HttpAnswer> {
    let (address, port) = (request.address.as_str(), request.port);
    let what = || format!("cannot ask {address}:{port}");
    let stream = TcpStream::connect((address, port)).await.context(what)?;
    let (mut sender, connection) =
        hyper::client::conn::http1::handshake(TokioIo::new(stream)).await.context(what)?;
    let asked = sender.send_request(message(request)?);
    let answer = async {
        let answer = asked.await.context(what)?;
        let (head, mut said) = answer.into_parts();
        let location = head.headers.get("location").and_then(|value| value.to_str().ok());
        let location = location.unwrap_or_default().to_owned();
        let mut body = Body::new(request.kept);
        while !body.is_cut
            && let Some(frame) = said.frame().await
        {
            if let Some(piece) = frame.context(what)?.data_ref() {
                body.take(piece);
            }
        }
        let (body, is_cut) = (body.bytes, body.is_cut);
        Ok(HttpAnswer { status: head.status.as_u16(), location, body, is_cut })
    };
    tokio::pin!(answer);
    // The connection is driven beside the exchange; its end alone decides nothing.
    tokio::select! {
        answer = &mut answer => answer,
        _ = connection => answer.await,
    }
}

/// What is read of an answer, as it comes.
struct Body {
    bytes: Vec<u8>,
    read: usize,
    kept: usize,
    is_cut: bool,
}

impl Body {
    fn new(kept: usize) -> Self {
        Body { bytes: Vec::new(), read: 0, kept: kept.min(LONGEST_ANSWER), is_cut: false }
    }

    fn take(&mut self, piece: &[u8]) {
        let room = self.kept - self.bytes.len();
        self.bytes.extend_from_slice(&piece[..piece.len().min(room)]);
        self.read += piece.len();
        self.is_cut = self.read > LONGEST_ANSWER;
    }
}

fn message(request: &HttpRequest) -> Outcome<Request<Full<Bytes>>> {
    let method = if request.json.is_some() { Method::POST } else { Method::GET };
    let mut message = Request::builder().method(method).uri(&request.path);
    let has = |name: &str| request.headers.iter().any(|(key, _)| key.eq_ignore_ascii_case(name));
    if !has("host") {
        message = message.header("Host", format!("{}:{}", request.address, request.port));
    }
    if !has("accept") {
        message = message.header("Accept", "*/*");
    }
    if request.json.is_some() {
        message = message.header("Content-Type", "application/json");
    }
    for (name, value) in &request.headers {
        message = message.header(name, value);
    }
    let body = request.json.clone().unwrap_or_default();
    message
        .body(Full::new(Bytes::from(body)))
        .context(|| "cannot make a request of this path and these headers")
}

#[cfg(test)]
mod tests {
    use super::*;
    use tokio::io::{AsyncReadExt, AsyncWriteExt};
    use tokio::net::TcpListener;

    const LIMIT: Duration = Duration::from_secs(5);

    /// Answers one connection with these words and returns what it was asked.
    async fn serve(answer: impl Into<Vec<u8>>) -> (u16, tokio::task::JoinHandle<String>) {
        let answer = answer.into();
        let listener = TcpListener::bind(("127.0.0.1", 0)).await.expect("a port");
        let port = listener.local_addr().expect("an address").port();
        let asked = tokio::spawn(async move {
            let (mut stream, _) = listener.accept().await.expect("a connection");
            let mut buffer = vec![0; 4096];
            let length = stream.read(&mut buffer).await.expect("a request");
            // Who has heard enough goes away.
            let _ = stream.write_all(&answer).await;
            String::from_utf8_lossy(&buffer[..length]).into_owned()
        });
        (port, asked)
    }

    #[test]
    fn a_request_carries_its_headers_and_the_answer_comes_whole() {
        crate::platform::runtime().expect("a runtime").block_on(async {
            let (port, asked) =
                serve("HTTP/1.1 302 Found\r\nLocation: /login\r\nContent-Length: 5\r\n\r\nhello").await;
            let request = HttpRequest {
                address: "127.0.0.1".to_owned(),
                port,
                path: "/health?x=1".to_owned(),
                headers: vec![("Host".to_owned(), "shop.example.com".to_owned())],
                kept: LONGEST_ANSWER,
                ..HttpRequest::default()
            };
            let answer = http(&request, LIMIT).await.expect("an answer");
            assert_eq!((answer.status, answer.location.as_str()), (302, "/login"));
            assert_eq!(answer.body, b"hello");
            let asked = asked.await.expect("asked");
            assert!(asked.starts_with("GET /health?x=1 HTTP/1.1\r\n"), "{asked}");
            assert!(asked.contains("\r\nhost: shop.example.com\r\n"), "{asked}");
            assert_eq!(asked.matches("host:").count(), 1, "{asked}");
        });
    }

    #[test]
    fn of_a_long_answer_the_beginning_is_read_and_only_what_is_looked_at_is_kept() {
        crate::platform::runtime().expect("a runtime").block_on(async {
            let long = || {
                let head = "HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n".as_bytes();
                [head, &vec![b'x'; 4 * LONGEST_ANSWER]].concat()
            };
            for kept in [0, LONGEST_ANSWER] {
                let (port, _) = serve(long()).await;
                let request =
                    HttpRequest { address: "127.0.0.1".to_owned(), port, kept, ..HttpRequest::default() };
                let request = HttpRequest { path: "/".to_owned(), ..request };
                let answer = http(&request, LIMIT).await.expect("an answer");
                assert_eq!((answer.status, answer.body.len(), answer.is_cut), (200, kept, true));
            }
        });
    }

    #[test]
    fn a_closed_port_is_seen_at_once() {
        crate::platform::runtime().expect("a runtime").block_on(async {
            let listener = TcpListener::bind(("127.0.0.1", 0)).await.expect("a port");
            let port = listener.local_addr().expect("an address").port();
            assert!(accepts("127.0.0.1", port, LIMIT).await);
            drop(listener);
            assert!(!accepts("127.0.0.1", port, LIMIT).await);
            let request = HttpRequest { address: "127.0.0.1".to_owned(), port, ..HttpRequest::default() };
            assert!(http(&request, LIMIT).await.is_err());
        });
    }

    #[test]
    fn a_container_with_a_certificate_of_nobody_is_asked_by_tls() {
        let made = rcgen::generate_simple_self_signed(vec!["localhost".to_owned()]).expect("a certificate");
        let key = rustls::pki_types::PrivatePkcs8KeyDer::from(made.signing_key.serialize_der());
        let config = rustls::ServerConfig::builder_with_provider(Arc::new(default_provider()))
            .with_safe_default_protocol_versions()
            .expect("versions")
            .with_no_client_auth()
            .with_single_cert(vec![made.cert.der().clone()], key.into())
            .expect("a certificate and its key");
        let listener = std::net::TcpListener::bind(("127.0.0.1", 0)).expect("a port");
        let port = listener.local_addr().expect("an address").port();
        std::thread::spawn(move || {
            use std::io::{Read, Write};
            for stream in listener.incoming().flatten() {
                let session = rustls::ServerConnection::new(Arc::new(config.clone())).expect("a session");
                let mut stream = rustls::StreamOwned::new(session, stream);
                let mut request = [0; 4096];
                if stream.read(&mut request).is_ok() {
                    let _ = stream.write_all(b"HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nwell");
                    let _ = stream.flush();
                }
            }
        });
        let request = HttpRequest {
            security: Security::Encrypted,
            address: "127.0.0.1".to_owned(),
            port,
            path: "/health".to_owned(),
            headers: vec![("Host".to_owned(), "shop.example.com".to_owned())],
            kept: LONGEST_ANSWER,
            ..HttpRequest::default()
        };
        crate::platform::runtime().expect("a runtime").block_on(async {
            let answer = http(&request, LIMIT).await.expect("an answer");
            assert_eq!((answer.status, answer.body.as_slice()), (200, &b"well"[..]));
            let trusted = HttpRequest { security: Security::Trusted, ..request };
            assert!(http(&trusted, LIMIT).await.is_err(), "nobody vouches for it");
        });
    }
}
