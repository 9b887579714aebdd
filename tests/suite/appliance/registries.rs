//! Releases on their way to a real registry, which lets in only whom it knows.

use crate::support::appliance::{build_image, docker, is_wanted, run_id};
use crate::support::shell::run;
use crate::support::sources::root;
use crate::support::wait::until_true;
use crate::support::{Appliance, Repository};

/// A registry on a port of this machine; engines speak to one there without TLS.
struct Registry {
    name: String,
    host: String,
}

impl Registry {
    fn start() -> Option<Self> {
        if !is_wanted() {
            return None;
        }
        let name = format!("registry-{}", run_id());
        build_image(&root().join("tests/fixtures/registry"), &name).ok();
        docker(&["run", "-d", "--name", &name, "-p", "127.0.0.1::5000", &name]).ok();
        let port = docker(&["port", &name, "5000"])
            .ok()
            .out
            .trim()
            .rsplit(':')
            .next()
            .unwrap_or_default()
            .to_owned();
        let registry = Registry { name, host: format!("localhost:{port}") };
        until_true(30, "the registry answers", || registry.ask("/v2/").out.contains("{}"));
        Some(registry)
    }

    fn ask(&self, path: &str) -> crate::support::shell::Ran {
        let url = format!("http://{}{path}", self.host);
        run(20, &["curl", "-sS", "--noproxy", "*", "-u", "me:secret", &url], &[], b"")
    }
}

impl Drop for Registry {
    fn drop(&mut self) {
        docker(&["rm", "-f", "-v", &self.name]);
        docker(&["rmi", "-f", &self.name]);
    }
}

#[test]
fn releases_are_pushed_by_whom_the_registry_lets_in() {
    let Some(registry) = Registry::start() else { return };
    let Some(dokku) = Appliance::start() else { return };
    let (app, repository) = (dokku.app("stored"), Repository::of("hello"));
    dokku.dokku(&["apps:create", &app]).ok();
    dokku.dokku(&["registry:set", &app, "server", &registry.host]).ok();
    dokku.dokku(&["registry:set", &app, "push-on-release", "true"]).ok();

    let refused = dokku.push(&repository, &app);
    assert!(refused.status != 0, "{refused}");
    assert!(
        refused.err.contains("unable to push image") && refused.err.contains("registry:login"),
        "{refused}"
    );

    let wrong = dokku.dokku(&["registry:login", &app, &registry.host, "me", "guessed"]);
    assert!(wrong.status == 1 && wrong.err.contains("Unable to run docker login"), "{wrong}");
    dokku
        .inside_with(
            &["dokku", "registry:login", "--password-stdin", &app, &registry.host, "me"],
            b"secret\n",
        )
        .ok();
    dokku.push(&repository, &app).ok().says("Pushing image to registry");
    dokku.wait_page(&app, "pushed with git");
    dokku.dokku(&["ps:rebuild", &app]).ok();
    let tags = registry.ask(&format!("/v2/dokku/{app}/tags/list"));
    let last = dokku.dokku(&["registry:report", &app, "--registry-tag-version"]).ok().out.trim().to_owned();
    assert!(tags.out.contains(&format!("\"{last}\"")), "{tags}");
    // What is there can be fetched by who logs in.
    let image = format!("{}/dokku/{app}:{last}", registry.host);
    docker(&["rmi", &image]).ok();
    dokku.dokku(&["git:from-image", &app, &image]).ok().says("Application deployed");
    dokku.wait_page(&app, "pushed with git");
    docker(&["rmi", "-f", &image]);
}
