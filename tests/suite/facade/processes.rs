use expect_test::{Expect, expect};

use super::Installation;

fn check(installation: &Installation, script: &str, expected: Expect) {
    expected.assert_eq(&installation.run("ps/functions proxy/functions storage/functions", script));
}

#[test]
fn what_the_core_gave_up_still_works_and_names_its_successor() {
    let here = Installation::new();
    check(
        &here,
        "ps_stop web",
        expect![[r#"
        2> !     Deprecated: please use 'dokku ps:stop' instead of 'ps_stop'
        2> !     App web has not been deployed
        goes on
    "#]],
    );
    check(
        &here,
        "ps_start web",
        expect![[r#"
        2> !     Deprecated: please use 'dokku ps:start' instead of 'ps_start'
        2> !     App web has not been deployed
        goes on
    "#]],
    );
    check(
        &here,
        "ps_rebuild nope",
        expect![[r#"
        2> !     Deprecated: please use 'dokku ps:rebuild' instead of 'ps_rebuild'
        2> !     App nope does not exist
        goes on with 20
    "#]],
    );
    check(
        &here,
        "is_app_proxy_enabled web; get_app_proxy_type web",
        expect![[r#"
        true
        nginx
        2> !     Deprecated: please use 'plugn trigger proxy-is-enabled' instead of 'is_app_proxy_enabled'
        2> !     Deprecated: please use 'plugn trigger proxy-type' instead of 'get_app_proxy_type'
        goes on
    "#]],
    );
    here.file("lib/config/proxy/web/type", "caddy");
    check(
        &here,
        "get_app_proxy_type web",
        expect![[r#"
        caddy
        2> !     Deprecated: please use 'plugn trigger proxy-type' instead of 'get_app_proxy_type'
        goes on
    "#]],
    );
    check(
        &here,
        "[[ $(get_available_port) =~ ^[0-9]+$ ]]",
        expect![[r#"
        2> !     Deprecated: please use 'plugn trigger ports-get-available' instead of 'get_available_port'
        goes on
    "#]],
    );
}
