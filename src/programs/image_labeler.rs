//! `docker-image-labeler`, by which builders label an image that is already built (contract: plugin-abi.md,
//! section 6.2).
//!
//! The image is committed anew from a container that never ran, which adds no layer. By that way a label can be set
//! but not taken away: the engine gives a commit all labels of its container.

use std::process::ExitCode;

use clap::{Args, Parser, Subcommand};
use serde_json::json;

use super::line;
use crate::kernel::{Failure, Out, Result};
use crate::model::RunPlan;
use crate::platform::docker::{CommitPlan, Docker, Image, RemoveContainer, RemoveImage};
use crate::platform::env::Env;
use crate::platform::runtime;
use crate::store::{Layout, real_platform};

const NAME: &str = "docker-image-labeler";

/// The label under which the names are kept that an image had before it was labelled.
const NAMES: &str = "com.dokku.docker-image-labeler/alternate-tags";

/// Label images without building them again
#[derive(Parser)]
#[command(name = NAME, version, disable_help_subcommand = true)]
struct Line {
    #[command(subcommand)]
    verb: Verb,
}

#[derive(Subcommand)]
enum Verb {
    /// Re-label an image
    Relabel(Relabel),
    /// Print the version
    Version,
}

/// What is to be changed about which image.
#[derive(Args)]
pub struct Relabel {
    /// A label to set, KEY=VALUE; several with commas, or several times
    #[arg(long, value_delimiter = ',')]
    pub label: Vec<String>,
    /// A label to take away
    #[arg(long, value_delimiter = ',')]
    pub remove_label: Vec<String>,
    /// The image
    pub image_name: String,
}

/// Runs `docker-image-labeler` with the words behind its name.
pub fn run(words: &[String], env: &Env) -> ExitCode {
    let out = Out::of_process(false, false);
    let wanted = match line::parse::<Line>(NAME, words, &out) {
        Ok(Line { verb: Verb::Relabel(wanted) }) => wanted,
        Ok(Line { verb: Verb::Version }) => {
            out.plain(env!("CARGO_PKG_VERSION"));
            return ExitCode::SUCCESS;
        }
        Err(status) => return status,
    };
    let docker = real_platform(&Layout::from_env(env)).docker;
    let done = runtime()
        .map_err(Failure::from)
        .and_then(|runtime| runtime.block_on(relabel(&*docker, &wanted, &out)));
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            failure.print(&out);
            ExitCode::FAILURE
        }
    }
}

/// Gives the image its new labels, under the same name. Nothing is done where it has them.
///
/// # Errors
/// When nothing is asked for, there is no such image, a label it has is to be taken away, or the engine refuses.
pub async fn relabel(docker: &dyn Docker, wanted: &Relabel, out: &Out) -> Result {
    let name = &wanted.image_name;
    if wanted.label.is_empty() && wanted.remove_label.is_empty() {
        return Err(Failure::user("No labels specified"));
    }
    let image = docker
        .inspect_image(name)
        .await
        .map_err(|error| Failure::user(format!("Failed to fetch image id: {error}")))?;
    if let Some(label) = wanted.remove_label.iter().find(|label| image.config.labels.contains_key(*label)) {
        return Err(Failure::user(format!("The label {label} of {name} cannot be removed"))
            .hint("The engine only adds labels to an image that is built; build it without"));
    }
    let changes = changes(&image, &wanted.label)?;
    if changes.is_empty() {
        return Ok(());
    }
    let is_bare = image.config.cmd.is_empty() && image.config.entrypoint.is_empty();
    // A container needs a program, even one that never runs.
    let (command, blank) =
        if is_bare { (vec!["-".to_owned()], vec!["CMD []".to_owned()]) } else { Default::default() };
    let plan = RunPlan { image: image.id.clone(), command, ..RunPlan::default() };
    let container = docker.create_container(&plan).await?;
    let plan = CommitPlan { name: Some(name.clone()), changes: [changes, blank].concat(), no_pause: false };
    let committed = docker.commit_container(&container, &plan).await;
    docker.remove_container(&container, RemoveContainer { force: true, volumes: true }).await?;
    committed?;
    if image.repo_tags == [name.as_str()]
        && let Err(error) =
            docker.remove_image(&image.id, RemoveImage { force: false, keep_parents: true }).await
    {
        // Containers and images may be made of it.
        out.warn(format!("Warning: Failed to delete old image: {error}"));
    }
    Ok(())
}

/// The lines of a Dockerfile that set what is not so yet.
fn changes(image: &Image, labels: &[String]) -> Result<Vec<String>> {
    let mut wanted = Vec::new();
    for label in labels {
        let (key, value) = label.split_once('=').unwrap_or((label, ""));
        if key.is_empty() {
            return Err(Failure::user("Failed to parse new labels: Invalid label specified"));
        }
        wanted.push((key, value.to_owned()));
    }
    let mut names = image.repo_tags.clone();
    if !names.is_empty() {
        let known = image.config.labels.get(NAMES);
        let known: Vec<String> = known.and_then(|known| serde_json::from_str(known).ok()).unwrap_or_default();
        for name in known {
            if !names.contains(&name) {
                names.push(name);
            }
        }
        wanted.push((NAMES, json!(names).to_string()));
    }
    let is_new = |(key, value): &(&str, String)| image.config.labels.get(*key) != Some(value);
    Ok(wanted
        .into_iter()
        .filter(is_new)
        .map(|(key, value)| format!("LABEL {}={}", quoted(key), quoted(&value)))
        .collect())
}

/// A word of a Dockerfile, with nothing in it that is replaced.
fn quoted(text: &str) -> String {
    format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\"").replace('$', "\\$"))
}
