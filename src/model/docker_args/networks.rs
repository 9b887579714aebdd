//! `--network` and the options that belong to the first network.

use super::values::{Parsed, number, print_pairs};
use super::words::csv;
use crate::model::run_plan::{NetworkJoin, RunPlan};

/// `NAME`, or `name=NAME,alias=…,ip=…,driver-opt=K=V,…`.
pub fn network(text: &str) -> Parsed<NetworkJoin> {
    if !text.contains('=') {
        return Ok(NetworkJoin::named(text));
    }
    let mut join = NetworkJoin::default();
    for field in csv(text) {
        let (key, value) = field.split_once('=').unwrap_or((&field, ""));
        let text = value.to_owned();
        match key {
            "name" => join.name = text,
            "alias" => join.aliases.push(text),
            "ip" => join.ip = Some(text),
            "ip6" => join.ip6 = Some(text),
            "link-local-ip" => join.link_local_ips.push(text),
            "mac-address" => join.mac_address = Some(text),
            "gw-priority" => join.gw_priority = Some(number(value)?),
            "driver-opt" => {
                let (key, value) = value.split_once('=').unwrap_or((value, ""));
                join.driver_opts.insert(key.to_owned(), value.to_owned());
            }
            other => return Err(format!("a network has no {other}")),
        }
    }
    if join.name.is_empty() { Err("name= is missing".to_owned()) } else { Ok(join) }
}

/// A network as `network` reads it.
pub fn print_network(join: &NetworkJoin) -> String {
    if *join == NetworkJoin::named(join.name.clone()) {
        return join.name.clone();
    }
    let mut fields = vec![format!("name={}", join.name)];
    fields.extend(join.aliases.iter().map(|alias| format!("alias={alias}")));
    fields.extend(join.ip.iter().map(|ip| format!("ip={ip}")));
    fields.extend(join.ip6.iter().map(|ip| format!("ip6={ip}")));
    fields.extend(join.link_local_ips.iter().map(|ip| format!("link-local-ip={ip}")));
    fields.extend(join.mac_address.iter().map(|address| format!("mac-address={address}")));
    fields.extend(print_pairs(&join.driver_opts).iter().map(|pair| format!("driver-opt={pair}")));
    fields.extend(join.gw_priority.iter().map(|priority| format!("gw-priority={priority}")));
    fields.join(",")
}

/// The network that `--ip` and `--network-alias` speak of: the first, or the engine's default one.
pub fn first(plan: &mut RunPlan) -> &mut NetworkJoin {
    if plan.network.is_empty() {
        plan.network.push(NetworkJoin::named("default"));
    }
    &mut plan.network[0]
}

/// Adds a network. What was said of the first one before it had a name goes to it.
pub fn add(plan: &mut RunPlan, join: NetworkJoin) {
    if let [only] = &mut plan.network[..]
        && only.name == "default"
    {
        let said = std::mem::replace(only, join);
        only.aliases.extend(said.aliases);
        only.ip = only.ip.take().or(said.ip);
        only.ip6 = only.ip6.take().or(said.ip6);
        only.link_local_ips.extend(said.link_local_ips);
        return;
    }
    plan.network.push(join);
}
