//! Where nginx and its configurations stand.

use std::net::{Ipv4Addr, SocketAddr};
use std::path::{Path, PathBuf};

use crate::model::AppName;
use crate::platform::env::Env;
use crate::platform::nginx::{Nginx, Part};
use crate::server::places::generation_port;
use crate::store::Layout;

/// The folders and files of the proxy. All have their place in the image; a test moves them.
#[derive(Clone, Debug)]
pub struct ProxyPlaces {
    /// All paths of commands.
    pub layout: Layout,
    /// nginx itself.
    pub nginx: Nginx,
    /// The folder of its logs.
    pub logs: PathBuf,
    /// The names that the container knows.
    pub hosts: PathBuf,
}

impl ProxyPlaces {
    /// As the environment says; without a word those of the image.
    pub fn from_env(env: &Env, layout: &Layout) -> Self {
        let path = |key: &str, default: &str| PathBuf::from(env.get(key).unwrap_or(default));
        let logs = path("DOKKU_NGINX_LOGS", "/var/log/nginx");
        ProxyPlaces {
            layout: layout.clone(),
            nginx: Nginx {
                program: path("DOKKU_NGINX", "/usr/sbin/nginx"),
                configuration: path("DOKKU_NGINX_CONFIG", "/etc/nginx/nginx.conf"),
                pid_file: path("DOKKU_NGINX_PID", "/run/nginx.pid"),
                error_log: logs.join("error.log"),
                active: layout.data("nginx-vhosts").join("active"),
                streams: layout.nginx_streams(),
                top: layout.run.join("nginx/top"),
                generation_file: layout.run.join("nginx/generation.conf"),
                generation_address: SocketAddr::from((Ipv4Addr::LOCALHOST, generation_port(env))),
            },
            logs,
            hosts: path("DOKKU_HOSTS_FILE", "/etc/hosts"),
        }
    }

    /// The configuration of an app that is at work.
    pub fn active(&self, part: Part, app: &AppName) -> PathBuf {
        self.nginx.folder(part).join(format!("{app}.conf"))
    }

    /// What the app's folder says.
    pub fn wanted(&self, part: Part, app: &AppName) -> PathBuf {
        match part {
            Part::Http => self.layout.nginx_conf(app),
            Part::Stream => self.layout.nginx_stream_conf(app),
        }
    }

    /// Where relative paths of configurations begin.
    pub fn prefix(&self) -> &Path {
        self.nginx.configuration.parent().unwrap_or(Path::new("/etc/nginx"))
    }

    /// The files beside it.
    pub fn active_files(&self, app: &AppName) -> PathBuf {
        self.nginx.active.join(app.as_str())
    }

    /// Where a configuration stands while it is tested.
    pub fn candidate(&self, part: Part, app: &AppName) -> PathBuf {
        let folder = match part {
            Part::Http => "candidates",
            Part::Stream => "stream-candidates",
        };
        self.layout.data("nginx-vhosts").join(folder).join(format!("{app}.conf"))
    }
}
