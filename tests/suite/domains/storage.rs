//! storage: entries, what apps mount of them, and the folders behind.

use std::sync::{Arc, Mutex};

use dokku::model::Scope;
use dokku::platform::control::{ControlSocket, Response};
use dokku::platform::docker::{Docker, Image, VolumePlan};
use dokku::platform::runtime;
use expect_test::expect;

use crate::support::{PlannedRun, World, have_release_image};

fn shop() -> World {
    let world = World::new();
    world.run("--quiet apps:create shop");
    world
}

/// The same in a container whose volume the host has elsewhere.
fn shop_on_a_volume() -> World {
    let world = shop();
    let dokkurc = world.layout.root.join("dokkurc");
    std::fs::write(dokkurc, "export DOKKU_LIB_HOST_ROOT=/volumes/dokku/lib\n").expect("written");
    world
}

/// Stands in for `dokku serve`: what it was asked for, a line each.
fn serve(world: &World) -> Arc<Mutex<Vec<String>>> {
    let asked: Arc<Mutex<Vec<String>>> = Arc::default();
    let (path, heard) = (world.layout.control_socket(), Arc::clone(&asked));
    std::fs::create_dir_all(&world.layout.run).expect("a folder");
    let (open, is_open) = std::sync::mpsc::channel();
    std::thread::spawn(move || {
        runtime().expect("a runtime").block_on(async {
            let socket = ControlSocket::open(&path, None).expect("a socket");
            open.send(()).expect("the test waits");
            while let Ok(mut conversation) = socket.next().await {
                let Some(request) = conversation.request().await else { continue };
                heard.lock().expect("no panic").push(format!("{} {}", request.verb, request.arguments));
                conversation.answer(&Response::Done(serde_json::Value::Null)).await;
            }
        });
    });
    is_open.recv().expect("it opens");
    asked
}

fn taken(asked: &Mutex<Vec<String>>) -> Vec<String> {
    std::mem::take(&mut *asked.lock().expect("no panic"))
}

#[test]
fn a_mount_in_one_word_is_shown_as_it_was_typed() {
    let world = shop();
    assert_eq!(world.run("storage:mount shop /tmp/mount:/mount"), "");
    assert_eq!(world.run("storage:mount shop data:/data:Z,ro"), "");
    expect![[r#"
        -----> shop volume bind-mounts:
               data:/data:ro,Z
               /tmp/mount:/mount
    "#]]
    .assert_eq(&world.run("storage:list shop"));
    assert_eq!(world.run("--quiet storage:list shop"), "data:/data:ro,Z\n/tmp/mount:/mount\n");
    expect![[r#"
        [{"entry_name":"legacy-a587fb1a6f","host_path":"data","container_path":"/data","readonly":true,"volume_options":"Z"},{"entry_name":"legacy-fcb0b45f95","host_path":"/tmp/mount","container_path":"/mount"}]
    "#]]
    .assert_eq(&world.run("storage:list shop --format json"));
    let again = world.run("storage:mount shop /tmp/mount:/mount");
    assert_eq!(again, "2> !     Mount path already exists.\nexit 1\n");
    assert_eq!(world.run("storage:unmount shop /tmp/mount:/mount"), "");
    let again = world.run("storage:unmount shop /tmp/mount:/mount");
    assert_eq!(again, "2> !     Mount path does not exist.\nexit 1\n");
    assert_eq!(
        world.run("storage:list shop --format yaml"),
        "2> !     Invalid --format value specified\nexit 1\n"
    );
}

#[test]
fn an_entry_is_made_with_its_folder_and_mounted_by_name() {
    let world = shop();
    expect![[r#"
               Created $WORLD/lib/data/storage/uploads
        -----> Storage entry uploads created
    "#]]
    .assert_eq(&world.run("storage:create uploads"));
    assert!(world.layout.storage_folders().join("uploads").is_dir());
    expect![[r#"
        -----> Storage entry uploads mounted at /data on shop
    "#]]
    .assert_eq(&world.run("storage:mount shop uploads --container-dir /data --volume-options Z"));
    expect![[r#"
        -----> Storage entry uploads mount at /data on shop updated
    "#]]
    .assert_eq(
        &world.run("storage:mount shop uploads --container-dir /data --phase deploy --volume-readonly"),
    );
    expect![[r#"
        =====> shop storage information
               Storage attachment 1 container path: /data
               Storage attachment 1 entry name:     uploads
               Storage attachment 1 host path:      $WORLD/lib/data/storage/uploads
               Storage attachment 1 phases:         deploy
               Storage attachment 1 process type:   _default_
               Storage attachment 1 readonly:       true
               Storage attachment 1 subpath:        
               Storage attachment 1 volume chown:   
               Storage attachment 1 volume options: 
               Storage build mounts:                
               Storage deploy mounts:               -v $WORLD/lib/data/storage/uploads:/data:ro
               Storage run mounts:                  
    "#]]
    .assert_eq(&world.run("storage:report shop"));
    assert_eq!(world.run("storage:report shop --storage-attachment.1.readonly"), "true\n");
    world.run("storage:mount shop uploads --container-dir /more");
    expect![[r#"
        2> !     storage entry "uploads" is mounted at multiple paths on app "shop" (/data, /more); pass --container-dir to disambiguate
        exit 1
    "#]]
    .assert_eq(&world.run("storage:unmount shop uploads"));
    expect![[r#"
        2> !     storage entry "uploads" is still mounted by app(s): shop
        exit 1
    "#]]
    .assert_eq(&world.run("--force storage:destroy uploads"));
    assert_eq!(world.run("storage:unmount shop uploads --container-dir /data"), "");
    assert_eq!(world.run("storage:unmount shop uploads"), "");
    expect![[r#"
        2> !     storage entry "uploads" is not mounted on app "shop"
        exit 1
    "#]]
    .assert_eq(&world.run("storage:unmount shop uploads"));
    assert_eq!(world.run("storage:list shop --format json"), "[]\n");
}

#[test]
fn what_cannot_be_meant_is_refused() {
    let world = shop();
    world.run("storage:create data");
    for (line, told) in [
        ("storage:mount", "Please specify an app to run the command on"),
        ("storage:mount nobody /a:/b", "App nobody does not exist"),
        ("storage:mount shop nothing", "storage entry \"nothing\" does not exist; create it first"),
        ("storage:mount shop data", "--container-dir is required when mounting a named storage entry"),
        ("storage:mount shop data --container-dir data", "must be absolute"),
        (
            "storage:mount shop data --container-dir /d --phase build",
            "attachment phase \"build\" is not supported",
        ),
        ("storage:mount shop data --container-dir /d --volume-subpath ../x", "below the entry's own"),
        ("storage:mount shop data --container-dir /d --volume-chown nobody", "Unsupported chown permissions"),
        ("storage:mount shop v:/data", "Volume name must be two characters or more."),
        ("storage:mount shop /a:b", "Storage path must be two valid paths divided by colon."),
        ("storage:create", "storage entry name is required"),
        ("storage:create ../x", "must be a DNS-1123 label"),
        ("storage:create legacy-x", "must not start with reserved prefix"),
        ("storage:create x --mode 0888", "Unsupported directory mode \"0888\""),
        ("storage:create x --chown nobody", "Unsupported chown permissions"),
        ("storage:create x --size 1Gi", "does not accept --size"),
        ("storage:create x --annotation key", "expected key=value, got \"key\""),
        (
            "storage:create x /srv/x --chown root",
            "--chown is only supported when the storage entry uses the default",
        ),
        ("storage:create data --scheduler k3s --size 1Gi", "already exists with scheduler \"docker-local\""),
        ("storage:info", "storage entry name is required"),
        ("storage:info ../data", "storage entry \"../data\" does not exist"),
        ("storage:destroy nothing", "storage entry \"nothing\" does not exist"),
        ("storage:wait nothing", "storage entry \"nothing\" does not exist"),
        ("storage:exec", "storage:exec requires a storage entry name"),
        ("storage:set data", "No property specified"),
        (
            "storage:set data color red",
            "Invalid property specified, valid properties include: access-mode, chown",
        ),
        ("storage:set data access-mode x", "storage:set cannot change access-mode in place"),
        ("storage:set data mode 0700 --size 1", "accepts either a property and a value or flags, not both"),
        ("storage:set nothing mode 0700", "storage entry \"nothing\" does not exist"),
        ("storage:migrate", "storage:migrate requires an app name (or --all)"),
        ("storage:migrate shop --all", "accepts either an app name or --all, not both"),
        ("storage:ensure-directory", "Please specify a directory to create"),
        ("storage:ensure-directory shop/x", "Directory can only contain the following set of characters"),
        ("storage:ensure-directory shop --chown nobody", "Unsupported chown permissions"),
        ("storage:labels:set data", "No label key specified"),
        ("storage:annotations:set nothing a b", "storage entry \"nothing\" does not exist"),
    ] {
        let ran = world.run(line);
        assert!(ran.contains(told) && ran.contains("exit "), "{line}: {ran}");
    }
    assert!(world.run("storage:info x").contains("does not exist"), "nothing was made on the way");
}

#[test]
fn owner_and_mode_of_a_folder_are_set_by_the_server() {
    let world = shop();
    let asked = serve(&world);
    expect![[r#"
               Created $WORLD/lib/data/storage/data
               Setting directory mode to 0750
               Setting directory ownership to 32767:32767
        -----> Storage entry data created
    "#]]
    .assert_eq(&world.run("storage:create data --chown herokuish --mode 750"));
    assert_eq!(
        taken(&asked),
        [r#"folder-mode {"name":"data","mode":"0750"}"#, r#"folder-own {"name":"data","id":32767}"#]
    );
    expect![[r#"
        -----> Storage entry data
               Scheduler:        docker-local
               Host path:        $WORLD/lib/data/storage/data
               Chown:            herokuish
               Mode:             0750
    "#]]
    .assert_eq(&world.run("storage:info data"));
    expect![[r#"
               Setting directory mode to 0750
        -----> Storage entry data updated
    "#]]
    .assert_eq(&world.run("storage:set data chown"));
    taken(&asked);
    expect![[r#"
        -----> Storage entry data updated
        2> !     Deprecated: please use 'storage:set <name> <property> [<value>]' instead of flags
    "#]]
    .assert_eq(&world.run_words(&["storage:set", "data", "--mode", ""]));
    expect![[r#"
        -----> Ensuring $WORLD/lib/data/storage/Old_one exists
               Setting directory ownership to 2000:2000
               Directory ready for mounting
        2> !     Deprecated: please use 'storage:create' instead of 'storage:ensure-directory'
    "#]]
    .assert_eq(&world.run("storage:ensure-directory --chown paketo Old_one"));
    assert_eq!(taken(&asked), [r#"folder-own {"name":"Old_one","id":2000}"#]);
    let quiet = world.run("--quiet storage:ensure-directory Old_one --chown false");
    assert!(quiet.starts_with("-----> Ensuring") && !quiet.contains("Directory ready"), "{quiet}");
    assert!(taken(&asked).is_empty());
}

#[test]
fn an_engine_that_gives_containers_numbers_of_their_own_is_reckoned_with() {
    let world = shop();
    let asked = serve(&world);
    world.docker.state().security_options.push("name=userns".to_owned());
    world.run("storage:create data --chown heroku");
    assert_eq!(taken(&asked), [r#"folder-own {"name":"data","id":166536}"#]);
    // Inside, the number is the user's own: the engine adds the rest.
    world.docker.have_image("alpine:3", Image::default());
    world.docker.plan_run("alpine:3", PlannedRun { exit: Some(0), ..PlannedRun::default() });
    world.run("storage:exec data true");
    assert!(world.docker.take_calls().contains("--user=1000:1000"));
}

#[test]
fn an_entry_made_again_keeps_what_is_not_given() {
    let world = shop_on_a_volume();
    world.run("storage:create data /srv/data --label a=b");
    world.run("storage:annotations:set data backup.io/volumes data");
    let again = world.run("storage:create data --reclaim-policy Retain");
    expect![[r#"
        -----> Storage entry data already exists, leaving in place
        -----> Storage entry data created
    "#]]
    .assert_eq(&again);
    expect![[r#"
        {
          "name": "data",
          "scheduler": "docker-local",
          "host_path": "/srv/data",
          "reclaim_policy": "Retain",
          "annotations": {
            "backup.io/volumes": "data"
          },
          "labels": {
            "a": "b"
          },
          "schema_version": 1
        }
    "#]]
    .assert_eq(&world.run("storage:info data --format json"));
}

#[test]
fn entries_are_listed_with_those_who_mount_them() {
    let world = shop_on_a_volume();
    assert_eq!(world.run("storage:list-entries"), "-----> No storage entries registered\n");
    assert_eq!(world.run("--quiet storage:list-entries"), "");
    assert_eq!(world.run("storage:list-entries --format json"), "[]\n");
    assert_eq!(world.run("storage:report --global"), "-----> No storage entries registered\n");
    // A folder of the host: nothing is made in here.
    assert_eq!(world.run("storage:create two /srv/two"), "-----> Storage entry two created\n");
    assert_eq!(world.run("storage:wait two"), "");
    world.run("storage:create one");
    world.run("storage:mount shop two --container-dir /two");
    expect![[r#"
        -----> Storage entries:
               one	docker-local	$WORLD/lib/data/storage/one
               two	docker-local	/srv/two
    "#]]
    .assert_eq(&world.run("storage:list-entries"));
    assert_eq!(world.run("storage:list-entries --scheduler k3s"), "-----> No storage entries registered\n");
    expect![[r#"
        -----> Storage report (global):
               one	docker-local	mounted by: —
               two	docker-local	mounted by: shop
    "#]]
    .assert_eq(&world.run("storage:report --global"));
    let json = world.run("storage:report --global --format json");
    assert!(
        json.contains("\"mounted_by\": [\n      \"shop\"\n    ]") && json.contains("\"mounted_by\": []"),
        "{json}"
    );
}

#[test]
fn destroying_asks_and_the_folder_goes_only_when_that_is_said() {
    let world = shop_on_a_volume();
    let asked = serve(&world);
    world.run("storage:create data");
    let told = world.run_with_input("storage:destroy data --destroy-host-dir", "no\n");
    assert!(told.contains("is backed by $WORLD/lib/data/storage/data, which will be removed"), "{told}");
    assert!(
        told.contains("This command will destroy storage entry data.") && told.contains("exit 1"),
        "{told}"
    );
    assert!(world.run("storage:info data").contains("docker-local"));
    assert_eq!(world.run("storage:destroy data --force"), "-----> Storage entry data destroyed\n");
    assert!(taken(&asked).is_empty());
    world.run("storage:create data --reclaim-policy Delete");
    expect![[r#"
               Removed $WORLD/lib/data/storage/data
        -----> Storage entry data destroyed
    "#]]
    .assert_eq(&world.run("--force storage:destroy data"));
    assert_eq!(taken(&asked), [r#"folder-remove {"name":"data"}"#]);
    world.run("storage:create far /srv/far");
    let told = world.run("--force storage:destroy far --destroy-host-dir");
    assert!(
        told.contains("--destroy-host-dir is only supported when the storage entry uses the default"),
        "{told}"
    );
    assert_eq!(
        world.run_with_input("storage:destroy far", "far\n").lines().next(),
        Some("> -----> Storage entry far destroyed")
    );
}

#[test]
fn annotations_and_labels_are_set_one_by_one() {
    let world = shop();
    assert_eq!(world.run("storage:labels:report"), "-----> No storage entries registered\n");
    world.run("storage:create data");
    expect![[r#"
        =====> Setting annotation backup.io/volumes to data
    "#]]
    .assert_eq(&world.run("storage:annotations:set data backup.io/volumes data"));
    assert_eq!(world.run("--quiet storage:annotations:set data other x"), "");
    expect![[r#"
        =====> data annotations information
               Annotation backup.io/volumes:  data
               Annotation other:              x
    "#]]
    .assert_eq(&world.run("storage:annotations:report data"));
    assert_eq!(
        world.run("storage:annotations:report data --format json"),
        "{\"backup.io/volumes\":\"data\",\"other\":\"x\"}\n"
    );
    assert_eq!(
        world.run("storage:annotations:report data --storage-annotations.backup.io/volumes"),
        "data\n"
    );
    assert_eq!(world.run("storage:annotations:set data other"), "=====> Unsetting annotation other\n");
    for (line, told) in [
        (
            "storage:annotations:report data --storage-annotations.x",
            "valid flags: --storage-annotations.backup.io/volumes",
        ),
        ("storage:annotations:report --storage-annotations.x", "requires a storage entry name"),
        ("storage:labels:report data --format yaml", "Invalid format: yaml"),
        ("storage:labels:report nothing", "storage entry \"nothing\" does not exist"),
    ] {
        let ran = world.run(line);
        assert!(ran.contains(told) && ran.contains("exit "), "{line}: {ran}");
    }
    assert_eq!(world.run("storage:labels:report data"), "=====> data labels information\n");
}

#[test]
fn containers_get_what_is_mounted_for_their_phase_and_process_type() {
    let world = shop();
    world.run("storage:create data");
    world.run("storage:mount shop /srv/all:/all");
    world.run(
        "storage:mount shop data --container-dir /worker --process-type worker --volume-subpath in/side",
    );
    world.run("storage:mount shop data --container-dir /run --phase run");
    let options = |trigger: &str| world.run(&format!("plugin:trigger {trigger}")).trim_end().to_owned();
    let folder = "$WORLD/lib/data/storage/data";
    assert_eq!(
        options("docker-args-deploy shop latest worker 1"),
        format!(" -v {folder}/in/side:/worker -v /srv/all:/all")
    );
    for container in ["shop latest web 1", "shop latest"] {
        assert_eq!(options(&format!("docker-args-deploy {container}")), " -v /srv/all:/all");
    }
    assert_eq!(
        options("docker-args-run shop latest"),
        format!(" -v {folder}:/run -v {folder}/in/side:/worker -v /srv/all:/all")
    );
    assert_eq!(options("docker-args-build shop dockerfile"), "");
    let told = world.run("plugin:trigger storage-list shop deploy");
    assert!(told.contains("\n/srv/all:/all\n") || told.contains("/srv/all:/all\n2>"), "{told}");
    assert!(
        told.contains("2> !     Deprecated: please use the 'storage-app-mounts' plugn trigger"),
        "{told}"
    );
    let pairs = world.run("plugin:trigger storage-app-mounts shop run");
    assert!(pairs.starts_with(r#"[{"entry":{"name":"data","scheduler":"docker-local""#), "{pairs}");
    assert!(
        pairs.contains(r#""attachment":{"entry_name":"data","container_path":"/run","phases":["run"]"#),
        "{pairs}"
    );
}

#[test]
fn a_folder_of_the_volume_is_mounted_by_its_path_on_the_host() {
    let world = shop_on_a_volume();
    have_release_image(&world, "shop");
    world.run("storage:create data");
    world.run("storage:mount shop data --container-dir /data");
    world.run("storage:mount shop /srv/x:/x");
    // An option that names the folder as it is in here is meant just the same.
    let option =
        format!("docker-options:add shop run -v {}/data/storage/data:/option", world.layout.lib.display());
    world.run(&option);
    world.docker.plan_run("dokku/shop:latest", PlannedRun { exit: Some(0), ..PlannedRun::default() });
    world.docker.take_calls();
    world.run("run shop true");
    let calls = world.docker.take_calls();
    for mount in [
        "--volume=/volumes/dokku/lib/data/storage/data:/data ",
        "--volume=/srv/x:/x ",
        "--volume=/volumes/dokku/lib/data/storage/data:/option ",
    ] {
        assert!(calls.contains(mount), "{mount}: {calls}");
    }
    let shown = world.run("storage:list shop");
    assert!(shown.contains("$WORLD/lib/data/storage/data:/data"), "{shown}");
}

#[test]
fn a_command_runs_beside_an_entry_and_its_status_is_passed_on() {
    let world = shop();
    let _asked = serve(&world);
    world.docker.have_image("alpine:3", Image::default());
    world.run("storage:create data --chown heroku");
    world.docker.plan_run(
        "alpine:3",
        PlannedRun { stdout: "marker\n".into(), exit: Some(42), ..PlannedRun::default() },
    );
    world.docker.take_calls();
    assert_eq!(world.run("storage:exec data -- ls -la /data"), "marker\nexit 42\n");
    let calls = world.docker.take_calls();
    let mount =
        format!("--mount=type=bind,source={}/data/storage/data,target=/data", world.layout.lib.display());
    for part in ["--rm", "--user=1000:1000", mount.as_str(), "alpine:3 ls -la /data"] {
        assert!(calls.contains(part), "{part}: {calls}");
    }
    world.docker.plan_run("busybox", PlannedRun { exit: Some(0), ..PlannedRun::default() });
    world.docker.have_image("busybox", Image::default());
    assert_eq!(world.run("storage:exec --image busybox --as-user 5 data"), "");
    let calls = world.docker.take_calls();
    assert!(calls.contains("--user=5:5") && calls.contains("exec bash"), "{calls}");
    std::fs::remove_dir(world.layout.storage_folders().join("data")).expect("it was empty");
    assert!(world.run("storage:exec data").contains("data/storage/data does not exist\nexit 1"));
    assert!(world.run("storage:wait data").contains("data/storage/data is not present\nexit 1"));
    world.run("storage:create vol vol-1");
    let told = world.run("storage:exec vol");
    assert!(told.contains("docker named volume \"vol-1\" is not present"), "{told}");
    let made = VolumePlan { name: "vol-1".into(), ..VolumePlan::default() };
    runtime().expect("a runtime").block_on(world.docker.create_volume(&made)).expect("a volume");
    world.docker.plan_run("alpine:3", PlannedRun { exit: Some(0), ..PlannedRun::default() });
    assert_eq!(world.run("storage:exec vol true"), "");
    assert!(world.docker.take_calls().contains("--mount=type=volume,source=vol-1,target=/data"));
    assert_eq!(world.run("storage:wait vol"), "");
}

#[test]
fn mounts_among_docker_options_become_entries() {
    let world = shop();
    world.run("docker-options:add shop deploy,run -v /tmp/old:/old:ro");
    world.run("docker-options:add shop deploy --link a -v vol:/vol -v /anonymous");
    let marker = world
        .layout
        .properties("storage", &Scope::App("shop".parse().expect("a name")))
        .join("legacy-mounts-migrated");
    assert_eq!(world.run("storage:list shop --format json"), "[]\n");
    assert_eq!(world.run("storage:migrate shop"), "-----> Re-migrated shop\n");
    let listed = world.run("--quiet storage:list shop");
    assert!(listed.contains("/tmp/old:/old:ro\n") && listed.contains("vol:/vol\n"), "{listed}");
    assert_eq!(world.run("docker-options:report shop --docker-options-deploy"), "--link a -v /anonymous\n");
    assert_eq!(world.run("docker-options:report shop --docker-options-run"), "\n");
    assert_eq!(world.run("storage:report shop --storage-run-mounts"), "-v /tmp/old:/old:ro\n");
    assert_eq!(std::fs::read_to_string(&marker).expect("there"), "true");
    assert_eq!(world.run("storage:migrate --all"), "-----> Re-migrated 1 app(s)\n");
    assert_eq!(world.run("--quiet storage:list shop").lines().count(), 2);
    // An app that never had any gets no mark, unless an earlier release left one as a file.
    world.run("--quiet apps:create other");
    world.run("storage:migrate other");
    let marker = marker
        .parent()
        .and_then(|folder| folder.parent())
        .expect("folders")
        .join("other/legacy-mounts-migrated");
    assert!(!marker.exists());
    let old = world.layout.storage_migrations().join("other");
    std::fs::create_dir_all(world.layout.storage_migrations()).expect("a folder");
    std::fs::write(&old, "").expect("written");
    world.run("storage:migrate other");
    assert!(marker.exists() && !old.exists());
}

#[test]
fn a_clone_has_the_same_a_renamed_app_keeps_its_own_and_a_destroyed_one_leaves_nothing() {
    let world = shop();
    world.run("storage:mount shop /srv/x:/x");
    world.run("--quiet apps:clone --skip-deploy shop copy");
    assert_eq!(world.run("--quiet storage:list copy"), "/srv/x:/x\n");
    world.run("--quiet apps:rename --skip-deploy copy moved");
    assert_eq!(world.run("--quiet storage:list moved"), "/srv/x:/x\n");
    world.run("--quiet --force apps:destroy moved");
    world.run("--quiet apps:create moved");
    assert_eq!(world.run("--quiet storage:list moved"), "");
    assert!(world.run("storage:list-entries").contains("/srv/x"));
}

#[test]
fn a_mount_whose_entry_is_gone_is_told_of() {
    let world = shop();
    world.run("storage:create data");
    world.run("storage:mount shop data --container-dir /data");
    std::fs::remove_file(world.layout.storage_entries().join("data.json")).expect("there");
    let report = world.run("storage:report shop");
    assert!(report.contains("2> !     Skipping attachment on \"shop\": missing entry \"data\""), "{report}");
    assert!(report.contains("Storage deploy mounts:") && !report.contains("exit"), "{report}");
    let told = world.run("storage:list shop");
    assert!(
        told.contains("attachment on \"shop\" references missing entry \"data\"") && told.contains("exit 1"),
        "{told}"
    );
}

#[test]
fn a_scheduler_that_keeps_volumes_is_told_and_may_refuse() {
    let world = shop();
    world.add_plugin("cluster", "storage-create", "cat >\"$DOKKU_ROOT/told\"; echo \"made $1\"");
    world.add_plugin("cluster", "storage-destroy", "exit 3");
    world.add_plugin("cluster", "storage-status", "echo Pending");
    let told = world.run("storage:create claim --scheduler k3s --size 1Gi --access-mode ReadWriteMany");
    assert_eq!(told, "made claim\n-----> Storage entry claim created\n");
    let seen = std::fs::read_to_string(world.layout.root.join("told")).expect("it was told");
    assert!(
        seen.contains(r#""name":"claim","scheduler":"k3s","size":"1Gi","access_mode":"ReadWriteMany""#),
        "{seen}"
    );
    let told = world.run("storage:wait claim");
    assert_eq!(told, "2> !     storage entry \"claim\" is Pending, not Bound\nexit 1\n");
    let told = world.run("--force storage:destroy claim");
    assert!(told.contains("scheduler refused to remove storage entry \"claim\""), "{told}");
    assert!(world.run("storage:info claim").contains("k3s"));
    world.add_plugin("cluster", "storage-create", "exit 4");
    let told = world.run("storage:create second --scheduler k3s --size 1Gi");
    assert!(told.contains("scheduler refused storage entry \"second\"") && told.contains("exit 1"), "{told}");
    assert!(world.run("storage:info second").contains("does not exist"));
    let told = world.run("--force storage:destroy claim --destroy-host-dir");
    assert!(told.contains("--destroy-host-dir only applies to docker-local storage entries"), "{told}");
}
