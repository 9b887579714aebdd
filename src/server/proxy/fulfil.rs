//! One turn: what apps' folders say is looked at, put in place and taken by nginx; or all is as it was before.

use std::collections::BTreeSet;

use tokio::time::Instant;
use tracing::{debug, info};

use super::activate::Activation;
use super::own_name;
use super::pace::{Pace, Waiting};
use super::places::ProxyPlaces;
use crate::model::{AppName, Fault, Outcome};
use crate::platform::files;
use crate::platform::nginx::Words;

/// What is remembered from one turn to the next.
pub struct State {
    /// The last generation that nginx was told to take.
    generation: u64,
    known: Known,
    /// When the next turn is.
    pub pace: Pace,
}

/// What is known of what nginx runs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Known {
    /// Nothing: it runs what it ran before, or what was last wanted.
    Nothing,
    /// It will start with this generation, or has.
    Written(u64),
    /// What is in place.
    Runs,
}

impl State {
    /// An nginx that starts from now on begins with this generation.
    pub fn begun(first: u64) -> Self {
        State { generation: first, known: Known::Written(first), pace: Pace::default() }
    }

    /// True when nginx is known to run what is in place.
    pub async fn is_certain(&mut self, places: &ProxyPlaces) -> bool {
        if let Known::Written(generation) = self.known
            && places.nginx.runs(generation).await
        {
            self.known = Known::Runs;
        }
        self.known == Known::Runs
    }
}

/// What holds for all that is done in one turn.
pub struct Turn<'a> {
    /// Where everything is.
    pub places: &'a ProxyPlaces,
    /// False when all that nginx reads is to be tested and read anew, even if no app's changed.
    pub is_current: bool,
    /// Who waits.
    pub waiting: Waiting,
}

impl Turn<'_> {
    /// Puts what these apps' folders say to work, as far as nginx takes it. Answers with the apps of which it does not.
    ///
    /// # Errors
    /// When nginx cannot be run, or refuses what no app is to blame for.
    pub async fn fulfil(&self, apps: BTreeSet<AppName>, state: &mut State) -> Outcome<Vec<(AppName, Fault)>> {
        let (mut left, mut refused) = (vec![apps], Vec::new());
        while let Some(apps) = left.pop() {
            let mut activation = Activation::read(self.places, apps);
            let words = self.put_to_work(&mut activation, state).await?;
            let changed = activation.apps();
            refused.extend(activation.refused);
            match (words, changed.as_slice()) {
                (None, _) => {}
                // Each of them passed every test: which one is to blame shows when the others are without it.
                (Some(_), [_, _, ..]) => {
                    let (one, other) = changed.split_at(changed.len() / 2);
                    left.extend([one, other].map(|apps| apps.iter().cloned().collect::<BTreeSet<_>>()));
                }
                (Some(words), [app]) => refused.push((app.clone(), not_taken(&words))),
                (Some(words), []) => return Err(not_taken(&words)),
            }
        }
        Ok(refused)
    }

    /// Puts what changes to work. nginx's words when it refuses that as a whole: all is then as it was.
    async fn put_to_work(
        &self,
        activation: &mut Activation<'_>,
        state: &mut State,
    ) -> Outcome<Option<Words>> {
        if activation.is_empty() && self.is_current {
            return Ok(None);
        }
        // A test of everything takes nginx as long as the reload. It reads everything then anyway, and goes on as before if
        // it does not like it; so that test is made only when there is something to find.
        if self.is_current && self.serves() && activation.stands_alone().await? {
            match self.reload(activation, state).await? {
                None => return Ok(None),
                // It is not about what is written: a port is taken, which no test shows.
                Some(words) if words.file.is_none() => return Ok(Some(words)),
                Some(words) => debug!("what is sound alone is refused beside the others: {}", words.text),
            }
        }
        activation.test().await?;
        if activation.is_empty() && self.is_current {
            return Ok(None);
        }
        self.reload(activation, state).await
    }

    async fn reload(&self, activation: &Activation<'_>, state: &mut State) -> Outcome<Option<Words>> {
        state.generation += 1;
        state.known = Known::Nothing;
        let taken = match activation.put_in_place() {
            Ok(()) => self.taken(state).await,
            Err(fault) => Err(fault),
        };
        if !matches!(taken, Ok(None)) {
            activation.put_back()?;
            return taken;
        }
        state.pace.reloaded(Instant::now(), &self.waiting);
        activation.confirm()?;
        let apps = activation.apps();
        let apps: Vec<_> = apps.iter().map(AppName::as_str).collect();
        info!(generation = state.generation, apps = ?apps, "routes are at work");
        Ok(None)
    }

    /// Has nginx read what is in place.
    async fn taken(&self, state: &mut State) -> Outcome<Option<Words>> {
        keep_own_name(self.places);
        let nginx = &self.places.nginx;
        let is_yet_to_start = !files::exists(&self.places.layout.laid_out()) && nginx.master().is_none();
        if is_yet_to_start || self.is_stopped() {
            // Somebody stopped nginx on purpose, or we are before its first start: it will start with this.
            nginx.write_generation(state.generation)?;
            nginx.write_streams()?;
            state.known = Known::Written(state.generation);
            return Ok(None);
        }
        let words = nginx.reload(state.generation).await?;
        if words.is_none() {
            state.known = Known::Runs;
        }
        Ok(words)
    }

    /// True when there is an nginx that goes on as before with what it has, should it refuse what comes.
    fn serves(&self) -> bool {
        self.places.nginx.master().is_some() && !self.is_stopped()
    }

    fn is_stopped(&self) -> bool {
        files::exists(&self.places.layout.nginx_stopped())
    }
}

fn not_taken(words: &Words) -> Fault {
    Fault::new(format!("nginx did not take the new configuration: {}", words.text))
}

/// No route depends on it, so it stops none.
pub fn keep_own_name(places: &ProxyPlaces) {
    if let Err(fault) = own_name::keep(places) {
        debug!("{fault}");
    }
}
