//! The tries of one check.

use std::time::Duration;

use futures_util::StreamExt;
use tokio::time::{Instant, sleep, sleep_until, timeout};

use crate::model::app_json::{Header, Probe};
use crate::model::{Fault, Outcome};
use crate::platform::docker::{Container, ExecPlan};
use crate::platform::probe::{self, HttpAnswer, HttpRequest};

use super::listening;
use super::plan::Check;
use super::run::Surroundings;

/// How many redirects a check follows.
const MOST_REDIRECTS: usize = 10;

/// Tries until one try succeeds or all have failed; then the error of each.
pub(super) async fn all(surroundings: &Surroundings<'_>, check: &Check) -> Result<(), Vec<String>> {
    delay(surroundings, check).await.map_err(|fault| vec![fault.message])?;
    let port = |own: &Option<u16>| own.unwrap_or(surroundings.port());
    match &check.probe {
        Probe::Uptime(time) => uptime(surroundings, *time).await.map_err(|error| vec![error]),
        Probe::Listening { port: own } => listening::opens(surroundings, check, port(own))
            .await
            .map_err(|error| vec![error; usize::try_from(check.attempts).unwrap_or(1)]),
        Probe::Command(command) => repeated(check, || run_inside(surroundings, command, check.timeout)).await,
        Probe::Path { path, content, is_tls, headers, port: own } => {
            let mut request = HttpRequest {
                address: surroundings.target.address.clone(),
                port: port(own),
                path: path.clone(),
                headers: Vec::new(),
                json: None,
            };
            request.headers = pairs(&surroundings.headers, headers);
            repeated(check, || ask(&request, content, *is_tls, check)).await
        }
    }
}

async fn delay(surroundings: &Surroundings<'_>, check: &Check) -> Outcome {
    if check.initial_delay > Duration::ZERO {
        let container = inspect(surroundings).await?;
        sleep(check.initial_delay.saturating_sub(uptime_of(surroundings, &container))).await;
    }
    Ok(())
}

async fn repeated<F: Future<Output = Result<(), String>>>(
    check: &Check,
    attempt: impl Fn() -> F,
) -> Result<(), Vec<String>> {
    let mut errors = Vec::new();
    for number in 1..=check.attempts {
        match attempt().await {
            Ok(()) => return Ok(()),
            Err(error) => errors.push(error),
        }
        if number < check.attempts {
            sleep(check.wait).await;
        }
    }
    Err(errors)
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

/// One try of a path. The port is given the time between two tries to open, so that an app that begins to
/// listen a moment later is asked in that moment.
async fn ask(request: &HttpRequest, content: &str, is_tls: bool, check: &Check) -> Result<(), String> {
    if is_tls {
        return Err("checks by https are not supported: the proxy speaks http to the app".to_owned());
    }
    listening::wait_for_port(&request.address, request.port, Instant::now() + check.wait).await;
    let answer = follow(request, check.timeout).await.map_err(|fault| fault.message)?;
    if !(200..300).contains(&answer.status) {
        return Err(format!("unexpected status code: {}", answer.status));
    }
    let body = String::from_utf8_lossy(&answer.body);
    if !content.is_empty() && !body.contains(content) {
        return Err(format!("unable to find expected content in response body: {content}"));
    }
    Ok(())
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

/// The path a redirect leads to, if it leads to the same host.
fn inner_path(location: &str, request: &HttpRequest) -> Option<String> {
    let host = request.headers.iter().find(|(name, _)| name.eq_ignore_ascii_case("host"));
    let own = host.map_or_else(|| format!("{}:{}", request.address, request.port), |(_, host)| host.clone());
    if let Some(rest) = location.strip_prefix("http://") {
        let (host, path) = rest.split_once('/').unwrap_or((rest, ""));
        return (host == own).then(|| format!("/{path}"));
    }
    (location.starts_with('/') && !location.starts_with("//")).then(|| location.to_owned())
}

/// A request of an `http://` url.
pub(super) fn request_of(url: &str) -> Outcome<HttpRequest> {
    let wrong = || Fault::new(format!("{url} is not an http url")).hint("only http:// is supported here");
    let rest = url.strip_prefix("http://").ok_or_else(wrong)?;
    let (host, path) = rest.split_once('/').unwrap_or((rest, ""));
    let (address, port) = host.rsplit_once(':').unwrap_or((host, "80"));
    let port = port.parse().map_err(|_| wrong())?;
    Ok(HttpRequest { address: address.to_owned(), port, path: format!("/{path}"), ..HttpRequest::default() })
}

/// One try of a program in the container.
async fn run_inside(
    surroundings: &Surroundings<'_>,
    command: &[String],
    limit: Duration,
) -> Result<(), String> {
    match timeout(limit, output_inside(surroundings, command)).await {
        Ok(Ok((0, _))) => Ok(()),
        Ok(Ok((status, output))) => {
            let out = &surroundings.ctx.out;
            out.step("Start healthcheck output");
            output.lines().map(str::trim).filter(|line| !line.is_empty()).for_each(|line| out.detail(line));
            out.step("End healthcheck output");
            Err(format!("non-zero exit code {status}"))
        }
        Ok(Err(fault)) => Err(fault.message),
        Err(_) => Err(format!("no end within {} seconds", limit.as_secs())),
    }
}

/// Runs a program in the container: its exit status and what it wrote.
pub(super) async fn output_inside(
    surroundings: &Surroundings<'_>,
    command: &[String],
) -> Outcome<(i64, String)> {
    let docker = &surroundings.ctx.platform.docker;
    let plan = ExecPlan { command: command.to_vec(), ..ExecPlan::default() };
    let mut exec = docker.exec(&surroundings.target.id, &plan).await?;
    let mut output = Vec::new();
    while let Some(chunk) = exec.attached.output.next().await {
        output.extend_from_slice(&chunk?.bytes);
    }
    let status = docker.exec_status(&exec.id).await?.unwrap_or(0);
    Ok((status, String::from_utf8_lossy(&output).into_owned()))
}

async fn uptime(surroundings: &Surroundings<'_>, wanted: Duration) -> Result<(), String> {
    let before = inspect(surroundings).await.map_err(|fault| fault.message)?;
    let left = wanted.saturating_sub(uptime_of(surroundings, &before));
    sleep_until(Instant::now() + left).await;
    let after = inspect(surroundings).await.map_err(|fault| fault.message)?;
    match (after.state.running, after.restart_count) {
        (false, _) => Err("container state is not running".to_owned()),
        (true, 0) => Ok(()),
        (true, restarts) => Err(format!("container has restarted {restarts} times")),
    }
}

async fn inspect(surroundings: &Surroundings<'_>) -> Outcome<Container> {
    Ok(surroundings.ctx.platform.docker.inspect_container(&surroundings.target.id).await?)
}

/// How long the container runs, by the machine's clock. The engine's may be another: then it has just begun.
fn uptime_of(surroundings: &Surroundings<'_>, container: &Container) -> Duration {
    let now = surroundings.ctx.platform.clock.now();
    let started = container.state.started_at.unwrap_or(now);
    Duration::try_from(now.duration_since(started)).unwrap_or_default()
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

    #[test]
    fn a_url_is_taken_apart() {
        let request = request_of("http://hooks.example.com:8080/a/b?c=d").expect("a url");
        assert_eq!((request.address.as_str(), request.port, request.path.as_str()), {
            ("hooks.example.com", 8080, "/a/b?c=d")
        });
        assert!(request_of("https://hooks.example.com/").is_err());
    }
}
