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
        2> !     Invalid key specified, valid keys include: archive-max-files, archive-max-size, deploy-branch, keep-git-dir, max-push-size, rev-env-var, source-image
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
    assert!(world.run("builder-null:help").contains("No-op builder plugin"));
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

#[test]
fn a_repository_is_made_shown_and_copied() {
    let world = with_app();
    expect![[r#"
        2> !     App hello has no repository yet
        2> !     push to it, or run git:initialize hello
        exit 1
    "#]]
    .assert_eq(&world.run("git:status hello"));
    assert_eq!(world.run("git:initialize hello"), "-----> Initializing git repository for hello\n");
    assert_eq!(world.run("--quiet git:initialize hello"), "", "one that is there stays");
    let folder = world.layout.app(&"hello".parse().expect("a name"));
    let hook = std::fs::read_to_string(folder.join("hooks/pre-receive")).expect("a hook");
    assert!(hook.contains("dokku git-hook \"hello\""), "{hook}");
    assert!(world.run("git:status hello").starts_with("On branch "), "{}", world.run("git:status hello"));

    world.run("apps:clone --skip-deploy hello copy");
    let folder = world.layout.app(&"copy".parse().expect("a name"));
    let hook = std::fs::read_to_string(folder.join("hooks/pre-receive")).expect("a hook");
    assert!(hook.contains("dokku git-hook \"copy\""), "{hook}");
    assert_eq!(world.run("git:status copy"), world.run("git:status hello"));
}

#[test]
fn a_clone_shares_the_objects_of_the_repository() {
    use std::os::unix::fs::MetadataExt;

    let world = with_app();
    world.run("git:initialize hello");
    let object = |app: &str| world.layout.app(&app.parse().expect("a name")).join("objects/12/34");
    std::fs::create_dir_all(object("hello").parent().expect("a folder")).expect("a folder");
    std::fs::write(object("hello"), "never written again").expect("writable");
    let inode = |app: &str| std::fs::metadata(object(app)).expect("an object").ino();
    let before = inode("hello");
    world.run("apps:clone --skip-deploy hello copy");
    assert_eq!((inode("hello"), inode("copy")), (before, before));
    world.run("apps:rename --skip-deploy hello moved");
    assert_eq!(inode("moved"), before);
}

#[test]
fn an_app_without_code_is_not_built_as_a_clone() {
    let world = with_app();
    world.add_plugin("spy", "post-app-clone", "echo \"skip=$SKIP_REBUILD\"");
    assert!(world.run("apps:clone hello copy").ends_with("skip=true\n"));
}

#[test]
fn a_deploy_key_is_made_once() {
    let world = World::new();
    expect![[r#"
        2> !     There is no deploy key associated with the dokku user.
        2> !     git:generate-deploy-key makes one
        exit 1
    "#]]
    .assert_eq(&world.run("git:public-key"));
    let made = world.run("git:generate-deploy-key");
    assert!(made.starts_with("ssh-ed25519 AAAA"), "{made}");
    assert_eq!(world.run("git:public-key"), made);
    assert_eq!(world.run("git:generate-deploy-key"), " !     A deploy key already exists for this host\n");
}
