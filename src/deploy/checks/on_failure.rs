//! What the app wants done about a failed check.

use std::time::Duration;

use crate::model::app_json::OnFailure;
use crate::model::{Fault, Outcome};
use crate::platform::env::Env;
use crate::platform::probe::{self, HttpRequest, Security};
use crate::platform::process::{self, Ending};

/// How long whoever is told may take to answer.
const LIMIT: Duration = Duration::from_secs(30);

/// How many bytes the program may write, which nobody reads.
const MOST_OUTPUT: usize = 1 << 20;

/// Runs the program and sends the request that the check names.
///
/// # Errors
/// When the program fails, or the request is not answered with 200.
pub async fn tell(on_failure: &OnFailure, env: &Env, name: &str, errors: &[String]) -> Outcome {
    if let Some((program, arguments)) = on_failure.command.split_first() {
        run(program, arguments, env).await?;
    }
    if !on_failure.url.is_empty() {
        let json = serde_json::json!({ "healthcheck_name": name, "errors": errors }).to_string();
        let mut request = request_of(&on_failure.url)?;
        request.json = Some(json);
        let answer = probe::http(&request, LIMIT).await?;
        if answer.status != 200 {
            return Err(Fault::new(format!("post request failed with status: {}", answer.status)));
        }
    }
    Ok(())
}

async fn run(program: &str, arguments: &[String], env: &Env) -> Outcome {
    let program = process::Program {
        path: program.into(),
        arguments: arguments.to_vec(),
        env: env.clone(),
        folder: None,
        input: process::Input::Empty,
        output: process::Output::Captured,
    };
    let limits = process::Limits { time: Some(LIMIT), captured: Some(MOST_OUTPUT) };
    let why = match process::run_within(program, limits).await? {
        Ending::Ended(ended) if ended.status == 0 => return Ok(()),
        Ending::Ended(ended) => format!("exit status {}", ended.status),
        Ending::TooSlow => format!("not done within {} seconds", LIMIT.as_secs()),
        Ending::TooMuch => format!("it wrote more than {MOST_OUTPUT} bytes"),
    };
    Err(Fault::new(format!("failed to execute on failure command: {why}")))
}

/// A request of a url.
fn request_of(url: &str) -> Outcome<HttpRequest> {
    let wrong = || Fault::new(format!("{url} is not a url of http or https"));
    let (security, usual, rest) = match (url.strip_prefix("http://"), url.strip_prefix("https://")) {
        (Some(rest), _) => (Security::Plain, "80", rest),
        (None, Some(rest)) => (Security::Trusted, "443", rest),
        (None, None) => return Err(wrong()),
    };
    let (host, path) = rest.split_once('/').unwrap_or((rest, ""));
    let (address, port) = host.rsplit_once(':').unwrap_or((host, usual));
    let port = port.parse().map_err(|_| wrong())?;
    let (address, path) = (address.to_owned(), format!("/{path}"));
    Ok(HttpRequest { security, address, port, path, ..HttpRequest::default() })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_url_is_taken_apart() {
        for (url, expected) in [
            (
                "http://hooks.example.com:8080/a/b?c=d",
                (Security::Plain, "hooks.example.com", 8080, "/a/b?c=d"),
            ),
            ("http://hooks.example.com", (Security::Plain, "hooks.example.com", 80, "/")),
            ("https://hooks.example.com/x", (Security::Trusted, "hooks.example.com", 443, "/x")),
        ] {
            let request = request_of(url).expect("a url");
            let read = (request.security, request.address.as_str(), request.port, request.path.as_str());
            assert_eq!(read, expected);
        }
        assert!(request_of("ftp://hooks.example.com/").is_err());
    }
}
