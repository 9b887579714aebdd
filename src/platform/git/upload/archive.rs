//! git-upload-archive: `git archive --remote` gets a tar of a commit or of one folder in it.

use std::io::{self, Read, Write};
use std::os::unix::ffi::OsStrExt;
use std::path::Path;

use crate::model::{Context, Fault, Outcome};
use crate::platform::git::Repository;
use crate::platform::git::tree::{FileKind, Found, Next};
use crate::platform::git::wire::{Packet, Wire, read_packet};

/// Speaks git-upload-archive with a client: blocking, from its arguments to the last block.
///
/// # Errors
/// When the repository cannot be read, or the client asks for what there is not.
pub fn upload_archive(
    input: &mut dyn Read,
    output: Box<dyn Write + Send>,
    repository: &Repository,
) -> Outcome {
    let wire = Wire::new(output);
    let request = match Request::read(input).and_then(|request| request.resolve(repository)) {
        Ok(request) => request,
        Err(fault) => {
            wire.line(&format!("NACK {}\n", fault.message));
            wire.flush();
            return Err(fault);
        }
    };
    wire.line("ACK\n");
    wire.flush_packet();
    wire.enable_side_band();
    let outcome = request.send(repository, &wire);
    match &outcome {
        Ok(()) => wire.flush_packet(),
        Err(fault) => wire.error(&fault.message),
    }
    outcome
}

struct Request {
    revision: String,
    prefix: String,
    folder: String,
}

struct Resolved {
    request: Request,
    commit: gix_hash::ObjectId,
}

impl Request {
    fn read(input: &mut dyn Read) -> Outcome<Self> {
        let mut words = Vec::new();
        while let Packet::Line(line) = read_packet(input)? {
            let line = String::from_utf8_lossy(&line).into_owned();
            let word =
                line.strip_prefix("argument ").ok_or_else(|| Fault::new("protocol error: no argument"))?;
            words.push(word.to_owned());
            if words.len() > 64 {
                return Err(Fault::new("too many arguments"));
            }
        }
        let mut prefix = String::new();
        let mut plain = Vec::new();
        for word in words {
            if let Some(format) = word.strip_prefix("--format=").filter(|format| *format != "tar") {
                return Err(Fault::new(format!("the format {format} is not supported: use tar")));
            } else if let Some(given) = word.strip_prefix("--prefix=") {
                given.clone_into(&mut prefix);
            } else if !word.starts_with('-') {
                plain.push(word);
            } else if !matches!(word.as_str(), "--format=tar" | "--") {
                return Err(Fault::new(format!("the option {word} is not supported")));
            }
        }
        if plain.len() > 2 {
            return Err(Fault::new("more than one path is not supported"));
        }
        let mut plain = plain.into_iter();
        let revision = plain.next().ok_or_else(|| Fault::new("no revision given"))?;
        Ok(Request { revision, prefix, folder: plain.next().unwrap_or_default() })
    }

    fn resolve(mut self, repository: &Repository) -> Outcome<Resolved> {
        if let Some((revision, folder)) = self.revision.clone().split_once(':') {
            self.revision = revision.to_owned();
            self.folder = folder.to_owned();
        }
        let commit = repository
            .resolve(&self.revision)?
            .ok_or_else(|| Fault::new(format!("there is no revision {}", self.revision)))?;
        Ok(Resolved { request: self, commit })
    }
}

impl Resolved {
    fn send(&self, repository: &Repository, wire: &Wire) -> Outcome {
        let time = repository.commit_info(&self.commit).map_or(0, |info| info.time.max(0).unsigned_abs());
        let tree = repository.tree(&self.commit)?;
        let folder = &self.request.folder;
        let root = tree.below(folder)?.ok_or_else(|| Fault::new(format!("there is no folder {folder}")))?;
        let band = io::BufWriter::with_capacity(60 << 10, Band(wire));
        let mut tar = tar::Builder::new(band);
        root.walk(&mut |found| {
            append(&mut tar, &self.request.prefix, found, time)?;
            if wire.is_gone() { Err(Fault::new("the git client hung up")) } else { Ok(Next::Enter) }
        })?;
        let what = || "cannot write the archive".to_owned();
        tar.into_inner().and_then(|mut band| band.flush()).context(what)
    }
}

fn append(tar: &mut tar::Builder<impl Write>, prefix: &str, found: &Found<'_>, time: u64) -> Outcome {
    let what = || format!("cannot archive {}", found.path.display());
    let mut name = prefix.as_bytes().to_vec();
    name.extend_from_slice(found.path.as_os_str().as_bytes());
    let path = Path::new(std::ffi::OsStr::from_bytes(&name));
    let mut header = tar::Header::new_gnu();
    header.set_mtime(time);
    let (kind, mode) = match found.kind {
        // As `git archive` does: a submodule is an empty folder.
        FileKind::Folder | FileKind::Submodule => (tar::EntryType::Directory, 0o775),
        FileKind::File => (tar::EntryType::Regular, 0o664),
        FileKind::Executable => (tar::EntryType::Regular, 0o775),
        FileKind::Symlink => (tar::EntryType::Symlink, 0o777),
    };
    header.set_entry_type(kind);
    header.set_mode(mode);
    if found.kind == FileKind::Symlink {
        header.set_size(0);
        let target = found.read()?;
        return tar.append_link(&mut header, path, std::ffi::OsStr::from_bytes(&target)).context(what);
    }
    let (size, content) = found.content()?;
    header.set_size(size);
    tar.append_data(&mut header, path, content).context(what)
}

struct Band<'a>(&'a Wire);

impl Write for Band<'_> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.data(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        self.0.flush();
        Ok(())
    }
}
