//! Files out of and into containers, which the engine moves as tar archives.

use std::io::Read;

use bytes::Bytes;
use futures_util::StreamExt;
use futures_util::stream;

use super::{ByteStream, Docker, DockerResult, RemoveContainer};
use crate::model::{Context, Fault, RunPlan};

/// How often a symlink is followed.
const LINKS: usize = 8;

/// The content of a file in a container; none when there is no such file. Symlinks are followed.
///
/// # Errors
/// When it is a folder, or larger than `limit` bytes.
pub async fn read_file(
    docker: &dyn Docker,
    container: &str,
    path: &str,
    limit: usize,
) -> DockerResult<Option<Vec<u8>>> {
    let mut path = path.to_owned();
    for _ in 0..LINKS {
        let archive = match docker.read_archive(container, &path).await {
            Ok(archive) => archive,
            Err(error) if error.is_not_found() => return Ok(None),
            Err(error) => return Err(error),
        };
        match first_file(archive, &path, limit).await? {
            Found::Content(content) => return Ok(Some(content)),
            Found::Link(target) => path = resolve(&path, &target),
        }
    }
    Err(Fault::new(format!("{path} in the container {container}: too many symlinks")).into())
}

/// The content of a file in an image, by a container that is made for it and never started.
///
/// # Errors
/// As `read_file`, and when the image is not there.
pub async fn read_image_file(
    docker: &dyn Docker,
    image: &str,
    path: &str,
    limit: usize,
) -> DockerResult<Option<Vec<u8>>> {
    // An image without a command is refused unless one is named; it is never run.
    let plan = RunPlan { command: vec!["true".to_owned()], ..RunPlan::of_image(image) };
    let container = docker.create_container(&plan).await?;
    let content = read_file(docker, &container, path, limit).await;
    docker.remove_container(&container, RemoveContainer { force: true, volumes: true }).await?;
    content
}

/// An archive of some files, for `write_archive`: paths from the folder it is unpacked in, modes, contents.
pub fn archive_of(files: &[(&str, u32, &[u8])]) -> ByteStream {
    let mut archive = tar::Builder::new(Vec::new());
    for (path, mode, content) in files {
        let mut header = tar::Header::new_gnu();
        header.set_mode(*mode);
        header.set_size(content.len() as u64);
        header.set_mtime(0);
        archive.append_data(&mut header, path, *content).expect("writing to memory does not fail");
    }
    let bytes = archive.into_inner().expect("writing to memory does not fail");
    stream::iter([Ok(Bytes::from(bytes))]).boxed()
}

enum Found {
    Content(Vec<u8>),
    Link(String),
}

async fn first_file(mut archive: ByteStream, path: &str, limit: usize) -> DockerResult<Found> {
    let too_large = || Fault::new(format!("{path} is larger than {limit} bytes"));
    // Beside the content there are headers, and padding to a round size.
    let most = limit + 64 * 1024;
    let mut bytes = Vec::new();
    while let Some(piece) = archive.next().await {
        bytes.extend_from_slice(&piece?);
        if bytes.len() > most {
            return Err(too_large().into());
        }
    }
    let what = || format!("cannot read the archive of {path}");
    let mut archive = tar::Archive::new(bytes.as_slice());
    let entry = archive.entries().context(what)?.next();
    let mut entry = entry.ok_or_else(|| Fault::new(format!("{path} is an empty archive")))?.context(what)?;
    let kind = entry.header().entry_type();
    if kind.is_symlink() {
        let target = entry.link_name().context(what)?.unwrap_or_default().to_string_lossy().into_owned();
        return Ok(Found::Link(target));
    }
    if !kind.is_file() {
        return Err(Fault::new(format!("{path} is not a file")).into());
    }
    let mut content = Vec::new();
    entry.read_to_end(&mut content).context(what)?;
    if content.len() > limit { Err(too_large().into()) } else { Ok(Found::Content(content)) }
}

/// Where a symlink leads: its target is relative to its own folder.
fn resolve(link: &str, target: &str) -> String {
    if target.starts_with('/') {
        return target.to_owned();
    }
    let folder = link.rsplit_once('/').map_or("", |(folder, _)| folder);
    format!("{folder}/{target}")
}
