//! What follows each change of plugins.

use serde_json::Value;

use crate::kernel::{Ctx, Failure, Result, Trigger};
use crate::platform::{control, env, files, process};

/// The same over the plugins that are enabled now.
pub fn renewed(ctx: &Ctx) -> Ctx {
    Ctx { bus: ctx.bus.anew(), ..ctx.clone() }
}

/// The same over native plugins alone.
pub fn core_alone(ctx: &Ctx) -> Ctx {
    Ctx { bus: ctx.bus.without_plugins(), ..ctx.clone() }
}

/// Fires a trigger at each plugin by itself, so that one whose listener fails does not keep others from hearing it.
///
/// # Errors
/// When one failed, with the names of all that did.
pub async fn fire_at_each<T: Trigger>(ctx: &Ctx, trigger: impl Fn() -> T) -> Result {
    core_alone(ctx).fire(trigger()).await?;
    let renewed = renewed(ctx);
    let mut failed = Vec::new();
    for plugin in renewed.bus.plugins(ctx.layout())? {
        let alone = Ctx { bus: renewed.bus.with_plugin_alone(plugin), ..renewed.clone() };
        if let Err(failure) = alone.fire(trigger()).await {
            failure.print(&ctx.out);
            ctx.out.warn(format!(
                "Plugin {}: {} ended with status {}",
                plugin.name,
                T::NAME,
                failure.status()
            ));
            failed.push(plugin.name.clone());
        }
    }
    match failed.is_empty() {
        true => Ok(()),
        false => Err(Failure::user(format!("{} failed: {}", T::NAME, failed.join(", ")))
            .hint("Again: dokku plugin:install. Away with one: dokku plugin:uninstall NAME")),
    }
}

/// Gives the plugins' folders to user dokku, as programs of theirs expect that run as that user.
///
/// # Errors
/// When a folder cannot be read.
pub fn give_to_dokku(ctx: &Ctx) -> Result {
    for folder in [ctx.layout().lib.join("plugins"), ctx.layout().core_plugins()] {
        if files::is_folder(&folder) {
            files::give_all_to_dokku(&folder)?;
        }
    }
    Ok(())
}

/// What is done after any change: the server looks at the daemons again, shells learn the words.
///
/// # Errors
/// When the file of words cannot be written.
pub async fn follow(ctx: &Ctx) -> Result {
    tell_server(ctx).await;
    prime_completion(ctx).await
}

/// Has the server start and stop daemons as plugins want it now. One that does not run does so when it starts.
pub async fn tell_server(ctx: &Ctx) {
    let socket = ctx.layout().control_socket();
    if !files::exists(&socket) {
        return;
    }
    if let Err(fault) = control::ask(&socket, "plugins-changed", Value::Null).await {
        ctx.out.warn(format!("Daemons of plugins are as they were: {fault}"));
    }
}

/// Writes the words that shells complete: those of `dokku help --all`, asked of a process of its own since
/// plugins look at the words of the process that calls them.
///
/// # Errors
/// When the file cannot be written.
async fn prime_completion(ctx: &Ctx) -> Result {
    ctx.out.unless_quiet().step("Priming bash-completion cache");
    if !ctx.out.sink().is_inheritable() {
        return Ok(());
    }
    let ended = process::run(process::Program {
        path: env::own_program(),
        arguments: ["--quiet", "help", "--all"].map(str::to_owned).to_vec(),
        env: ctx.env.as_ref().clone(),
        folder: None,
        input: process::Input::Empty,
        output: process::Output::Captured,
    })
    .await?;
    if ended.status != 0 {
        return Err(Failure::inner(ended.status));
    }
    let text = String::from_utf8_lossy(&ended.stdout).into_owned();
    let mut words: Vec<&str> =
        text.lines().filter_map(|line| line.strip_prefix("    ")?.split_whitespace().next()).collect();
    words.sort_unstable();
    let text = words.iter().map(|word| format!("{word}\n")).collect::<String>();
    Ok(files::write_as_root(&ctx.layout().completion(), text.as_bytes(), 0o644)?)
}
