//! Command lines of the small programs, which plugins call with the options that the originals have.

use std::process::ExitCode;

use clap::error::ErrorKind;

use crate::kernel::Out;

/// Reads the words behind the program's name.
///
/// # Errors
/// The status to end with, when help was asked for or the words make no sense; what is to be said is said then.
pub fn parse<T: clap::Parser>(name: &str, words: &[String], out: &Out) -> Result<T, ExitCode> {
    // Whom the originals' library asks for the version may write it so.
    let words = words.iter().map(String::as_str).map(|word| if word == "-v" { "version" } else { word });
    T::try_parse_from(std::iter::once(name).chain(words)).map_err(|error| {
        let text = error.to_string();
        if matches!(error.kind(), ErrorKind::DisplayHelp | ErrorKind::DisplayVersion) {
            out.plain(text.trim_end());
            return ExitCode::SUCCESS;
        }
        out.plain_error(text.trim_end());
        ExitCode::FAILURE
    })
}
