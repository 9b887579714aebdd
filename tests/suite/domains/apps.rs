use std::fs;
use std::path::PathBuf;

use expect_test::expect;

use crate::support::World;

fn folder(world: &World, app: &str) -> PathBuf {
    world.layout.app(&app.parse().expect("a name"))
}

#[test]
fn an_app_is_created_once() {
    let world = World::new();
    expect![[r#"
        =====> My Apps
        2> !     You haven't deployed any applications yet
    "#]]
    .assert_eq(&world.run("apps:list"));
    expect![[r#"
        []
    "#]]
    .assert_eq(&world.run("apps:list --format json"));
    expect![[r#"
        -----> Creating hello...
    "#]]
    .assert_eq(&without_domains(&world.run("apps:create hello")));
    expect![[r#"
        2> !     Name is already taken
        exit 1
    "#]]
    .assert_eq(&world.run("apps:create hello"));
    expect![[r#"
        =====> My Apps
        hello
    "#]]
    .assert_eq(&world.run("apps:list"));
    assert_eq!(world.run("apps"), world.run("apps:list"));
    expect![[r#"
        hello
    "#]]
    .assert_eq(&world.run("--quiet apps:list"));
    expect![[r#"
        ["hello"]
    "#]]
    .assert_eq(&world.run("apps:list --format json"));
    expect![""].assert_eq(&world.run("apps:exists hello"));
    expect![""].assert_eq(&world.run("--quiet apps:create silent"));
}

/// What other domains say about a new app is their own affair.
fn without_domains(seen: &str) -> String {
    seen.lines().filter(|line| !line.contains("host")).map(|line| format!("{line}\n")).collect()
}

#[test]
fn what_is_wrong_is_said() {
    let world = World::new();
    expect![[r#"
        2> !     App nope does not exist
        exit 20
    "#]]
    .assert_eq(&world.run("apps:exists nope"));
    expect![[r#"
        2> !     Please specify an app to run the command on
        exit 1
    "#]]
    .assert_eq(&world.run("apps:create"));
    expect![[r#"
        2> !     App name must begin with lowercase alphanumeric character, and may only contain lowercase alphanumerics, dots, and hyphens
        exit 1
    "#]]
    .assert_eq(&world.run("apps:create ../etc"));
    expect![[r#"
        2> !     `apps:crate x` is not a dokku command.
        2> !     See `dokku help` for a list of available commands.
        2> !     Did you mean `apps:create`?
        exit 1
    "#]]
    .assert_eq(&world.run("apps:crate x"));
    expect![[r#"
        2> !     Format must be "stdout" or "json": "xml"
        exit 1
    "#]]
    .assert_eq(&world.run("apps:list --format xml"));
    for verb in ["destroy", "lock", "locked", "unlock", "report"] {
        assert_eq!(
            world.run(&format!("apps:{verb} nope")),
            "2> !     App nope does not exist\nexit 20\n",
            "{verb}"
        );
    }
}

#[test]
fn an_app_is_destroyed_after_its_name_was_typed() {
    let world = World::new();
    world.run("apps:create hello");
    expect![[r#"
        > 2> !     WARNING: Potentially Destructive Action
        2> !     This command will destroy app hello.
        2> !     To proceed, type "hello"
        2>Confirmation did not match test. Aborted.
        exit 1
    "#]]
    .assert_eq(&world.run_with_input("apps:destroy hello", "helo\n"));
    assert!(
        world.run_with_input("apps:destroy hello", "\n").ends_with("2> !     unexpected newline\nexit 1\n")
    );
    assert!(world.run("apps:destroy hello").ends_with("2> !     EOF\nexit 1\n"));
    assert_eq!(world.run("apps:exists hello"), "");

    let destroyed = world.run_with_input("apps:destroy hello", "hello\n");
    assert!(destroyed.starts_with("> -----> Destroying hello (including all add-ons)\n"), "{destroyed}");
    assert!(!destroyed.contains("exit"), "{destroyed}");
    assert!(!folder(&world, "hello").exists());
}

#[test]
fn force_asks_nothing_wherever_it_stands() {
    let world = World::new();
    for line in ["--force apps:destroy a", "apps:destroy --force a", "apps:destroy a --force"] {
        world.run("apps:create a");
        let destroyed = world.run(line);
        assert!(!destroyed.contains("WARNING") && !destroyed.contains("exit"), "{line}: {destroyed}");
        assert!(!folder(&world, "a").exists(), "{line}");
    }
}

#[test]
fn nothing_is_left_of_a_destroyed_app() {
    let world = World::new();
    world.run("apps:create hello");
    world.run("config:set hello A=1");
    world.run("apps:lock hello");
    world.run("apps:set hello deploy-source git-push");
    world.run("--force apps:destroy hello");
    let mut left = Vec::new();
    for root in [&world.layout.root, &world.layout.lib] {
        walk(root, &mut |path| left.push(path.display().to_string()));
    }
    left.retain(|path| path.contains("hello") && !path.contains("/locks/"));
    assert!(left.is_empty(), "{left:?}");
}

#[test]
fn routes_that_were_made_in_mid_destroy_go_as_well() {
    let world = World::new();
    world.run("apps:create hello");
    // As one who follows its containers may, after nginx was told to forget it.
    world.add_plugin("zz-last", "post-delete", "echo '# back' > \"$DOKKU_ROOT/$1/nginx.conf\"");
    world.run("--force apps:destroy hello");
    assert_eq!(
        world.proxy.asked()[1..],
        ["apply hello", "apply hello"],
        "once before, and once when its folder is gone"
    );
    assert!(!folder(&world, "hello").exists());
}

fn walk(folder: &std::path::Path, see: &mut impl FnMut(PathBuf)) {
    for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
        if entry.path().is_dir() {
            walk(&entry.path(), see);
        }
        see(entry.path());
    }
}

#[test]
fn a_plugin_can_keep_an_app_and_a_second_destroy_finishes_a_broken_first() {
    let world = World::new();
    world.run("apps:create hello");
    world.add_plugin("guard", "pre-delete", "echo kept >&2; exit 3");
    assert!(world.run("--force apps:destroy hello").ends_with("exit 3\n"));
    assert_eq!(world.run("config:set --quiet hello A=1"), "", "nothing was forgotten");
    world.add_plugin("guard", "pre-delete", "true");
    world.add_plugin("zz-last", "post-delete", "exit 4");
    assert!(world.run("--force apps:destroy hello").ends_with("exit 4\n"));
    assert_eq!(world.run("apps:exists hello"), "", "it is there by name until all is done");
    world.add_plugin("zz-last", "post-delete", "true");
    assert!(!world.run("--force apps:destroy hello").contains("exit"));
    assert!(!folder(&world, "hello").exists());
}

#[test]
fn the_steps_of_a_destroy_come_in_order() {
    let world = World::new();
    world.run("apps:create hello");
    for trigger in
        ["pre-delete", "scheduler-stop", "scheduler-post-delete", "post-delete", "scheduler-retire"]
    {
        world.add_plugin("spy", trigger, &format!("echo \"{trigger} $*\" >> $DOKKU_LIB_ROOT/seen"));
    }
    world.add_plugin("zz-last", "post-delete", "test -d \"$DOKKU_ROOT/$1\"");
    world.run("--force apps:destroy hello");
    expect![[r#"
        pre-delete hello latest
        scheduler-stop docker-local hello true
        scheduler-post-delete docker-local hello latest
        post-delete hello latest
        scheduler-retire docker-local hello
    "#]]
    .assert_eq(&fs::read_to_string(world.layout.lib.join("seen")).expect("a list"));
}

#[test]
fn locks_are_made_told_and_taken_away() {
    let world = World::new();
    world.run("apps:create hello");
    expect![[r#"
        2> !     Deploy lock does not exist
        exit 1
    "#]]
    .assert_eq(&world.run("apps:locked hello"));
    expect![[r#"
        -----> Deploy lock created
    "#]]
    .assert_eq(&world.run("apps:lock hello"));
    expect![[r#"
        Deploy lock exists
    "#]]
    .assert_eq(&world.run("apps:locked hello"));
    assert_eq!(world.run("--quiet apps:locked hello"), "");
    assert_eq!(world.run("apps:report hello --app-locked"), "true\n");
    expect![[r#"
        -----> Deploy lock removed
        2> !     A deploy may be in progress.
        2> !     Removing the app lock will not stop in progress deploys.
    "#]]
    .assert_eq(&world.run("apps:unlock hello"));
    expect![[r#"
        2> !     Unable to remove deploy lock
        exit 1
    "#]]
    .assert_eq(&world.run("apps:unlock hello"));
}

#[test]
fn report_and_set_follow_the_table() {
    let world = World::new();
    world.run("apps:create hello");
    expect![[r#"
        =====> Setting deploy-source to git-push
    "#]]
    .assert_eq(&world.run("apps:set hello deploy-source git-push"));
    expect![[r#"
        =====> hello app information
               App created at:                  1767323045
               App deploy source:               git-push
               App deploy source metadata:      
               App dir:                         $WORLD/home/hello
               App global disable autocreation: 
               App locked:                      false
    "#]]
    .assert_eq(&world.run("apps:report hello"));
    expect![[r#"
        =====> --global app information
               App global disable autocreation: true
    "#]]
    .assert_eq(&{
        world.run("apps:set --global disable-autocreation true");
        world.run("apps:report --global")
    });
    let json = world.run("apps:report hello --format json");
    assert!(
        json.contains(r#""app-created-at":"1767323045""#) && json.contains(r#""created-at":"1767323045""#)
    );
    expect![[r#"
        2> !     Property can only be specified globally
        exit 1
    "#]]
    .assert_eq(&world.run("apps:set hello disable-autocreation true"));
    expect![[r#"
        2> !     Property cannot be specified globally
        exit 1
    "#]]
    .assert_eq(&world.run("apps:set --global deploy-source x"));
    expect![[r#"
        2> !     Invalid property specified, valid properties include: deploy-source, deploy-source-metadata, disable-autocreation
        exit 1
    "#]]
    .assert_eq(&world.run("apps:set hello nope x"));
}

#[test]
fn a_clone_has_the_settings_of_the_old_app() {
    let world = World::new();
    world.run("apps:create old");
    world.run("config:set old A=1");
    world.add_plugin("spy", "post-app-clone", "echo \"clone $* $SKIP_REBUILD\"");
    let cloned = world.run("apps:clone --skip-deploy old new");
    assert!(cloned.starts_with("-----> Cloning old to new\n-----> Creating new...\n"), "{cloned}");
    assert!(cloned.ends_with("clone old new true\n"), "{cloned}");
    assert_eq!(world.run("config:get new A"), "1\n");
    assert_eq!(world.run("config:get old A"), "1\n");

    let taken = "2> !     Name is already taken\n";
    assert_eq!(world.run("apps:clone old new"), format!("{taken}exit 1\n"));
    assert_eq!(world.run("apps:clone --ignore-existing old new"), taken);
    assert_eq!(world.run("apps:clone old"), "2> !     Please specify an new app name\nexit 1\n");
    assert_eq!(world.run("apps:clone"), "2> !     Please specify an app to run the command on\nexit 1\n");
    assert_eq!(world.run("apps:clone nope x"), "2> !     App nope does not exist\nexit 20\n");
}

#[test]
fn a_renamed_app_takes_its_settings_along() {
    let world = World::new();
    world.run("apps:create old");
    world.run("config:set old A=1");
    world.add_plugin("spy", "post-app-rename", "echo \"rename $*\"");
    let renamed = world.run("apps:rename --skip-deploy old new");
    assert!(renamed.starts_with("-----> Renaming old to new\n-----> Creating new...\n"), "{renamed}");
    assert!(renamed.contains("-----> Destroying old (including all add-ons)\n"), "{renamed}");
    assert!(renamed.ends_with("rename old new\n"), "{renamed}");
    assert_eq!(world.run("config:get new A"), "1\n");
    assert_eq!(world.run("apps:exists old"), "2> !     App old does not exist\nexit 20\n");
}

#[test]
fn a_plugin_decides_which_apps_a_caller_sees() {
    let world = World::new();
    world.run("apps:create mine");
    world.run("apps:create yours");
    world.add_plugin("acl", "user-auth-app", "shift 2; for app; do test $app = yours || echo $app; done");
    assert_eq!(world.run("--quiet apps:list"), "mine\n");
    assert_eq!(world.run("apps:exists yours"), "2> !     App yours does not exist\nexit 20\n");
    assert_eq!(world.run("--quiet config:set yours A=1"), "2> !     App yours does not exist\nexit 20\n");
}

#[test]
fn destroying_ends_a_deploy_that_runs() {
    use std::os::unix::process::CommandExt;

    use dokku::platform::lock::Lock;
    use dokku::platform::process_mark::ProcessMark;
    use dokku::store::builds::{self, Record, Source};

    let world = World::new();
    world.run("--quiet apps:create hello");
    let app = "hello".parse().expect("a name");
    let mut deploy = std::process::Command::new("/bin/cat")
        .stdin(std::process::Stdio::piped())
        .process_group(0)
        .spawn()
        .expect("cat runs");
    let mut turn = Lock::take(&world.layout.deploy_queue(&app)).expect("a lock");
    turn.say("d1").expect("writable");
    let process = ProcessMark::of(deploy.id()).expect("it lives");
    let began = "2026-01-02T03:00:00Z".parse().expect("a time");
    let record = Record::begin(&app, "d1", Source::GitHook, began).done_by(&process);
    builds::start(&world.layout, &app, &record).expect("writable");

    // Or waiting would end it.
    let _input = deploy.stdin.take();
    // The lock dies with its holder.
    let ended = std::thread::spawn(move || {
        let ended = deploy.wait().expect("it ends");
        drop(turn);
        ended
    });
    let destroyed = world.run("--force apps:destroy hello");
    assert!(!destroyed.contains("exit"), "{destroyed}");
    assert!(!ended.join().expect("no panic").success());
    assert!(!folder(&world, "hello").exists());
}

#[test]
fn an_argument_too_many_is_passed_over_and_said() {
    let world = World::new();
    expect![[r#"
        -----> Creating shop...
        -----> Creating new app virtual host file...
        2> !     One argument too many, ignored: blog
    "#]]
    .assert_eq(&world.run("apps:create shop blog"));
    // What Dokku's client sends.
    expect![[r#"
        -----> Creating cart...
        -----> Creating new app virtual host file...
    "#]]
    .assert_eq(&world.run("--app cart apps:create cart"));
    let told = world.run("apps:create till --nonsense");
    assert!(told.contains("unexpected argument '--nonsense'") && told.contains("exit 2"), "{told}");
}
