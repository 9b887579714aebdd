use crate::support::World;

#[test]
fn trace_tells_what_is_done_on_standard_error_wherever_it_stands() {
    let world = World::new();
    world.run("apps:create shop");
    let plain = "=====> Setting deploy-branch to main\n";
    let traced = format!("{plain}2> ?     git: deploy-branch of shop is now \"main\"\n");
    assert_eq!(world.run("git:set shop deploy-branch main"), plain);
    assert_eq!(world.run("--trace git:set shop deploy-branch main"), traced);
    assert_eq!(world.run("git:set shop deploy-branch main --trace"), traced);
    assert_eq!(world.run("git:set --trace shop deploy-branch main"), traced);
}

#[test]
fn trace_that_is_turned_on_for_all_commands_is_told_by_each() {
    let world = World::new();
    world.run("apps:create shop");
    world.run("trace:on");
    let told = "2> ?     git: deploy-branch of shop is now \"main\"\n";
    assert!(world.run("git:set shop deploy-branch main").ends_with(told));
    world.run("trace:off");
    assert!(!world.run("git:set shop deploy-branch main").contains("2>"));
}
