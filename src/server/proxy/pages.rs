//! The pages that answer for an app which cannot (contract: layout.md section 4, dokku-errors).

use crate::model::Outcome;
use crate::platform::files;
use crate::store::Layout;

const PAGES: &[(u16, &str, &str)] = &[
    (400, "This request was not understood", "The server could not make sense of what it was asked for."),
    (404, "There is nothing here", "The address may be mistyped, or the page may have moved."),
    (500, "Something went wrong", "The application failed to answer. Please try again in a moment."),
    (502, "No answer", "The application is not running, or does not answer. Please try again in a moment."),
];

/// Writes those that are not there; whoever replaced one keeps theirs.
///
/// # Errors
/// When one cannot be written.
pub fn write(layout: &Layout) -> Outcome {
    let folder = layout.data("nginx-vhosts").join("dokku-errors");
    for (code, title, text) in PAGES {
        let path = folder.join(format!("{code}-error.html"));
        if !files::exists(&path) {
            files::write(&path, page(title, text).as_bytes(), 0o644)?;
        }
    }
    Ok(())
}

fn page(title: &str, text: &str) -> String {
    format!(
        "<!DOCTYPE html>\n<html lang=\"en\">\n<meta charset=\"utf-8\">\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n<title>{title}</title>\n\
         <style>body{{font:1.1rem/1.5 system-ui,sans-serif;margin:20vh auto;max-width:34rem;padding:0 1rem;color:#333}}\
         @media(prefers-color-scheme:dark){{body{{background:#111;color:#ccc}}}}</style>\n\
         <h1>{title}</h1>\n<p>{text}</p>\n</html>\n"
    )
}
