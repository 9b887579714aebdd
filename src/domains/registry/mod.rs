//! Registries: who we are there, and which releases are sent to them.

mod login;
mod logout;
mod on;
mod push;
mod server;

use crate::kernel::{Ctx, Domain, Key, Properties, Property, Report, Result, Style, entry, listener, switch};
use crate::model::Scope;
use crate::store::properties;

const PROPERTIES: Properties = Properties {
    plugin: "registry",
    style: Style::Go,
    list: &[
        Property::app("image-repo", "", "repository part of the image name; dokku/<app> without"),
        Property::both("image-repo-template", "", "template of image-repo where that is not set"),
        Property::both("push-extra-tags", "", "more tags to push with each release, separated by commas"),
        Property::both("push-on-release", "false", "true: push each release under a growing number")
            .checked(switch),
        Property::both("server", "", "registry that images are pushed to"),
    ],
    after_set: None,
};

const REPORT: Report = Report {
    kind: "registry",
    prefix: "registry",
    has_legacy_json: true,
    has_small_labels: false,
    keys: &[
        Key::fact("registry-computed-image-repo", image_repo),
        Key::computed("registry-computed-image-repo-template", "image-repo-template"),
        Key::computed("registry-computed-push-extra-tags", "push-extra-tags"),
        Key::computed("registry-computed-push-on-release", "push-on-release"),
        Key::computed("registry-computed-server", "server"),
        Key::global("registry-global-image-repo-template", "image-repo-template"),
        Key::global("registry-global-push-extra-tags", "push-extra-tags"),
        Key::global("registry-global-push-on-release", "push-on-release"),
        Key::global("registry-global-server", "server"),
        Key::own("registry-image-repo", "image-repo"),
        Key::own("registry-image-repo-template", "image-repo-template"),
        Key::own("registry-push-extra-tags", "push-extra-tags"),
        Key::own("registry-push-on-release", "push-on-release"),
        Key::own("registry-server", "server"),
        Key::own("registry-tag-version", "tag-version"),
    ],
    extra: None,
};

/// The domain's table.
pub const DOMAIN: Domain = Domain {
    name: "registry",
    plugin: "registry",
    about: "Manage registry settings for an app",
    properties: Some(&PROPERTIES),
    report: Some(&REPORT),
    commands: &[entry::<login::Login>(), entry::<logout::Logout>()],
    listeners: &[
        listener::<on::deployed_app_image_repo::Repository>(),
        listener::<on::deployed_app_image_tag::Tag>(),
        listener::<on::deployed_app_repository::Server>(),
        listener::<on::post_app_clone_setup::Copy>(),
        listener::<on::post_app_rename_setup::Move>(),
        listener::<on::post_delete::Forget>(),
        listener::<on::post_release_builder::Push>(),
    ],
    ..Domain::EMPTY
};

/// The property, else the template with the app's name in it, else `dokku/APP`.
fn image_repo(ctx: &Ctx, scope: &Scope) -> Result<String> {
    let own = properties::get(ctx.layout(), PROPERTIES.plugin, scope, "image-repo")?.unwrap_or_default();
    if !own.is_empty() {
        return Ok(own);
    }
    let template = PROPERTIES.computed(ctx, scope, "image-repo-template")?;
    Ok(match template.as_str() {
        "" => format!("dokku/{scope}"),
        text => {
            text.replace("{{ .AppName }}", &scope.to_string()).replace("{{.AppName}}", &scope.to_string())
        }
    })
}
