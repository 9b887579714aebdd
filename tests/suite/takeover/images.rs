//! Files that older releases looked for in images, once the engine is there.

use dokku::platform::docker::Image;
use expect_test::expect;

use super::volume;

#[test]
fn files_of_a_release_come_out_of_its_image() {
    let world = volume::of("0.20");
    let mut image = Image::default();
    image.config.working_dir = "/srv".to_owned();
    world.docker.have_image("dokku/shop:latest", image);
    for (path, text) in [
        ("/srv/Procfile", "web: serve\n"),
        ("/srv/CHECKS", "WAIT=3\n/ hello\n"),
        ("/srv/nginx.conf.sigil", "server {}\n"),
    ] {
        world.docker.have_file("dokku/shop:latest", path, text);
    }
    world.run("take-over");
    expect![""].assert_eq(&world.run("plugin:trigger pre-restore"));
    let read = |path: &str| std::fs::read_to_string(world.layout.lib.join("data").join(path)).ok();
    assert_eq!(read("ps/shop/Procfile").as_deref(), Some("web: serve\n"));
    assert_eq!(read("scheduler-docker-local/shop/CHECKS").as_deref(), Some("WAIT=3\n/ hello\n"));
    assert_eq!(read("nginx-vhosts/app-shop/nginx.conf.sigil").as_deref(), Some("server {}\n"));
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
