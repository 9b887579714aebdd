//! An app to deploy, on an engine in memory.

use std::io::{Cursor, Read};
use std::path::Path;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use dokku::deploy::{self, Code, Turn};
use dokku::kernel::{Buffers, Ctx, Failure, Result, Sink, Stream};
use dokku::model::{AppName, Outcome, Scope};
use dokku::platform::docker::{BuildContext, ContextEntry, EntryKind, Image};
use dokku::platform::source::Source;
use dokku::platform::steps::{Steps, Unwatched};
use dokku::store::{builds, properties};
use tokio::sync::Notify;
use tokio::time::timeout;

use crate::support::World;
use crate::support::fake_docker::PlannedBuild;

/// The app `shop` on a server of its own.
pub struct Shop {
    pub world: World,
    pub app: AppName,
    /// The Procfile of what is pushed next.
    pub procfile: String,
    /// Its app.json; none when it is empty.
    pub app_json: String,
}

impl Shop {
    /// Not deployed yet; its checks are skipped, since its containers have no processes.
    pub fn new() -> Self {
        Self::of(World::new())
    }

    /// The same on this server.
    pub fn of(world: World) -> Self {
        world.run("apps:create shop");
        let app: AppName = "shop".parse().expect("a name");
        for (key, value) in [("skipped", "_all_"), ("watch", "0"), ("wait-to-retire", "7")] {
            properties::set(&world.layout, "checks", &Scope::from(&app), key, value).expect("writable");
        }
        Shop { world, app, procfile: "web: httpd\n".to_owned(), app_json: String::new() }
    }

    /// The same with a task of each kind, and with variables and a scale of its app.json.
    pub fn with_tasks() -> Self {
        let app_json = r#"{
            "scripts": { "dokku": { "predeploy": "migrate", "postdeploy": "tell" }, "postdeploy": "seed" },
            "env": { "SECRET": { "generator": "secret" }, "LEVEL": { "value": "7", "sync": true } },
            "formation": { "web": { "quantity": 2 } }
        }"#;
        let procfile = "web: httpd\nrelease: announce\n".to_owned();
        Shop { procfile, app_json: app_json.to_owned(), ..Shop::new() }
    }

    /// Deploys a commit whose image runs `httpd`.
    pub async fn deploy(&self, revision: &str, steps: Arc<dyn Steps>) -> Result {
        let ctx = self.world.ctx(steps);
        let _turn = self.receive(&ctx, revision).await?;
        deploy::commit(&ctx, &self.app).await
    }

    /// As `deploy` with nobody watching; also what the client reads.
    pub async fn told(&self, revision: &str) -> (Result, String) {
        let buffers = Arc::new(Buffers::default());
        let ctx = self.world.ctx(Arc::new(Unwatched)).printing_to(buffers.clone());
        let outcome = match self.receive(&ctx, revision).await {
            Ok(_turn) => deploy::commit(&ctx, &self.app).await,
            Err(failure) => Err(failure),
        };
        (outcome, buffers.text(Stream::Stdout))
    }

    /// What a command says, typed while a deploy goes on.
    pub fn typed(&self, line: &str) -> String {
        // A command has a runtime of its own, which no thread has twice.
        std::thread::scope(|scope| scope.spawn(|| self.world.run(line)).join().expect("no panic"))
    }

    /// The next build makes the image of this commit.
    pub fn plan_image(&self, revision: &str) {
        let mut image = Image::default();
        image.config.cmd = vec!["httpd".to_owned()];
        image.config.labels = [("revision".to_owned(), revision.to_owned())].into();
        self.world.docker.plan_build(PlannedBuild { image, ..PlannedBuild::default() });
    }

    /// A push that may not be deployed any more when its turn has come.
    pub async fn refused_when_its_turn_comes(&self, ctx: &Ctx) -> Failure {
        let code = Code {
            is_still_good: Some(Arc::new(|| Err(Failure::user("main has moved")))),
            ..code_of("late", &[("Dockerfile", "FROM scratch\n")])
        };
        let refused = deploy::receive(ctx, &self.app, code, builds::Source::GitHook).await;
        refused.expect_err("it is not good any more")
    }

    /// As `deploy`, but the push does not end yet.
    pub async fn receive(&self, ctx: &Ctx, revision: &str) -> Result<Turn> {
        self.plan_image(revision);
        let mut files = vec![("Dockerfile", "FROM scratch\nEXPOSE 5000\n"), ("Procfile", &*self.procfile)];
        if !self.app_json.is_empty() {
            files.push(("app.json", &self.app_json));
        }
        self.receive_files(ctx, revision, &files).await
    }

    /// The same with the files of the commit. The build must have been planned.
    pub async fn receive_files(&self, ctx: &Ctx, revision: &str, files: &[(&str, &str)]) -> Result<Turn> {
        self.receive_from(ctx, builds::Source::GitHook, revision, files).await
    }

    /// The same, told where it comes from.
    pub async fn receive_from(
        &self,
        ctx: &Ctx,
        origin: impl Into<deploy::Origin>,
        revision: &str,
        files: &[(&str, &str)],
    ) -> Result<Turn> {
        deploy::receive(ctx, &self.app, code_of(revision, files), origin).await
    }

    /// All that a user or an operator could see of the app: files, containers, image, records.
    pub fn seen(&self) -> String {
        let mut seen = Vec::new();
        let layout = &self.world.layout;
        let scope = Scope::from(&self.app);
        for folder in [
            layout.app(&self.app),
            layout.app_data("ps", &self.app),
            layout.app_data("app-json", &self.app),
            layout.app_data("deploys", &self.app),
            layout.properties("ps", &scope),
            layout.properties("common", &scope),
        ] {
            let mut names: Vec<_> = std::fs::read_dir(&folder)
                .into_iter()
                .flatten()
                .filter_map(|entry| entry.ok()?.file_name().into_string().ok())
                .collect();
            names.sort();
            // The proxy's configuration follows the state files; what is kept for the way back is no part of a release.
            names.retain(|name| !name.starts_with("nginx.conf") && name != "previous.json");
            for name in names {
                let text = std::fs::read_to_string(folder.join(&name)).unwrap_or_default();
                seen.push(format!("{name}: {}", text.trim()));
            }
        }
        let variables = dokku::store::variables::own(layout, &scope).expect("readable");
        seen.extend(variables.into_iter().map(|(key, value)| format!("{key}={value}")));
        // One that was taken back is history, no part of what there is.
        let releases = dokku::store::releases::all(layout, &self.app).expect("readable");
        for release in releases.iter().filter(|release| release.is_kept()) {
            seen.push(format!("release {} of {} {:?}", release.number, release.image, release.changes));
        }
        let state = self.world.docker.state();
        for (id, made) in &state.containers {
            seen.push(format!("container {} {id} {}", made.container.name, made.container.state.status));
        }
        for image in state.images.values() {
            let revision = image.config.labels.get("revision").cloned().unwrap_or_default();
            let mut names = image.repo_tags.clone();
            names.sort();
            seen.push(format!("image {} {revision}", names.join(" ")));
        }
        seen.join("\n") + "\n"
    }
}

/// A commit with these files.
pub fn code_of(revision: &str, files: &[(&str, &str)]) -> Code {
    Code {
        source: Arc::new(self::files(files)),
        revision: revision.to_owned(),
        git_env: Vec::new(),
        is_still_good: None,
        deploy_branch: None,
    }
}

/// Hears what a deploy tells its client.
#[derive(Default)]
pub struct Ear {
    text: Mutex<String>,
    grew: Notify,
}

impl Ear {
    /// All it has heard.
    pub fn text(&self) -> String {
        self.text.lock().expect("nobody panics while listening").clone()
    }

    /// Waits until these words were said.
    pub async fn heard(&self, words: &str) {
        while !self.text().contains(words) {
            let grew = timeout(Duration::from_secs(30), self.grew.notified()).await;
            assert!(grew.is_ok(), "never said: {words}\n{}", self.text());
        }
    }
}

impl Sink for Ear {
    fn write(&self, _: Stream, bytes: &[u8]) -> std::io::Result<()> {
        let mut text = self.text.lock().expect("nobody panics while listening");
        text.push_str(&String::from_utf8_lossy(bytes));
        self.grew.notify_one();
        Ok(())
    }
}

/// These files as the code of an app.
pub fn files(files: &[(&str, &str)]) -> impl Source + use<> {
    Files(files.iter().map(|(name, text)| ((*name).to_owned(), (*text).to_owned())).collect())
}

/// A few files in memory as the code of an app.
struct Files(Vec<(String, String)>);

impl Source for Files {
    fn read(&self, path: &str) -> Outcome<Option<Vec<u8>>> {
        Ok(self.0.iter().find(|(name, _)| name == path).map(|(_, text)| text.clone().into_bytes()))
    }

    fn contains(&self, path: &str) -> Outcome<bool> {
        Ok(self.0.iter().any(|(name, _)| name == path))
    }

    fn below(&self, _: &str) -> Outcome<Option<Arc<dyn Source>>> {
        Ok(None)
    }

    fn context(&self) -> Arc<dyn BuildContext> {
        Arc::new(Files(self.0.clone()))
    }

    fn write_to(&self, folder: &Path) -> Outcome {
        for (name, text) in &self.0 {
            std::fs::write(folder.join(name), text).expect("writable");
        }
        Ok(())
    }
}

impl BuildContext for Files {
    fn entries(&self) -> Outcome<Vec<ContextEntry>> {
        let entry = |(name, text): &(String, String)| ContextEntry {
            path: name.clone(),
            kind: EntryKind::File { executable: false },
            size: text.len() as u64,
            modified: 0,
            content: Vec::new(),
        };
        Ok(self.0.iter().map(entry).collect())
    }

    fn open(&self, entry: &ContextEntry) -> Outcome<Box<dyn Read + Send>> {
        let bytes = self.read(&entry.path)?.unwrap_or_default();
        Ok(Box::new(Cursor::new(bytes)))
    }
}
