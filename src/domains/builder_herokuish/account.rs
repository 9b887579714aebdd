//! The user that an app of herokuish runs as.

use crate::kernel::{Ctx, Failure, Result};
use crate::model::{AppName, Scope};
use crate::platform::docker::{FileOwner, read_file};
use crate::store::variables;

/// Bytes that the list of users may have.
const LARGEST: usize = 1 << 20;

/// Its name: the variable `DOKKU_APP_USER` of the app, `herokuishuser` without it.
///
/// # Errors
/// When the variables cannot be read.
pub fn user(ctx: &Ctx, app: &AppName) -> Result<String> {
    let own = variables::own(ctx.layout(), &Scope::from(app))?.remove("DOKKU_APP_USER");
    Ok(own.filter(|user| !user.is_empty()).unwrap_or_else(|| "herokuishuser".to_owned()))
}

/// Its numbers in a container.
///
/// # Errors
/// When the container knows no such user.
pub async fn owner(ctx: &Ctx, container: &str, user: &str, image: &str) -> Result<FileOwner> {
    let users = read_file(ctx.platform.docker.as_ref(), container, "/etc/passwd", LARGEST).await?;
    let users = users.unwrap_or_default();
    find(&String::from_utf8_lossy(&users), user).ok_or_else(|| {
        Failure::user(format!("The image {image} has no user {user}")).hint(
            "herokuish builds on an image of gliderlabs/herokuish, or one made from it: buildpacks:report",
        )
    })
}

/// The entry of a user in the text of `/etc/passwd`.
fn find(users: &str, user: &str) -> Option<FileOwner> {
    users.lines().find_map(|line| {
        let mut fields = line.split(':');
        if fields.next() != Some(user) {
            return None;
        }
        let (_, uid, gid) = (fields.next()?, fields.next()?, fields.next()?);
        Some(FileOwner { uid: uid.parse().ok()?, gid: gid.parse().ok()? })
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_user_is_found_by_the_whole_name() {
        let users = "root:x:0:0:root:/root:/bin/bash\nherokuishuser2:x:3:3::/:\nherokuishuser:x:32767:32766::/app:/bin/bash\n";
        assert_eq!(find(users, "herokuishuser"), Some(FileOwner { uid: 32767, gid: 32766 }));
        assert_eq!(find(users, "nobody"), None);
    }
}
