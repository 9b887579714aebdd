//! The rows of a `NAME:report` as a table, and the command made from it
//! (contract: properties.yaml, conventions).

use super::command::BoxFuture;
use super::ctx::Ctx;
use super::domain::Domain;
use super::failure::{Failure, Result};
use super::output::Out;
use super::property::Properties;
use crate::model::Scope;
use crate::store::properties::Stored;

/// In which reports a row stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shown {
    /// Of an app.
    App,
    /// Of `--global`.
    Global,
    /// Of both.
    Both,
}

/// Where a row's value comes from.
pub enum Value {
    /// The property of the app (or, in a global report, the global one) as it is stored.
    Raw(&'static str),
    /// The global property as it is stored.
    Global(&'static str),
    /// The effective value of the property.
    Computed(&'static str),
    /// A function of the store.
    Fact(fn(&Ctx, &Scope) -> Result<String>),
    /// Items of the scope under the row's flag, with a space between them; in JSON and YAML there is also the list of them.
    List(fn(&Ctx, &Scope, &str) -> Result<Vec<String>>),
    /// A value that is not for everybody who looks over a shoulder: programs (JSON, YAML) get it whole.
    Hidden {
        /// The value.
        whole: &'static Value,
        /// What of it people are shown.
        hide: fn(&str) -> String,
        /// True when its own flag, alone, tells it whole.
        is_told: bool,
    },
}

/// One row.
pub struct Key {
    /// The flag that asks for it alone, without the two dashes: `app-created-at`. One that ends in `*` makes no row:
    /// it says how the further rows are shown whose flags begin so.
    pub flag: &'static str,
    /// In which reports it stands.
    pub shown: Shown,
    /// Where its value comes from.
    pub value: Value,
}

impl Key {
    fn is_of_many(&self) -> bool {
        self.flag.ends_with('*')
    }

    fn is_of(&self, flag: &str) -> bool {
        self.flag.strip_suffix('*').map_or(self.flag == flag, |beginning| flag.starts_with(beginning))
    }

    /// `TYPE-KEY` of an app: the property as it is stored.
    pub const fn own(flag: &'static str, key: &'static str) -> Self {
        Key { flag, shown: Shown::App, value: Value::Raw(key) }
    }

    /// `TYPE-global-KEY`, in both reports: the global property as it is stored.
    pub const fn global(flag: &'static str, key: &'static str) -> Self {
        Key { flag, shown: Shown::Both, value: Value::Global(key) }
    }

    /// `TYPE-computed-KEY`, in both reports: what holds.
    pub const fn computed(flag: &'static str, key: &'static str) -> Self {
        Key { flag, shown: Shown::Both, value: Value::Computed(key) }
    }

    /// A function of the store, for an app.
    pub const fn fact(flag: &'static str, fact: fn(&Ctx, &Scope) -> Result<String>) -> Self {
        Key { flag, shown: Shown::App, value: Value::Fact(fact) }
    }

    /// The same in the report of an app alone.
    #[must_use]
    pub const fn of_app(self) -> Self {
        Key { shown: Shown::App, ..self }
    }
}

/// Rows that cost an engine call or are not known beforehand: for all scopes at once, flag and value each.
pub type Extra = fn(Ctx, Vec<Scope>) -> BoxFuture<Result<Vec<Vec<(String, String)>>>>;

/// The report of a domain.
pub struct Report {
    /// The word in the heading: `=====> APP KIND information`.
    pub kind: &'static str,
    /// What the flags begin with, taken off in JSON: `app` for `--app-created-at`.
    pub prefix: &'static str,
    /// True when JSON also has the unstripped names, as older releases had.
    pub has_legacy_json: bool,
    /// True when labels of rows begin with a small letter.
    pub has_small_labels: bool,
    /// The rows, alphabetical by flag.
    pub keys: &'static [Key],
    /// Further rows, if any.
    pub extra: Option<Extra>,
}

impl Report {
    fn key(&self, flag: &str) -> Option<&Key> {
        self.keys.iter().find(|key| key.is_of(flag))
    }
}

/// The rows of one app or of the server: flag without dashes, value.
type Rows = Vec<(String, String)>;

enum Format {
    Stdout,
    Json,
    Yaml,
}

struct Request {
    scope: Option<Scope>,
    format: Format,
    flag: Option<String>,
}

/// `NAME:report [<app>|--global] [--format stdout|json|yaml] [<flag>]`.
///
/// # Errors
/// App not there, flag not known, format not known.
pub async fn report(domain: &'static Domain, report: &'static Report, words: &[String], ctx: &Ctx) -> Result {
    let request = parse(words)?;
    let scopes = match &request.scope {
        Some(scope) => {
            if let Some(app) = scope.app() {
                ctx.require_app(app)?;
            }
            vec![scope.clone()]
        }
        None => ctx.apps()?.into_iter().map(Scope::App).collect(),
    };
    if scopes.is_empty() {
        ctx.out.warn("You haven't deployed any applications yet");
        return Ok(());
    }
    let all = rows(domain.properties, report, &scopes, ctx).await?;
    let out = ctx.out.gathered();
    for (scope, rows) in scopes.iter().zip(all) {
        match (&request.flag, &request.format) {
            (Some(flag), _) => out.plain(single(report, &rows, flag)?),
            (None, Format::Stdout) => text(report, scope, &rows, &out),
            (None, Format::Json) => out.plain(super::json::compact(&named(report, scope, &rows, ctx)?)),
            (None, Format::Yaml) => out.plain(yaml(&named(report, scope, &rows, ctx)?)?.trim_end()),
        }
    }
    Ok(())
}

fn parse(words: &[String]) -> Result<Request> {
    let mut request = Request { scope: None, format: Format::Stdout, flag: None };
    let mut format_given = false;
    let mut words = words.iter();
    while let Some(word) = words.next() {
        let format = match word.strip_prefix("--format") {
            Some("") => Some(words.next().map(String::as_str).unwrap_or_default()),
            Some(rest) => rest.strip_prefix('='),
            None => None,
        };
        match (format, word.as_str()) {
            (Some(format), _) => {
                format_given = true;
                request.format = match format {
                    "stdout" => Format::Stdout,
                    "json" => Format::Json,
                    "yaml" => Format::Yaml,
                    other => {
                        return Err(Failure::user(format!(
                            "Format must be \"stdout\" or \"json\": \"{other}\""
                        )));
                    }
                };
            }
            (None, "--global") => request.scope = Some(Scope::Global),
            (None, "--quiet" | "--trace" | "--force" | "") => {}
            (None, flag) if flag.starts_with("--") => {
                if request.flag.replace(flag[2..].to_owned()).is_some() {
                    return Err(Failure::user("Only a single info flag can be specified"));
                }
            }
            (None, app) if request.scope.is_none() => request.scope = Some(Scope::App(app.parse()?)),
            (None, _) => {}
        }
    }
    if request.flag.is_some() && format_given && !matches!(request.format, Format::Stdout) {
        return Err(Failure::user("--format flag cannot be specified when specifying an info flag"));
    }
    Ok(request)
}

/// All rows of these scopes, sorted by flag.
///
/// # Errors
/// When the store or the engine cannot be read.
pub async fn rows(
    properties: Option<&'static Properties>,
    report: &'static Report,
    scopes: &[Scope],
    ctx: &Ctx,
) -> Result<Vec<Rows>> {
    let mut all = of_tables(properties, report, scopes, ctx)?;
    if let Some(extra) = report.extra {
        for (rows, more) in all.iter_mut().zip(extra(ctx.clone(), scopes.to_vec()).await?) {
            rows.extend(more);
        }
    }
    for rows in &mut all {
        rows.sort();
    }
    Ok(all)
}

/// The rows that are known beforehand.
fn of_tables(
    properties: Option<&'static Properties>,
    report: &Report,
    scopes: &[Scope],
    ctx: &Ctx,
) -> Result<Vec<Rows>> {
    let plugin = properties.map_or("", |table| table.plugin);
    let global = Stored::new(ctx.layout(), plugin, &Scope::Global);
    let of_scope = |scope: &Scope| {
        let own = Stored::new(ctx.layout(), plugin, scope);
        let source = Source { table: properties, scope, own: &own, global: &global, ctx };
        let keys = report.keys.iter().filter(|key| is_shown(key.shown, scope) && !key.is_of_many());
        keys.map(|key| Ok((key.flag.to_owned(), source.value(key, &key.value)?))).collect::<Result<Rows>>()
    };
    scopes.iter().map(of_scope).collect()
}

fn is_shown(shown: Shown, scope: &Scope) -> bool {
    match (shown, scope) {
        (Shown::Both, _) | (Shown::App, Scope::App(_)) | (Shown::Global, Scope::Global) => true,
        (Shown::App, Scope::Global) | (Shown::Global, Scope::App(_)) => false,
    }
}

/// Where the values of a scope come from.
struct Source<'a> {
    table: Option<&'static Properties>,
    scope: &'a Scope,
    own: &'a Stored,
    global: &'a Stored,
    ctx: &'a Ctx,
}

impl Source<'_> {
    fn value(&self, key: &Key, of: &Value) -> Result<String> {
        Ok(match of {
            Value::Raw(name) => self.own.get(name)?,
            Value::Global(name) => self.global.get(name)?,
            Value::Computed(name) => match self.table {
                Some(table) => self.computed(name, table.default_of(name))?,
                None => String::new(),
            },
            Value::Fact(fact) => fact(self.ctx, self.scope)?,
            Value::List(items) => items(self.ctx, self.scope, key.flag)?.join(" "),
            Value::Hidden { whole, .. } => self.value(key, whole)?,
        })
    }

    fn computed(&self, name: &'static str, default: &str) -> Result<String> {
        let set = [self.own, self.global].into_iter().map(|stored| stored.get(name));
        for value in set {
            let value = value?;
            if !value.is_empty() {
                return Ok(value);
            }
        }
        Ok(default.to_owned())
    }
}

fn single(report: &Report, rows: &Rows, flag: &str) -> Result<String> {
    match rows.iter().find(|(name, _)| name == flag) {
        Some((_, value)) => Ok(shown(report, flag, value, true)),
        None => {
            let valid: Vec<String> = rows.iter().map(|(name, _)| format!("--{name}")).collect();
            Err(Failure::user(format!("Invalid flag passed, valid flags: {}", valid.join(", "))))
        }
    }
}

/// What people are shown of a value; `is_asked` when its flag stood on the line.
fn shown(report: &Report, flag: &str, value: &str, is_asked: bool) -> String {
    match report.key(flag).map(|key| &key.value) {
        Some(Value::Hidden { hide, is_told, .. }) if !(value.is_empty() || is_asked && *is_told) => {
            hide(value)
        }
        Some(_) | None => value.to_owned(),
    }
}

/// Prints the heading and the rows of one app.
pub fn text(report: &Report, scope: &Scope, rows: &[(String, String)], out: &Out) {
    out.unless_quiet().heading(format!("{scope} {} information", report.kind));
    let longest = rows.iter().map(|(flag, _)| flag.len() + 2).max().unwrap_or(0);
    let width = longest.max(31);
    for (flag, value) in rows {
        let label = format!("{}:", label(flag, report.has_small_labels));
        let value = shown(report, flag, value, false);
        out.detail(format!("{label:width$}{value}"));
    }
}

fn label(flag: &str, is_small: bool) -> String {
    let words = flag.replace(['-', '.'], " ");
    if is_small {
        return words;
    }
    let mut chars = words.chars();
    chars.next().map(|first| first.to_ascii_uppercase().to_string() + chars.as_str()).unwrap_or_default()
}

/// What programs are told, by the flag without its beginning.
type Named = std::collections::BTreeMap<String, serde_json::Value>;

fn named(report: &Report, scope: &Scope, rows: &Rows, ctx: &Ctx) -> Result<Named> {
    let prefix = format!("{}-", report.prefix);
    let mut named = Named::new();
    for (flag, value) in rows {
        let name = flag.strip_prefix(&prefix).unwrap_or(flag);
        named.insert(name.to_owned(), value.as_str().into());
        if report.has_legacy_json {
            named.insert(flag.clone(), value.as_str().into());
        }
        if let Some(Value::List(items)) = report.key(flag).map(|key| &key.value) {
            named.insert(format!("{name}-list"), items(ctx, scope, flag)?.into());
        }
    }
    Ok(named)
}

fn yaml(named: &Named) -> Result<String> {
    serde_yaml::to_string(named).map_err(|error| Failure::internal(error.to_string()))
}
