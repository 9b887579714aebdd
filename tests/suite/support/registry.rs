//! A registry for one image, which it gives to those who know the password: enough of the protocol for
//! the engine to fetch a base image.

use std::collections::BTreeMap;
use std::io::{BufRead, BufReader, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::Arc;

use sha2::{Digest, Sha256};

const MANIFEST: &str = "application/vnd.docker.distribution.manifest.v2+json";

/// Listens as long as the test program runs. Engines take 127.0.0.0/8 without TLS.
pub struct Registry {
    /// `127.0.0.1:PORT`.
    pub host: String,
    /// The image's name there.
    pub image: String,
}

impl Registry {
    /// With an image of one file, `/base`. `authorization` is what the head of each request must say.
    pub fn start(content: &str, authorization: &str) -> Self {
        let mut layer = tar::Builder::new(Vec::new());
        let mut header = tar::Header::new_gnu();
        header.set_size(content.len() as u64);
        header.set_mode(0o644);
        layer.append_data(&mut header, "base", content.as_bytes()).expect("memory");
        let layer = layer.into_inner().expect("memory");
        let config = format!(
            r#"{{"architecture":"{}","os":"linux","config":{{}},"rootfs":{{"type":"layers","diff_ids":["{}"]}}}}"#,
            if cfg!(target_arch = "aarch64") { "arm64" } else { "amd64" },
            digest(&layer)
        );
        let manifest = format!(
            r#"{{"schemaVersion":2,"mediaType":"{MANIFEST}","config":{{"mediaType":"application/vnd.docker.container.image.v1+json","size":{},"digest":"{}"}},"layers":[{{"mediaType":"application/vnd.docker.image.rootfs.diff.tar","size":{},"digest":"{}"}}]}}"#,
            config.len(),
            digest(config.as_bytes()),
            layer.len(),
            digest(&layer)
        );
        let mut answers = BTreeMap::new();
        for bytes in [layer, config.into_bytes()] {
            answers.insert(format!("/v2/base/blobs/{}", digest(&bytes)), bytes);
        }
        let manifest = manifest.into_bytes();
        answers.insert(format!("/v2/base/manifests/{}", digest(&manifest)), manifest.clone());
        answers.insert("/v2/base/manifests/latest".into(), manifest);
        answers.insert("/v2/".into(), Vec::new());
        let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
        let host = listener.local_addr().expect("it is bound").to_string();
        let (answers, authorization) = (Arc::new(answers), authorization.to_owned());
        std::thread::spawn(move || {
            for client in listener.incoming().flatten() {
                let (answers, authorization) = (Arc::clone(&answers), authorization.clone());
                std::thread::spawn(move || serve(client, &answers, &authorization));
            }
        });
        Registry { image: format!("{host}/base:latest"), host }
    }
}

fn digest(bytes: &[u8]) -> String {
    let hex: String = Sha256::digest(bytes).iter().map(|byte| format!("{byte:02x}")).collect();
    format!("sha256:{hex}")
}

/// One connection, one answer after the other.
fn serve(client: TcpStream, answers: &BTreeMap<String, Vec<u8>>, authorization: &str) -> Option<()> {
    let mut reader = BufReader::new(client.try_clone().ok()?);
    let mut client = client;
    loop {
        let mut request = String::new();
        if reader.read_line(&mut request).ok()? == 0 {
            return None;
        }
        let mut known = false;
        loop {
            let mut header = String::new();
            reader.read_line(&mut header).ok()?;
            if header.trim().is_empty() {
                break;
            }
            known |= header.trim().eq_ignore_ascii_case(&format!("authorization: {authorization}"));
        }
        let mut words = request.split(' ');
        let (method, path) = (words.next()?, words.next()?);
        let (status, body) = match answers.get(path) {
            _ if !known => ("401 Unauthorized", &b"{}"[..]),
            Some(body) => ("200 OK", body.as_slice()),
            None => ("404 Not Found", &b"{}"[..]),
        };
        let kind = if path.contains("/manifests/") { MANIFEST } else { "application/octet-stream" };
        let head = format!(
            "HTTP/1.1 {status}\r\nContent-Type: {kind}\r\nContent-Length: {}\r\nDocker-Content-Digest: {}\r\nWWW-Authenticate: Basic realm=\"test\"\r\n\r\n",
            body.len(),
            digest(body)
        );
        client.write_all(head.as_bytes()).ok()?;
        if method != "HEAD" {
            client.write_all(body).ok()?;
        }
    }
}
