use crate::kernel::{BoxFuture, Ctx, Key, Properties, Property, Report, Result, Style, switch};
use crate::model::{AppName, Fault, Outcome, Scope};
use crate::platform::files;
use crate::platform::git::Repository;
use crate::store::properties;

const REV_ENV_VAR: &str = "rev-env-var";

/// The property that says how many bytes one push may send.
pub const MAX_PUSH_SIZE: &str = "max-push-size";

/// What `git:set` knows.
pub const PROPERTIES: Properties = Properties {
    plugin: "git",
    style: Style::Shell,
    list: &[
        Property::both("archive-max-files", "10000", "most files in an archive; the global value counts"),
        Property::both(
            "archive-max-size",
            "1073741824",
            "most bytes of an unpacked archive; the global value counts",
        ),
        Property::both("deploy-branch", "master", "branch whose push deploys"),
        Property::both("keep-git-dir", "false", "true: .git stays in the build context").checked(switch),
        Property::both(MAX_PUSH_SIZE, "34359738368", "most bytes that one push may send").checked(bytes),
        Property::both(
            REV_ENV_VAR,
            "GIT_REV",
            "variable that gets the deployed commit; set it empty for none",
        ),
        Property::both("source-image", "", "image that the app is deployed from; a deploy writes it"),
    ],
    after_set: Some(keep_emptiness),
};

fn bytes(value: &str) -> Outcome {
    match value.parse() {
        Ok(1_u64..) => Ok(()),
        Ok(0) | Err(_) => Err(Fault::new(format!("{value} is not a number of bytes"))),
    }
}

/// Clearing the name of the variable means: no variable. So an empty value is kept, where any other
/// property is forgotten.
fn keep_emptiness(ctx: Ctx, scope: Scope, key: &'static str, value: String) -> BoxFuture<Result> {
    Box::pin(async move {
        if key == REV_ENV_VAR && value.is_empty() {
            properties::set(ctx.layout(), PROPERTIES.plugin, &scope, key, "")?;
        }
        Ok(())
    })
}

/// What `git:report` shows.
pub const REPORT: Report = Report {
    kind: "git",
    prefix: "git",
    has_legacy_json: false,
    has_small_labels: false,
    keys: &[
        Key::computed("git-computed-archive-max-files", "archive-max-files"),
        Key::computed("git-computed-archive-max-size", "archive-max-size"),
        Key::computed("git-computed-deploy-branch", "deploy-branch"),
        Key::computed("git-computed-keep-git-dir", "keep-git-dir"),
        Key::own("git-deploy-branch", "deploy-branch"),
        Key::global("git-global-archive-max-files", "archive-max-files"),
        Key::global("git-global-archive-max-size", "archive-max-size"),
        Key::global("git-global-deploy-branch", "deploy-branch"),
        Key::global("git-global-keep-git-dir", "keep-git-dir"),
        Key::own("git-keep-git-dir", "keep-git-dir"),
        Key::fact("git-last-updated-at", last_updated_at),
        Key::fact("git-rev-env-var", rev_env_var),
        Key::fact("git-sha", sha),
        Key::own("git-source-image", "source-image"),
    ],
    extra: None,
};

fn of_app(
    ctx: &Ctx,
    scope: &Scope,
    fact: impl Fn(&Ctx, &AppName) -> Outcome<Option<String>>,
) -> Result<String> {
    match scope.app() {
        Some(app) => Ok(fact(ctx, app)?.unwrap_or_default()),
        None => Ok(String::new()),
    }
}

fn rev_env_var(ctx: &Ctx, scope: &Scope) -> Result<String> {
    let stored = properties::get(ctx.layout(), PROPERTIES.plugin, scope, REV_ENV_VAR)?;
    Ok(stored.unwrap_or_else(|| PROPERTIES.default_of(REV_ENV_VAR).to_owned()))
}

fn last_updated_at(ctx: &Ctx, scope: &Scope) -> Result<String> {
    let branch = PROPERTIES.computed(ctx, scope, "deploy-branch")?;
    of_app(ctx, scope, |ctx, app| {
        let path = ctx.layout().app(app).join("refs/heads").join(&branch);
        Ok(files::modified_at(&path).map(|seconds| seconds.to_string()))
    })
}

fn sha(ctx: &Ctx, scope: &Scope) -> Result<String> {
    of_app(ctx, scope, |ctx, app| {
        let folder = ctx.layout().app(app);
        if !Repository::exists(&folder) {
            return Ok(None);
        }
        Ok(Repository::open(&folder)?.resolve("HEAD")?.map(|id| id.to_string()))
    })
}
