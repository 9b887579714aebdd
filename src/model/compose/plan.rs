//! From a service to the container it is.

use super::Service;
use crate::model::{Fault, Outcome, RunPlan, docker_args};

impl Service {
    /// The container: as `docker run` would make it of the same words.
    ///
    /// # Errors
    /// A port, volume, network or restart policy that docker does not know either; the key is named.
    pub fn plan(&self) -> Outcome<RunPlan> {
        let mut plan = RunPlan::of_image(&self.image);
        plan.command.clone_from(&self.command);
        plan.label = self.labels.iter().cloned().collect();
        plan.env = self.environment.iter().map(|(key, value)| format!("{key}={value}")).collect();
        let restart = self.restart.as_slice();
        for (key, option, values) in [
            ("ports", "publish", self.ports.as_slice()),
            ("volumes", "volume", self.volumes.as_slice()),
            ("networks", "network", self.networks.as_slice()),
            ("restart", "restart", restart),
        ] {
            let words: Vec<String> = values.iter().map(|value| format!("--{option}={value}")).collect();
            docker_args::add_run_options(&mut plan, &words, &|_| None)
                .map_err(|fault| Fault::new(format!("services.{}.{key}: {}", self.name, fault.message)))?;
        }
        Ok(plan)
    }
}

#[cfg(test)]
mod tests {
    use crate::model::compose::parse;

    #[test]
    fn it_is_the_container_that_docker_run_would_make() {
        let service = parse(
            "services:\n  web:\n    image: a:1\n    command: [--flag]\n    ports: ['8080:80', '127.0.0.1:9:90/udp']\n    \
             labels: [a=b]\n    environment: ['X=1 2']\n    network_mode: bridge\n    restart: unless-stopped\n    \
             volumes: ['/srv:/srv:ro']\n",
        )
        .expect("readable");
        let plan = service.plan().expect("a plan");
        assert_eq!(plan.env, ["X=1 2"]);
        assert_eq!(
            plan.to_string(),
            "docker run --label=a=b --restart=unless-stopped --env=X --network=bridge --publish=8080:80 \
             --publish=127.0.0.1:9:90/udp --volume=/srv:/srv:ro a:1 --flag"
        );
    }

    #[test]
    fn a_wrong_value_is_told_with_its_key() {
        let service = parse("services: {web: {image: a, restart: sometimes}}").expect("readable");
        let message = service.plan().expect_err("refused").message;
        assert!(message.starts_with("services.web.restart: "), "{message}");
    }
}
