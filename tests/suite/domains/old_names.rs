//! The verbs of Dokku 0.38 for domains, ports and proxies, and the names that they had from 0.20 on.

use crate::support::World;

/// Every verb of these four domains (contract: commands.yaml), with words that it takes.
const VERBS: &[&str] = &[
    "domains",
    "domains:help",
    "domains:add shop a.example.org",
    "domains:add-global global.example.org",
    "domains:clear shop",
    "domains:clear --all",
    "domains:clear-global",
    "domains:disable shop",
    "domains:enable shop",
    "domains:disable --all",
    "domains:enable --all",
    "domains:remove shop a.example.org",
    "domains:remove-global global.example.org",
    "domains:report",
    "domains:report shop",
    "domains:report --global",
    "domains:report shop --format json",
    "domains:report --global --format stdout",
    "domains:report shop --domains-app-vhosts",
    "domains:reset shop",
    "domains:set shop a.example.org b.example.org",
    "domains:set-global example.com",
    "domains:setup shop",
    "ports",
    "ports:help",
    "ports:add shop http:8080:5000 http:8081:5000",
    "ports:list shop",
    "ports:report",
    "ports:report shop",
    "ports:report --global",
    "ports:report shop --format json",
    "ports:report shop --ports-map",
    "ports:remove shop 8081",
    "ports:remove shop http:8080:5000",
    "ports:set shop http:80:5000",
    "ports:clear shop",
    "proxy",
    "proxy:help",
    "proxy:build-config shop",
    "proxy:build-config --all",
    "proxy:build-config --parallel 2 --all",
    "proxy:clear-config shop",
    "proxy:clear-config --all",
    "proxy:report",
    "proxy:report shop",
    "proxy:report --global",
    "proxy:report shop --format json",
    "proxy:report shop --proxy-enabled",
    "proxy:set shop proxy-port 8080",
    "proxy:set shop proxy-port",
    "proxy:set --global type nginx",
    "proxy:set shop nginx",
    "nginx",
    "nginx:help",
    "nginx:reload",
    "nginx:report",
    "nginx:report shop",
    "nginx:report --global",
    "nginx:report shop --format json",
    "nginx:report shop --nginx-hsts",
    "nginx:set shop hsts false",
    "nginx:set shop hsts",
    "nginx:set --global hsts true",
    "nginx:set --global hsts",
    "proxy:build-config shop",
    "nginx:show-config shop",
    "nginx:stop",
    "nginx:start",
    "nginx:validate-config",
    "nginx:validate-config shop",
    "nginx:validate-config --clean",
    "nginx:validate-config shop --clean",
];

fn world() -> World {
    let world = World::new();
    world.run("domains:set-global example.com");
    world.run("apps:create shop");
    world
}

#[test]
fn every_verb_is_there_with_each_of_its_forms() {
    let world = world();
    for quiet in ["", "--quiet "] {
        for line in VERBS {
            let said = world.run(&format!("{quiet}{line}"));
            let is_known = !said.contains("is not a dokku command") && !said.contains("exit ");
            assert!(is_known && !said.contains("Deprecated"), "{quiet}{line}: {said}");
        }
    }
    // These start the app anew, follow a log, or look at one: an app that never ran has neither.
    for line in [
        "proxy:disable shop",
        "proxy:enable --parallel 2 --all",
        "nginx:access-logs shop",
        "nginx:error-logs shop",
    ] {
        let said = world.run(line);
        assert!(!said.contains("is not a dokku command") && !said.contains("exit 2"), "{line}: {said}");
    }
}

#[test]
fn old_names_do_what_their_successors_do_and_say_so_once() {
    for (old, new) in [
        ("proxy:ports-add shop http:8080:5000", "ports:add shop http:8080:5000"),
        ("proxy:ports shop", "ports:list shop"),
        ("proxy:ports-remove shop 8080", "ports:remove shop 8080"),
        ("proxy:ports-set shop http:80:3000", "ports:set shop http:80:3000"),
        ("proxy:ports-clear shop", "ports:clear shop"),
        ("proxy shop", "proxy:report shop"),
        ("domains shop", "domains:report shop"),
        ("domains shop --domains-app-vhosts", "domains:report shop --domains-app-vhosts"),
        ("nginx:build-config shop", "proxy:build-config shop"),
        ("nginx:show-conf shop", "nginx:show-config shop"),
        ("nginx:validate shop", "nginx:validate-config shop"),
        ("nginx:validate --clean", "nginx:validate-config --clean"),
        ("nginx:import-ssl shop", "certs:add shop"),
        ("certs:info shop", "certs:report shop"),
        ("proxy:set shop nginx", "proxy:set shop type nginx"),
    ] {
        let (one, other) = (world(), world());
        for world in [&one, &other] {
            world.run("ports:add shop http:8090:5000");
        }
        let (said, today) = (one.run(old), other.run(new));
        let (typed, means) = (old.split(' ').next().unwrap(), new.split(' ').next().unwrap());
        let line = format!("2> !     Deprecated: please use {means} instead of {typed}\n");
        let rest: String = said.replacen(&line, "", 1);
        let root = |world: &World| world.layout.root.display().to_string();
        assert_eq!(rest.replace(&root(&one), "ROOT"), today.replace(&root(&other), "ROOT"), "{old}");
        assert_eq!(said.contains(&line), typed != means, "{old}: {said}");
        assert!(!rest.contains("Deprecated"), "{old}: {said}");
        for key in ["ports:report shop --ports-map", "proxy:report shop --proxy-computed-type"] {
            assert_eq!(one.run(key), other.run(key), "{old}");
        }
    }
}
