//! Which containers are an app's. Ours say so by a label, as Dokku's do; those of releases before that (a volume that was
//! taken over has them until the next deploy) are known by what the app's files, their names and their images say.

use std::collections::BTreeSet;

use crate::kernel::{Ctx, Result};
use crate::model::AppName;
use crate::platform::docker::{ContainerSummary, Filter};
use crate::store::processes;
use crate::store::retired::Retired;

/// The label with the app's name.
const APP: &str = "com.dokku.app-name";

/// The containers of an app, running or not.
///
/// # Errors
/// When the engine cannot be asked, or the app's files not be read.
pub async fn containers(ctx: &Ctx, app: &AppName) -> Result<Vec<ContainerSummary>> {
    let docker = &ctx.platform.docker;
    let mut all = docker.list_containers(&Filter::label(format!("{APP}={app}"))).await?;
    let mut named: BTreeSet<String> =
        processes::running(ctx.layout(), app)?.into_iter().map(|one| one.id).collect();
    let waiting = Retired::Container.all(ctx.layout())?.into_iter().filter(|one| one.app == *app);
    named.extend(waiting.map(|one| one.id));
    // The engine looks for that text anywhere in a name.
    let mut listed = docker.list_containers(&Filter::all().and("name", format!("{app}."))).await?;
    for id in &named {
        let is_known = |known: &[ContainerSummary]| known.iter().any(|one| one.id == *id);
        // Anything may stand in such a file.
        let is_id = !id.is_empty() && id.bytes().all(|byte| byte.is_ascii_hexdigit());
        if is_id && !is_known(&all) && !is_known(&listed) {
            listed.extend(docker.list_containers(&Filter::all().and("id", id)).await?);
        }
    }
    let others = listed.into_iter().filter(|one| is_unlabelled_of(app, one, named.contains(&one.id)));
    for one in others {
        if !all.iter().any(|known| known.id == one.id) {
            all.push(one);
        }
    }
    Ok(all)
}

/// True for one without a label that is surely this app's: it was made of the app's image, and bears its name or is in its
/// files. Once the image's name is another's, the engine tells an id instead: then name and file must both say so.
fn is_unlabelled_of(app: &AppName, one: &ContainerSummary, is_in_file: bool) -> bool {
    if one.labels.contains_key(APP) {
        return false;
    }
    let is_named = one.names.first().is_some_and(|name| is_name_of(app, name));
    match one.image.strip_prefix("dokku/") {
        Some(image) => image.split(':').next() == Some(app.as_str()) && (is_named || is_in_file),
        None => is_named && is_in_file,
    }
}

/// `APP.TYPE.N`, `APP.TYPE.N.EPOCH`, `APP.TYPE.N.upcoming-R`.
fn is_name_of(app: &AppName, name: &str) -> bool {
    let Some(rest) = name.strip_prefix(app.as_str()).and_then(|rest| rest.strip_prefix('.')) else {
        return false;
    };
    let mut words = rest.split('.');
    let is_type = words.next().is_some_and(|word| !word.is_empty());
    let is_number = words.next().is_some_and(|word| word.parse::<u32>().is_ok());
    is_type && is_number
}

#[cfg(test)]
mod tests {
    use super::*;

    fn is_of_shop(name: &str, image: &str, is_in_file: bool) -> bool {
        let one = ContainerSummary {
            names: vec![name.to_owned()],
            image: image.to_owned(),
            ..ContainerSummary::default()
        };
        is_unlabelled_of(&"shop".parse().expect("a name"), &one, is_in_file)
    }

    #[test]
    fn a_container_without_a_label_is_an_apps_when_two_things_say_so() {
        for (name, image) in [("shop.web.1", "dokku/shop:latest"), ("shop.web.1.1700000000", "dokku/shop")] {
            assert!(is_of_shop(name, image, false), "{name}");
        }
        assert!(is_of_shop("eager_turing", "dokku/shop:latest", true));
        assert!(is_of_shop("shop.web.1", "0123456789ab", true));
        for (name, image, is_in_file) in [
            ("shop.web.1", "0123456789ab", false),
            ("eager_turing", "0123456789ab", true),
            ("eager_turing", "dokku/shop:latest", false),
            ("shop.web.1", "dokku/shop-2:latest", false),
            ("shop.example.web.1", "dokku/shop.example:latest", false),
            ("shop.example.web.1", "dokku/shop:latest", false),
            ("shop.web.1", "dokku/shop.example:latest", true),
            ("my-shop.web.1", "dokku/shop:latest", false),
        ] {
            assert!(!is_of_shop(name, image, is_in_file), "{name} {image}");
        }
        let labels = [(APP.to_owned(), "other".to_owned())].into();
        let other = ContainerSummary {
            names: vec!["shop.web.1".to_owned()],
            image: "dokku/shop:latest".to_owned(),
            labels,
            ..ContainerSummary::default()
        };
        assert!(!is_unlabelled_of(&"shop".parse().expect("a name"), &other, true), "it says whose it is");
    }
}
