//! Values with a shape of their own: ports, mounts, limits, devices. An error is what is wrong with the
//! value, in words that follow "--option VALUE: ".

use std::collections::BTreeMap;

use super::words::csv;
use crate::model::run_plan::{Device, Gpus, Mount, PortBinding, RestartPolicy, Ulimit};
use crate::model::size::{parse_bytes, print_bytes};

/// What a parser returns.
pub type Parsed<T> = Result<T, String>;

/// `[IP:][HOST:]CONTAINER[/PROTOCOL]` with ranges, or `target=80,published=8080,…`.
pub fn ports(text: &str) -> Parsed<Vec<PortBinding>> {
    if text.contains('=') {
        return long_port(text);
    }
    let (addresses, protocol) = text.split_once('/').unwrap_or((text, "tcp"));
    if !matches!(protocol, "tcp" | "udp" | "sctp") {
        return Err(format!("{protocol} is not tcp, udp or sctp"));
    }
    let (rest, container) = addresses.rsplit_once(':').unwrap_or(("", addresses));
    // An IPv6 address has colons of its own, so it stands in brackets.
    let (ip, host) = match rest.strip_prefix('[').and_then(|rest| rest.split_once(']')) {
        Some((ip, host)) => (ip, host.strip_prefix(':').unwrap_or(host)),
        None => rest.rsplit_once(':').unwrap_or(("", rest)),
    };
    let container = range(container)?;
    let host = if host.is_empty() { None } else { Some(range(host)?) };
    if let Some((first, last)) = host
        && container.0 != container.1
        && last - first != container.1 - container.0
    {
        return Err("both ranges must have the same length".to_owned());
    }
    let binding = |port: u16| PortBinding {
        ip: some(ip),
        host: host.map(|(first, last)| {
            if container.0 == container.1 && first != last {
                format!("{first}-{last}")
            } else {
                (first + (port - container.0)).to_string()
            }
        }),
        container: port,
        protocol: protocol.to_owned(),
    };
    Ok((container.0..=container.1).map(binding).collect())
}

fn long_port(text: &str) -> Parsed<Vec<PortBinding>> {
    let mut port = PortBinding { ip: None, host: None, container: 0, protocol: "tcp".to_owned() };
    for field in csv(text) {
        match field.split_once('=') {
            Some(("target", value)) => port.container = range(value)?.0,
            Some(("published", value)) => port.host = some(value),
            Some(("protocol", value)) => value.clone_into(&mut port.protocol),
            Some(("mode", _)) => {}
            _ => return Err(format!("{field} is not target=, published=, protocol= or mode=")),
        }
    }
    if port.container == 0 { Err("target= is missing".to_owned()) } else { Ok(vec![port]) }
}

fn range(text: &str) -> Parsed<(u16, u16)> {
    let (first, last) = text.split_once('-').unwrap_or((text, text));
    let port = |text: &str| text.parse::<u16>().ok().filter(|port| *port > 0);
    match (port(first), port(last)) {
        (Some(first), Some(last)) if first <= last => Ok((first, last)),
        _ => Err(format!("{text} is not a port or a range of ports")),
    }
}

/// A port as `ports` reads it.
pub fn print_port(port: &PortBinding) -> String {
    let ip = match &port.ip {
        Some(ip) if ip.contains(':') => format!("[{ip}]:"),
        Some(ip) => format!("{ip}:"),
        None => String::new(),
    };
    let host = match (&port.host, &port.ip) {
        (Some(host), _) => format!("{host}:"),
        (None, Some(_)) => ":".to_owned(),
        (None, None) => String::new(),
    };
    let protocol = if port.protocol == "tcp" { String::new() } else { format!("/{}", port.protocol) };
    format!("{ip}{host}{}{protocol}", port.container)
}

/// `type=bind,source=…,target=…,readonly`, further keys kept.
pub fn mount(text: &str) -> Parsed<Mount> {
    let mut mount = Mount { kind: "volume".to_owned(), ..Mount::default() };
    for field in csv(text) {
        let (key, value) = field.split_once('=').unwrap_or((&field, ""));
        match key.to_ascii_lowercase().as_str() {
            "type" => mount.kind = value.to_ascii_lowercase(),
            "source" | "src" => value.clone_into(&mut mount.source),
            "target" | "destination" | "dst" => value.clone_into(&mut mount.target),
            "readonly" | "ro" => mount.read_only = matches!(value, "" | "true" | "1"),
            other => mount.options.push((other.to_owned(), value.to_owned())),
        }
    }
    if mount.target.is_empty() {
        return Err("target= is missing".to_owned());
    }
    if mount.kind == "bind" && mount.source.is_empty() {
        return Err("a bind mount needs source=".to_owned());
    }
    Ok(mount)
}

/// A mount as `mount` reads it.
pub fn print_mount(mount: &Mount) -> String {
    let mut fields = vec![format!("type={}", mount.kind)];
    if !mount.source.is_empty() {
        fields.push(format!("source={}", mount.source));
    }
    fields.push(format!("target={}", mount.target));
    if mount.read_only {
        fields.push("readonly".to_owned());
    }
    let option = |(key, value): &(String, String)| match value.as_str() {
        "" => key.clone(),
        value => format!("{key}={value}"),
    };
    fields.extend(mount.options.iter().map(option));
    fields.join(",")
}

/// `no`, `always`, `unless-stopped`, `on-failure[:TIMES]`.
pub fn restart(text: &str) -> Parsed<RestartPolicy> {
    match text.split_once(':').unwrap_or((text, "")) {
        ("" | "no", "") => Ok(RestartPolicy::No),
        ("always", "") => Ok(RestartPolicy::Always),
        ("unless-stopped", "") => Ok(RestartPolicy::UnlessStopped),
        ("on-failure", "") => Ok(RestartPolicy::OnFailure(None)),
        ("on-failure", times) if times.parse::<u32>().is_ok() => {
            Ok(RestartPolicy::OnFailure(times.parse().ok()))
        }
        _ => Err("it is none of no, always, unless-stopped, on-failure[:TIMES]".to_owned()),
    }
}

/// A policy as `restart` reads it.
pub fn print_restart(policy: &RestartPolicy) -> String {
    match policy {
        RestartPolicy::No => "no".to_owned(),
        RestartPolicy::Always => "always".to_owned(),
        RestartPolicy::UnlessStopped => "unless-stopped".to_owned(),
        RestartPolicy::OnFailure(None) => "on-failure".to_owned(),
        RestartPolicy::OnFailure(Some(times)) => format!("on-failure:{times}"),
    }
}

/// `NAME=SOFT[:HARD]`.
pub fn ulimit(text: &str) -> Parsed<Ulimit> {
    let wrong = || "it is not NAME=SOFT[:HARD]".to_owned();
    let (name, limits) = text.split_once('=').ok_or_else(wrong)?;
    let (soft, hard) = limits.split_once(':').unwrap_or((limits, limits));
    let number = |text: &str| text.parse::<i64>().map_err(|_| wrong());
    Ok(Ulimit { name: name.to_owned(), soft: number(soft)?, hard: number(hard)? })
}

/// `HOST[:CONTAINER[:PERMISSIONS]]`.
pub fn device(text: &str) -> Parsed<Device> {
    let is_mode = |part: &str| !part.is_empty() && part.bytes().all(|byte| b"rwm".contains(&byte));
    let parts: Vec<&str> = text.split(':').collect();
    let (host, container, permissions) = match parts[..] {
        [host] => (host, host, "rwm"),
        [host, mode] if is_mode(mode) => (host, host, mode),
        [host, container] => (host, container, "rwm"),
        [host, container, mode] if is_mode(mode) => (host, container, mode),
        _ => return Err("it is not HOST[:CONTAINER[:PERMISSIONS]]".to_owned()),
    };
    let text = str::to_owned;
    Ok(Device { host: text(host), container: text(container), permissions: text(permissions) })
}

/// `all`, a number, or `device=…`, `count=…`, `driver=…`, `capabilities=…`, `options=…`.
pub fn gpus(text: &str) -> Parsed<Gpus> {
    let mut gpus = Gpus::default();
    for field in csv(text) {
        let (key, value) = field.split_once('=').unwrap_or(("count", &field));
        let list = || value.split(',').map(str::to_owned).collect::<Vec<String>>();
        match key {
            "count" if value == "all" => gpus.count = Some(-1),
            "count" => gpus.count = Some(number(value)?),
            "device" => gpus.devices = list(),
            "driver" => gpus.driver = some(value),
            "capabilities" => gpus.capabilities = list(),
            "options" => {
                gpus.options.extend(list().iter().filter_map(|pair| pair.split_once('=')).map(owned));
            }
            other => return Err(format!("{other} is not count, device, driver, capabilities or options")),
        }
    }
    if gpus.count.is_none() && gpus.devices.is_empty() {
        gpus.count = Some(1);
    }
    Ok(gpus)
}

/// A request as `gpus` reads it.
pub fn print_gpus(gpus: &Gpus) -> String {
    let mut fields = Vec::new();
    match gpus.count {
        Some(-1) => fields.push("all".to_owned()),
        Some(count) => fields.push(count.to_string()),
        None => {}
    }
    let listed = |key: &str, values: &[String]| {
        let field = format!("{key}={}", values.join(","));
        if values.len() > 1 { format!("\"{field}\"") } else { field }
    };
    if !gpus.devices.is_empty() {
        fields.push(listed("device", &gpus.devices));
    }
    fields.extend(gpus.driver.iter().map(|driver| format!("driver={driver}")));
    if !gpus.capabilities.is_empty() {
        fields.push(listed("capabilities", &gpus.capabilities));
    }
    fields.extend(gpus.options.iter().map(|(key, value)| format!("options={key}={value}")));
    fields.join(",")
}

/// `1.5` processors as billionths.
pub fn cpus(text: &str) -> Parsed<i64> {
    let number: f64 = text.parse().map_err(|_| "it is not a number".to_owned())?;
    if !(0.0..1e6).contains(&number) {
        return Err("it is not a number of processors".to_owned());
    }
    Ok((number * 1e9).round() as i64)
}

/// Billionths as `cpus` reads them.
pub fn print_cpus(nano: i64) -> String {
    let text = format!("{}.{:09}", nano / 1_000_000_000, nano % 1_000_000_000);
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}

/// A size, or -1 for unlimited.
pub fn size_or_unlimited(text: &str) -> Parsed<i64> {
    if text == "-1" { Ok(-1) } else { size(text) }
}

/// A size as `size_or_unlimited` reads it.
pub fn print_size(bytes: i64) -> String {
    if bytes < 0 { bytes.to_string() } else { print_bytes(bytes) }
}

/// `512m`.
pub fn size(text: &str) -> Parsed<i64> {
    parse_bytes(text).ok_or_else(|| "it is not a size such as 512m".to_owned())
}

/// A whole number.
pub fn number(text: &str) -> Parsed<i64> {
    text.parse().map_err(|_| "it is not a whole number".to_owned())
}

/// `/dev/sda:VALUE`.
pub fn rate(text: &str, value: fn(&str) -> Parsed<i64>) -> Parsed<(String, i64)> {
    let (path, rate) = text.split_once(':').ok_or_else(|| "it is not DEVICE:VALUE".to_owned())?;
    Ok((path.to_owned(), value(rate)?))
}

/// `KEY=VALUE`; a bare key has an empty value.
pub fn pair(text: &str) -> (String, String) {
    owned(text.split_once('=').unwrap_or((text, "")))
}

/// Pairs as `pair` reads them.
pub fn print_pairs(pairs: &BTreeMap<String, String>) -> Vec<String> {
    let print = |(key, value): (&String, &String)| match value.as_str() {
        "" => key.clone(),
        value => format!("{key}={value}"),
    };
    pairs.iter().map(print).collect()
}

/// A switch's value: `--init=false`.
pub fn truth(text: &str) -> Parsed<bool> {
    match text {
        "1" | "t" | "T" | "true" | "TRUE" | "True" => Ok(true),
        "0" | "f" | "F" | "false" | "FALSE" | "False" => Ok(false),
        _ => Err("it is neither true nor false".to_owned()),
    }
}

fn owned((key, value): (&str, &str)) -> (String, String) {
    (key.to_owned(), value.to_owned())
}

fn some(text: &str) -> Option<String> {
    (!text.is_empty()).then(|| text.to_owned())
}
