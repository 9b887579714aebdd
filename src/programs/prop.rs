//! `prop`, which reads and writes properties of plugins: the other spelling of the functions that plugins source
//! from `common/property-functions` (contract: plugin-abi.md, section 5.4).

use std::process::ExitCode;

use super::dokku;
use crate::kernel::{Failure, Out, Registry};
use crate::platform::env::Env;

/// Each verb, and the function that does the same with the same words.
const VERBS: &[(&str, &str)] = &[
    ("clone", "clone"),
    ("del", "delete"),
    ("destroy", "destroy"),
    ("exists", "exists"),
    ("get", "get"),
    ("get-all", "get-all"),
    ("get-all-by-prefix", "get-all-by-prefix"),
    ("get-with-default", "get"),
    ("lindex", "list-get-by-index"),
    ("lismember", "list-get-by-value"),
    ("llen", "list-length"),
    ("lrange", "list-get"),
    ("lrem", "list-remove"),
    ("lrem-by-prefix", "list-remove-by-prefix"),
    ("lset", "list-set"),
    ("rpush", "list-add"),
    ("set", "write"),
    ("setup", "setup"),
    ("setup-app", "setup-app"),
];

/// Runs `prop` with the words behind its name.
pub fn run(words: &[String], env: &Env, registry: Registry) -> ExitCode {
    let out = Out::of_process(false, false);
    match meaning(words).and_then(|words| dokku(words, env, registry)) {
        Ok(status) => status,
        Err(failure) => {
            failure.print(&out);
            ExitCode::from(failure.status())
        }
    }
}

fn meaning(words: &[String]) -> Result<Vec<String>, Failure> {
    let verb = words.first().map(String::as_str);
    let Some((_, function)) = VERBS.iter().find(|(name, _)| verb == Some(name)) else {
        let verbs: Vec<&str> = VERBS.iter().map(|(name, _)| *name).collect();
        return Err(Failure::user("Usage: prop VERB PLUGIN [APP] [ARGUMENT...]")
            .hint(format!("VERB is one of {}", verbs.join(", "))));
    };
    let call = ["plugin-call".to_owned(), format!("fn-plugin-property-{function}")];
    Ok(call.into_iter().chain(words[1..].iter().cloned()).collect())
}
