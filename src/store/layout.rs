//! Every path, once (contract: layout.md).

use std::path::{Path, PathBuf};

use crate::model::{AppName, ProcessType, Scope};
use crate::platform::env::Env;

/// Where everything is.
#[derive(Clone, Debug)]
pub struct Layout {
    /// DOKKU_ROOT: app repositories, keys, domains.
    pub root: PathBuf,
    /// DOKKU_LIB_ROOT: properties, plugins, data.
    pub lib: PathBuf,
    /// DOKKU_LOGS_DIR.
    pub logs: PathBuf,
    /// Sockets and markers that do not outlive the container.
    pub run: PathBuf,
}

impl Layout {
    /// As the environment says; without a word the folders of the image.
    pub fn from_env(env: &Env) -> Self {
        let path = |key: &str, default: &str| PathBuf::from(env.get(key).unwrap_or(default));
        Layout {
            root: path("DOKKU_ROOT", "/home/dokku"),
            lib: path("DOKKU_LIB_PATH", "/var/lib/dokku"),
            logs: path("DOKKU_LOGS_DIR", "/var/log/dokku"),
            run: path("DOKKU_RUN_DIR", "/run/dokku"),
        }
    }

    /// All below one folder, for tests.
    pub fn below(folder: &Path) -> Self {
        Layout {
            root: folder.join("home"),
            lib: folder.join("lib"),
            logs: folder.join("log"),
            run: folder.join("run"),
        }
    }

    /// The folder of an app: bare repository and run-time state.
    pub fn app(&self, app: &AppName) -> PathBuf {
        self.root.join(app.as_str())
    }

    /// Domains, one a line: of the app, or the global ones.
    pub fn vhost(&self, scope: &Scope) -> PathBuf {
        match scope {
            Scope::Global => self.root.join("VHOST"),
            Scope::App(app) => self.app(app).join("VHOST"),
        }
    }

    /// Full id of container number `index` (from 1) of a process type, and a newline.
    pub fn container(&self, app: &AppName, process_type: &ProcessType, index: u32) -> PathBuf {
        self.app(app).join(format!("CONTAINER.{process_type}.{index}"))
    }

    /// Address of that container, no newline.
    pub fn container_ip(&self, app: &AppName, process_type: &ProcessType, index: u32) -> PathBuf {
        self.app(app).join(format!("IP.{process_type}.{index}"))
    }

    /// Port of that container, no newline; web only.
    pub fn container_port(&self, app: &AppName, process_type: &ProcessType, index: u32) -> PathBuf {
        self.app(app).join(format!("PORT.{process_type}.{index}"))
    }

    /// The app's generated server blocks, as people and plugins read them.
    pub fn nginx_conf(&self, app: &AppName) -> PathBuf {
        self.app(app).join("nginx.conf")
    }

    /// The app's generated TCP and UDP ports, which nginx reads in another context.
    pub fn nginx_stream_conf(&self, app: &AppName) -> PathBuf {
        self.app(app).join("nginx.stream.conf")
    }

    /// TCP and UDP ports of apps that are at work: `APP.conf`.
    pub fn nginx_streams(&self) -> PathBuf {
        self.data("nginx-vhosts").join("streams")
    }

    /// Snippets that are included in each of the app's server blocks.
    pub fn nginx_snippets(&self, app: &AppName) -> PathBuf {
        self.app(app).join("nginx.conf.d")
    }

    /// Certificate and key of an app.
    pub fn tls(&self, app: &AppName) -> PathBuf {
        self.app(app).join("tls")
    }

    /// Public keys, in Dokku's line format.
    pub fn authorized_keys(&self) -> PathBuf {
        self.root.join(".ssh/authorized_keys")
    }

    /// Version text of the release.
    pub fn version(&self) -> PathBuf {
        self.lib.join("VERSION")
    }

    /// Version text that wins over `version`.
    pub fn stable_version(&self) -> PathBuf {
        self.lib.join("STABLE_VERSION")
    }

    /// The property store.
    pub fn config(&self) -> PathBuf {
        self.lib.join("config")
    }

    /// The properties of a plugin for an app or for all.
    pub fn properties(&self, plugin: &str, scope: &Scope) -> PathBuf {
        self.config().join(plugin).join(scope.to_string())
    }

    /// Environment variables: `config/APP/ENV` without a plugin level.
    pub fn variables(&self, scope: &Scope) -> PathBuf {
        self.config().join(scope.to_string()).join("ENV")
    }

    /// Data of a plugin.
    pub fn data(&self, plugin: &str) -> PathBuf {
        self.lib.join("data").join(plugin)
    }

    /// Data of a plugin for an app.
    pub fn app_data(&self, plugin: &str, app: &AppName) -> PathBuf {
        self.data(plugin).join(app.as_str())
    }

    /// Folders that apps mount, by name: `storage/NAME`.
    pub fn storage_folders(&self) -> PathBuf {
        self.data("storage")
    }

    /// Storage entries: `NAME.json`.
    pub fn storage_entries(&self) -> PathBuf {
        self.data("storage-registry").join("entries")
    }

    /// A file by the name of each app whose mounts among the docker options an early 0.38 has turned into entries.
    pub fn storage_migrations(&self) -> PathBuf {
        self.data("storage-registry").join("migrations")
    }

    /// What was taken over from older releases of Dokku: a line each.
    pub fn taken_over(&self) -> PathBuf {
        self.data("appliance").join("taken-over.log")
    }

    /// There once the whole volume was looked at for what older releases left.
    pub fn is_taken_over(&self) -> PathBuf {
        self.data("appliance").join("taken-over")
    }

    /// Files of older releases that nobody reads, and somebody may want: `APP/NAME`.
    pub fn set_aside(&self) -> PathBuf {
        self.data("appliance").join("set-aside")
    }

    /// Which files of which apps are still in their images alone: `APP NAME …`.
    pub fn files_in_images(&self) -> PathBuf {
        self.data("appliance").join("files-in-images")
    }

    /// The id by which this appliance tells its own things on the engine from another's.
    pub fn owner(&self) -> PathBuf {
        self.data("appliance").join("owner")
    }

    /// The lock by existence that `apps:lock` makes: deploys are refused while it is there.
    pub fn deploy_lock(&self, app: &AppName) -> PathBuf {
        self.app_data("apps", app).join(".deploy.lock")
    }

    /// The lock that a running deploy holds; the file stays, the lock dies with its holder.
    pub fn deploy_queue(&self, app: &AppName) -> PathBuf {
        self.app_data("apps", app).join("deploy.flock")
    }

    /// The line of those who wait for an app's turn to deploy, the one whose turn it is included.
    pub fn turns(&self, app: &AppName) -> PathBuf {
        self.data("queue").join("apps").join(app.as_str())
    }

    /// The line of builds of all apps, those that run included.
    pub fn build_line(&self) -> PathBuf {
        self.data("queue").join("builds")
    }

    /// What is there when deploys have left something to clean up.
    pub fn cleanup_wanted(&self) -> PathBuf {
        self.data("queue").join("cleanup-wanted")
    }

    /// Record and log of a build: `ID.json`, `ID.log`.
    pub fn builds(&self, app: &AppName) -> PathBuf {
        self.app_data("builds", app)
    }

    /// Settings of plugins: a table per plugin.
    pub fn plugin_settings(&self) -> PathBuf {
        self.lib.join("plugins/config.toml")
    }

    /// Plugins, whether they are called or not: a folder each, or for native ones a symlink.
    pub fn plugins_available(&self) -> PathBuf {
        self.lib.join("plugins/available")
    }

    /// Words that shells complete: `/var/cache/dokku-completion` in the image.
    pub fn completion(&self) -> PathBuf {
        let var = self.lib.ancestors().nth(2).filter(|_| self.lib.ends_with("lib/dokku"));
        var.map_or_else(|| self.lib.join("dokku-completion"), |var| var.join("cache/dokku-completion"))
    }

    /// The crontab of the user whose tasks run by the clock: `/var/spool/cron/crontabs/dokku` in the image.
    pub fn crontab(&self) -> PathBuf {
        let var = self.lib.ancestors().nth(2).filter(|_| self.lib.ends_with("lib/dokku"));
        var.map_or_else(|| self.lib.join("crontabs"), |var| var.join("spool/cron/crontabs")).join("dokku")
    }

    /// Crontabs of the system, those of plugins among them: `/etc/cron.d` in the image.
    pub fn system_crontabs(&self) -> PathBuf {
        let root = self.lib.ancestors().nth(3).filter(|_| self.lib.ends_with("var/lib/dokku"));
        root.map_or_else(|| self.lib.join("cron.d"), |root| root.join("etc/cron.d"))
    }

    /// Which ports are published beside the appliance's own container.
    pub fn forwarders(&self) -> PathBuf {
        self.data("appliance").join("forwarders.json")
    }

    /// Held by whoever makes or removes forwarders.
    pub fn forwarders_lock(&self) -> PathBuf {
        self.data("appliance").join("forwarders.lock")
    }

    /// How far the clock has come: a time, RFC 3339.
    pub fn clock(&self) -> PathBuf {
        self.data("appliance").join("clock")
    }

    /// Up to when ends of containers are written down: seconds of the epoch.
    pub fn heard_until(&self) -> PathBuf {
        self.data("appliance").join("heard-until")
    }

    /// What tasks wrote that nobody else keeps.
    pub fn cron_log(&self) -> PathBuf {
        self.logs.join("cron.log")
    }

    /// Runs of an app's tasks: `ID.json`.
    pub fn cron_runs(&self, app: &AppName) -> PathBuf {
        self.app_data("cron", app).join("runs")
    }

    /// Enabled plugins: symlinks.
    pub fn plugins_enabled(&self) -> PathBuf {
        self.lib.join("plugins/enabled")
    }

    /// A file by the name of each core plugin that is not to be called.
    pub fn disabled_core_plugins(&self) -> PathBuf {
        self.data("plugin").join("disabled-core")
    }

    /// Core plugins' folders, which the links of core plugins point to.
    pub fn core_plugins(&self) -> PathBuf {
        self.lib.join("core-plugins")
    }

    /// The log of triggers, with `events:on`.
    pub fn events_log(&self) -> PathBuf {
        self.logs.join("events.log")
    }

    /// Files of `export K=V` lines that every command reads.
    pub fn startup_files(&self) -> [PathBuf; 2] {
        [PathBuf::from("/etc/default/dokku"), self.root.join("dokkurc")]
    }

    /// A folder of such files.
    pub fn startup_folder(&self) -> PathBuf {
        self.root.join(".dokkurc")
    }

    /// Under which numbers the host publishes our ports, as boot found it.
    pub fn published_ports(&self) -> PathBuf {
        self.run.join("published-ports.json")
    }

    /// There while nginx is to stay stopped, because somebody said so.
    pub fn nginx_stopped(&self) -> PathBuf {
        self.run.join("nginx.stopped")
    }

    /// There once the volume is laid out: nginx may start.
    pub fn laid_out(&self) -> PathBuf {
        self.run.join("laid-out")
    }

    /// There from the moment the server was told to end until the next one begins.
    pub fn ending(&self) -> PathBuf {
        self.run.join("ending")
    }

    /// There once all is well for the first time (contract: layout.md, section 9).
    pub fn ready(&self) -> PathBuf {
        self.run.join("ready")
    }

    /// The number of `dokku init`.
    pub fn init_pid(&self) -> PathBuf {
        self.run.join("init.pid")
    }

    /// Where daemons of plugins listen.
    pub fn plugin_sockets(&self) -> PathBuf {
        self.run.join("plugins")
    }

    /// The socket of a plugin's daemon.
    pub fn plugin_socket(&self, plugin: &str) -> PathBuf {
        self.plugin_sockets().join(format!("{plugin}.sock"))
    }

    /// Which process is a plugin's daemon. Root's alone: who writes it chooses what is ended.
    pub fn plugin_daemon_mark(&self, plugin: &str) -> PathBuf {
        self.run.join(format!("plugin-{plugin}.pid"))
    }

    /// What boot found out about the appliance's place among networks.
    pub fn own_place(&self) -> PathBuf {
        self.run.join("own-place.json")
    }

    /// Held by whoever changes which networks the appliance is in.
    pub fn own_networks_lock(&self) -> PathBuf {
        self.data("network").join("appliance.lock")
    }

    /// The socket on which `dokku serve` takes requests of commands.
    pub fn control_socket(&self) -> PathBuf {
        self.run.join("serve.sock")
    }
}
