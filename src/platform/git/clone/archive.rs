//! A folder out of a `.tar.gz` from elsewhere: the other form in which plugins come.

use std::fs::File;
use std::io::{BufReader, Read};
use std::path::Path;

use flate2::bufread::MultiGzDecoder;

use super::ask::{CloneRequest, Deadline};
use super::remote::{Address, download, without_login};
use super::staging::Staging;
use crate::model::{Context, Fault, Outcome};
use crate::platform::files;

/// Unpacks an archive into a folder that is not there yet. What a single folder holds stands at the top, as in the
/// archives that code hosts make. A failure, or a kill, leaves nothing of that name.
///
/// # Errors
/// When it cannot be had, is no such archive, would write elsewhere, or is too much.
pub fn unpack(request: &CloneRequest<'_>) -> Outcome {
    let url = without_login(request.url);
    let told = |fault: Fault| {
        let message = format!("cannot unpack {url}: {}", fault.message);
        Fault { message, ..fault }
    };
    let deadline = Deadline::after(request.limits.time);
    let staging = Staging::make(request.target)?;
    let reader: Box<dyn Read> = match Address::parse(request.url)? {
        Address::Http(address) => download(&address, request, deadline).map_err(told)?,
        Address::Local(path) => {
            Box::new(File::open(&path).context(|| format!("cannot open {}", path.display()))?)
        }
        Address::Ssh(_) | Address::Daemon(_) => {
            return Err(told(Fault::new("archives come by http, https or from a file")));
        }
    };
    unpack_into(reader, staging.folder(), request, deadline).map_err(told)?;
    lift_single_folder(staging.folder()).map_err(told)?;
    staging.land()
}

fn unpack_into(
    reader: Box<dyn Read>,
    folder: &Path,
    request: &CloneRequest<'_>,
    deadline: Deadline,
) -> Outcome {
    let limits = &request.limits;
    let unpacked = MultiGzDecoder::new(BufReader::new(reader)).take(limits.bytes);
    let mut archive = tar::Archive::new(unpacked);
    let broken = || "it is no .tar.gz, or is broken".to_owned();
    let mut count = 0;
    for entry in archive.entries().context(broken)? {
        let mut entry = entry.context(broken)?;
        deadline.check()?;
        count += 1;
        if count > limits.files {
            return Err(Fault::new(format!("it has more than {} files", limits.files)));
        }
        let path = entry.path().context(broken)?.display().to_string();
        let kind = entry.header().entry_type();
        if kind.is_pax_global_extensions() {
            continue;
        }
        if !(kind.is_file() || kind.is_dir() || kind.is_symlink() || kind.is_hard_link()) {
            return Err(Fault::new(format!("{path} is a device or the like")));
        }
        if !entry.unpack_in(folder).context(|| format!("cannot write {path}"))? {
            return Err(Fault::new(format!("{path} leads out of the folder")));
        }
    }
    if count == 0 { Err(Fault::new("it is empty")) } else { Ok(()) }
}

/// A folder that holds nothing but a folder becomes that one.
fn lift_single_folder(folder: &Path) -> Outcome {
    let names = files::names(folder)?;
    let [single] = names.as_slice() else { return Ok(()) };
    let inner = folder.join(single);
    if !files::is_folder(&inner) || files::link_target(&inner).is_some() {
        return Ok(());
    }
    // Out of the way first: it may hold something of its own name.
    let aside = folder.join(".lifted");
    files::rename(&inner, &aside)?;
    for name in files::names(&aside)? {
        files::rename(&aside.join(&name), &folder.join(&name))?;
    }
    files::remove_folder(&aside)
}
