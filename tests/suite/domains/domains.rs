use expect_test::expect;

use crate::support::World;

fn world() -> World {
    let world = World::new();
    world.run("domains:set-global example.com");
    world.run("apps:create shop");
    world
}

#[test]
fn a_new_app_gets_its_name_below_each_global_domain() {
    let world = World::new();
    expect![[r#"
        -----> Set example.com 10.0.0.1 example.org
    "#]]
    .assert_eq(&world.run("domains:set-global example.com 10.0.0.1 example.org"));
    expect![[r#"
        -----> Creating shop...
        -----> Creating new app virtual host file...
    "#]]
    .assert_eq(&world.run("apps:create shop"));
    expect![[r#"
        =====> shop domains information
               Domains app enabled:           true
               Domains app vhosts:            shop.example.com shop.example.org
               Domains global enabled:        true
               Domains global vhosts:         example.com 10.0.0.1 example.org
    "#]]
    .assert_eq(&world.run("domains:report shop"));
    expect![[r#"
        =====> --global domains information
               Domains global enabled:        true
               Domains global vhosts:         example.com 10.0.0.1 example.org
    "#]]
    .assert_eq(&world.run("domains:report --global"));
}

#[test]
fn without_a_global_domain_an_app_answers_on_a_port_of_its_own() {
    let world = World::new();
    world.run("domains:clear-global");
    expect![[r#"
        -----> Creating shop...
        -----> Global server virtual host not set, disabling app vhost...
    "#]]
    .assert_eq(&world.run("apps:create shop"));
    expect![[r#"
        false
    "#]]
    .assert_eq(&world.run("domains:report shop --domains-app-enabled"));
    expect![[r#"
        -----> Domains (VHOST) support is already disabled for app (shop)
    "#]]
    .assert_eq(&world.run("domains:disable shop"));
}

#[test]
fn domains_come_and_go() {
    let world = world();
    expect![[r#"
        -----> Added www.test.example.com to shop
        -----> Skipping: shop.example.com already added to shop
        -----> Configuring shop.example.com...(using built-in template)
        -----> Configuring www.test.example.com...(using built-in template)
        -----> Creating http nginx.conf
               Reloading nginx
        2> !     No web listeners specified for shop
    "#]]
    .assert_eq(&world.run("domains:add shop www.test.example.com shop.example.com"));
    expect![[r#"
        -----> Removed shop.example.com from shop
        -----> Configuring www.test.example.com...(using built-in template)
        -----> Creating http nginx.conf
               Reloading nginx
        2> !     No web listeners specified for shop
    "#]]
    .assert_eq(&world.run("domains:remove shop shop.example.com"));
    expect![[r#"
        www.test.example.com
    "#]]
    .assert_eq(&world.run("domains:report shop --domains-app-vhosts"));
    expect![[r#"
        -----> Set *.a _ for shop
        -----> Configuring *.a...(using built-in template)
        -----> Configuring _...(using built-in template)
        -----> Creating http nginx.conf
               Reloading nginx
        2> !     No web listeners specified for shop
    "#]]
    .assert_eq(&world.run("domains:set shop *.a _"));
    expect![[r#"
        *.a _
    "#]]
    .assert_eq(&world.run("domains:report shop --domains-app-vhosts"));
    expect![[r#"
        -----> Cleared domains in shop
        -----> Creating new app virtual host file...
        -----> Configuring shop.example.com...(using built-in template)
        -----> Creating http nginx.conf
               Reloading nginx
        -----> Reset domains for shop
        2> !     No web listeners specified for shop
    "#]]
    .assert_eq(&world.run("domains:reset shop"));
    expect![[r#"
        -----> Creating http nginx.conf
               Reloading nginx
        -----> Cleared domains in shop
        2> !     No web listeners specified for shop
    "#]]
    .assert_eq(&world.run("domains:clear shop"));
    assert_eq!(
        world.run("domains:report shop --domains-app-vhosts"),
        "
"
    );
}

#[test]
fn global_domains_come_and_go() {
    let world = World::new();
    world.run("domains:clear-global");
    expect![[r#"
        -----> Added a.com
        -----> Added b.com
    "#]]
    .assert_eq(&world.run("domains:add-global a.com b.com"));
    expect![[r#"
        -----> Skipping a.com: already added
    "#]]
    .assert_eq(&world.run("domains:add-global a.com"));
    expect![[r#"
        -----> Removed a.com
    "#]]
    .assert_eq(&world.run("domains:remove-global a.com"));
    expect![[r#"
        b.com
    "#]]
    .assert_eq(&world.run("domains:report --global --domains-global-vhosts"));
    expect![[r#"
        -----> Clearing global domains
    "#]]
    .assert_eq(&world.run("domains:clear-global"));
    expect![[r#"
        false
    "#]]
    .assert_eq(&world.run("domains:report --global --domains-global-enabled"));
}

#[test]
fn domains_are_turned_off_and_on_again() {
    let world = world();
    let said = world.run("domains:disable shop");
    assert!(said.starts_with("-----> App virtual host support disabled\n"), "{said}");
    assert!(said.contains("-----> Random port "), "{said}");
    expect![[r#"
        -----> Configuring shop.example.com...(using built-in template)
        -----> Creating http nginx.conf
               Reloading nginx
        2> !     No web listeners specified for shop
    "#]]
    .assert_eq(&world.run("domains:enable shop"));
    expect![[r#"
        -----> Domains (VHOST) support is already enabled for app (shop)
    "#]]
    .assert_eq(&world.run("domains:enable shop"));
    expect![[r#"
        shop.example.com
    "#]]
    .assert_eq(&world.run("domains:report shop --domains-app-vhosts"));
    world.run("domains:disable --all");
    world.run("domains:add shop own.org");
    expect![[r#"
        own.org
    "#]]
    .assert_eq(&world.run("domains:report shop --domains-app-vhosts"));
    world.run("domains:disable --all");
    assert_eq!(world.run("domains:report shop --domains-app-enabled"), "false\n");
    world.run("domains:enable --all");
    assert_eq!(world.run("domains:report shop --domains-app-enabled"), "true\n");
    assert_eq!(world.docker.take_calls(), "", "no container was touched");
}

#[test]
fn what_is_wrong_is_said_and_changes_nothing() {
    let world = world();
    expect![[r#"
        2> !     http://a.b is invalid. exiting...
        2> !     a domain is letters, digits, hyphens and dots, such as www.example.com or *.example.com
        exit 1
    "#]]
    .assert_eq(&world.run("domains:add shop ok.com http://a.b"));
    expect![[r#"
        2> !     Please specify a domain name. Usage: dokku domains:add <app> <domain> [<domain> ...]
        exit 1
    "#]]
    .assert_eq(&world.run("domains:add shop"));
    expect![[r#"
        2> !     App nope does not exist
        exit 20
    "#]]
    .assert_eq(&world.run("domains:set nope a.com"));
    expect![[r#"
        shop.example.com
    "#]]
    .assert_eq(&world.run("domains:report shop --domains-app-vhosts"));
}

#[test]
fn a_domain_belongs_to_one_app() {
    let world = world();
    world.run("apps:create blog");
    world.run("domains:add shop www.example.org .wild.org");
    for domain in ["www.example.org", "WWW.example.org", "*.wild.org", "wild.org", ".wild.org"] {
        for verb in ["add", "set"] {
            let said = world.run(&format!("domains:{verb} blog free.org {domain}"));
            let owner = format!("2> !     {domain} is a domain of app shop already\n");
            assert!(said.starts_with(&owner) && said.contains("dokku domains:remove shop "), "{said}");
            assert_eq!(world.run("domains:report blog --domains-app-vhosts"), "blog.example.com\n");
        }
    }
    // A name below a wildcard is told apart, and so is the same name on another port.
    assert!(world.run("domains:add blog a.wild.org *.example.org _").contains("Added a.wild.org to blog"));
    world.run("apps:create admin");
    world.run("ports:set admin http:8443:5000");
    assert!(world.run("domains:add admin www.example.org").contains("Added www.example.org to admin"));
    // Who gave a domain up, or has them turned off, owns it no more.
    world.run("domains:remove shop www.example.org");
    assert!(world.run("domains:add blog www.example.org").contains("Added www.example.org to blog"));
}

#[test]
fn a_default_domain_that_is_taken_is_left_out() {
    let world = world();
    world.run("domains:add shop blog.example.com");
    world.run("domains:set-global example.com example.org");
    let said = world.run("apps:create blog");
    assert!(said.contains("blog.example.com is a domain of app shop already: blog does without"), "{said}");
    assert_eq!(world.run("domains:report blog --domains-app-vhosts"), "blog.example.org\n");
    world.run("apps:create weblog");
    world.run("domains:add shop diary.example.org");
    let said = world.run("apps:rename --skip-deploy weblog diary");
    assert!(said.contains("diary.example.org is a domain of app shop already: diary does without"), "{said}");
    assert_eq!(world.run("domains:report diary --domains-app-vhosts"), "diary.example.com\n");
}

#[test]
fn domains_that_the_proxy_refuses_are_not_kept() {
    let world = world();
    world.proxy.refuse("invalid server name or wildcard \"*\"");
    for verb in ["add", "set"] {
        let said = world.run(&format!("domains:{verb} shop *"));
        assert!(said.contains("invalid server name"), "{said}");
        assert!(said.contains("The domains of shop are as before\n"), "{said}");
        assert_eq!(world.run("domains:report shop --domains-app-vhosts"), "shop.example.com\n");
    }
}

#[test]
fn a_name_in_other_letters_is_told_in_those_of_name_servers() {
    let world = world();
    expect![[r#"
        2> !     müller.de is invalid. exiting...
        2> !     name servers know it as xn--mller-kva.de
        exit 1
    "#]]
    .assert_eq(&world.run("domains:add shop müller.de"));
    assert!(world.run("domains:add shop xn--mller-kva.de").contains("Added xn--mller-kva.de to shop"));
}
