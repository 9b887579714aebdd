//! The two files of an app that nginx is to run, as they stand in the app's folder: server blocks of HTTP, and ports that
//! are passed on. They change together.

use std::path::PathBuf;

use crate::kernel::{Ctx, Result};
use crate::model::AppName;
use crate::platform::files;

/// What the files hold; `None` where there is no such file.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Written {
    /// Server blocks of HTTP.
    pub http: Option<Vec<u8>>,
    /// Ports that are passed on.
    pub stream: Option<Vec<u8>>,
}

impl Written {
    /// What is there now.
    ///
    /// # Errors
    /// When a file cannot be read.
    pub fn read(ctx: &Ctx, app: &AppName) -> Result<Self> {
        let [http, stream] = paths(ctx, app);
        Ok(Written { http: files::read(&http)?, stream: files::read(&stream)? })
    }

    /// Makes the files hold this. An app that was destroyed meanwhile does not come back by it.
    ///
    /// # Errors
    /// When a file cannot be written or removed.
    pub fn write(&self, ctx: &Ctx, app: &AppName) -> Result {
        for (path, bytes) in paths(ctx, app).iter().zip([&self.http, &self.stream]) {
            match bytes {
                Some(bytes) => files::write_in_folder(path, bytes, 0o644)?,
                None => drop(files::remove(path)?),
            }
        }
        Ok(())
    }
}

fn paths(ctx: &Ctx, app: &AppName) -> [PathBuf; 2] {
    [ctx.layout().nginx_conf(app), ctx.layout().nginx_stream_conf(app)]
}
