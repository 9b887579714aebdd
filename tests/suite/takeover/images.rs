//! Files that older releases looked for in images, once the engine is there.

use dokku::platform::docker::Image;
use expect_test::expect;

use super::volume;

#[test]
fn files_of_a_release_come_out_of_its_image() {
    let world = volume::of("0.20");
    volume::plant(&world.layout, "0.24");
    // One made by buildpacks, one from a Dockerfile.
    let mut image = Image::default();
    image.config.working_dir = "/srv".to_owned();
    let mut slug = Image::default();
    slug.config.env = vec!["USER=herokuishuser".to_owned()];
    for (app, image, folder) in [("shop", slug, "/app"), ("blog", image, "/srv")] {
        let name = format!("dokku/{app}:latest");
        let id = world.docker.have_image(&name, image);
        for (file, text) in [
            ("Procfile", "web: serve\n"),
            ("CHECKS", "WAIT=3\n/ hello\n"),
            ("nginx.conf.sigil", "server {}\n"),
        ] {
            world.docker.have_file(&id, &format!("{folder}/{file}"), text);
        }
    }
    world.run("take-over");
    expect![[r#"
        -----> Ensuring network configuration is in sync for blog
        -----> Nginx support is disabled for app (blog)
        -----> Ensuring network configuration is in sync for shop
        -----> Overriding default nginx.conf with detected nginx.conf.sigil
        -----> Configuring shop.example.com...(using app-supplied template)
        -----> Configuring www.example.org...(using app-supplied template)
        -----> Creating https nginx.conf
               Enabling HSTS (using built-in template)
               Reloading nginx
        -----> blog: Procfile of the image
        -----> blog: nginx.conf.sigil of the image
        -----> blog: CHECKS of the image
        -----> old: app.json, Procfile, nginx.conf.sigil, CHECKS come with the next push: the image dokku/old:latest is gone
        -----> shop: Procfile of the image
        -----> shop: nginx.conf.sigil of the image
        -----> shop: CHECKS of the image
    "#]].assert_eq(&world.run("plugin:trigger pre-restore"));
    let read = |path: &str| std::fs::read_to_string(world.layout.lib.join("data").join(path)).ok();
    for app in ["shop", "blog"] {
        let procfile = read(&format!("ps/{app}/Procfile"));
        assert_eq!(procfile.as_deref(), Some("web: serve\n"), "{app}");
        let checks = read(&format!("scheduler-docker-local/{app}/CHECKS"));
        assert_eq!(checks.as_deref(), Some("WAIT=3\n/ hello\n"), "{app}");
        let template = read(&format!("nginx-vhosts/app-{app}/nginx.conf.sigil"));
        assert_eq!(template.as_deref(), Some("server {}\n"), "{app}");
    }
    assert_eq!(read("app-json/shop/app.json"), None);
    // Of an image that is gone nothing can be had; nobody asks again.
    assert!(world.run("taken-over").contains("the image dokku/old:latest is gone"));
    assert!(!world.layout.files_in_images().exists());
    world.docker.take_calls();
    world.run("plugin:trigger pre-restore");
    assert!(!world.docker.take_calls().contains("docker create"));
}

#[test]
fn what_a_release_of_today_has_is_not_looked_for() {
    for release in ["0.30", "0.38"] {
        let world = volume::of(release);
        world.run("take-over");
        let waits = std::fs::read_to_string(world.layout.files_in_images()).unwrap_or_default();
        assert_eq!(waits, if release == "0.30" { "shop CHECKS\n" } else { "" });
    }
}
