//! Git over http and https: one GET, then a POST for each request.
//!
//! ureq is the client: small, blocking as the rest of this room is, and content with the TLS that the tree has
//! already (rustls on ring). The roots are those of the system.

use std::io::Read;
use std::time::Duration;

use ureq::http::Response;
use ureq::{Agent, Body, Proxy, ResponseExt};

use super::Transport;
use super::address::{HttpAddress, without_login};
use super::daemon::{DIAL, SILENCE};
use super::login::Login;
use crate::model::{Fault, Outcome};
use crate::platform::env::Env;
use crate::platform::git::clone::ask::Deadline;
use crate::platform::trust::Trust;

/// How the advertisement is asked for.
const GREETING: &str = "/info/refs?service=git-upload-pack";

/// A conversation over http.
pub(super) struct Http {
    agent: Agent,
    /// Follows redirects of the greeting.
    base: String,
    host: String,
    login: Option<Login>,
    is_secure: bool,
    body: Option<ureq::BodyReader<'static>>,
}

impl Http {
    pub(super) fn new(address: &HttpAddress, env: &Env, deadline: Deadline) -> Outcome<Self> {
        let login = match &address.login {
            Some(login) => Some(login.clone()),
            None => Login::of_netrc(env, &address.host)?,
        };
        Ok(Http {
            agent: agent(address, env, deadline)?,
            base: address.base.clone(),
            host: address.host.clone(),
            login,
            is_secure: address.is_secure,
            body: None,
        })
    }

    /// Where the greeting came from is where requests go to.
    fn follow(&mut self, response: &Response<Body>) -> Outcome {
        let uri = response.get_uri();
        let Some(base) = uri.to_string().strip_suffix(GREETING).map(str::to_owned) else { return Ok(()) };
        if self.is_secure && uri.scheme_str() != Some("https") {
            return Err(Fault::new(format!("{} leads to {base}, which is not encrypted", self.base)));
        }
        if uri.host().is_none_or(|host| !host.eq_ignore_ascii_case(&self.host)) {
            // A password is for the host it was given for.
            self.login = None;
        }
        self.base = base;
        Ok(())
    }

    fn authorization(&self) -> Option<String> {
        self.login.as_ref().map(Login::header)
    }

    /// Keeps the body of a good answer for reading; any other answer is a fault.
    fn take(&mut self, response: Response<Body>, kind: &str) -> Outcome<Box<dyn Read + '_>> {
        let address = without_login(&self.base);
        match response.status().as_u16() {
            200 => {}
            401 | 403 if self.login.is_some() => {
                return Err(Fault::new(format!("{address} does not accept the name and password")));
            }
            401 | 403 => {
                return Err(Fault::new(format!("{address} wants a name and password, or is not there"))
                    .hint("Give them with dokku git:auth HOST NAME PASSWORD, or in the address"));
            }
            404 | 410 => return Err(Fault::new(format!("there is no repository at {address}"))),
            status => return Err(Fault::new(format!("{address} answers with status {status}"))),
        }
        let found = response.headers().get("content-type").and_then(|value| value.to_str().ok());
        if found.is_none_or(|found| found.split(';').next().unwrap_or_default().trim() != kind) {
            return Err(Fault::new(format!("{address} is not a git repository"))
                .hint("It answers, but not as a git server does. Is it the address of a web page?"));
        }
        Ok(Box::new(self.body.insert(response.into_body().into_reader())))
    }

    fn fault(&self, error: &ureq::Error) -> Fault {
        let why = match error {
            ureq::Error::Timeout(_) => "it does not answer in time".to_owned(),
            ureq::Error::HostNotFound => "there is no host of that name".to_owned(),
            ureq::Error::Rustls(error) => format!("its certificate is not trusted ({error})"),
            ureq::Error::Io(error) => error.to_string(),
            other => other.to_string(),
        };
        Fault::new(format!("cannot reach {}: {why}", without_login(&self.base)))
    }
}

impl Transport for Http {
    fn greeting(&mut self) -> Outcome<Box<dyn Read + '_>> {
        let mut request =
            self.agent.get(format!("{}{GREETING}", self.base)).header("Git-Protocol", "version=2");
        if let Some(value) = self.authorization() {
            request = request.header("Authorization", value);
        }
        let response = request.call().map_err(|error| self.fault(&error))?;
        if response.status().is_success() {
            self.follow(&response)?;
        }
        self.take(response, "application/x-git-upload-pack-advertisement")
    }

    fn ask(&mut self, request: &[u8]) -> Outcome<Box<dyn Read + '_>> {
        let mut post = self
            .agent
            .post(format!("{}/git-upload-pack", self.base))
            .header("Git-Protocol", "version=2")
            .header("Content-Type", "application/x-git-upload-pack-request")
            .header("Accept", "application/x-git-upload-pack-result");
        if let Some(value) = self.authorization() {
            post = post.header("Authorization", value);
        }
        let response = post.send(request).map_err(|error| self.fault(&error))?;
        self.take(response, "application/x-git-upload-pack-result")
    }
}

/// A client for one address.
fn agent(address: &HttpAddress, env: &Env, deadline: Deadline) -> Outcome<Agent> {
    let config = Agent::config_builder()
        .tls_config(Trust::of_system().for_ureq())
        .proxy(proxy(address, env)?)
        .http_status_as_error(false)
        .user_agent(format!("git/dokku-{}", env!("CARGO_PKG_VERSION")))
        .timeout_resolve(Some(DIAL))
        .timeout_connect(Some(DIAL))
        .timeout_recv_response(Some(SILENCE))
        .timeout_per_read(Some(SILENCE))
        .timeout_global(Some(deadline.left().max(Duration::from_millis(100))))
        .build();
    Ok(Agent::new_with_config(config))
}

/// A file, piece by piece.
pub(super) fn download(address: &HttpAddress, env: &Env, deadline: Deadline) -> Outcome<Box<dyn Read>> {
    let client = Http::new(address, env, deadline)?;
    let mut request = client.agent.get(&client.base);
    if let Some(value) = client.authorization() {
        request = request.header("Authorization", value);
    }
    let response = request.call().map_err(|error| client.fault(&error))?;
    if client.is_secure && response.get_uri().scheme_str() != Some("https") {
        return Err(Fault::new(format!("{} leads to what is not encrypted", without_login(&client.base))));
    }
    match response.status().as_u16() {
        200 => Ok(Box::new(response.into_body().into_reader())),
        status => Err(Fault::new(format!("{} answers with status {status}", without_login(&client.base)))),
    }
}

/// The proxy that the environment names for this address, by curl's rules.
fn proxy(address: &HttpAddress, env: &Env) -> Outcome<Option<Proxy>> {
    // HTTP_PROXY in capitals is left out, as curl does: a web server may set it from a header.
    let names: &[&str] = if address.is_secure {
        &["https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY"]
    } else {
        &["http_proxy", "all_proxy", "ALL_PROXY"]
    };
    let Some((name, value)) = names.iter().find_map(|name| Some((name, env.get(name)?))) else {
        return Ok(None);
    };
    let without = env.get("no_proxy").or_else(|| env.get("NO_PROXY")).unwrap_or_default();
    if goes_without(&address.host, without) {
        return Ok(None);
    }
    let proxy = Proxy::new(value).map_err(|error| {
        Fault::new(format!("{name} names no proxy that can be used: {error}"))
            .hint("Such as http://HOST:PORT")
    })?;
    Ok(Some(proxy))
}

/// True when the list has the host, or a domain it is in.
fn goes_without(host: &str, list: &str) -> bool {
    list.split([',', ' ']).filter(|entry| !entry.is_empty()).any(|entry| {
        let entry = entry.trim_start_matches('*').trim_start_matches('.').to_ascii_lowercase();
        entry.is_empty() || host == entry || host.ends_with(&format!(".{entry}"))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hosts_of_the_list_and_below_them_go_without_a_proxy() {
        for (host, list, expected) in [
            ("example.com", "localhost,example.com", true),
            ("git.example.com", ".example.com", true),
            ("git.example.com", "*.example.com", true),
            ("badexample.com", "example.com", false),
            ("example.com", "*", true),
            ("example.com", "", false),
        ] {
            assert_eq!(goes_without(host, list), expected, "{host} in {list}");
        }
    }
}
