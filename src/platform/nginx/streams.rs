//! The block for ports that are passed on. nginx takes one such block, and a plugin may bring its own: then ours stays away,
//! for nginx would take neither, and no HTTP with them.

use super::Nginx;
use crate::model::Outcome;
use crate::platform::files;

/// What the block says beside its servers: the form of a line of the log, and a cache of sessions for all workers.
const COMMON: &str = "  tcp_nodelay on;\n  log_format passed_on '$remote_addr [$time_local] $protocol $server_port $status \
     $bytes_received in $bytes_sent out $session_time s';\n  ssl_session_cache shared:STREAM:5m;\n";

impl Nginx {
    /// Writes the block for what is at work, or takes it away.
    ///
    /// # Errors
    /// When the file cannot be written or removed.
    pub fn write_streams(&self) -> Outcome {
        let main = files::read_text(&self.configuration)?.unwrap_or_default();
        let path = self.top.join("streams.conf");
        match block(&main, &format!("include {}/*.conf;\n", self.streams.display())) {
            Some(text) => files::write_as_root(&path, text.as_bytes(), 0o644),
            None => files::remove(&path).map(drop),
        }
    }
}

/// The block around these includes; none where the main configuration has one.
pub(super) fn block(main: &str, includes: &str) -> Option<String> {
    (!has_own(main)).then(|| format!("stream {{\n{COMMON}{includes}}}\n"))
}

fn has_own(main: &str) -> bool {
    main.lines().filter_map(|line| line.trim().strip_prefix("stream")).any(|rest| {
        let rest = rest.trim_start();
        rest.is_empty() || rest.starts_with('{')
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn where_a_plugin_has_a_block_ours_stays_away() {
        let main = "http {\n  # stream of words\n}\n";
        assert!(block(main, "include /a/*.conf;\n").expect("ours").contains("include /a/*.conf;"));
        for own in ["stream {\n}\n", "  stream{ include x; }", "stream\n{\n}\n"] {
            assert_eq!(block(&format!("{main}{own}"), ""), None, "{own}");
        }
    }
}
