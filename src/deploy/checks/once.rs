//! One try of a check at a container that runs, as deploys make it and `dokku serve` for as long as the container lives.

use std::sync::Arc;
use std::time::Duration;

use crate::model::app_json::{Header, Probe};
use crate::model::{Fault, Outcome};
use crate::platform::docker::Docker;
use crate::platform::probe::{self, HttpAnswer, HttpRequest, LONGEST_ANSWER, Security};

use super::{inside, listening};

/// How many redirects a check follows.
const MOST_REDIRECTS: usize = 10;

/// A container that is asked.
#[derive(Clone, Copy)]
pub struct Subject<'a> {
    /// Its engine.
    pub docker: &'a Arc<dyn Docker>,
    /// Its id.
    pub id: &'a str,
    /// Where it can be reached from here.
    pub address: &'a str,
    /// The port of a check that names none.
    pub port: u16,
    /// Sent with every request, before the check's own.
    pub headers: &'a [Header],
}

/// What is wrong with the container.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Unwell {
    /// In words.
    pub why: String,
    /// What the program of the check wrote, if it is one and has ended.
    pub output: Option<String>,
}

impl From<String> for Unwell {
    fn from(why: String) -> Self {
        Unwell { why, output: None }
    }
}

impl From<Fault> for Unwell {
    fn from(fault: Fault) -> Self {
        fault.message.into()
    }
}

/// One try, for which there is so much time.
///
/// # Errors
/// What is wrong.
pub async fn once(subject: Subject<'_>, probe: &Probe, limit: Duration) -> Result<(), Unwell> {
    match probe {
        Probe::Command(command) => inside::run(subject, command, limit).await,
        Probe::Path { content, .. } => ask(&request(subject, probe), content, limit).await,
        Probe::Listening { port } => {
            listening::accepts_now(subject, port.unwrap_or(subject.port), limit).await
        }
        Probe::Uptime(_) => match subject.docker.inspect_container(subject.id).await {
            Ok(container) if container.state.running && !container.state.restarting => Ok(()),
            Ok(_) => Err("container state is not running".to_owned().into()),
            Err(error) => Err(Fault::from(error).into()),
        },
    }
}

/// What an app of these domains would see through the proxy.
pub fn headers(is_tls: bool, domains: Vec<String>) -> Vec<Header> {
    let header = |name: &str, value: String| Header { name: name.to_owned(), value };
    let scheme = is_tls.then(|| header("X-Forwarded-Proto", "https".to_owned()));
    let domain = domains.into_iter().find(|domain| domain != "localhost" && domain != "*");
    scheme.into_iter().chain(domain.map(|domain| header("Host", domain))).collect()
}

/// The request of a check by path; an empty one for others.
pub(super) fn request(subject: Subject<'_>, probe: &Probe) -> HttpRequest {
    let Probe::Path { path, content, is_tls, headers, port } = probe else { return HttpRequest::default() };
    HttpRequest {
        address: subject.address.to_owned(),
        port: port.unwrap_or(subject.port),
        path: path.clone(),
        headers: pairs(subject.headers, headers),
        security: if *is_tls { Security::Encrypted } else { Security::Plain },
        json: None,
        kept: if content.is_empty() { 0 } else { LONGEST_ANSWER },
    }
}

/// The given headers; of two with one name the check's own counts.
fn pairs(common: &[Header], own: &[Header]) -> Vec<(String, String)> {
    let is_own = |name: &str| own.iter().any(|header| header.name.eq_ignore_ascii_case(name));
    common
        .iter()
        .filter(|header| !is_own(&header.name))
        .chain(own)
        .map(|header| (header.name.clone(), header.value.clone()))
        .collect()
}

/// Asks, and looks for the text in the answer.
pub(super) async fn ask(request: &HttpRequest, content: &str, limit: Duration) -> Result<(), Unwell> {
    let answer = follow(request, limit).await?;
    if !(200..300).contains(&answer.status) {
        return Err(format!("unexpected status code: {}", answer.status).into());
    }
    let body = String::from_utf8_lossy(&answer.body);
    if content.is_empty() || body.contains(content) {
        return Ok(());
    }
    let mut why = format!("unable to find expected content in response body: {content}");
    if answer.is_cut {
        why += &format!(" (among its first {LONGEST_ANSWER} bytes)");
    }
    Err(why.into())
}

/// Asks, and follows redirects that stay at the container.
async fn follow(request: &HttpRequest, limit: Duration) -> Outcome<HttpAnswer> {
    let mut request = request.clone();
    for _ in 0..MOST_REDIRECTS {
        let answer = probe::http(&request, limit).await?;
        if !(300..400).contains(&answer.status) || answer.location.is_empty() {
            return Ok(answer);
        }
        match inner_path(&answer.location, &request) {
            Some(path) => request.path = path,
            None => return Ok(answer),
        }
    }
    Err(Fault::new(format!("stopped after {MOST_REDIRECTS} redirects")))
}

/// The path a redirect leads to, if it leads to the same host in the same way.
fn inner_path(location: &str, request: &HttpRequest) -> Option<String> {
    let host = request.headers.iter().find(|(name, _)| name.eq_ignore_ascii_case("host"));
    let own = host.map_or_else(|| format!("{}:{}", request.address, request.port), |(_, host)| host.clone());
    let scheme = match request.security {
        Security::Plain => "http://",
        Security::Encrypted | Security::Trusted => "https://",
    };
    if let Some(rest) = location.strip_prefix(scheme) {
        let (host, path) = rest.split_once('/').unwrap_or((rest, ""));
        return (host == own).then(|| format!("/{path}"));
    }
    (location.starts_with('/') && !location.starts_with("//")).then(|| location.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn redirects_are_followed_within_the_container_only() {
        let request = HttpRequest {
            address: "172.17.0.2".to_owned(),
            port: 5000,
            headers: vec![("Host".to_owned(), "shop.example.com".to_owned())],
            ..HttpRequest::default()
        };
        for (location, path) in [
            ("/login?a=b", Some("/login?a=b")),
            ("http://shop.example.com/x", Some("/x")),
            ("http://shop.example.com", Some("/")),
            ("https://shop.example.com/x", None),
            ("//elsewhere.example.com/x", None),
            ("http://elsewhere.example.com/x", None),
        ] {
            assert_eq!(inner_path(location, &request).as_deref(), path, "{location}");
        }
    }

    #[test]
    fn a_check_of_its_own_host_wins() {
        let header = |name: &str, value: &str| Header { name: name.to_owned(), value: value.to_owned() };
        let merged = pairs(&[header("Host", "a"), header("X", "1")], &[header("host", "b")]);
        assert_eq!(merged, [("X".to_owned(), "1".to_owned()), ("host".to_owned(), "b".to_owned())]);
    }
}
