//! Domains that are no more than a table of properties yet.

use expect_test::expect;

use crate::support::World;

fn with_app() -> World {
    let world = World::new();
    world.run("--quiet apps:create hello");
    world
}

#[test]
fn git_settings_follow_the_table() {
    let world = with_app();
    assert_eq!(world.run("git:set hello deploy-branch main"), "=====> Setting deploy-branch to main\n");
    expect![[r#"
        =====> hello git information
               Git computed archive max files: 10000
               Git computed archive max size:  1073741824
               Git computed deploy branch:     main
               Git computed keep git dir:      false
               Git deploy branch:              main
               Git global archive max files:   
               Git global archive max size:    
               Git global deploy branch:       
               Git global keep git dir:        
               Git keep git dir:               
               Git last updated at:            
               Git rev env var:                GIT_REV
               Git sha:                        
               Git source image:               
    "#]]
    .assert_eq(&world.run("git:report hello"));
    assert_eq!(world.run("git:set hello rev-env-var"), "=====> Unsetting rev-env-var\n");
    assert_eq!(world.run("git:report hello --git-rev-env-var"), "\n", "no variable gets the commit any more");
    expect![[r#"
        2> !     Invalid key specified, valid keys include: archive-max-files, archive-max-size, deploy-branch, keep-git-dir, rev-env-var, source-image
        exit 1
    "#]]
    .assert_eq(&world.run("git:set hello nope x"));
    assert_eq!(world.run("git:set hello"), "2> !     No key specified\nexit 1\n");
}

#[test]
fn builders_have_settings_and_old_prefixes() {
    let world = with_app();
    for (builder, prefix, key) in [
        ("builder-herokuish", "herokuish", "allowed"),
        ("builder-lambda", "lambda", "lambdayml-path"),
        ("builder-nixpacks", "nixpacks", "nixpackstoml-path"),
        ("builder-pack", "pack", "projecttoml-path"),
        ("builder-railpack", "rails", "railpackjson-path"),
    ] {
        let set = world.run(&format!("{prefix}:set hello {key} true"));
        assert_eq!(set, format!("=====> Setting {key} to true\n"));
        assert_eq!(world.run(&format!("{builder}:report hello --{builder}-computed-{key}")), "true\n");
        assert!(world.run(builder).contains(&format!("{builder}:set")));
    }
    assert!(world.run("builder-null:help").contains("Build nothing"));
    expect![[r#"
        2> !     Invalid value "maybe": must be true or false
        exit 1
    "#]]
    .assert_eq(&world.run("builder-herokuish:set hello allowed maybe"));
}

#[test]
fn registry_settings_follow_the_table() {
    let world = with_app();
    assert_eq!(world.run("registry:report hello --registry-computed-image-repo"), "dokku/hello\n");
    world.run_words(&["registry:set", "--global", "image-repo-template", "team/{{ .AppName }}"]);
    assert_eq!(world.run("registry:report hello --registry-computed-image-repo"), "team/hello\n");
    world.run("registry:set hello image-repo mine/it");
    assert_eq!(world.run("registry:report hello --registry-computed-image-repo"), "mine/it\n");
}

#[test]
fn a_clone_and_a_new_name_keep_what_was_set() {
    let world = with_app();
    world.run("git:set hello deploy-branch main");
    world.run("registry:set hello server ghcr.io/");
    world.run("apps:clone --skip-deploy hello copy");
    world.run("apps:rename --skip-deploy hello moved");
    for app in ["copy", "moved"] {
        assert_eq!(world.run(&format!("git:report {app} --git-deploy-branch")), "main\n");
        assert_eq!(world.run(&format!("registry:report {app} --registry-server")), "ghcr.io/\n");
    }
    assert!(!world.layout.config().join("git/hello").exists());
}
