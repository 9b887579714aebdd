//! Which network leads out, on a real engine: what `deploy::networks` relies on and the fake cannot know.

use dokku::deploy::networks::{moves, way_out};
use dokku::model::RunPlan;
use dokku::model::run_plan::NetworkJoin;
use dokku::platform::docker::*;
use tokio::time::timeout;

use super::docker::{BASE, Bench, DEADLINE, read};

/// The network by which the container's default route goes, by its gateway.
async fn leads_out(docker: &dyn Docker, container: &str) -> String {
    let script = "ip route | sed -n 's/^default via \\([^ ]*\\).*/\\1/p'";
    let command = ["sh", "-c", script].map(str::to_owned).to_vec();
    let mut exec = docker.exec(container, &ExecPlan { command, ..ExecPlan::default() }).await.unwrap();
    let (gateway, errors) = read(&mut exec.attached.output).await;
    assert_eq!(errors, "");
    let found = docker.inspect_container(container).await.unwrap();
    let by = found.networks().iter().find(|(_, endpoint)| endpoint.gateway == gateway.trim());
    by.unwrap_or_else(|| panic!("nobody has the gateway {gateway}: {:?}", found.networks())).0.clone()
}

#[test]
fn the_way_out_moves_as_foreseen() {
    dokku::platform::runtime().expect("a runtime").block_on(async {
        let Some(bench) = Bench::real().await else { return };
        let done = timeout(DEADLINE, story(&bench)).await;
        bench.clean().await;
        done.expect("the engine answers in time");
    });
}

async fn story(bench: &Bench) {
    let docker = &*bench.docker;
    let labels: std::collections::BTreeMap<String, String> =
        [("dokku.test".to_owned(), bench.run.clone())].into();
    let mut plan = RunPlan::of_image(BASE);
    plan.name = Some(format!("{}.way-out", bench.run));
    plan.command = ["sleep", "60"].map(str::to_owned).to_vec();
    plan.label.clone_from(&labels);
    plan.init = true;
    let id = docker.create_container(&plan).await.unwrap();
    docker.start_container(&id).await.unwrap();
    for (word, internal) in
        [("zzz", false), ("aaa-inner", true), ("aab", false), ("aaa", false), ("aac", false)]
    {
        let name = format!("{word}-{}", bench.run);
        let plan =
            NetworkPlan { name: name.clone(), internal, labels: labels.clone(), ..NetworkPlan::default() };
        docker.create_network(&plan).await.unwrap();
        let network = docker.inspect_network(&name).await.unwrap();
        assert!(network.created.is_some() && network.subnets().count() == 1, "{network:?}");
        let before = docker.inspect_container(&id).await.unwrap();
        let all = docker.list_networks(&Filter::all()).await.unwrap();
        let moves = moves(&before, &network, &all);
        docker.connect_network(&NetworkJoin::named(name.clone()), &id).await.unwrap();
        let after = docker.inspect_container(&id).await.unwrap();
        let now = leads_out(docker, &id).await;
        assert_eq!(way_out(&after, &all), Some(now.as_str()), "after {word} came");
        assert_eq!(now == name, moves, "{word} was to move it");
    }
}
