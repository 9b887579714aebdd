//! The engine, asked through bollard.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use bollard::models::{
    ContainerUpdateBody, NetworkCreateRequest, NetworkDisconnectRequest, VolumeCreateRequest,
};
use bollard::query_parameters as ask;
use futures_util::{FutureExt, StreamExt, TryStreamExt};
use serde_json::{Value, json};
use tokio::time::timeout;

use super::client::{Call, Engine};
use super::create::{connect_body, create_body, restart_rule};
use super::names::{checked, repository_and_tag};
use super::*;
use crate::model::Fault;

/// How long a container that removes itself is waited for: engines are known to leave some in that state for ever.
const REMOVAL: Duration = Duration::from_secs(60);

#[async_trait]
impl Docker for Engine {
    fn owner(&self) -> &Owner {
        &self.owner
    }

    async fn ping(&self) -> DockerResult {
        self.send(Call::get("/_ping", "reach the Docker engine")).await.map(drop)
    }

    async fn version(&self) -> DockerResult<EngineVersion> {
        let api = self.link().await?.api;
        let found: Value = self.fetch(Call::get("/version", "ask the Docker engine for its version")).await?;
        let text = |key: &str| found[key].as_str().unwrap_or_default().to_owned();
        let (engine, os, arch) = (text("Version"), text("Os"), text("Arch"));
        Ok(EngineVersion { engine, api, os, arch, kernel: text("KernelVersion") })
    }

    async fn info(&self) -> DockerResult<EngineInfo> {
        let known = self.link().await?.info;
        if let Some(info) = known.get() {
            return Ok(info.clone());
        }
        let info: EngineInfo = self.fetch(Call::get("/info", "ask the Docker engine about its host")).await?;
        // Whoever was faster has heard the same.
        let _ = known.set(info.clone());
        Ok(info)
    }

    async fn disk_usage(&self) -> DockerResult<DiskUsage> {
        let found = self.fetch(Call::get("/system/df", "ask the Docker engine what takes room")).await?;
        Ok(super::usage::disk_usage(&found))
    }

    async fn disk_items(&self) -> DockerResult<Vec<DiskItem>> {
        let call = Call::get("/system/df", "ask the Docker engine what takes room").query("verbose", "1");
        Ok(super::usage::disk_items(&self.fetch(call).await?))
    }

    async fn prune(&self, what: Prune, filter: &Filter) -> DockerResult<Pruned> {
        let (path, noun) = match what {
            Prune::Containers => ("/containers/prune", "containers"),
            Prune::Images => ("/images/prune", "images"),
            Prune::BuildCache | Prune::AllBuildCache => ("/build/prune", "build cache"),
            Prune::Volumes => ("/volumes/prune", "volumes"),
            Prune::Networks => ("/networks/prune", "networks"),
        };
        let filters = match what {
            Prune::BuildCache | Prune::AllBuildCache => vec![filter.clone()],
            Prune::Containers | Prune::Images | Prune::Volumes | Prune::Networks => {
                self.owner.filters(filter)
            }
        };
        let mut all = Pruned::default();
        for filter in filters {
            let mut call =
                Call::post(path, format!("remove unused {noun}")).query("filters", filter.to_json());
            if what == Prune::AllBuildCache {
                call = call.query("all", "1");
            }
            let pruned = super::usage::pruned(&self.fetch(call).await?);
            all.removed.extend(pruned.removed);
            all.reclaimed += pruned.reclaimed;
        }
        Ok(all)
    }

    async fn events(&self, filter: &Filter, since: Option<i64>) -> DockerResult<EventStream> {
        let what = "listen to the Docker engine";
        let mut call = Call::get("/events", what).query("filters", filter.to_json());
        if let Some(since) = since {
            call = call.query("since", since.to_string());
        }
        let events = flow::json_lines::<Event>(self.send(call).await?.into_body(), what.to_owned());
        let owner = self.owner.clone();
        let is_ours = move |event: &DockerResult<Event>| {
            event.as_ref().map_or(true, |event| owner.admits(&event.actor.attributes))
        };
        Ok(events.filter(move |event| std::future::ready(is_ours(event))).boxed())
    }

    async fn inspect_image(&self, image: &str) -> DockerResult<Image> {
        let call =
            Call::get(format!("/images/{}/json", checked(image)?), format!("look at the image {image}"));
        self.fetch(call).await
    }

    async fn list_images(&self, filter: &Filter) -> DockerResult<Vec<ImageSummary>> {
        let call = Call::get("/images/json", "list images").query("filters", filter.to_json());
        let mut listed: Vec<ImageSummary> = self.fetch(call).await?;
        listed.retain(|image| self.owner.admits(&image.labels));
        Ok(listed)
    }

    async fn image_layers(&self, image: &str) -> DockerResult<Vec<Layer>> {
        let path = format!("/images/{}/history", checked(image)?);
        let call = Call::get(path, format!("look at the layers of {image}"));
        let mut layers: Vec<Layer> = self.fetch(call).await?;
        layers.reverse();
        Ok(layers)
    }

    async fn tag_image(&self, image: &str, name: &str) -> DockerResult {
        let (repository, tag) = repository_and_tag(checked(name)?);
        let options = ask::TagImageOptionsBuilder::new().repo(repository).tag(tag).build();
        let done = self.link().await?.bollard.tag_image(checked(image)?, Some(options)).await;
        done.map_err(|error| self.failed(&format!("name the image {image} {name}"), error))
    }

    async fn remove_image(&self, image: &str, how: RemoveImage) -> DockerResult<Vec<String>> {
        let options =
            ask::RemoveImageOptionsBuilder::new().force(how.force).noprune(how.keep_parents).build();
        let done = self.link().await?.bollard.remove_image(checked(image)?, Some(options), None).await;
        let gone = done.map_err(|error| self.failed(&format!("remove the image {image}"), error))?;
        Ok(gone.into_iter().filter_map(|item| item.untagged.or(item.deleted)).collect())
    }

    async fn pull_image(&self, image: &str, from: Registry<'_>, progress: &mut dyn Progress) -> DockerResult {
        let what = format!("pull the image {image}");
        let (repository, tag) = repository_and_tag(checked(image)?);
        let mut call = Call::post("/images/create", &*what).query("fromImage", repository).query("tag", tag);
        if let Some(platform) = from.platform {
            call = call.query("platform", platform);
        }
        let call = transfer::with_login(call, image, from.login);
        transfer::report(self.send(call).await?.into_body(), what, progress).await
    }

    async fn check_login(&self, registry: &str, login: &RegistryLogin) -> DockerResult<Option<String>> {
        let call = Call::post("/auth", format!("log in at {registry}"));
        let said: Value = self.fetch(call.json(&transfer::credentials(registry, login))).await?;
        Ok(said["IdentityToken"].as_str().filter(|token| !token.is_empty()).map(str::to_owned))
    }

    async fn push_image(&self, image: &str, to: Registry<'_>, progress: &mut dyn Progress) -> DockerResult {
        let what = format!("push the image {image}");
        let (repository, tag) = repository_and_tag(checked(image)?);
        let call = Call::post(format!("/images/{repository}/push"), &*what).query("tag", tag);
        // The engine refuses a push without the header, even where nobody logs in.
        let anonymous = crate::model::build_plan::RegistryLogin::default();
        let call = transfer::with_login(call, image, Some(to.login.unwrap_or(&anonymous)));
        transfer::report(self.send(call).await?.into_body(), what, progress).await
    }

    async fn load_image(&self, archive: ByteStream, progress: &mut dyn Progress) -> DockerResult {
        let what = "load images from an archive".to_owned();
        let call = Call::post("/images/load", &*what).query("quiet", "1").tar(archive);
        transfer::report(self.send(call).await?.into_body(), what, progress).await
    }

    async fn build_image(
        &self,
        plan: &BuildPlan,
        context: Arc<dyn BuildContext>,
        progress: &mut dyn Progress,
    ) -> DockerResult<String> {
        let mut plan = plan.clone();
        self.owner.mark(&mut plan.label);
        if let (Some(key), Some(id)) = (&mut plan.context_key, self.owner.id()) {
            // Under one key the engine keeps one copy of the files: two owners' apps of one name are two.
            *key = format!("{id}.{key}");
        }
        let Some(build) = self.builds else {
            return Err(Fault::new("cannot build an image: the server has commands do that").into());
        };
        build(self, plan, context, progress).await
    }

    async fn create_container(&self, plan: &RunPlan) -> DockerResult<String> {
        let what = match &plan.name {
            Some(name) => format!("create the container {name}"),
            None => format!("create a container of {}", plan.image),
        };
        let mut plan = plan.clone();
        self.owner.mark(&mut plan.label);
        let (body, later) = create_body(&plan, self.link().await?.api)?;
        let mut call = Call::post("/containers/create", what).json(&body);
        for (key, value) in [("name", &plan.name), ("platform", &plan.platform)] {
            if let Some(value) = value {
                call = call.query(key, value);
            }
        }
        let made: Value = self.fetch(call).await?;
        let id = made["Id"].as_str().unwrap_or_default().to_owned();
        for join in &later {
            if let Err(error) = self.connect_network(join, &id).await {
                // Half a container helps nobody; the first error is the one to tell.
                let _ = self.remove_container(&id, RemoveContainer { force: true, volumes: true }).await;
                return Err(error);
            }
        }
        Ok(id)
    }

    async fn start_container(&self, container: &str) -> DockerResult {
        let none = None::<ask::StartContainerOptions>;
        let done = self.link().await?.bollard.start_container(checked(container)?, none).await;
        done.map_err(|error| self.failed(&format!("start the container {container}"), error))
    }

    async fn stop_container(&self, container: &str, timeout: Option<i64>) -> DockerResult {
        let what = format!("stop the container {container}");
        let call = Call::post(format!("/containers/{}/stop", checked(container)?), what);
        self.send(with_timeout(call, timeout)).await.map(drop)
    }

    async fn kill_container(&self, container: &str, signal: &str) -> DockerResult {
        let options = ask::KillContainerOptionsBuilder::new().signal(signal).build();
        let done = self.link().await?.bollard.kill_container(checked(container)?, Some(options)).await;
        done.map_err(|error| self.failed(&format!("send {signal} to the container {container}"), error))
    }

    async fn restart_container(&self, container: &str, timeout: Option<i64>) -> DockerResult {
        let what = format!("restart the container {container}");
        let call = Call::post(format!("/containers/{}/restart", checked(container)?), what);
        self.send(with_timeout(call, timeout)).await.map(drop)
    }

    async fn pause_container(&self, container: &str) -> DockerResult {
        let done = self.link().await?.bollard.pause_container(checked(container)?).await;
        done.map_err(|error| self.failed(&format!("pause the container {container}"), error))
    }

    async fn unpause_container(&self, container: &str) -> DockerResult {
        let done = self.link().await?.bollard.unpause_container(checked(container)?).await;
        done.map_err(|error| self.failed(&format!("unpause the container {container}"), error))
    }

    async fn rename_container(&self, container: &str, name: &str) -> DockerResult {
        let options = ask::RenameContainerOptionsBuilder::new().name(name).build();
        let done = self.link().await?.bollard.rename_container(checked(container)?, options).await;
        done.map_err(|error| self.failed(&format!("rename the container {container} to {name}"), error))
    }

    async fn remove_container(&self, container: &str, how: RemoveContainer) -> DockerResult {
        let options = ask::RemoveContainerOptionsBuilder::new().force(how.force).v(how.volumes).build();
        let done = self.link().await?.bollard.remove_container(checked(container)?, Some(options)).await;
        let failed = done.map_err(|error| self.failed(&format!("remove the container {container}"), error));
        match failed {
            // One that removes itself is at it: that is what was wanted, once it is over.
            Err(DockerError::Conflict(fault)) => match self.inspect_container(container).await {
                Ok(found) if found.state.status == "removing" => {
                    // Whether it is gone by then, or before anybody could wait for it.
                    match self.wait_container(container, Until::Removed).await {
                        Ok(over) => match timeout(REMOVAL, over).await {
                            Ok(_) => Ok(()),
                            Err(_) => Err(DockerError::Conflict(fault)),
                        },
                        Err(_) => Ok(()),
                    }
                }
                Err(DockerError::NotFound(_)) => Ok(()),
                Ok(_) | Err(_) => Err(DockerError::Conflict(fault)),
            },
            other => other,
        }
    }

    async fn update_restart(
        &self,
        container: &str,
        policy: &crate::model::run_plan::RestartPolicy,
    ) -> DockerResult {
        let body = ContainerUpdateBody {
            restart_policy: Some(restart_rule(policy)),
            ..ContainerUpdateBody::default()
        };
        let done = self.link().await?.bollard.update_container(checked(container)?, body).await;
        done.map_err(|error| self.failed(&format!("change the restart policy of {container}"), error))
    }

    async fn inspect_container(&self, container: &str) -> DockerResult<Container> {
        self.fetch(inspect(container)?).await
    }

    async fn inspect_container_json(&self, container: &str) -> DockerResult<Value> {
        self.fetch(inspect(container)?).await
    }

    async fn list_containers(&self, filter: &Filter) -> DockerResult<Vec<ContainerSummary>> {
        let call = Call::get("/containers/json", "list containers").query("all", "1");
        let mut listed: Vec<ContainerSummary> = self.fetch(call.query("filters", filter.to_json())).await?;
        listed.retain(|container| self.owner.admits(&container.labels));
        Ok(listed)
    }

    async fn container_logs(&self, container: &str, logs: &Logs) -> DockerResult<ChunkStream> {
        let what = format!("read the logs of the container {container}");
        let call = Call::get(format!("/containers/{}/logs", checked(container)?), &*what)
            .query("stdout", if logs.no_stdout { "0" } else { "1" })
            .query("stderr", if logs.no_stderr { "0" } else { "1" })
            .query("follow", if logs.follow { "1" } else { "0" })
            .query("timestamps", if logs.timestamps { "1" } else { "0" })
            .query("since", logs.since.unwrap_or(0).to_string())
            .query("tail", logs.tail.map_or_else(|| "all".to_owned(), |tail| tail.to_string()));
        let bytes = flow::bytes(self.send(call).await?.into_body(), what);
        Ok(flow::chunks(bytes, flow::Framing::Guess))
    }

    async fn attach_container(&self, container: &str, attach: Attach) -> DockerResult<Attached> {
        let what = format!("attach to the container {container}");
        let call = Call::post(format!("/containers/{}/attach", checked(container)?), &*what)
            .query("stream", "1")
            .query("stdout", "1")
            .query("stderr", "1")
            .query("stdin", if attach.stdin { "1" } else { "0" })
            .query("logs", if attach.logs { "1" } else { "0" })
            .upgrade("tcp");
        self.connect(call, flow::Framing::Guess).await
    }

    async fn resize_container(&self, container: &str, size: Size) -> DockerResult {
        let what = format!("size the terminal of {container}");
        let call = Call::post(format!("/containers/{}/resize", checked(container)?), what)
            .query("h", size.height.to_string())
            .query("w", size.width.to_string());
        self.send(call).await.map(drop)
    }

    async fn wait_container(&self, container: &str, until: Until) -> DockerResult<Waiting> {
        let what = format!("wait for the container {container}");
        let condition = match until {
            Until::NotRunning => "not-running",
            Until::NextExit => "next-exit",
            Until::Removed => "removed",
        };
        let path = format!("/containers/{}/wait", checked(container)?);
        let answer = self.send(Call::post(path, &*what).query("condition", condition)).await?;
        let mut lines = flow::json_lines::<Value>(answer.into_body(), what.clone());
        Ok(async move {
            let ended = lines.next().await.transpose()?.unwrap_or(Value::Null);
            if let Some(message) = ended["Error"]["Message"].as_str().filter(|message| !message.is_empty()) {
                return Err(Fault::new(format!("cannot {what}: {message}")).into());
            }
            ended["StatusCode"].as_i64().ok_or_else(|| {
                let fault = Fault::new(format!("cannot {what}: the Docker engine closed the connection"));
                DockerError::Unreachable(fault.hint("if the engine was restarted, try again"))
            })
        }
        .boxed())
    }

    async fn commit_container(&self, container: &str, plan: &CommitPlan) -> DockerResult<String> {
        let mut call = Call::post("/commit", format!("make an image of the container {container}"))
            .query("container", checked(container)?)
            .query("pause", if plan.no_pause { "0" } else { "1" });
        for change in &plan.changes {
            call = call.query("changes", change);
        }
        let made: Value = self.fetch(call).await?;
        let id = made["Id"].as_str().unwrap_or_default().to_owned();
        // On its own: the engine takes long for the image, and gives a name even when nobody waits any more.
        if let Some(name) = &plan.name {
            self.tag_image(&id, name).await?;
        }
        Ok(id)
    }

    async fn changes_end(&self) {
        self.transport.changes_end().await;
    }

    async fn exec(&self, container: &str, plan: &ExecPlan) -> DockerResult<Exec> {
        let what = format!("run {} in the container {container}", plan.command.join(" "));
        let body = json!({
            "AttachStdin": plan.stdin, "AttachStdout": true, "AttachStderr": true, "Tty": plan.tty,
            "Cmd": plan.command, "Env": plan.env, "User": plan.user.as_deref().unwrap_or_default(),
            "WorkingDir": plan.workdir.as_deref().unwrap_or_default(), "Privileged": plan.privileged,
        });
        let path = format!("/containers/{}/exec", checked(container)?);
        let made: Value = self.fetch(Call::post(path, &*what).json(&body)).await?;
        let id = made["Id"].as_str().unwrap_or_default().to_owned();
        let start = json!({ "Detach": false, "Tty": plan.tty });
        let call = Call::post(format!("/exec/{}/start", checked(&id)?), what).json(&start).upgrade("tcp");
        let framing = if plan.tty { flow::Framing::Raw } else { flow::Framing::Guess };
        Ok(Exec { attached: self.connect(call, framing).await?, id })
    }

    async fn resize_exec(&self, exec: &str, size: Size) -> DockerResult {
        let call = Call::post(format!("/exec/{}/resize", checked(exec)?), "size the terminal")
            .query("h", size.height.to_string())
            .query("w", size.width.to_string());
        self.send(call).await.map(drop)
    }

    async fn exec_status(&self, exec: &str) -> DockerResult<Option<i64>> {
        let call = Call::get(format!("/exec/{}/json", checked(exec)?), "ask how a program ended");
        let found: Value = self.fetch(call).await?;
        let running = found["Running"].as_bool().unwrap_or(false);
        Ok(found["ExitCode"].as_i64().filter(|_| !running))
    }

    async fn read_archive(&self, container: &str, path: &str) -> DockerResult<ByteStream> {
        let what = format!("read {path} in the container {container}");
        let call = Call::get(format!("/containers/{}/archive", checked(container)?), &*what);
        Ok(flow::bytes(self.send(call.query("path", path)).await?.into_body(), what))
    }

    async fn write_archive(&self, container: &str, folder: &str, archive: ByteStream) -> DockerResult {
        let options = ask::UploadToContainerOptionsBuilder::new().path(folder).build();
        let body = bollard::body_try_stream(archive.map_err(std::io::Error::other));
        let bollard = self.link().await?.bollard;
        let done = bollard.upload_to_container(checked(container)?, Some(options), body).await;
        done.map_err(|error| self.failed(&format!("write to {folder} in the container {container}"), error))
    }

    async fn list_networks(&self, filter: &Filter) -> DockerResult<Vec<Network>> {
        self.fetch(Call::get("/networks", "list networks").query("filters", filter.to_json())).await
    }

    async fn inspect_network(&self, network: &str) -> DockerResult<Network> {
        let what = format!("look at the network {network}");
        self.fetch(Call::get(format!("/networks/{}", checked(network)?), what)).await
    }

    async fn create_network(&self, plan: &NetworkPlan) -> DockerResult<String> {
        let request = NetworkCreateRequest {
            name: plan.name.clone(),
            driver: plan.driver.clone(),
            attachable: Some(plan.attachable),
            internal: Some(plan.internal),
            ipam: plan.subnet.as_ref().map(|subnet| bollard::models::Ipam {
                config: Some(vec![bollard::models::IpamConfig {
                    subnet: Some(subnet.clone()),
                    ip_range: plan.ip_range.clone(),
                    ..Default::default()
                }]),
                ..Default::default()
            }),
            labels: Some(self.marked(&plan.labels)),
            options: Some(plan.options.clone().into_iter().collect()),
            ..NetworkCreateRequest::default()
        };
        // Engines before API 1.44 make a second network of the same name unless told not to.
        let mut body = serde_json::to_value(request).expect("bollard's own type is always JSON");
        body["CheckDuplicate"] = true.into();
        let what = format!("create the network {}", plan.name);
        let made: Value = self.fetch(Call::post("/networks/create", what).json(&body)).await?;
        Ok(made["Id"].as_str().unwrap_or_default().to_owned())
    }

    async fn remove_network(&self, network: &str) -> DockerResult {
        let done = self.link().await?.bollard.remove_network(checked(network)?).await;
        done.map_err(|error| self.failed(&format!("remove the network {network}"), error))
    }

    async fn connect_network(&self, join: &NetworkJoin, container: &str) -> DockerResult {
        let what = format!("connect the container {container} to the network {}", join.name);
        let path = format!("/networks/{}/connect", checked(&join.name)?);
        self.send(Call::post(path, what).json(&connect_body(join, container))).await.map(drop)
    }

    async fn disconnect_network(&self, network: &str, container: &str, force: bool) -> DockerResult {
        let request = NetworkDisconnectRequest { container: container.to_owned(), force: Some(force) };
        let done = self.link().await?.bollard.disconnect_network(checked(network)?, request).await;
        let what = || format!("disconnect the container {container} from the network {network}");
        done.map_err(|error| self.failed(&what(), error))
    }

    async fn create_volume(&self, plan: &VolumePlan) -> DockerResult<Volume> {
        let request = VolumeCreateRequest {
            name: Some(plan.name.clone()),
            driver: plan.driver.clone(),
            driver_opts: Some(plan.options.clone().into_iter().collect()),
            labels: Some(self.marked(&plan.labels)),
            ..VolumeCreateRequest::default()
        };
        let what = format!("create the volume {}", plan.name);
        self.fetch(Call::post("/volumes/create", what).json(&request)).await
    }

    async fn list_volumes(&self, filter: &Filter) -> DockerResult<Vec<Volume>> {
        let call = Call::get("/volumes", "list volumes").query("filters", filter.to_json());
        let mut found: Value = self.fetch(call).await?;
        let volumes = found["Volumes"].take();
        let volumes: Option<Vec<Volume>> =
            serde_json::from_value(volumes).map_err(|error| self.failed("list volumes", error.into()))?;
        Ok(volumes.unwrap_or_default())
    }

    async fn remove_volume(&self, volume: &str) -> DockerResult {
        let none = None::<ask::RemoveVolumeOptions>;
        let done = self.link().await?.bollard.remove_volume(checked(volume)?, none).await;
        done.map_err(|error| self.failed(&format!("remove the volume {volume}"), error))
    }
}

impl Engine {
    /// The labels of what is being made, the owner's with them.
    fn marked(&self, labels: &BTreeMap<String, String>) -> HashMap<String, String> {
        let mut labels = labels.clone();
        self.owner.mark(&mut labels);
        labels.into_iter().collect()
    }

    /// Sends the call and takes over the connection.
    async fn connect(&self, call: Call, framing: flow::Framing) -> DockerResult<Attached> {
        let what = call.what().to_owned();
        let answer = self.send(call).await?;
        let upgraded = hyper::upgrade::on(answer).await.map_err(|error| self.failed(&what, error.into()))?;
        let (output, input) = tokio::io::split(hyper_util::rt::TokioIo::new(upgraded));
        let output = flow::chunks(flow::read(output, what), framing);
        Ok(Attached { output, input: Box::pin(input) })
    }
}

fn inspect(container: &str) -> DockerResult<Call> {
    let path = format!("/containers/{}/json", checked(container)?);
    Ok(Call::get(path, format!("look at the container {container}")))
}

fn with_timeout(call: Call, timeout: Option<i64>) -> Call {
    match timeout {
        Some(timeout) => call.query("t", timeout.to_string()),
        None => call,
    }
}
