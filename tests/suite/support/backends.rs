//! Services of this machine that a domain leads to: each tells what reached it through the proxy.

use std::convert::Infallible;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::thread;

use http_body_util::{BodyExt, Collected, StreamBody};
use hyper::body::{Bytes, Frame, Incoming};
use hyper::header::{HeaderMap, HeaderValue};
use hyper::service::service_fn;
use hyper::{Request, Response};
use hyper_util::rt::{TokioExecutor, TokioIo};

/// Speaks HTTP/2 without TLS alone, as a gRPC server does: answers with what it was sent, and with a trailer. Returns
/// its port. Must be called inside a runtime.
pub fn grpc() -> u16 {
    let (listener, port) = everywhere();
    listener.set_nonblocking(true).expect("a socket");
    let listener = tokio::net::TcpListener::from_std(listener).expect("a runtime");
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            let served = hyper::server::conn::http2::Builder::new(TokioExecutor::new())
                .serve_connection(TokioIo::new(stream), service_fn(echo));
            tokio::spawn(served);
        }
    });
    port
}

type Parts = StreamBody<futures_util::stream::Iter<std::vec::IntoIter<Result<Frame<Bytes>, Infallible>>>>;

async fn echo(request: Request<Incoming>) -> Result<Response<Parts>, Infallible> {
    let kind = request.headers().get("content-type").cloned().unwrap_or(HeaderValue::from_static("none"));
    let sent = request.into_body().collect().await.map(Collected::to_bytes).unwrap_or_default();
    let mut trailers = HeaderMap::new();
    trailers.insert("grpc-status", HeaderValue::from_static("0"));
    // In parts: a body of known length has no trailers.
    let parts = vec![Ok(Frame::data(sent)), Ok(Frame::trailers(trailers))];
    let mut response = Response::new(StreamBody::new(futures_util::stream::iter(parts)));
    response.headers_mut().insert("content-type", kind);
    Ok(response)
}

/// Speaks HTTP/1.1: a request to upgrade is taken and its bytes sent back; any other is answered with its own head.
/// Returns its port.
pub fn upgrading() -> u16 {
    let (listener, port) = everywhere();
    thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            thread::spawn(move || converse(stream));
        }
    });
    port
}

fn converse(mut stream: TcpStream) -> std::io::Result<()> {
    let mut reader = BufReader::new(stream.try_clone()?);
    let mut head = String::new();
    while reader.read_line(&mut head)? > 2 {}
    let lower = head.to_lowercase();
    if lower.contains("\r\nupgrade: websocket\r\n") && lower.contains("\r\nconnection: upgrade\r\n") {
        stream.write_all(
            b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n",
        )?;
        let mut bytes = [0; 64];
        loop {
            let length = reader.read(&mut bytes)?;
            if length == 0 {
                return Ok(());
            }
            stream.write_all(&bytes[..length])?;
        }
    }
    let answer = format!(
        "HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: {}\r\nConnection: close\r\n\r\n{head}",
        head.len()
    );
    stream.write_all(answer.as_bytes())
}

/// A socket that containers reach as well.
fn everywhere() -> (TcpListener, u16) {
    let listener = TcpListener::bind(("0.0.0.0", 0)).expect("a port");
    let port = listener.local_addr().expect("an address").port();
    (listener, port)
}
