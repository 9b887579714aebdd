//! A plan as the `docker build …` line an operator would type.

use std::fmt;

use super::values::{print_pairs, print_size};
use super::words::quote;
use crate::model::BuildPlan;
use crate::model::build_plan::SecretSource;

/// Values of build arguments are left out, since they may be secrets: `--build-arg=KEY`.
impl fmt::Display for BuildPlan {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut options: Vec<String> = Vec::new();
        let mut add = |name: &str, values: Vec<String>| {
            options.extend(values.into_iter().map(|value| format!("--{name}={value}")));
        };
        let one = |value: &Option<String>| value.iter().cloned().collect();
        let size = |value: Option<i64>| value.map(print_size).into_iter().collect();
        add("tag", self.tag.clone());
        add("file", one(&self.file));
        add("target", one(&self.target));
        add("platform", one(&self.platform));
        add("network", one(&self.network));
        add("label", print_pairs(&self.label));
        add("build-arg", self.build_arg.iter().map(|(key, _)| key.clone()).collect());
        add("secret", self.secret.iter().map(|secret| print_secret(&secret.id, &secret.source)).collect());
        add("ssh", self.ssh.iter().map(|agent| agent.id.clone()).collect());
        add("cache-from", self.cache_from.clone());
        add("cache-to", if self.inline_cache { vec!["type=inline".to_owned()] } else { Vec::new() });
        add("add-host", self.add_host.clone());
        add("shm-size", size(self.shm_size));
        add("memory", size(self.memory));
        add("memory-swap", size(self.memory_swap));
        let limits = self.ulimit.iter().map(|one| format!("{}={}:{}", one.name, one.soft, one.hard));
        add("ulimit", limits.collect());
        add("cgroup-parent", one(&self.cgroup_parent));
        options.extend(self.pull.then(|| "--pull".to_owned()));
        options.extend(self.no_cache.then(|| "--no-cache".to_owned()));
        f.write_str("docker build ")?;
        for option in &options {
            write!(f, "{} ", quote(option))?;
        }
        f.write_str(".")
    }
}

fn print_secret(id: &str, source: &SecretSource) -> String {
    match source {
        SecretSource::File(path) => format!("id={id},src={path}"),
        SecretSource::Env(name) => format!("id={id},env={name}"),
        SecretSource::Value(_) => format!("id={id}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_build_reads_as_a_command_without_secrets() {
        let plan = BuildPlan {
            tag: vec!["dokku/app:latest".into()],
            label: [("a".to_owned(), "b c".to_owned())].into(),
            build_arg: vec![("TOKEN".into(), Some("hush".into()))],
            memory: Some(1 << 29),
            no_cache: true,
            ..BuildPlan::default()
        };
        let line = "docker build --tag=dokku/app:latest '--label=a=b c' --build-arg=TOKEN --memory=512m --no-cache .";
        assert_eq!(plan.to_string(), line);
    }
}
