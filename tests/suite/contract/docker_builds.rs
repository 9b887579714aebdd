//! Builds on a real engine. What a Dockerfile does only an engine knows, so the fake has no part here.

use std::fmt::Write;
use std::sync::Arc;
use std::time::{Duration, Instant};

use dokku::model::BuildPlan;
use dokku::model::build_plan::{BuildSecret, RegistryLogin, SecretSource};
use dokku::platform::docker::*;
use futures_util::FutureExt;
use tokio::time::timeout;

use super::docker::{BASE, Bench, DEADLINE};
use crate::support::registry::Registry as TestRegistry;

/// A build context in a temporary folder.
struct Context(tempfile::TempDir);

impl Context {
    fn of(files: &[(&str, &str)]) -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        for (path, text) in files {
            let path = folder.path().join(path);
            std::fs::create_dir_all(path.parent().expect("it is below")).expect("a folder");
            std::fs::write(path, text).expect("a file");
        }
        Context(folder)
    }

    fn source(&self) -> Arc<dyn BuildContext> {
        Arc::new(FolderContext::new(self.0.path()))
    }
}

/// Runs a story on the machine's engine, if there is one. What it tags with the run's name is removed.
fn on_an_engine(story: impl AsyncFnOnce(&Bench)) {
    dokku::platform::runtime().expect("a runtime").block_on(async {
        let Some(bench) = Bench::real().await else { return };
        let told = std::panic::AssertUnwindSafe(timeout(DEADLINE, story(&bench))).catch_unwind().await;
        bench.clean().await;
        match told {
            Ok(told) => told.expect("the build ends in time"),
            Err(panic) => std::panic::resume_unwind(panic),
        }
    });
}

fn plan(bench: &Bench) -> BuildPlan {
    let label = [("dokku.test".to_owned(), bench.run.clone())].into();
    BuildPlan { tag: vec![format!("{}:latest", bench.run)], label, ..BuildPlan::default() }
}

async fn build(bench: &Bench, plan: &BuildPlan, context: &Context) -> (DockerResult<String>, String) {
    let mut told = String::new();
    let mut progress = |line: &str| writeln!(told, "{line}").expect("a String takes all");
    let built = bench.docker.build_image(plan, context.source(), &mut progress).await;
    (built, told)
}

#[test]
fn an_image_is_built_from_scratch_with_labels_and_without_ignored_files() {
    on_an_engine(async |bench| {
        let context = Context::of(&[
            ("Dockerfile", "FROM scratch\nCOPY . /app\nEXPOSE 3000\nCMD [\"/app/run\"]\n"),
            (".dockerignore", "secret*\n!secret-not.txt\n**/*.log\n"),
            ("run", "not really"),
            ("secret.txt", "x"),
            ("secret-not.txt", "y"),
            ("deep/er/noise.log", "z"),
            ("deep/er/kept.txt", "k"),
        ]);
        let plan = plan(bench);
        let (built, told) = build(bench, &plan, &context).await;
        let image = bench.docker.inspect_image(&built.unwrap()).await.unwrap();
        assert_eq!(image.repo_tags, plan.tag);
        assert_eq!(image.label("dokku.test"), Some(bench.run.as_str()));
        assert_eq!(image.config.exposed_ports, ["3000/tcp"]);
        assert!(told.contains("] COPY . /app\n"), "{told}");
        let mut files = Vec::new();
        let container =
            dokku::model::RunPlan { command: vec!["x".into()], ..dokku::model::RunPlan::of_image(&image.id) };
        let container = bench.docker.create_container(&container).await.unwrap();
        let mut archive = bench.docker.read_archive(&container, "/app").await.unwrap();
        let mut bytes = Vec::new();
        while let Some(piece) = futures_util::StreamExt::next(&mut archive).await {
            bytes.extend_from_slice(&piece.unwrap());
        }
        bench.docker.remove_container(&container, RemoveContainer::default()).await.unwrap();
        for entry in tar::Archive::new(bytes.as_slice()).entries().unwrap() {
            files.push(entry.unwrap().path().unwrap().to_string_lossy().into_owned());
        }
        files.retain(|path| !path.ends_with('/'));
        files.sort();
        let expected =
            ["app/.dockerignore", "app/Dockerfile", "app/deep/er/kept.txt", "app/run", "app/secret-not.txt"];
        assert_eq!(files, expected);
    });
}

#[test]
fn a_second_build_takes_all_steps_from_the_cache() {
    on_an_engine(async |bench| {
        let dockerfile = format!("FROM {BASE}\nCOPY a /a\nRUN echo {} >/b\n", bench.run);
        let context = Context::of(&[("Dockerfile", &dockerfile), ("a", "a")]);
        let plan = BuildPlan { context_key: Some(bench.run.clone()), ..plan(bench) };
        let first = build(bench, &plan, &context).await.0.unwrap();
        let (second, told) = build(bench, &plan, &context).await;
        assert_eq!(second.unwrap(), first);
        assert!(told.matches(" CACHED\n").count() >= 2, "{told}");
    });
}

#[test]
fn a_failing_step_says_what_it_said_and_which_it_was() {
    on_an_engine(async |bench| {
        let dockerfile = format!("FROM {BASE}\nRUN echo {} is broken; echo and partly; exit 3\n", bench.run);
        let context = Context::of(&[("Dockerfile", &dockerfile)]);
        let (built, told) = build(bench, &plan(bench), &context).await;
        let message = built.unwrap_err().to_string();
        assert!(message.starts_with(&format!("cannot build the image {}:latest: ", bench.run)), "{message}");
        assert!(message.contains("exit code: 3"), "{message}");
        assert!(told.contains(&format!("{} is broken\n", bench.run)), "{told}");
        assert!(told.contains(" > [2/2] RUN echo"), "{told}");
    });
}

#[test]
fn a_dockerfile_that_is_missing_or_wrong_is_told() {
    on_an_engine(async |bench| {
        let (built, _) = build(bench, &plan(bench), &Context::of(&[("a", "a")])).await;
        let message = built.unwrap_err().to_string();
        assert!(message.contains("Dockerfile"), "{message}");
        let (built, _) = build(bench, &plan(bench), &Context::of(&[("Dockerfile", "FORM scratch\n")])).await;
        let message = built.unwrap_err().to_string();
        assert!(message.contains("FORM"), "{message}");
    });
}

#[test]
fn a_dockerfile_in_a_folder_target_and_arguments_reach_the_build() {
    on_an_engine(async |bench| {
        let dockerfile = format!(
            "FROM {BASE} AS first\nARG WORD\nRUN echo \"word: $WORD\"\nFROM first AS second\nRUN exit 1\n"
        );
        let context = Context::of(&[("deploy/Dockerfile.prod", &dockerfile)]);
        let plan = BuildPlan {
            file: Some("deploy/Dockerfile.prod".into()),
            target: Some("first".into()),
            build_arg: vec![("WORD".into(), Some(bench.run.clone()))],
            no_cache: true,
            ..plan(bench)
        };
        let (built, told) = build(bench, &plan, &context).await;
        assert!(built.is_ok(), "{told}");
        assert!(told.contains(&format!("word: {}\n", bench.run)), "{told}");
    });
}

#[test]
fn a_secret_is_there_for_the_step_that_mounts_it() {
    on_an_engine(async |bench| {
        // The stand-in for a registry has no frontend image, so the engine's own must know mounts.
        let dockerfile = format!(
            "FROM {BASE}\nRUN --mount=type=secret,id=word,required=true test \"$(cat /run/secrets/word)\" = {}\n",
            bench.run
        );
        let context = Context::of(&[("Dockerfile", &dockerfile)]);
        let source = SecretSource::Value(bench.run.clone().into_bytes());
        let with = BuildPlan { secret: vec![BuildSecret { id: "word".into(), source }], ..plan(bench) };
        let (built, told) = build(bench, &with, &context).await;
        assert!(built.is_ok(), "{}\n{told}", built.unwrap_err());
        let (built, _) = build(bench, &BuildPlan { no_cache: true, ..plan(bench) }, &context).await;
        assert!(built.unwrap_err().to_string().contains("word"), "without the secret it fails");
    });
}

#[test]
fn a_dropped_build_ends_in_the_engine() {
    on_an_engine(async |bench| {
        let marker = format!("{}-sleeps", bench.run);
        let dockerfile = format!("FROM {BASE}\nRUN echo {marker} && sleep 300\n");
        let context = Context::of(&[("Dockerfile", &dockerfile)]);
        let (tell, mut told) = tokio::sync::mpsc::unbounded_channel();
        let mut progress = |line: &str| drop(tell.send(line.to_owned()));
        let plan = plan(bench);
        let build = bench.docker.build_image(&plan, context.source(), &mut progress);
        let begun = async {
            while let Some(line) = told.recv().await {
                if line.ends_with(&marker) {
                    return;
                }
            }
        };
        tokio::select! {
            built = build => panic!("it ended before it was dropped: {built:?}"),
            () = begun => {}
        }
        let sleeps = || {
            let processes = std::fs::read_dir("/proc").expect("Linux").filter_map(Result::ok);
            processes.into_iter().any(|process| {
                let line = std::fs::read(process.path().join("cmdline")).unwrap_or_default();
                String::from_utf8_lossy(&line).contains(&marker)
            })
        };
        let deadline = Instant::now() + Duration::from_secs(20);
        while sleeps() {
            assert!(Instant::now() < deadline, "the step still runs");
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    });
}

#[test]
fn changed_files_reach_the_next_build() {
    on_an_engine(async |bench| {
        let dockerfile = format!(
            "FROM {BASE}\nCOPY . /x\nRUN : {}; echo got $(cat /x/word) and $(ls /x | wc -l)\n",
            bench.run
        );
        let context = Context::of(&[("Dockerfile", &dockerfile), ("word", "one"), ("other", "o")]);
        let plan = BuildPlan { context_key: Some(bench.run.clone()), ..plan(bench) };
        let (_, told) = build(bench, &plan, &context).await;
        assert!(told.contains("got one and 3\n"), "{told}");
        std::fs::write(context.0.path().join("word"), "two").expect("a file");
        std::fs::remove_file(context.0.path().join("other")).expect("it is there");
        let (_, told) = build(bench, &plan, &context).await;
        assert!(told.contains("got two and 2\n"), "{told}");
    });
}

#[test]
fn a_private_base_image_is_fetched_with_the_login_of_its_registry() {
    on_an_engine(async |bench| {
        // me:secret
        let registry = TestRegistry::start(&bench.run, "Basic bWU6c2VjcmV0");
        let dockerfile = format!("FROM {}\nCOPY Dockerfile /\n", registry.image);
        let context = Context::of(&[("Dockerfile", &dockerfile)]);
        let (built, _) = build(bench, &plan(bench), &context).await;
        let message = built.unwrap_err().to_string();
        assert!(message.contains("401"), "without a login: {message}");
        let login =
            RegistryLogin { username: "me".into(), password: "secret".into(), ..RegistryLogin::default() };
        let logins = [(registry.host.clone(), login.clone())].into();
        let (built, told) = build(bench, &BuildPlan { logins, ..plan(bench) }, &context).await;
        let image = built.unwrap_or_else(|error| panic!("{error}\n{told}"));
        let base = read_image_file(&*bench.docker, &image, "/base", 1024).await.unwrap();
        assert_eq!(base, Some(bench.run.clone().into_bytes()));

        let mut told = String::new();
        let mut progress = |line: &str| writeln!(told, "{line}").expect("a String takes all");
        let from = Registry::default();
        let refused = bench.docker.pull_image(&registry.image, from, &mut progress).await.unwrap_err();
        assert!(refused.to_string().contains(&registry.image), "{refused}");
        let from = Registry { login: Some(&login), platform: None };
        bench.docker.pull_image(&registry.image, from, &mut progress).await.unwrap();
        assert!(told.contains("Pulling from base"), "{told}");
        bench.docker.remove_image(&registry.image, RemoveImage::default()).await.unwrap();
    });
}

#[test]
fn a_dockerignore_beside_the_dockerfile_counts_before_the_common_one() {
    on_an_engine(async |bench| {
        let dockerfile =
            format!("FROM {BASE}\nCOPY . /x\nRUN : {}; echo \"got $(ls /x | tr '\\n' ' ')\"\n", bench.run);
        let context = Context::of(&[
            ("deploy/Dockerfile", &dockerfile),
            ("deploy/Dockerfile.dockerignore", "deploy\nb\n"),
            (".dockerignore", "a\n"),
            ("a", "a"),
            ("b", "b"),
        ]);
        std::os::unix::fs::symlink("a", context.0.path().join("link")).expect("a symlink");
        let plan = BuildPlan { file: Some("deploy/Dockerfile".into()), ..plan(bench) };
        let (built, told) = build(bench, &plan, &context).await;
        assert!(built.is_ok(), "{told}");
        assert!(told.contains("got a link \n"), "{told}");
    });
}
