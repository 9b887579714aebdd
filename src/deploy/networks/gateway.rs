//! Which of a container's networks leads out. The engine decides that anew whenever the container joins one, and
//! with it goes where its ports are published: whoever is connected from outside would lose the connection.

use crate::platform::docker::{ApiVersion, Container, Endpoint, Network};

/// From here on a network can be joined with the lowest priority, and never leads out then.
pub const WITH_PRIORITY: ApiVersion = ApiVersion { major: 1, minor: 48 };

/// The network by which the container reaches the world; none when it has no way out. The engine takes none that is
/// internal (though these are said to have a gateway too), of the others one with IPv6, then the first by name.
/// `all` are the engine's networks.
pub fn way_out<'a>(container: &'a Container, all: &[Network]) -> Option<&'a str> {
    let is_internal = |name: &str| all.iter().any(|network| network.name == name && network.internal);
    let leads_out =
        |(name, endpoint): &(&String, &Endpoint)| !endpoint.gateway.is_empty() && !is_internal(name);
    let outward = container.networks().iter().filter(leads_out);
    outward.min_by_key(|(name, endpoint)| (!has_ipv6(endpoint), *name)).map(|(name, _)| name.as_str())
}

/// Whether joining would move the container's way out, on an engine without priorities.
pub fn moves(container: &Container, joined: &Network, all: &[Network]) -> bool {
    let Some(now) = way_out(container, all) else { return false };
    let endpoint = &container.networks()[now];
    !joined.internal && (!joined.has_ipv6, joined.name.as_str()) < (!has_ipv6(endpoint), now)
}

fn has_ipv6(endpoint: &Endpoint) -> bool {
    !endpoint.ip6.is_empty()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn on(networks: &[(&str, &str, &str)]) -> Container {
        let mut container = Container::default();
        for (name, gateway, ip6) in networks {
            let endpoint = Endpoint { gateway: (*gateway).into(), ip6: (*ip6).into(), ..Endpoint::default() };
            container.network_settings.networks.insert((*name).to_owned(), endpoint);
        }
        container
    }

    fn named(name: &str) -> Network {
        Network { name: name.into(), ..Network::default() }
    }

    #[test]
    fn the_first_name_leads_out_and_ipv6_goes_before() {
        let bridge = on(&[("bridge", "172.17.0.1", "")]);
        assert!(moves(&bridge, &named("aaa"), &[]) && !moves(&bridge, &named("zzz"), &[]));
        assert!(!moves(&bridge, &Network { internal: true, ..named("aaa") }, &[]));
        assert!(moves(&bridge, &Network { has_ipv6: true, ..named("zzz") }, &[]));
        let dual = on(&[("bridge", "172.17.0.1", "fd00::2")]);
        assert!(!moves(&dual, &named("aaa"), &[]), "it has no IPv6");
        assert!(!moves(&on(&[("none", "", "")]), &named("aaa"), &[]), "nothing leads out yet");
    }

    #[test]
    fn what_is_internal_leads_nowhere() {
        let all = [Network { internal: true, ..named("aaa") }, named("bridge")];
        let both = on(&[("aaa", "172.18.0.1", ""), ("bridge", "172.17.0.1", "")]);
        assert_eq!(way_out(&both, &all), Some("bridge"));
        assert!(moves(&both, &named("aab"), &all));
    }
}
