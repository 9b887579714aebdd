//! What to do next, for the log of a first start.

use crate::store::published_ports::PublishedPorts;

/// The three steps to a first page: add a key, push, look. `container` is the container's name, `domain` the global one.
pub fn next_steps(container: &str, domain: &str, ports: &PublishedPorts) -> String {
    let ssh = match ports.outer(22) {
        Some(22) => format!("dokku@{domain}:APP"),
        Some(port) => format!("ssh://dokku@{domain}:{port}/APP"),
        None => format!("ssh://dokku@{domain}:PORT/APP (publish port 22 with -p PORT:22)"),
    };
    let page = match ports.outer(80) {
        Some(80) => format!("http://APP.{domain}/"),
        Some(port) => format!("http://APP.{domain}:{port}/"),
        None => format!("http://APP.{domain}:PORT/ (publish port 80 with -p PORT:80)"),
    };
    format!(
        "Dokku is ready. Next:\n\
         \x20 1. Add your key:   docker exec -i {container} dokku ssh-keys:add admin < ~/.ssh/id_ed25519.pub\n\
         \x20 2. Push an app:    git push {ssh} main\n\
         \x20 3. Open its page:  {page}\n\
         \x20 A name that others reach: docker exec {container} dokku domains:set-global example.com"
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_use_the_outer_ports() {
        let ports =
            PublishedPorts { tcp: [(22, vec![3022]), (80, vec![8080])].into(), ..PublishedPorts::default() };
        let text = next_steps("dokku", "localhost", &ports);
        assert!(text.contains("ssh://dokku@localhost:3022/APP"), "{text}");
        assert!(text.contains("http://APP.localhost:8080/"), "{text}");
        let ports =
            PublishedPorts { tcp: [(22, vec![22]), (80, vec![80])].into(), ..PublishedPorts::default() };
        let text = next_steps("dokku", "example.com", &ports);
        assert!(text.contains("git push dokku@example.com:APP main"), "{text}");
        assert!(text.contains("http://APP.example.com/"), "{text}");
    }
}
