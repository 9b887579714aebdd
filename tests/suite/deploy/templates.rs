//! An app's own `nginx.conf.sigil`, from the push on.

use std::sync::Arc;

use dokku::deploy;
use dokku::platform;
use dokku::platform::docker::Image;
use dokku::platform::steps::Unwatched;

use super::{Ear, Shop};
use crate::support::fake_docker::PlannedBuild;

/// Pushes a release with this template. What was said, and whether it went live.
fn push(shop: &Shop, ear: &Arc<Ear>, template: &str) -> Result<(), String> {
    let ctx = shop.world.ctx(Arc::new(Unwatched)).printing_to(ear.clone());
    let files = [("Dockerfile", "FROM scratch\nEXPOSE 5000\n"), ("nginx.conf.sigil", template)];
    platform::runtime().expect("a runtime").block_on(async {
        match shop.receive_files(&ctx, "two", &files).await {
            Ok(_turn) => deploy::commit(&ctx, &shop.app).await.map_err(|failure| deploy::reason(&failure)),
            Err(failure) => Err(deploy::reason(&failure)),
        }
    })
}

#[test]
fn a_bad_template_ends_the_push_before_anything_is_built() {
    let shop = Shop::new();
    let ear = Arc::new(Ear::default());
    let reason =
        push(&shop, &ear, "server {\n  listen {{ .NOPE | split \" \" }};\n}\n").expect_err("refused");
    assert_eq!(reason, "The nginx.conf.sigil of this push cannot be rendered");
    assert!(ear.text().contains("Custom nginx.conf.sigil failed to render via sigil: "), "{}", ear.text());
    shop.world.proxy.refuse("unknown directive \"lissen\" in nginx.conf:2");
    let reason = push(&shop, &ear, "server {\n  lissen {{ .PROXY_PORT }};\n}\n").expect_err("refused");
    assert_eq!(reason, "nginx refuses the nginx.conf.sigil of this push");
    let told = ear.text();
    assert_eq!(told.matches("Custom nginx.conf.sigil failed nginx -t validation").count(), 1, "{told}");
    for words in
        ["-----> Pre-validating custom nginx.conf.sigil", "  lissen 80;", "unknown directive \"lissen\""]
    {
        assert!(told.contains(words), "{words} is not in\n{told}");
    }
    assert!(!told.contains("Building shop"), "{told}");
    assert!(shop.world.docker.state().containers.is_empty());
}

#[test]
fn every_process_type_is_known_to_the_template() {
    let mut shop = Shop::new();
    shop.procfile = "web: httpd\nworker: work\nlate-mail: mail\n".to_owned();
    let deployed = shop.deploy("one", Arc::new(Unwatched));
    platform::runtime().expect("a runtime").block_on(deployed).expect("deployed");
    shop.world.run("ps:scale --skip-deploy shop worker=2 late-mail=1");
    shop.world.docker.plan_build(PlannedBuild { image: image(), ..PlannedBuild::default() });
    let template = "# web={{ .DOKKU_APP_WEB_LISTENERS }} worker={{ .DOKKU_APP_WORKER_LISTENERS }} \
        late={{ .DOKKU_APP_LATE_MAIL_LISTENERS }}\n";
    let ear = Arc::new(Ear::default());
    let ctx = shop.world.ctx(Arc::new(Unwatched)).printing_to(ear.clone());
    let procfile = shop.procfile.as_str();
    let files = [
        ("Dockerfile", "FROM scratch\nEXPOSE 5000\n"),
        ("Procfile", procfile),
        ("nginx.conf.sigil", template),
    ];
    platform::runtime().expect("a runtime").block_on(async {
        let _turn = shop.receive_files(&ctx, "two", &files).await.expect("received");
        deploy::commit(&ctx, &shop.app).await.expect("deployed");
    });
    let config = shop.world.run("nginx:show-config shop");
    let counts: Vec<usize> =
        ["web=", "worker=", "late="].map(|word| addresses_behind(&config, word)).to_vec();
    assert_eq!(counts, [1, 2, 1], "{config}");
    let overridden =
        ear.text().matches("Overriding default nginx.conf with detected nginx.conf.sigil").count();
    assert_eq!(overridden, 2, "{}", ear.text());
}

fn image() -> Image {
    let mut image = Image::default();
    image.config.cmd = vec!["httpd".to_owned()];
    image
}

fn addresses_behind(config: &str, word: &str) -> usize {
    let (_, rest) = config.split_once(word).expect("it is in the template");
    rest.split_whitespace().take_while(|word| word.contains(':') && !word.contains('=')).count()
}
