//! The table of the build options that Dokku hands to a Dockerfile build (0.38.27), and what each is
//! for the engine's own BuildKit. Options that are not in it Dokku drops, since `docker-options:add
//! APP build,deploy,run …` puts run options into the build phase too.

use super::values::{Parsed, pair, size, size_or_unlimited, truth, ulimit};
use super::words::{csv, cut};
use crate::model::build_plan::{BuildSecret, BuildSsh, SecretSource};
use crate::model::{BuildPlan, Fault, Outcome};

/// What an option becomes.
enum Kind {
    /// A field of the plan: for the engine a parameter of its build call or a part of the session.
    Field(fn(&mut BuildPlan, &str) -> Parsed<()>),
    /// A switch of the plan.
    Switch(fn(&mut BuildPlan) -> &mut bool),
    /// `KEY[=VALUE]`; a bare key takes its value from the caller.
    Argument,
    /// A switch that cannot be followed, and why.
    Refused(&'static str),
    /// Nothing for the engine to do, with a value.
    Nothing,
    /// Nothing for the engine to do, without one.
    NothingSwitch,
}

/// Every option the dockerfile builder of Dokku accepts, in its order.
const FLAGS: &[(&str, Kind)] = &[
    ("--add-host", Kind::Field(|plan, value| push(&mut plan.add_host, value))),
    ("--allow", Kind::Field(|_, _| no("entitlements are a setting of a buildx builder"))),
    (
        "--annotation",
        Kind::Field(|_, _| no("the engine's own image store keeps no annotations; use --label")),
    ),
    ("--attest", Kind::Field(attestation)),
    ("--build-arg", Kind::Argument),
    ("--builder", Kind::Field(builder)),
    ("--cache-from", Kind::Field(cache_from)),
    ("--cache-to", Kind::Field(cache_to)),
    ("--call", Kind::Field(call)),
    ("--cgroup-parent", Kind::Field(|plan, value| set(&mut plan.cgroup_parent, value))),
    ("--label", Kind::Field(label)),
    ("--memory", Kind::Field(|plan, value| size(value).map(|bytes| plan.memory = Some(bytes)))),
    ("-m", Kind::Field(|plan, value| size(value).map(|bytes| plan.memory = Some(bytes)))),
    ("--memory-swap", Kind::Field(memory_swap)),
    ("--network", Kind::Field(network)),
    ("--platform", Kind::Field(|plan, value| set(&mut plan.platform, value))),
    // The output of a push is plain text, always.
    ("--progress", Kind::Nothing),
    ("--provenance", Kind::Field(attestation)),
    ("--sbom", Kind::Field(attestation)),
    ("--secret", Kind::Field(|plan, value| secret(value).map(|secret| plan.secret.push(secret)))),
    ("--shm-size", Kind::Field(|plan, value| size(value).map(|bytes| plan.shm_size = Some(bytes)))),
    ("--ssh", Kind::Field(|plan, value| ssh(value).map(|agent| plan.ssh.push(agent)))),
    ("--tag", Kind::Field(|plan, value| push(&mut plan.tag, value))),
    ("--target", Kind::Field(|plan, value| set(&mut plan.target, value))),
    ("--ulimit", Kind::Field(|plan, value| ulimit(value).map(|limit| plan.ulimit.push(limit)))),
    ("--check", Kind::Refused("it checks and builds no image")),
    ("-D", Kind::NothingSwitch),
    ("--debug", Kind::NothingSwitch),
    ("--no-cache", Kind::Switch(|plan| &mut plan.no_cache)),
];

/// Adds the options of the build phase, given as words, to a plan. `caller` has the values of
/// `--build-arg KEY`. Returns the names of options that are not for builds, which are left out.
///
/// # Errors
/// An option that the engine's own BuildKit cannot follow, with the reason; a wrong or missing value.
pub fn add_build_options(
    plan: &mut BuildPlan,
    words: &[String],
    caller: &dyn Fn(&str) -> Option<String>,
) -> Outcome<Vec<String>> {
    let mut dropped = Vec::new();
    let mut words = words.iter().map(String::as_str).peekable();
    while let Some(word) = words.next() {
        let known = cut(word).and_then(|typed| {
            let kind = FLAGS.iter().find(|(name, _)| *name == typed.name).map(|(_, kind)| kind)?;
            Some((typed, kind))
        });
        let Some((typed, kind)) = known else {
            dropped.push(word.split('=').next().unwrap_or(word).to_owned());
            // Its value, if it stands in a word of its own, is dropped with it.
            if !word.contains('=') {
                words.next_if(|next| !next.starts_with('-'));
            }
            continue;
        };
        let value = match typed.inline {
            Some(value) => value,
            None if matches!(kind, Kind::Switch(_) | Kind::Refused(_) | Kind::NothingSwitch) => "true",
            None => words
                .next()
                .ok_or_else(|| Fault::new(format!("the build option {} needs a value", typed.name)))?,
        };
        let done = match kind {
            Kind::Field(apply) => apply(plan, value),
            Kind::Switch(field) => truth(value).map(|on| *field(plan) = on),
            Kind::Argument => {
                let (key, found) =
                    value.split_once('=').map_or((value, None), |(key, value)| (key, Some(value)));
                let found = found.map(str::to_owned).or_else(|| caller(key));
                plan.build_arg.push((key.to_owned(), found));
                Ok(())
            }
            Kind::Refused(why) => truth(value).and_then(|on| if on { no(why) } else { Ok(()) }),
            Kind::Nothing | Kind::NothingSwitch => Ok(()),
        };
        done.map_err(|why| {
            Fault::new(format!("the build option {} {value} cannot be used: {why}", typed.name))
                .hint("see and remove it with docker-options:report and docker-options:remove")
        })?;
    }
    Ok(dropped)
}

fn no(why: &str) -> Parsed<()> {
    Err(why.to_owned())
}

fn push(list: &mut Vec<String>, value: &str) -> Parsed<()> {
    list.push(value.to_owned());
    Ok(())
}

fn set(field: &mut Option<String>, value: &str) -> Parsed<()> {
    *field = Some(value.to_owned());
    Ok(())
}

fn label(plan: &mut BuildPlan, value: &str) -> Parsed<()> {
    let (key, value) = pair(value);
    plan.label.insert(key, value);
    Ok(())
}

fn memory_swap(plan: &mut BuildPlan, value: &str) -> Parsed<()> {
    plan.memory_swap = Some(size_or_unlimited(value)?);
    Ok(())
}

fn network(plan: &mut BuildPlan, value: &str) -> Parsed<()> {
    match value {
        "default" | "none" | "host" => set(&mut plan.network, value),
        _ => no("BuildKit knows the networks default, none and host alone"),
    }
}

/// Saying that there shall be none is what happens anyway.
fn attestation(_: &mut BuildPlan, value: &str) -> Parsed<()> {
    let is_off = csv(value).iter().any(|field| field == "false" || field == "disabled=true");
    if is_off { Ok(()) } else { no("the engine's own image store keeps no attestations") }
}

fn builder(_: &mut BuildPlan, value: &str) -> Parsed<()> {
    if value == "default" { Ok(()) } else { no("images are built by the engine's own BuildKit, default") }
}

fn call(_: &mut BuildPlan, value: &str) -> Parsed<()> {
    if value == "build" { Ok(()) } else { no("it builds no image") }
}

/// An image to take layers from: `NAME` or `type=registry,ref=NAME`.
fn cache_from(plan: &mut BuildPlan, value: &str) -> Parsed<()> {
    if !value.contains('=') {
        return push(&mut plan.cache_from, value);
    }
    let fields = csv(value);
    let field = |key: &str| fields.iter().find_map(|field| field.strip_prefix(key)?.strip_prefix('='));
    match (field("type"), field("ref")) {
        (Some("registry") | None, Some(image)) => push(&mut plan.cache_from, image),
        _ => no("the engine's own BuildKit takes type=registry,ref=IMAGE alone"),
    }
}

fn cache_to(plan: &mut BuildPlan, value: &str) -> Parsed<()> {
    if csv(value).iter().any(|field| field == "type=inline" || field == "inline") {
        plan.inline_cache = true;
        return Ok(());
    }
    no("the engine's own BuildKit writes type=inline alone")
}

/// `id=ID[,src=FILE|,env=VARIABLE]`. Without a source, the variable of that name, else the file.
fn secret(value: &str) -> Parsed<BuildSecret> {
    let (mut id, mut kind, mut source, mut variable) = (None, String::new(), None, None);
    for field in csv(value) {
        let (key, text) = field.split_once('=').ok_or_else(|| format!("{field} is not KEY=VALUE"))?;
        let text = text.to_owned();
        match key {
            "id" => id = Some(text),
            "type" => kind = text,
            "source" | "src" => source = Some(text),
            "env" => variable = Some(text),
            other => return Err(format!("a secret has no {other}")),
        }
    }
    let id = id.or_else(|| variable.clone()).or_else(|| source.clone()).ok_or("id= is missing")?;
    let source = match (kind.as_str(), variable, source) {
        ("env" | "", Some(variable), _) | ("env", None, Some(variable)) => SecretSource::Env(variable),
        ("env", None, None) => SecretSource::Env(id.clone()),
        ("file" | "", None, Some(path)) => SecretSource::File(path),
        ("file" | "", None, None) => SecretSource::File(id.clone()),
        _ => return Err("its type is file or env".to_owned()),
    };
    Ok(BuildSecret { id, source })
}

/// `default`, `default=SOCKET`, `ID=SOCKET`.
fn ssh(value: &str) -> Parsed<BuildSsh> {
    let (id, socket) =
        value.split_once('=').map_or((value, None), |(id, socket)| (id, Some(socket.to_owned())));
    if socket.as_ref().is_some_and(|socket| socket.contains(',')) {
        return Err("several keys for one id need an ssh agent: name its socket".to_owned());
    }
    Ok(BuildSsh { id: id.to_owned(), socket })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::docker_args::split_words;

    fn read(line: &str) -> Outcome<(BuildPlan, Vec<String>)> {
        let mut plan = BuildPlan::default();
        let caller = |key: &str| (key == "TOKEN").then(|| "t0".to_owned());
        let dropped = add_build_options(&mut plan, &split_words(line)?, &caller)?;
        Ok((plan, dropped))
    }

    fn check(line: &str, expected: impl FnOnce(&mut BuildPlan)) {
        let mut plan = BuildPlan::default();
        expected(&mut plan);
        assert_eq!(read(line).unwrap_or_else(|fault| panic!("{line}: {fault}")).0, plan, "{line}");
    }

    fn refused(line: &str, expected: &str) {
        let message = read(line).expect_err(line).message;
        assert!(message.contains(expected), "{message}");
        let name = line.split([' ', '=']).next().expect("a word");
        assert!(message.contains(name), "it names the option: {message}");
    }

    #[test]
    fn values_stand_behind_an_equals_sign_or_a_space() {
        for line in ["--build-arg A=1 --build-arg=B=2", "--build-arg=A=1 --build-arg B=2"] {
            check(line, |plan| {
                plan.build_arg = vec![("A".into(), Some("1".into())), ("B".into(), Some("2".into()))];
            });
        }
        check("--build-arg TOKEN --build-arg NONE", |plan| {
            plan.build_arg = vec![("TOKEN".into(), Some("t0".into())), ("NONE".into(), None)];
        });
        check("-m 1g --memory-swap=-1 --shm-size 64m", |plan| {
            (plan.memory, plan.memory_swap, plan.shm_size) = (Some(1 << 30), Some(-1), Some(64 << 20));
        });
        check("--no-cache --target a --network=host --platform linux/arm64", |plan| {
            plan.no_cache = true;
            plan.target = Some("a".into());
            plan.network = Some("host".into());
            plan.platform = Some("linux/arm64".into());
        });
        check("--label 'a=b c' --tag x:1 --add-host h:1.2.3.4", |plan| {
            plan.label.insert("a".into(), "b c".into());
            plan.tag = vec!["x:1".into()];
            plan.add_host = vec!["h:1.2.3.4".into()];
        });
    }

    #[test]
    fn secrets_agents_and_caches() {
        let secret =
            |source| move |plan: &mut BuildPlan| plan.secret = vec![BuildSecret { id: "a".into(), source }];
        check("--secret id=a,src=/x", secret(SecretSource::File("/x".into())));
        check("--secret id=a,type=file,source=/x", secret(SecretSource::File("/x".into())));
        check("--secret id=a,env=B", secret(SecretSource::Env("B".into())));
        check("--secret id=a,type=env", secret(SecretSource::Env("a".into())));
        check("--ssh default", |plan| plan.ssh = vec![BuildSsh { id: "default".into(), socket: None }]);
        check("--cache-from type=registry,ref=a/b --cache-from c --cache-to type=inline", |plan| {
            plan.cache_from = vec!["a/b".into(), "c".into()];
            plan.inline_cache = true;
        });
    }

    #[test]
    fn what_says_nothing_to_the_engine_is_taken() {
        check(
            "--progress plain --provenance=false --sbom false --builder default -D --debug --call=build",
            |_| {},
        );
        check("--attest type=provenance,disabled=true --check=false", |_| {});
    }

    #[test]
    fn what_the_engine_cannot_do_is_refused_by_name() {
        refused("--allow security.insecure", "buildx");
        refused("--annotation a=b", "--label");
        refused("--provenance=true", "attestations");
        refused("--builder other", "default");
        refused("--cache-from type=gha", "type=registry");
        refused("--cache-to type=local,dest=/x", "type=inline");
        refused("--network my-net", "default, none and host");
        refused("--check", "builds no image");
        refused("--secret src", "KEY=VALUE");
        refused("--memory lots", "512m");
        refused("--target", "needs a value");
    }

    #[test]
    fn run_options_in_the_build_phase_are_left_out() {
        let (plan, dropped) =
            read("--link a:b -v /x:/y --restart=always --target t --privileged").expect("good");
        assert_eq!(plan, BuildPlan { target: Some("t".into()), ..BuildPlan::default() });
        assert_eq!(dropped, ["--link", "-v", "--restart", "--privileged"]);
    }

    #[test]
    fn the_table_has_what_dokku_accepts() {
        let accepted = "--add-host --allow --annotation --attest --build-arg --builder --cache-from --cache-to \
            --call --cgroup-parent --label --memory -m --memory-swap --network --platform --progress \
            --provenance --sbom --secret --shm-size --ssh --tag --target --ulimit --check -D --debug --no-cache";
        let names: Vec<&str> = FLAGS.iter().map(|(name, _)| *name).collect();
        assert_eq!(names, accepted.split_whitespace().collect::<Vec<_>>());
    }
}
