//! The calls of the engine in memory.

use std::fmt::Write;
use std::sync::Arc;

use async_trait::async_trait;
use bytes::Bytes;
use dokku::model::Fault;
use dokku::model::build_plan::{BuildPlan, RegistryLogin};
use dokku::model::run_plan::{NetworkJoin, RestartPolicy, RunPlan};
use dokku::platform::docker::*;
use futures_util::{FutureExt, StreamExt, stream};
use tokio::sync::watch;

use super::fake_docker::{FakeDocker, Made, PlannedRun, conflict, not_found, with_tag};
use super::fake_docker_echo::echo;
use super::fake_docker_values::{
    committed, describe, fits, lines_of, made_of, network_create, nowhere, policy_name, summary,
};

#[async_trait]
impl Docker for FakeDocker {
    fn owner(&self) -> &Owner {
        &self.owner
    }

    async fn ping(&self) -> DockerResult {
        Ok(())
    }

    async fn version(&self) -> DockerResult<EngineVersion> {
        let api = ApiVersion { major: 1, minor: self.question().api_minor.unwrap_or(41) };
        let text = str::to_owned;
        Ok(EngineVersion {
            engine: text("20.10.24"),
            api,
            os: text("linux"),
            arch: text("amd64"),
            kernel: text("6.1"),
        })
    }

    async fn info(&self) -> DockerResult<EngineInfo> {
        let driver = "json-file".to_owned();
        Ok(EngineInfo {
            id: "FAKE".into(),
            logging_driver: driver,
            os_type: "linux".into(),
            security_options: self.question().security_options.clone(),
            ..EngineInfo::default()
        })
    }

    async fn disk_usage(&self) -> DockerResult<DiskUsage> {
        let state = self.question();
        let usage = |count: usize| Usage { count: count as u64, bytes: 0 };
        let (images, containers) = (usage(state.images.len()), usage(state.containers.len()));
        Ok(DiskUsage { images, containers, volumes: usage(state.volumes.len()), build_cache: usage(0) })
    }

    async fn disk_items(&self) -> DockerResult<Vec<DiskItem>> {
        Ok(self.question().disk_items.clone())
    }

    async fn prune(&self, what: Prune, filter: &Filter) -> DockerResult<Pruned> {
        let noun = format!("{what:?}").to_lowercase();
        let mut state = self.call(format!("docker prune {noun} {filter}").trim_end())?;
        let mut removed = Vec::new();
        if what == Prune::Images {
            let used: Vec<String> =
                state.containers.values().map(|made| made.container.image_id.clone()).collect();
            let everything = filter.iter().any(|(key, values)| key == "dangling" && values[0] == "false");
            let parents = state.parents.clone();
            let goes = |image: &Image| {
                (everything || image.repo_tags.is_empty())
                    && !parents.values().any(|parent| *parent == image.id)
                    && !used.contains(&image.id)
                    && fits(filter, "label", &image.config.labels)
                    && self.owner.admits(&image.config.labels)
            };
            removed =
                state.images.values().filter(|image| goes(image)).map(|image| image.id.clone()).collect();
            state.images.retain(|_, image| !goes(image));
        }
        if what == Prune::Containers {
            let goes = |made: &Made| {
                let labels = &made.container.config.labels;
                !made.container.state.running && fits(filter, "label", labels) && self.owner.admits(labels)
            };
            removed =
                state.containers.iter().filter(|(_, made)| goes(made)).map(|(id, _)| id.clone()).collect();
            state.containers.retain(|_, made| !goes(made));
        }
        Ok(Pruned { removed, reclaimed: 0 })
    }

    async fn events(&self, filter: &Filter, _since: Option<i64>) -> DockerResult<EventStream> {
        let (filter, owner) = (filter.clone(), self.owner.clone());
        let receiver = self.events.subscribe();
        let events = stream::unfold(receiver, |mut receiver| async move {
            receiver.recv().await.ok().map(|event| (event, receiver))
        });
        Ok(events
            .filter(move |event| {
                let said = |key: &str, value: &str| {
                    filter
                        .iter()
                        .filter(|(found, _)| *found == key)
                        .all(|(_, all)| all.iter().any(|one| one == value))
                };
                let action = event.action.split(':').next().unwrap_or_default();
                let fitting = said("type", &event.kind)
                    && said("event", action)
                    && fits(&filter, "label", &event.actor.attributes)
                    && owner.admits(&event.actor.attributes);
                std::future::ready(fitting)
            })
            .map(Ok)
            .boxed())
    }

    async fn inspect_image(&self, image: &str) -> DockerResult<Image> {
        self.question().image(image).cloned()
    }

    async fn list_images(&self, filter: &Filter) -> DockerResult<Vec<ImageSummary>> {
        let state = self.question();
        let dangling = |image: &Image| match filter.iter().find(|(key, _)| *key == "dangling") {
            Some((_, values)) => {
                let is_parent = state.parents.values().any(|parent| *parent == image.id);
                (image.repo_tags.is_empty() && !is_parent) == (values[0] == "true")
            }
            None => true,
        };
        let named = |image: &Image| match filter.iter().find(|(key, _)| *key == "reference") {
            Some((_, values)) => image.repo_tags.iter().any(|tag| {
                values.iter().any(|value| tag == &with_tag(value) || tag.split(':').next() == Some(value))
            }),
            None => true,
        };
        let images = state.images.values();
        Ok(images
            .filter(|image| fits(filter, "label", &image.config.labels) && dangling(image) && named(image))
            .filter(|image| self.owner.admits(&image.config.labels))
            .map(|image| ImageSummary {
                id: image.id.clone(),
                repo_tags: image.repo_tags.clone(),
                parent_id: state.parents.get(&image.id).cloned().unwrap_or_default(),
                labels: image.config.labels.clone(),
                created: 0,
                size: image.size,
            })
            .collect())
    }

    async fn image_layers(&self, image: &str) -> DockerResult<Vec<Layer>> {
        self.question().layers(image)
    }

    async fn tag_image(&self, image: &str, name: &str) -> DockerResult {
        let mut state = self.call(format!("docker tag {image} {name}"))?;
        let id = state.image(image)?.id.clone();
        let tag = with_tag(name);
        for other in state.images.values_mut() {
            other.repo_tags.retain(|found| *found != tag);
        }
        state.images.get_mut(&id).expect("found above").repo_tags.push(tag);
        Ok(())
    }

    async fn remove_image(&self, image: &str, how: RemoveImage) -> DockerResult<Vec<String>> {
        let flag = if how.force { "--force " } else { "" };
        self.call(format!("docker rmi {flag}{image}"))?.remove_image(image, how.force)
    }

    async fn pull_image(&self, image: &str, _: Registry<'_>, _: &mut dyn Progress) -> DockerResult {
        // What a test lets the engine have is there; a registry is not.
        self.call(format!("docker pull {image}"))?.image(image).map(drop)
    }

    async fn check_login(&self, registry: &str, login: &RegistryLogin) -> DockerResult<Option<String>> {
        drop(self.call(format!("docker login {registry}"))?);
        let refused = || Fault::new("incorrect username or password").into();
        if login.password == "wrong" { Err(refused()) } else { Ok(None) }
    }

    async fn push_image(&self, image: &str, _: Registry<'_>, _: &mut dyn Progress) -> DockerResult {
        self.call(format!("docker push {image}"))?.image(image).map(drop)
    }

    async fn load_image(&self, mut archive: ByteStream, _: &mut dyn Progress) -> DockerResult {
        drop(self.call("docker load")?);
        while let Some(bytes) = archive.next().await {
            bytes?;
        }
        Ok(())
    }

    async fn build_image(
        &self,
        plan: &BuildPlan,
        context: Arc<dyn BuildContext>,
        progress: &mut dyn Progress,
    ) -> DockerResult<String> {
        let planned = self.call(plan.to_string())?.next_build();
        context.entries()?;
        for line in &planned.lines {
            progress.line(line);
        }
        if let Some(error) = planned.error {
            return Err(Fault::new(format!("cannot build the image: {error}")).into());
        }
        let mut image = planned.image;
        image.config.labels.extend(plan.label.clone());
        self.owner.mark(&mut image.config.labels);
        let mut state = self.question();
        image.id = format!("sha256:{}", state.next_id());
        for tag in &plan.tag {
            let tag = with_tag(tag);
            for other in state.images.values_mut() {
                other.repo_tags.retain(|found| *found != tag);
            }
            image.repo_tags.push(tag);
        }
        let id = image.id.clone();
        state.images.insert(id.clone(), image);
        Ok(id)
    }

    async fn create_container(&self, plan: &RunPlan) -> DockerResult<String> {
        let mut state = self.call(format!("{plan:#}").replacen("docker run", "docker create", 1))?;
        let image = state.image(&plan.image)?.clone();
        let mut plan = plan.clone();
        self.owner.mark(&mut plan.label);
        let plan = &plan;
        let id = state.next_id();
        let name = plan.name.clone().unwrap_or_else(|| format!("unnamed_{}", &id[..12]));
        if state.containers.values().any(|made| made.container.name == name) {
            return Err(conflict(format!("Conflict. The container name \"/{name}\" is already in use")));
        }
        let container = describe(plan, &image, &id, &name);
        let made = Made {
            container,
            plan: plan.clone(),
            output: Vec::new(),
            run: PlannedRun::default(),
            ended: watch::channel((0, 0)).0,
        };
        state.containers.insert(id.clone(), made);
        let bridge = [NetworkJoin::named("bridge")];
        let joins = if plan.network.is_empty() { &bridge[..] } else { &plan.network[..] };
        for join in joins.iter().filter(|join| !join.name.starts_with("container:")) {
            if let Err(error) = state.join(&id, join) {
                state.containers.remove(&id);
                return Err(error);
            }
        }
        self.tell("create", &state.containers[&id].container, &[]);
        Ok(id)
    }

    async fn start_container(&self, container: &str) -> DockerResult {
        let mut state = self.call(format!("docker start {container}"))?;
        let id = state.container_id(container)?;
        if !state.containers[&id].container.state.running {
            self.begin(&mut state, &id);
        }
        Ok(())
    }

    async fn stop_container(&self, container: &str, timeout: Option<i64>) -> DockerResult {
        let time = timeout.map_or_else(String::new, |timeout| format!("--time {timeout} "));
        let mut state = self.call(format!("docker stop {time}{container}"))?;
        let id = state.container_id(container)?;
        self.end(&mut state, &id, 143);
        Ok(())
    }

    async fn kill_container(&self, container: &str, signal: &str) -> DockerResult {
        let mut state = self.call(format!("docker kill --signal {signal} {container}"))?;
        let id = state.container_id(container)?;
        if !state.containers[&id].container.state.running {
            return Err(conflict(format!("Container {container} is not running")));
        }
        self.end(&mut state, &id, if signal == "KILL" { 137 } else { 143 });
        Ok(())
    }

    async fn restart_container(&self, container: &str, timeout: Option<i64>) -> DockerResult {
        let time = timeout.map_or_else(String::new, |timeout| format!("--time {timeout} "));
        let mut state = self.call(format!("docker restart {time}{container}"))?;
        let id = state.container_id(container)?;
        self.tell("kill", &state.containers[&id].container, &[("signal", "15".to_owned())]);
        self.end(&mut state, &id, 143);
        self.begin(&mut state, &id);
        Ok(())
    }

    async fn pause_container(&self, container: &str) -> DockerResult {
        let mut state = self.call(format!("docker pause {container}"))?;
        let id = state.container_id(container)?;
        let found = &mut state.containers.get_mut(&id).expect("found above").container.state;
        (found.paused, found.status) = (true, "paused".into());
        Ok(())
    }

    async fn unpause_container(&self, container: &str) -> DockerResult {
        let mut state = self.call(format!("docker unpause {container}"))?;
        let id = state.container_id(container)?;
        let found = &mut state.containers.get_mut(&id).expect("found above").container.state;
        (found.paused, found.status) = (false, "running".into());
        Ok(())
    }

    async fn rename_container(&self, container: &str, name: &str) -> DockerResult {
        let mut state = self.call(format!("docker rename {container} {name}"))?;
        let id = state.container_id(container)?;
        if state.containers.values().any(|made| made.container.name == name) {
            return Err(conflict(format!("Conflict. The container name \"/{name}\" is already in use")));
        }
        state.containers.get_mut(&id).expect("found above").container.name = name.to_owned();
        Ok(())
    }

    async fn remove_container(&self, container: &str, how: RemoveContainer) -> DockerResult {
        let force = if how.force { "--force " } else { "" };
        let volumes = if how.volumes { "--volumes " } else { "" };
        let mut state = self.call(format!("docker rm {force}{volumes}{container}"))?;
        let id = state.container_id(container)?;
        if state.containers[&id].container.state.running && !how.force {
            return Err(conflict(format!("You cannot remove a running container {id}")));
        }
        self.end(&mut state, &id, 137);
        for network in state.networks.values_mut() {
            network.containers.remove(&id);
        }
        if let Some(gone) = state.containers.remove(&id) {
            self.tell("destroy", &gone.container, &[]);
        }
        Ok(())
    }

    async fn update_restart(&self, container: &str, policy: &RestartPolicy) -> DockerResult {
        let mut state = self.call(format!("docker update --restart={} {container}", policy_name(policy)))?;
        let id = state.container_id(container)?;
        let found = &mut state.containers.get_mut(&id).expect("found above").container;
        found.host_config.restart_policy.name = policy_name(policy).to_owned();
        Ok(())
    }

    async fn inspect_container(&self, container: &str) -> DockerResult<Container> {
        let mut state = self.question();
        state.inspected.push(container.to_owned());
        Ok(state.containers[&state.container_id(container)?].container.clone())
    }

    async fn inspect_container_json(&self, container: &str) -> DockerResult<serde_json::Value> {
        let state = self.question();
        let found = &state.containers[&state.container_id(container)?].container;
        Ok(serde_json::json!({
            "Id": found.id, "Name": format!("/{}", found.name),
            "State": { "Status": found.state.status, "Running": found.state.running },
            "Config": { "Image": found.config.image, "Env": found.config.env, "Labels": found.config.labels },
        }))
    }

    async fn list_containers(&self, filter: &Filter) -> DockerResult<Vec<ContainerSummary>> {
        let state = self.question();
        let found = state.containers.values().map(|made| &made.container);
        let said = |key: &str, fit: &dyn Fn(&str) -> bool| {
            filter.iter().filter(|(found, _)| *found == key).all(|(_, all)| all.iter().any(|one| fit(one)))
        };
        Ok(found
            .filter(|container| {
                fits(filter, "label", &container.config.labels)
                    && self.owner.admits(&container.config.labels)
                    && said("status", &|status| container.state.status == status)
                    && said("name", &|name| container.name.contains(name))
                    && said("id", &|id| container.id.starts_with(id))
                    && said("network", &|network| container.networks().contains_key(network))
            })
            .map(summary)
            .collect())
    }

    async fn container_logs(&self, container: &str, logs: &Logs) -> DockerResult<ChunkStream> {
        let state = self.question();
        let made = &state.containers[&state.container_id(container)?];
        let wanted = |chunk: &&Chunk| match chunk.source {
            Source::Stdout => !logs.no_stdout,
            Source::Stderr => !logs.no_stderr,
        };
        let mut lines: Vec<Chunk> = made.output.iter().flat_map(lines_of).collect();
        // As the engine does: the tail is counted before a stream is left out.
        if let Some(tail) = logs.tail {
            let skipped = lines.len().saturating_sub(usize::try_from(tail).expect("a small number"));
            lines.drain(..skipped);
        }
        lines.retain(|chunk| wanted(&chunk));
        Ok(stream::iter(lines).map(Ok).boxed())
    }

    async fn attach_container(&self, container: &str, _: Attach) -> DockerResult<Attached> {
        let state = self.question();
        let id = state.container_id(container)?;
        let ended = state.containers[&id].ended.subscribe();
        drop(state);
        let fake = self.clone();
        if self.echoes(&id) {
            return Ok(echo(fake, id));
        }
        // What it writes is known when it has ended; nobody in a test needs it earlier.
        let output = stream::once(async move {
            let mut ended = ended;
            let _ = ended.wait_for(|(times, _)| *times > 0).await;
            let state = fake.state();
            let output = state.containers.get(&id).map(|made| &made.output).or(state.last_words.get(&id));
            let output = output.cloned().unwrap_or_default();
            stream::iter(output).map(Ok)
        });
        Ok(Attached { output: output.flatten().boxed(), input: nowhere() })
    }

    async fn resize_container(&self, container: &str, _: Size) -> DockerResult {
        self.question().container_id(container).map(drop)
    }

    async fn wait_container(&self, container: &str, until: Until) -> DockerResult<Waiting> {
        let state = self.question();
        let made = &state.containers[&state.container_id(container)?];
        if until == Until::NotRunning && !made.container.state.running {
            return Ok(std::future::ready(Ok(made.container.state.exit_code)).boxed());
        }
        let mut ended = made.ended.subscribe();
        let before = ended.borrow().0;
        Ok(async move {
            let code = ended.wait_for(|(times, _)| *times > before).await.map(|ended| ended.1);
            Ok(code.unwrap_or(137))
        }
        .boxed())
    }

    async fn commit_container(&self, container: &str, plan: &CommitPlan) -> DockerResult<String> {
        let name = plan.name.clone().unwrap_or_default();
        let mut line = "docker commit".to_owned();
        for change in &plan.changes {
            let _ = write!(line, " --change '{change}'");
        }
        let mut state = self.call(format!("{line} {container} {name}").trim_end())?;
        let container = state.containers[&state.container_id(container)?].container.clone();
        let from = container.image_id.clone();
        let mut image = committed(&state.images.get(&from).cloned().unwrap_or_default(), &container, plan);
        image.id = format!("sha256:{}", state.next_id());
        image.repo_tags = plan.name.iter().map(|name| with_tag(name)).collect();
        for other in state.images.values_mut() {
            other.repo_tags.retain(|tag| !image.repo_tags.contains(tag));
        }
        let id = image.id.clone();
        state.images.insert(id.clone(), image);
        state.parents.insert(id.clone(), from);
        Ok(id)
    }

    async fn exec(&self, container: &str, plan: &ExecPlan) -> DockerResult<Exec> {
        let mut state = self.call(format!("docker exec {container} {}", plan.command.join(" ")))?;
        let id = state.container_id(container)?;
        if !state.containers[&id].container.state.running {
            return Err(conflict(format!("Container {container} is not running")));
        }
        let planned = state.next_exec();
        let exec = state.next_id();
        state.execs.insert(exec.clone(), (planned.status, planned.lingers));
        let chunk = |source, text: String| Chunk { source, bytes: Bytes::from(text) };
        let output = [chunk(Source::Stdout, planned.stdout), chunk(Source::Stderr, planned.stderr)];
        let output = stream::iter(output.into_iter().filter(|chunk| !chunk.bytes.is_empty())).map(Ok).boxed();
        Ok(Exec { id: exec, attached: Attached { output, input: nowhere() } })
    }

    async fn resize_exec(&self, _: &str, _: Size) -> DockerResult {
        Ok(())
    }

    async fn exec_status(&self, exec: &str) -> DockerResult<Option<i64>> {
        let mut state = self.question();
        let Some((status, lingers)) = state.execs.get_mut(exec) else { return Ok(None) };
        let is_known = *lingers == 0;
        *lingers = lingers.saturating_sub(1);
        Ok(is_known.then_some(*status))
    }

    async fn read_archive(&self, container: &str, path: &str) -> DockerResult<ByteStream> {
        let state = self.question();
        let id = state.container_id(container)?;
        let image = state.containers[&id].container.image_id.clone();
        let content = [id, image].into_iter().find_map(|owner| state.files.get(&(owner, path.to_owned())));
        let name = path.rsplit('/').next().unwrap_or(path);
        content
            .map(|content| archive_of(&[(name, 0o644, content)]))
            .ok_or_else(|| not_found(format!("Could not find the file {path} in container {container}")))
    }

    async fn write_archive(&self, container: &str, folder: &str, mut archive: ByteStream) -> DockerResult {
        self.call(format!("docker cp - {container}:{folder}"))?.container_id(container)?;
        while let Some(bytes) = archive.next().await {
            bytes?;
        }
        Ok(())
    }

    async fn list_networks(&self, filter: &Filter) -> DockerResult<Vec<Network>> {
        let state = self.question();
        let found = state.networks.values();
        let listed = |network: &Network| Network { containers: Default::default(), ..network.clone() };
        Ok(found.filter(|network| fits(filter, "label", &network.labels)).map(listed).collect())
    }

    async fn inspect_network(&self, network: &str) -> DockerResult<Network> {
        self.question().network(network).cloned()
    }

    async fn create_network(&self, plan: &NetworkPlan) -> DockerResult<String> {
        let mut state = self.call(network_create(plan))?;
        if state.network(&plan.name).is_ok() {
            return Err(conflict(format!("network with name {} already exists", plan.name)));
        }
        let id = state.next_id();
        let mut labels = plan.labels.clone();
        self.owner.mark(&mut labels);
        let network = Network { id: id.clone(), labels, ..made_of(plan) };
        state.networks.insert(id.clone(), network);
        Ok(id)
    }

    async fn remove_network(&self, network: &str) -> DockerResult {
        let mut state = self.call(format!("docker network rm {network}"))?;
        let found = state.network(network)?.clone();
        let running = |id: &String| state.containers.get(id).is_some_and(|made| made.container.state.running);
        if found.containers.keys().any(running) {
            return Err(DockerError::Other(Fault::new(format!("network {network} has active endpoints"))));
        }
        state.networks.remove(&found.id);
        Ok(())
    }

    async fn connect_network(&self, join: &NetworkJoin, container: &str) -> DockerResult {
        let mut line = "docker network connect".to_owned();
        for alias in &join.aliases {
            let _ = write!(line, " --alias {alias}");
        }
        if let Some(priority) = join.gw_priority {
            let _ = write!(line, " --gw-priority {priority}");
        }
        let mut state = self.call(format!("{line} {} {container}", join.name))?;
        let id = state.container_id(container)?;
        state.join(&id, join)
    }

    async fn disconnect_network(&self, network: &str, container: &str, force: bool) -> DockerResult {
        let flag = if force { "--force " } else { "" };
        let mut state = self.call(format!("docker network disconnect {flag}{network} {container}"))?;
        let id = state.container_id(container)?;
        let found = state.network(network)?;
        let name = found.name.clone();
        found.containers.remove(&id);
        let made = state.containers.get_mut(&id).expect("found above");
        made.container.network_settings.networks.remove(&name);
        Ok(())
    }

    async fn create_volume(&self, plan: &VolumePlan) -> DockerResult<Volume> {
        let mut state = self.call(format!("docker volume create {}", plan.name))?;
        let mut labels = plan.labels.clone();
        self.owner.mark(&mut labels);
        let volume = state.volumes.entry(plan.name.clone()).or_insert_with(|| Volume {
            name: plan.name.clone(),
            driver: plan.driver.clone().unwrap_or_else(|| "local".to_owned()),
            mountpoint: format!("/var/lib/docker/volumes/{}/_data", plan.name),
            labels,
        });
        Ok(volume.clone())
    }

    async fn list_volumes(&self, filter: &Filter) -> DockerResult<Vec<Volume>> {
        let state = self.question();
        let found = state.volumes.values();
        let named = |volume: &Volume| {
            filter
                .iter()
                .filter(|(key, _)| *key == "name")
                .all(|(_, all)| all.iter().any(|one| volume.name.contains(one)))
        };
        Ok(found.filter(|volume| fits(filter, "label", &volume.labels) && named(volume)).cloned().collect())
    }

    async fn remove_volume(&self, volume: &str) -> DockerResult {
        let mut state = self.call(format!("docker volume rm {volume}"))?;
        let gone = state.volumes.remove(volume);
        gone.map(drop).ok_or_else(|| not_found(format!("no such volume: {volume}")))
    }
}
