//! What a kernel may lack.

use crate::support::appliance::{Options, is_wanted};
use crate::support::{Appliance, Repository};

/// Refuses IPv6 sockets alone, as a kernel does that was started without them.
const NO_IPV6: &str = r#"{"defaultAction": "SCMP_ACT_ALLOW", "syscalls": [{
    "names": ["socket"], "action": "SCMP_ACT_ERRNO", "errnoRet": 97,
    "args": [{"index": 0, "value": 10, "op": "SCMP_CMP_EQ"}]}]}"#;

#[test]
fn without_ipv6_all_doors_open_on_ipv4() {
    if !is_wanted() {
        return;
    }
    let folder = tempfile::tempdir().expect("a folder");
    let profile = folder.path().join("no-ipv6.json");
    std::fs::write(&profile, NO_IPV6).expect("writable");
    let extra = vec!["--security-opt".to_owned(), format!("seccomp={}", profile.display())];
    let Some(dokku) = Appliance::with(Options { extra, ..Options::default() }) else { return };
    let denied = dokku.inside(&["curl", "-sS", "-g", "http://[::1]:80/"]);
    assert!(denied.status != 0, "there is IPv6 all the same: {denied}");
    let (app, repository) = (dokku.app("four"), Repository::of("hello"));
    dokku.push(&repository, &app).ok().says("Application deployed");
    dokku.wait_page(&app, "pushed with git");
    dokku.ssh(&["nginx:validate-config"]).ok();
    dokku.inside(&["sh", "-c", "! nginx -T 2>/dev/null | grep -F '[::]'"]).ok();
}
