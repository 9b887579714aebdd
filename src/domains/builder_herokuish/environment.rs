//! What a build knows of the app's variables: a file each, and one file of all for older buildpacks.

use std::sync::Arc;

use crate::kernel::{Ctx, Result};
use crate::model::{AppName, Outcome, dotenv};
use crate::platform::docker::{BuildContext, ContextEntry, FileOwner, TreePlan, archive_of_tree};
use crate::platform::source::Source;
use crate::store::variables;

/// Where herokuish looks for the files. It is a volume of the build alone, so that no variable stays in the image.
pub const FOLDER: &str = "/tmp/env";

/// Puts the variables into the container of a build.
///
/// # Errors
/// When they cannot be read, or the engine refuses.
pub async fn inject(
    ctx: &Ctx,
    app: &AppName,
    container: &str,
    code: &dyn Source,
    owner: FileOwner,
) -> Result {
    ctx.out.step("Adding BUILD_ENV to build environment...");
    let variables = variables::merged(ctx.layout(), &app.into())?;
    let mut merged = code.read(".env")?.unwrap_or_default();
    merged.truncate(merged.trim_ascii_end().len());
    merged.push(b'\n');
    merged.extend_from_slice(dotenv::print(&variables).as_bytes());
    let files = variables.into_iter().map(|(key, value)| (key, 0o600, value.into_bytes())).collect();
    for (folder, added) in [("tmp/env", files), ("app", vec![(".env".to_owned(), 0o600, merged)])] {
        let plan = TreePlan { folder: folder.to_owned(), owner, added, ..TreePlan::default() };
        let archive = archive_of_tree(Arc::new(Nothing), plan);
        ctx.platform.docker.write_archive(container, "/", archive).await?;
    }
    ctx.out.unless_quiet().detail("BUILD_ENV added successfully");
    Ok(())
}

/// A tree without files: all there is gets added.
struct Nothing;

impl BuildContext for Nothing {
    fn entries(&self) -> Outcome<Vec<ContextEntry>> {
        Ok(Vec::new())
    }

    fn open(&self, _: &ContextEntry) -> Outcome<Box<dyn std::io::Read + Send>> {
        Ok(Box::new(std::io::empty()))
    }
}
