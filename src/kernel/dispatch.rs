//! From words to a command: find it, check its gate, parse its arguments, run it, turn its end into
//! an exit status.

use std::collections::BTreeSet;
use std::sync::Arc;

use clap::error::{ContextKind, ContextValue, ErrorKind};

use super::bus::{Bus, Registry};
use super::call::Input;
use super::caller::Caller;
use super::command::{Entry, Gate};
use super::ctx::Ctx;
use super::domain::{Alias, Domain};
use super::entry_triggers::{UserAuth, UserAuthApp};
use super::failure::{Failure, Result};
use super::flags::Flags;
use super::output::{Out, Sink, Stream};
use super::plugin_command;
use super::property::Properties;
use super::report::Report;
use super::trigger::Trigger;
use super::{exports, function, help, hint, property, report};
use crate::model::{AppName, Fault};
use crate::platform::env::Env;
use crate::platform::{Platform, terminal, user};
use crate::store::{Layout, Store, apps};

/// One command line and the world it runs in.
pub struct Invocation {
    /// The words behind the program's name.
    pub words: Vec<String>,
    /// The environment it was started with.
    pub env: Env,
    /// Every path.
    pub layout: Layout,
    /// The outside world.
    pub platform: Platform,
    /// All domains.
    pub registry: Registry,
    /// Where it prints; the process's own streams without one.
    pub sink: Option<Arc<dyn Sink>>,
}

/// What a word means. The precedence stands here and nowhere else: native verb, verb made from a table,
/// alias, then nothing.
enum Found {
    Command(&'static Entry),
    Set(&'static Domain, &'static Properties),
    Report(&'static Domain, &'static Report),
    HelpOf(&'static Domain),
    Help,
}

/// The gate of a command line, known before anything is read or opened: the door needs it to decide as whom to go on.
pub fn gate(registry: &Registry, words: &[String]) -> Gate {
    if function::called(words).is_some() {
        return Gate::User;
    }
    let (_, rest) = Flags::parse(words, &Env::default());
    let Some(word) = rest.first() else { return Gate::User };
    match find(registry, word) {
        Some((Found::Command(entry), _)) => entry.gate,
        // Dokku's rule, by which plugins' commands that manage plugins run as root (plugin-abi.md, 1.2).
        None if word.contains("plugin") => Gate::Caller,
        Some(_) | None => Gate::User,
    }
}

/// Runs a command line and returns its exit status.
pub async fn run(invocation: Invocation) -> u8 {
    if let Some(call) = function::called(&invocation.words) {
        let call = call.to_vec();
        return function(invocation, &call).await;
    }
    let registry = invocation.registry;
    let (words, rest) = (invocation.words.clone(), Invocation { words: Vec::new(), ..invocation });
    let (flags, words) = Flags::parse(&words, &rest.env);
    let command = words.first().map_or("help", String::as_str).to_owned();
    let (mut ctx, startup) = begin(rest, flags, &command);
    let outcome = async {
        startup?;
        ctx.visible_apps = visible_apps(&ctx).await?;
        dispatch(&registry, &words, &ctx).await
    };
    let outcome = outcome.await;
    end(&ctx, outcome)
}

/// Fires the trigger that the first word names with the others as arguments, and returns the exit status. What
/// listeners say goes where the command prints.
pub async fn trigger(invocation: Invocation) -> u8 {
    let (words, rest) = (invocation.words.clone(), Invocation { words: Vec::new(), ..invocation });
    let Some((name, arguments)) = words.split_first() else { return 0 };
    let (flags, _) = Flags::parse(&[], &rest.env);
    let command = rest.env.get("DOKKU_COMMAND").unwrap_or("plugn").to_owned();
    let (mut ctx, startup) = begin(rest, flags, &command);
    let outcome = async {
        startup?;
        ctx.visible_apps = visible_apps(&ctx).await?;
        ctx.bus.walk(&ctx, name, arguments.to_vec(), &Input::Given, false).await.map(drop)
    };
    let outcome = outcome.await;
    end(&ctx, outcome)
}

/// Calls what a shell function of a core plugin calls. Its words are the function's, whatever they look like; nor is
/// the app of the outer command put before them.
async fn function(invocation: Invocation, call: &[String]) -> u8 {
    // Each command exports its name, and over SSH nobody can.
    let outer = invocation.env.get("DOKKU_COMMAND").map(str::to_owned);
    let (is_inner, command) = (outer.is_some(), outer.unwrap_or_else(|| function::COMMAND.to_owned()));
    let (flags, _) = Flags::parse(&[], &invocation.env);
    let (ctx, startup) = begin(invocation, Flags { app: None, ..flags }, &command);
    let outcome = async {
        startup?;
        function::call(call, &ctx, is_inner).await
    };
    let outcome = outcome.await;
    end(&ctx, outcome)
}

fn begin(invocation: Invocation, flags: Flags, command: &str) -> (Ctx, Result) {
    let Invocation { mut env, layout, platform, registry, sink, .. } = invocation;
    let startup = exports::read_startup_files(&mut env, &layout).map_err(Failure::from);
    let flags = flags.and_of(&env);
    let caller = Caller::from_env(&env);
    exports::export(&mut env, &layout, &caller, &flags, command);
    let out = match sink {
        Some(sink) => Out::to(sink, flags.quiet, flags.trace),
        None => Out::of_process(flags.quiet, flags.trace),
    };
    let has_input = out.sink().is_inheritable();
    let ctx = Ctx {
        caller: Arc::new(caller),
        out,
        flags: Arc::new(flags),
        store: Store::new(layout),
        platform,
        visible_apps: None,
        bus: Bus::new(registry),
        env: Arc::new(env),
        has_input,
        folder: None,
        source: None,
    };
    (ctx, startup)
}

fn end(ctx: &Ctx, outcome: Result) -> u8 {
    match outcome {
        Ok(()) => 0,
        Err(failure) => {
            failure.print(&ctx.out);
            failure.status()
        }
    }
}

async fn dispatch(registry: &Registry, words: &[String], ctx: &Ctx) -> Result {
    let (command, arguments) =
        words.split_first().map_or(("help", &[][..]), |(first, rest)| (first.as_str(), rest));
    authorize(ctx, command, arguments).await?;
    let Some((found, alias)) = find(registry, command) else {
        return match plugin_command::run(ctx, words).await? {
            true => Ok(()),
            false => Err(unknown(registry, words)),
        };
    };
    if let Some(domain) = owner(registry, &found)
        && ctx.bus.is_disabled(ctx.layout(), domain.plugin)?
    {
        return match plugin_command::run(ctx, words).await? {
            true => Ok(()),
            false => {
                Err(Failure::user(format!("{command} is a command of {}, which is disabled", domain.plugin))
                    .hint(format!("Enable it: dokku plugin:enable {}", domain.plugin)))
            }
        };
    }
    let mut meant = Vec::new();
    if let Some(alias) = alias {
        meant = alias.means.split_whitespace().skip(1).map(str::to_owned).collect();
        if alias.is_deprecated {
            say_successor(ctx, alias.means, command);
        }
    }
    meant.extend_from_slice(arguments);
    let arguments = &meant;
    let asks_for_help = arguments.first().is_some_and(|word| word == "--help" || word == "-h");
    match found {
        Found::Command(entry) => {
            check(entry.gate)?;
            // The bare word and its `:help` are one page to the user.
            let of_domain = registry.domains.iter().find(|domain| domain.name == entry.name);
            match of_domain.filter(|_| asks_for_help) {
                Some(domain) => help::of(ctx, domain),
                None => return start(entry, arguments, ctx).await,
            }
            Ok(())
        }
        Found::Set(domain, table) if asks_for_help => {
            help::of_set(ctx, domain, table);
            Ok(())
        }
        Found::Report(domain, table) if asks_for_help => {
            help::of_report(ctx, domain, table);
            Ok(())
        }
        Found::Set(domain, table) => property::set(domain, table, arguments, ctx).await,
        Found::Report(domain, table) => report::report(domain, table, arguments, ctx).await,
        Found::HelpOf(domain) => {
            let names_one = arguments.first().is_some_and(|word| !word.starts_with('-'));
            if command == domain.name && names_one && !domain.bare_means.is_empty() {
                say_successor(ctx, domain.bare_means, command);
                return verb(ctx, domain.bare_means, arguments).await;
            }
            help::of(ctx, domain);
            Ok(())
        }
        Found::Help => {
            let is_complete = arguments.iter().any(|word| word == "--all");
            if is_complete && plugin_command::must_show_words(ctx)? {
                return plugin_command::show_words(ctx).await;
            }
            help::all(ctx, is_complete, terminal::stdin_is_terminal()).await
        }
    }
}

fn say_successor(ctx: &Ctx, successor: &str, command: &str) {
    ctx.out.warn(format!("Deprecated: please use {successor} instead of {command}"));
}

fn find(registry: &Registry, word: &str) -> Option<(Found, Option<&'static Alias>)> {
    if let Some(found) = find_name(registry, word) {
        return Some((found, None));
    }
    if let Some(found) = whole_name(registry, word).and_then(|name| find_name(registry, &name)) {
        return Some((found, None));
    }
    let mut aliases = registry.domains.iter().flat_map(|domain| domain.aliases);
    let alias = aliases.find(|alias| alias.typed == word)?;
    find_name(registry, alias.means.split(' ').next()?).map(|found| (found, Some(alias)))
}

/// The word with the domain's own name before its colon.
fn whole_name(registry: &Registry, word: &str) -> Option<String> {
    let (name, rest) = word.find(':').map_or((word, ""), |at| word.split_at(at));
    let domain = registry.domains.iter().find(|domain| domain.also == name && !name.is_empty())?;
    Some(format!("{}{rest}", domain.name))
}

fn find_name(registry: &Registry, word: &str) -> Option<Found> {
    if word == "help" {
        return Some(Found::Help);
    }
    let mut entries = registry.domains.iter().flat_map(|domain| domain.commands);
    if let Some(entry) = entries.find(|entry| entry.name == word) {
        return Some(Found::Command(entry));
    }
    let (name, verb) = word.split_once(':').unwrap_or((word, "help"));
    let domain = *registry.domains.iter().find(|domain| domain.name == name && !name.is_empty())?;
    match verb {
        "help" => Some(Found::HelpOf(domain)),
        "set" => domain.properties.map(|table| Found::Set(domain, table)),
        "report" => domain.report.map(|table| Found::Report(domain, table)),
        _ => None,
    }
}

/// The domain that a word belongs to; the bare help belongs to none.
fn owner(registry: &Registry, found: &Found) -> Option<&'static Domain> {
    match found {
        Found::Command(entry) => registry
            .domains
            .iter()
            .copied()
            .find(|domain| domain.commands.iter().any(|one| one.name == entry.name)),
        Found::Set(domain, _) | Found::Report(domain, _) | Found::HelpOf(domain) => Some(domain),
        Found::Help => None,
    }
}

fn unknown(registry: &Registry, words: &[String]) -> Failure {
    let word = words.first().map_or("", String::as_str);
    let failure = Failure::user(format!(
        "`{}` is not a dokku command.\nSee `dokku help` for a list of available commands.",
        words.join(" ")
    ));
    if let Some(gone) = registry.domains.iter().flat_map(|domain| domain.gone).find(|gone| gone.is(word)) {
        return failure.hint(gone.instead);
    }
    let names = registry.domains.iter().flat_map(|domain| domain.commands).map(|entry| entry.name);
    match hint::nearest(word, names) {
        Some(near) => failure.hint(format!("Did you mean `{near}`?")),
        None => failure,
    }
}

fn check(gate: Gate) -> Result {
    match gate {
        Gate::Root if !user::is_root() => Err(Failure::for_root()),
        // Asked before root became that user.
        Gate::RootAsDokku => Ok(()),
        Gate::Root | Gate::User | Gate::Caller | Gate::Internal => Ok(()),
    }
}

/// Asks plugins whether the caller may (contract: triggers.tsv, user-auth). Costs a look into the folder of
/// plugins and nothing more when none has an opinion.
async fn authorize(ctx: &Ctx, command: &str, arguments: &[String]) -> Result {
    if ctx.bus.externals(ctx.layout(), UserAuth::NAME)?.is_empty() {
        return Ok(());
    }
    let (user, name) = (ctx.caller.user.clone(), ctx.caller.name.clone());
    let asked = UserAuth { user, name, command: command.to_owned(), words: arguments.to_vec() };
    ctx.fire(asked).await.map_err(|_| Failure::denied("Access denied"))
}

/// Asks plugins which apps the caller may see (contract: triggers.tsv, user-auth-app); `None` when none has an opinion.
///
/// # Errors
/// When such a plugin fails.
pub async fn visible_apps(ctx: &Ctx) -> Result<Option<Arc<BTreeSet<AppName>>>> {
    if ctx.bus.externals(ctx.layout(), UserAuthApp::NAME)?.is_empty() {
        return Ok(None);
    }
    let (user, name) = (ctx.caller.user.clone(), ctx.caller.name.clone());
    let apps = apps::all(ctx.layout())?.iter().map(ToString::to_string).collect();
    let visible = ctx.fire(UserAuthApp { user, name, apps }).await?;
    let names = visible.iter().flat_map(|line| line.split_whitespace());
    Ok(Some(Arc::new(names.filter_map(|name| name.parse().ok()).collect())))
}

/// Runs a command as part of another one, without asking again whether the caller may.
///
/// # Errors
/// Whatever goes wrong in it.
pub async fn verb(ctx: &Ctx, name: &str, arguments: &[String]) -> Result {
    let registry = ctx.bus.registry();
    match find_name(registry, name) {
        Some(Found::Command(entry)) => start(entry, arguments, ctx).await,
        Some(Found::Report(domain, table)) => report::report(domain, table, arguments, ctx).await,
        Some(Found::Set(..) | Found::HelpOf(_) | Found::Help) | None => {
            Err(unknown(registry, &[name.to_owned()]))
        }
    }
}

async fn start(entry: &'static Entry, arguments: &[String], ctx: &Ctx) -> Result {
    let mut words = arguments.to_vec();
    if let Some(app) = &ctx.flags.app {
        words.insert(0, app.clone());
    }
    let command = (entry.clap)();
    let known = |flag: &str| command.get_arguments().any(|argument| argument.get_long() == Some(flag));
    // Global flags may stand anywhere; a command that has no flag of that name must not stumble over them.
    let global: Vec<&str> = ["quiet", "trace", "force"].into_iter().filter(|flag| !known(flag)).collect();
    let passes_on = command.get_positionals().any(clap::Arg::is_trailing_var_arg_set);
    // What git calls is not typed by hand: a word too many is a name that has a space in it.
    let is_typed = entry.gate != Gate::Internal;
    if !passes_on {
        words.retain(|word| !global.iter().any(|flag| word.strip_prefix("--") == Some(flag)));
    }
    words.insert(0, entry.name.to_owned());
    loop {
        match command.clone().try_get_matches_from(&words) {
            Ok(matches) => return (entry.run)(matches, ctx.clone()).await,
            Err(error) => match surplus(&error, &words) {
                Some(at) if is_typed => drop_surplus(ctx, &words.remove(at)),
                Some(_) | None => return explain(&error, ctx),
            },
        }
    }
}

/// The place of a word that is one argument too many. Dokku passes over such words, and its own client relies on
/// it: it sends `--app NAME apps:create NAME`. A flag that nobody knows stays an error.
fn surplus(error: &clap::Error, words: &[String]) -> Option<usize> {
    let is_unknown = error.kind() == ErrorKind::UnknownArgument;
    let word = names(error).into_iter().next().filter(|word| is_unknown && !word.starts_with('-'))?;
    words.iter().rposition(|one| *one == word).filter(|at| *at > 0)
}

fn drop_surplus(ctx: &Ctx, word: &str) {
    if ctx.flags.app.as_deref() != Some(word) {
        ctx.out.warn(format!("One argument too many, ignored: {word}"));
    }
}

/// clap's error in Dokku's words.
#[allow(clippy::wildcard_enum_match_arm, reason = "clap's enums, which grow")]
fn explain(error: &clap::Error, ctx: &Ctx) -> Result {
    match error.kind() {
        ErrorKind::DisplayHelp
        | ErrorKind::DisplayVersion
        | ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand => {
            // Help that nobody reads is not an error.
            let _ = ctx.out.raw(Stream::Stdout, error.to_string().as_bytes());
            Ok(())
        }
        ErrorKind::MissingRequiredArgument
            if names(error).iter().any(|name| name == "<APP>" || name == "<APP>...") =>
        {
            Err(Failure::user("Please specify an app to run the command on"))
        }
        ErrorKind::ValueValidation => match std::error::Error::source(error) {
            Some(source) => Err(match source.downcast_ref::<Fault>() {
                // What a word was parsed into knows what to type instead.
                Some(fault) => fault.hints.iter().fold(Failure::user(&fault.message), Failure::hint),
                // A number of a flag that is none: clap says of which.
                None if names(error).iter().any(|name| name.starts_with('-')) => usage(error, ctx),
                None => Failure::user(source.to_string()),
            }),
            None => Err(usage(error, ctx)),
        },
        _ => Err(usage(error, ctx)),
    }
}

fn usage(error: &clap::Error, ctx: &Ctx) -> Failure {
    // The words of the error are its message; they go out as clap lays them out, usage line included.
    let _ = ctx.out.raw(Stream::Stderr, error.to_string().as_bytes());
    Failure::usage("")
}

#[allow(clippy::wildcard_enum_match_arm, reason = "clap's enum, which grows")]
fn names(error: &clap::Error) -> Vec<String> {
    match error.get(ContextKind::InvalidArg) {
        Some(ContextValue::Strings(names)) => names.clone(),
        Some(ContextValue::String(name)) => vec![name.clone()],
        _ => Vec::new(),
    }
}
