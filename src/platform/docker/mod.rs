//! The Docker engine: what can be asked of it (`Docker`), in plain values, and the one place that
//! speaks its API (`Engine`, through bollard). Nobody above this room knows bollard.

mod archive;
mod build;
mod client;
mod container;
mod context;
mod create;
mod engine;
mod error;
mod exec_end;
mod failure;
mod filter;
mod flow;
mod folder;
mod image;
mod json;
mod logins;
mod mounts;
mod names;
mod network;
mod owner;
mod remembered;
mod stream;
mod system;
mod transfer;
mod transport;
mod tree;
mod usage;

pub use archive::{archive_of, read_file, read_image_file};
pub use client::Engine;

pub use container::{
    Container, ContainerConfig, ContainerState, ContainerSummary, HostConfig, HostPort, ListedPort,
    MountPoint, RestartRule,
};
pub use context::{BuildContext, ContextEntry, EntryKind};
pub use error::{DockerError, DockerResult, OrGone};
pub use exec_end::exec_end;
pub use filter::Filter;
pub use folder::FolderContext;
pub use image::{Image, ImageConfig, ImageSummary, Layer};
pub use logins::{login_for, read_logins, write_login};
pub use network::{AddressPool, Endpoint, Ipam, Network, NetworkMember, NetworkPlan, Volume, VolumePlan};
pub use owner::Owner;
pub use remembered::RememberedContext;
pub use stream::{Attached, ByteStream, Chunk, ChunkStream, EventStream, Exec, Progress, Source, Waiting};
pub use system::{
    ApiVersion, DiskItem, DiskKind, DiskUsage, EngineInfo, EngineVersion, Event, Pruned, Usage,
};
pub use tree::{FileOwner, TreePlan, archive_of_tree};

use std::sync::Arc;

use async_trait::async_trait;

use crate::model::build_plan::{BuildPlan, RegistryLogin};
use crate::model::run_plan::{NetworkJoin, RunPlan};

/// A Docker engine. One method is one thing an operator could ask for; a container is named by its
/// name or id, an image by a reference or id.
///
/// Every error says what failed on which thing; `DockerError` tells a missing thing, a conflict and an
/// unreachable engine apart.
#[async_trait]
pub trait Docker: Send + Sync {
    /// For whom it works. What is made here is marked as this owner's, and what is another's is neither listed nor
    /// pruned, nor heard of.
    fn owner(&self) -> &Owner;
    /// Asks the engine for a sign of life.
    async fn ping(&self) -> DockerResult;
    /// Which engine this is.
    async fn version(&self) -> DockerResult<EngineVersion>;
    /// What the engine says of itself and its host.
    async fn info(&self) -> DockerResult<EngineInfo>;
    /// What takes how much room.
    async fn disk_usage(&self) -> DockerResult<DiskUsage>;
    /// The same thing by thing, another's too: it adds up all files, which may take the engine long.
    async fn disk_items(&self) -> DockerResult<Vec<DiskItem>>;
    /// Removes what is unused and matches the filter.
    async fn prune(&self, what: Prune, filter: &Filter) -> DockerResult<Pruned>;
    /// What happens from now on, or from that second of the epoch. The stream ends with the engine.
    async fn events(&self, filter: &Filter, since: Option<i64>) -> DockerResult<EventStream>;

    /// An image, if it is there.
    async fn inspect_image(&self, image: &str) -> DockerResult<Image>;
    /// The images that match.
    async fn list_images(&self, filter: &Filter) -> DockerResult<Vec<ImageSummary>>;
    /// What an image was made of, step by step, the first step first. Images that share steps share their bytes.
    async fn image_layers(&self, image: &str) -> DockerResult<Vec<Layer>>;
    /// Gives the image a further name; the name leaves the image that had it.
    async fn tag_image(&self, image: &str, name: &str) -> DockerResult;
    /// Removes a name, and with its last name the image. Tells the ids and names that went.
    async fn remove_image(&self, image: &str, how: RemoveImage) -> DockerResult<Vec<String>>;
    /// Fetches an image from its registry.
    async fn pull_image(&self, image: &str, from: Registry<'_>, progress: &mut dyn Progress) -> DockerResult;
    /// Asks a registry whether it lets this login in; it may answer with a token that stands for the password from
    /// then on.
    async fn check_login(&self, registry: &str, login: &RegistryLogin) -> DockerResult<Option<String>>;
    /// Sends an image to its registry.
    async fn push_image(&self, image: &str, to: Registry<'_>, progress: &mut dyn Progress) -> DockerResult;
    /// Reads images from the archive that `docker save` writes.
    async fn load_image(&self, archive: ByteStream, progress: &mut dyn Progress) -> DockerResult;
    /// Builds an image with BuildKit and returns its id. Dropping the future ends the build.
    async fn build_image(
        &self,
        plan: &BuildPlan,
        context: Arc<dyn BuildContext>,
        progress: &mut dyn Progress,
    ) -> DockerResult<String>;

    /// Makes a container, joined to all its networks, and returns its id. It is not started.
    async fn create_container(&self, plan: &RunPlan) -> DockerResult<String>;
    /// Starts a container; one that runs stays as it is.
    async fn start_container(&self, container: &str) -> DockerResult;
    /// Sends its stop signal, then KILL after so many seconds (its own timeout without a number). A stopped one stays as it is.
    async fn stop_container(&self, container: &str, timeout: Option<i64>) -> DockerResult;
    /// Sends a signal, such as `TERM`.
    async fn kill_container(&self, container: &str, signal: &str) -> DockerResult;
    /// Stops, as `stop_container`, and starts.
    async fn restart_container(&self, container: &str, timeout: Option<i64>) -> DockerResult;
    /// Lets all its processes stand still.
    async fn pause_container(&self, container: &str) -> DockerResult;
    /// Lets them go on.
    async fn unpause_container(&self, container: &str) -> DockerResult;
    /// Gives a container another name.
    async fn rename_container(&self, container: &str, name: &str) -> DockerResult;
    /// Removes a container.
    async fn remove_container(&self, container: &str, how: RemoveContainer) -> DockerResult;
    /// Changes the restart policy.
    async fn update_restart(
        &self,
        container: &str,
        policy: &crate::model::run_plan::RestartPolicy,
    ) -> DockerResult;
    /// A container, if it is there.
    async fn inspect_container(&self, container: &str) -> DockerResult<Container>;
    /// The engine's own words about a container, for people to read.
    async fn inspect_container_json(&self, container: &str) -> DockerResult<serde_json::Value>;
    /// The containers that match, stopped ones too.
    async fn list_containers(&self, filter: &Filter) -> DockerResult<Vec<ContainerSummary>>;
    /// What the container wrote. Ends with what there is, unless it is followed.
    async fn container_logs(&self, container: &str, what: &Logs) -> DockerResult<ChunkStream>;
    /// Connects to the container's own streams. To miss nothing, attach before the start.
    async fn attach_container(&self, container: &str, what: Attach) -> DockerResult<Attached>;
    /// Tells the container's terminal its size.
    async fn resize_container(&self, container: &str, size: Size) -> DockerResult;
    /// Waits for the end. The engine has the request when this returns; the value inside is the exit code.
    async fn wait_container(&self, container: &str, until: Until) -> DockerResult<Waiting>;
    /// Makes an image of a container's files. Returns its id.
    async fn commit_container(&self, container: &str, plan: &CommitPlan) -> DockerResult<String>;
    /// Starts a program in a running container and connects to it.
    async fn exec(&self, container: &str, plan: &ExecPlan) -> DockerResult<Exec>;
    /// Tells the program's terminal its size.
    async fn resize_exec(&self, exec: &str, size: Size) -> DockerResult;
    /// How the program ended; none while it runs.
    async fn exec_status(&self, exec: &str) -> DockerResult<Option<i64>>;
    /// A file or folder of a container, as a tar archive.
    async fn read_archive(&self, container: &str, path: &str) -> DockerResult<ByteStream>;
    /// Unpacks a tar archive into a folder of a container.
    async fn write_archive(&self, container: &str, folder: &str, archive: ByteStream) -> DockerResult;

    /// The networks that match.
    async fn list_networks(&self, filter: &Filter) -> DockerResult<Vec<Network>>;
    /// A network with its members, if it is there.
    async fn inspect_network(&self, network: &str) -> DockerResult<Network>;
    /// Makes a network and returns its id.
    async fn create_network(&self, plan: &NetworkPlan) -> DockerResult<String>;
    /// Removes a network without members.
    async fn remove_network(&self, network: &str) -> DockerResult;
    /// Joins a container to a network.
    async fn connect_network(&self, join: &NetworkJoin, container: &str) -> DockerResult;
    /// Takes a container out of a network; with `force` also one that is gone.
    async fn disconnect_network(&self, network: &str, container: &str, force: bool) -> DockerResult;
    /// Makes a volume; one that is there stays as it is.
    async fn create_volume(&self, plan: &VolumePlan) -> DockerResult<Volume>;
    /// The volumes that match.
    async fn list_volumes(&self, filter: &Filter) -> DockerResult<Vec<Volume>>;
    /// Waits until the engine has done what it was asked to change by calls whose futures were dropped meanwhile: it
    /// carries them out all the same.
    async fn changes_end(&self) {}
    /// Removes a volume.
    async fn remove_volume(&self, volume: &str) -> DockerResult;
}

/// What `prune` removes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Prune {
    /// Stopped containers.
    Containers,
    /// Images nobody names; with the filter `dangling=false` also those no container uses.
    Images,
    /// What builds left for the next ones, as far as nothing else refers to it.
    BuildCache,
    /// All of that which no build uses at this moment.
    AllBuildCache,
    /// Volumes no container uses.
    Volumes,
    /// Networks no container is in.
    Networks,
}

/// How `remove_image` goes about it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct RemoveImage {
    /// Also when a stopped container uses it, or when several names point to the id given.
    pub force: bool,
    /// Keeps parents that nobody names.
    pub keep_parents: bool,
}

/// How `remove_container` goes about it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct RemoveContainer {
    /// Also when it runs: it is killed.
    pub force: bool,
    /// Its anonymous volumes too.
    pub volumes: bool,
}

/// How to reach a registry.
#[derive(Clone, Copy, Debug, Default)]
pub struct Registry<'a> {
    /// Who we are there; nobody without.
    pub login: Option<&'a RegistryLogin>,
    /// Which platform's image, as `linux/arm64`; the engine's own without.
    pub platform: Option<&'a str>,
}

/// Which of a container's lines are wanted. Both streams and all lines, unless said otherwise.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Logs {
    /// Only so many lines from the end.
    pub tail: Option<u64>,
    /// Goes on until the container ends.
    pub follow: bool,
    /// A time in front of each line.
    pub timestamps: bool,
    /// Only from that second of the epoch on.
    pub since: Option<i64>,
    /// Without what went to standard output.
    pub no_stdout: bool,
    /// Without what went to standard error.
    pub no_stderr: bool,
}

/// Which of a container's streams to connect to. Output always is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Attach {
    /// Standard input too.
    pub stdin: bool,
    /// What was written so far comes first.
    pub logs: bool,
}

/// A terminal's size in characters.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(missing_docs, reason = "width and height")]
pub struct Size {
    pub width: u16,
    pub height: u16,
}

/// What `wait_container` waits for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Until {
    /// That it does not run: at once if it does not.
    NotRunning,
    /// Its next end: to be asked before the start.
    NextExit,
    /// Its removal, for containers that remove themselves.
    Removed,
}

/// The image that `commit_container` makes.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct CommitPlan {
    /// Its name, tag included; none is fine.
    pub name: Option<String>,
    /// Dockerfile lines to apply, such as `LABEL a=b` or `ENTRYPOINT [...]`.
    pub changes: Vec<String>,
    /// Leaves the container running meanwhile; else it is paused.
    pub no_pause: bool,
}

/// A program to run in a container that runs.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ExecPlan {
    /// The program and its arguments.
    pub command: Vec<String>,
    /// `KEY=value` lines beyond the container's own.
    pub env: Vec<String>,
    /// As whom; the container's user without.
    pub user: Option<String>,
    /// Where; the container's folder without.
    pub workdir: Option<String>,
    /// With a terminal.
    pub tty: bool,
    /// With standard input.
    pub stdin: bool,
    /// With all capabilities.
    pub privileged: bool,
}
