//! `docker run`'s options into a plan.

use super::flags::{ALIASES, FLAGS, Flag, Kind};

use super::values::{number, pair, rate, size, truth};
use super::words::cut;
use crate::model::near::near;
use crate::model::size::parse_duration;
use crate::model::{Fault, Outcome, RunPlan};

/// Adds options, given as words, to a plan: `--memory 512m`, `--memory=512m`, `-m512m`, `-it`.
/// `caller` has the values of `--env KEY`; a key it does not have is left out, as the docker client does.
///
/// # Errors
/// An option that does not exist (with those that look like it), a value that is missing or wrong.
pub fn add_run_options(
    plan: &mut RunPlan,
    words: &[String],
    caller: &dyn Fn(&str) -> Option<String>,
) -> Outcome {
    let mut words = words.iter().map(String::as_str);
    while let Some(word) = words.next() {
        let typed = cut(word).ok_or_else(|| {
            Fault::new(format!("{word} is not a docker option"))
                .hint("a value with spaces needs quotes: --label 'a=b c'")
        })?;
        let flag = find(typed.name)?;
        let inline = typed.inline.map(str::to_owned);
        let value = match (&flag.kind, inline) {
            (Kind::Switch(_) | Kind::Client(false), Some(rest)) if typed.is_cluster => {
                apply(flag, plan, "true", caller)?;
                let left = std::iter::once(format!("-{rest}")).chain(words.map(str::to_owned));
                return add_run_options(plan, &left.collect::<Vec<_>>(), caller);
            }
            (Kind::Switch(_) | Kind::Client(false), None) => "true".to_owned(),
            (_, Some(value)) => value,
            (_, None) => words
                .next()
                .ok_or_else(|| Fault::new(format!("the docker option {} needs a value", typed.name)))?
                .to_owned(),
        };
        apply(flag, plan, &value, caller)
            .map_err(|fault| Fault::new(format!("--{} {value}: {}", flag.name, fault.message)))?;
    }
    Ok(())
}

fn find(name: &str) -> Outcome<&'static Flag> {
    let found = match name.strip_prefix("--") {
        Some(long) => {
            let alias = ALIASES.iter().find(|(alias, _)| *alias == long);
            let long = alias.map_or(long, |(_, name)| name);
            FLAGS.iter().find(|flag| flag.name == long)
        }
        None => FLAGS.iter().find(|flag| flag.short.is_some_and(|short| name[1..].starts_with(short))),
    };
    found.ok_or_else(|| {
        let meant = near(name.trim_start_matches('-'), FLAGS.iter().map(|flag| flag.name));
        let fault = Fault::new(format!("there is no docker option {name}"));
        meant.into_iter().fold(fault, |fault, other| fault.hint(format!("did you mean --{other}?")))
    })
}

/// An error says what is wrong with the value; the caller says whose it is.
fn apply(flag: &Flag, plan: &mut RunPlan, value: &str, caller: &dyn Fn(&str) -> Option<String>) -> Outcome {
    let done = match &flag.kind {
        Kind::Switch(field) => truth(value).map(|on| *field(plan) = on),
        Kind::Text(field) => {
            *field(plan) = Some(value.to_owned());
            Ok(())
        }
        Kind::Texts(field) => {
            field(plan).push(value.to_owned());
            Ok(())
        }
        Kind::Pairs(field) => {
            let (key, value) = pair(value);
            field(plan).insert(key, value);
            Ok(())
        }
        Kind::Number(field) => number(value).map(|number| *field(plan) = Some(number)),
        Kind::Size(field) => size(value).map(|bytes| *field(plan) = Some(bytes)),
        Kind::Duration(field) => match parse_duration(value) {
            Some(duration) => {
                *field(plan) = Some(duration);
                Ok(())
            }
            None => Err("it is not a duration such as 30s".to_owned()),
        },
        Kind::Rates(field, amount) => rate(value, *amount).map(|rate| field(plan).push(rate)),
        Kind::Own(parse, _) => parse(plan, value),
        Kind::Environment if value.contains('=') => {
            plan.env.push(value.to_owned());
            Ok(())
        }
        Kind::Environment => {
            plan.env.extend(caller(value).map(|found| format!("{value}={found}")));
            Ok(())
        }
        Kind::Client(_) => Ok(()),
        Kind::Refused(why) => Err((*why).to_owned()),
    };
    done.map_err(Fault::new)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::docker_args::split_words;

    fn read(line: &str) -> Outcome<RunPlan> {
        let mut plan = RunPlan::of_image("app");
        let caller = |key: &str| (key == "HOME").then(|| "/root".to_owned());
        add_run_options(&mut plan, &split_words(line)?, &caller)?;
        Ok(plan)
    }

    fn check(line: &str, expected: &str) {
        let plan = read(line).unwrap_or_else(|fault| panic!("{line}: {fault}"));
        assert_eq!(format!("{plan:#}"), expected, "{line}");
        // What is printed reads as the same plan.
        let again = expected.trim_start_matches("docker run ").trim_end_matches("app").trim();
        assert_eq!(read(again).expect("it was printed"), plan, "{again}");
    }

    fn refused(line: &str, expected: &str) {
        let fault = read(line).expect_err(line);
        let text = std::iter::once(fault.message.as_str()).chain(fault.hints.iter().map(String::as_str));
        assert_eq!(text.collect::<Vec<_>>().join("; "), expected);
    }

    #[test]
    fn what_plugins_print() {
        check("--link dokku.redis.x:dokku-redis-x", "docker run --link=dokku.redis.x:dokku-redis-x app");
        check("-v /var/lib/a:/data", "docker run --volume=/var/lib/a:/data app");
        check("--volume=a:/b:ro -v c:/d", "docker run --volume=a:/b:ro --volume=c:/d app");
        check("--env=A=1 -e B='2 3'", "docker run --env=A=1 '--env=B=2 3' app");
        check("--add-host=a:1.2.3.4", "docker run --add-host=a:1.2.3.4 app");
        check("--restart=on-failure:10", "docker run --restart=on-failure:10 app");
        check("--label 'traefik.rule=Host(`a`)'", "docker run '--label=traefik.rule=Host(`a`)' app");
        check(
            "-p 8080:80/udp -p 127.0.0.1:9:90",
            "docker run --publish=8080:80/udp --publish=127.0.0.1:9:90 app",
        );
        check("--shm-size 64m --cap-add=NET_ADMIN", "docker run --shm-size=64m --cap-add=NET_ADMIN app");
        check("--log-opt max-size=10m", "docker run --log-opt=max-size=10m app");
    }

    #[test]
    fn every_form_of_a_value_and_of_switches() {
        for line in ["--memory=512m", "--memory 512m", "-m=512m", "-m512m", "-m 512m", "--memory=536870912"] {
            check(line, "docker run --memory=512m app");
        }
        check("-it", "docker run --interactive --tty app");
        check("-itm1g", "docker run --interactive --tty --memory=1g app");
        check("-itm 1g --rm", "docker run --interactive --tty --rm --memory=1g app");
        check("--init=true --tty=false", "docker run --init app");
        check("--net a --net-alias b", "docker run --network=name=a,alias=b app");
        check(
            "--network-alias b --network a --network c",
            "docker run --network=name=a,alias=b --network=c app",
        );
    }

    #[test]
    fn a_bare_variable_comes_from_the_caller() {
        check("-e HOME --env=NOT_SET", "docker run --env=HOME=/root app");
    }

    #[test]
    fn shapes_of_their_own() {
        check("--cpus 1.5 --cpus=0.25", "docker run --cpus=0.25 app");
        check("--gpus all", "docker run --gpus=all app");
        check("--gpus '\"device=0,1\"'", "docker run '--gpus=\"device=0,1\"' app");
        check("--ulimit nofile=1024", "docker run --ulimit=nofile=1024:1024 app");
        check("--tmpfs /a --tmpfs /b:size=1m", "docker run --tmpfs=/a --tmpfs=/b:size=1m app");
        check(
            "--mount type=bind,src=/a,dst=/b,ro,bind-propagation=rslave",
            "docker run --mount=type=bind,source=/a,target=/b,readonly,bind-propagation=rslave app",
        );
        check("--device /dev/fuse", "docker run --device=/dev/fuse:/dev/fuse:rwm app");
        check("-p 8000-8001:80-81", "docker run --publish=8000:80 --publish=8001:81 app");
        check("-p 5000", "docker run --publish=5000 app");
        check("-p '[::1]:80:80'", "docker run '--publish=[::1]:80:80' app");
        check("--memory-swap=-1", "docker run --memory-swap=-1 app");
        check(
            "--health-cmd 'curl x' --health-interval 1m30s",
            "docker run '--health-cmd=curl x' --health-interval=90s app",
        );
        check("--device-read-bps /dev/sda:1m", "docker run --device-read-bps=/dev/sda:1m app");
        check("--sysctl net.a=1 --stop-timeout 5", "docker run --sysctl=net.a=1 --stop-timeout=5 app");
        check("--entrypoint ''", "docker run --entrypoint= app");
        check("--quiet --sig-proxy=false", "docker run app");
    }

    #[test]
    fn a_mistake_is_named_with_what_may_be_meant() {
        refused("--memroy=1g", "there is no docker option --memroy; did you mean --memory?");
        refused("--frobnicate", "there is no docker option --frobnicate");
        refused("-Z", "there is no docker option -Z");
        refused("--memory=lots", "--memory lots: it is not a size such as 512m");
        refused("--memory", "the docker option --memory needs a value");
        refused("-p 99999", "--publish 99999: 99999 is not a port or a range of ports");
        refused(
            "--restart=sometimes",
            "--restart sometimes: it is none of no, always, unless-stopped, on-failure[:TIMES]",
        );
        refused("--init=maybe", "--init maybe: it is neither true nor false");
        refused("loose", "loose is not a docker option; a value with spaces needs quotes: --label 'a=b c'");
        refused("--cidfile x", "--cidfile x: the id of a container of an app is kept by Dokku");
        assert!(read("--label 'a").is_err());
    }
}
