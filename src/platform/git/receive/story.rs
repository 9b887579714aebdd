//! A push from its first line to its last.

use std::collections::HashSet;
use std::io::{BufReader, Read, Write};

use super::advertise::advertise;
use super::apply::apply;
use super::held::HeldPush;
use super::index::{self, IndexRequest};
use super::push::{Push, ReceiveOptions, Received, Receiver, RefResult, Verdict};
use super::quarantine::Quarantine;
use super::refusal::refusals;
use super::report::report;
use super::request::{self, Request};
use crate::model::{Fault, Outcome};
use crate::platform::git::Repository;
use crate::platform::git::complete::Known;
use crate::platform::git::wire::{KeepAlive, Progress, Wire};

/// Speaks git-receive-pack with a client: blocking, from the advertisement to the report.
///
/// The receiver decides when all objects are here and checked. Whatever fails before its decision, or
/// is refused by it, leaves the repository as it was.
///
/// # Errors
/// When the repository cannot be read or written, or the client breaks the protocol or hangs up before
/// its request is complete. A push that is refused is not an error: its results say why.
pub fn receive_pack(
    input: &mut dyn Read,
    output: Box<dyn Write + Send>,
    repository: &Repository,
    options: &ReceiveOptions,
    receiver: &mut dyn Receiver,
) -> Outcome<Received> {
    let wire = Wire::new(output);
    let outcome = converse(input, &wire, repository, options, receiver);
    if let Err(fault) = &outcome {
        wire.error(&fault.message);
    }
    outcome
}

/// Decides once more on a push that was cut off: what [`receive_pack`] does once all objects are there. `None` where its
/// quarantine is gone, or somebody else's.
///
/// # Errors
/// When the repository cannot be read or written. A push that is refused is not an error: its results say why.
pub fn receive_held(
    repository: &Repository,
    held: &HeldPush,
    options: &ReceiveOptions,
    receiver: &mut dyn Receiver,
) -> Outcome<Option<Received>> {
    let Some(quarantine) = Quarantine::take_over(repository, &held.quarantine)? else { return Ok(None) };
    let request = Request::of_held(held)?;
    // Nobody listens: the receiver has its own way to say what it does.
    let progress = Progress::new(Wire::new(Box::new(std::io::sink())), true);
    let conversation = Conversation { repository, options, request: &request, progress: &progress };
    let results = conversation.settle(Some(quarantine), receiver);
    receiver.landed(&results, &progress);
    Ok(Some(Received { results, is_client_gone: false }))
}

fn converse(
    input: &mut dyn Read,
    wire: &Wire,
    repository: &Repository,
    options: &ReceiveOptions,
    receiver: &mut dyn Receiver,
) -> Outcome<Received> {
    let refs = repository.refs().list()?;
    advertise(wire, repository, &refs, options.protocol);
    let mut input = BufReader::with_capacity(1 << 16, input);
    let Some(request) = request::read(&mut input, repository.hash(), &options.limits)? else {
        return Ok(Received::default());
    };
    if request.wants_side_band {
        wire.enable_side_band();
    }
    let progress = Progress::new(wire.clone(), request.is_quiet);
    let keep_alive = KeepAlive::start(wire.clone(), progress.clone());
    let conversation = Conversation { repository, options, request: &request, progress: &progress };

    let unpacked = match conversation.unpack(&mut input, &keep_alive, refs.is_empty()) {
        Ok(quarantine) => Ok(quarantine),
        Err(fault) => {
            tell(&progress, &fault);
            Err(fault.message)
        }
    };
    let (unpack, results) = match unpacked {
        Ok(quarantine) => ("ok".to_owned(), conversation.settle(quarantine, receiver)),
        Err(why) => (why, conversation.all_refused("unpacker error")),
    };
    if request.wants_report {
        report(wire, &unpack, &results);
    }
    receiver.landed(&results, &progress);
    drop(keep_alive);
    if wire.has_side_band() {
        wire.flush_packet();
    }
    wire.flush();
    Ok(Received { results, is_client_gone: wire.is_gone() })
}

struct Conversation<'a> {
    repository: &'a Repository,
    options: &'a ReceiveOptions,
    request: &'a Request,
    progress: &'a Progress,
}

impl Conversation<'_> {
    /// Takes the pack into a quarantine, objects and links checked. `None` when none comes: deletions only.
    fn unpack(
        &self,
        input: &mut dyn Read,
        keep_alive: &KeepAlive,
        is_empty: bool,
    ) -> Outcome<Option<Quarantine>> {
        if self.request.updates.iter().all(|update| update.new.is_none()) {
            return Ok(None);
        }
        let quarantine = Quarantine::make(self.repository)?;
        let request = IndexRequest {
            folder: &quarantine.folder().join("pack"),
            // Nothing to look up in an empty repository, and nothing a thin pack could lean on.
            known: if is_empty { None } else { Some(Known::of(self.repository)?) },
            hash: self.repository.hash(),
            shallow: &HashSet::new(),
            limits: &self.options.limits,
        };
        let indexed = index::index_pack(input, request, &|report| keep_alive.show(report));
        keep_alive.show_nothing();
        indexed.map_err(|fault| {
            if self.request.is_shallow && fault.message.starts_with("missing") {
                fault.hint("Your clone is shallow. Fetch the rest first: git fetch --unshallow")
            } else {
                fault
            }
        })?;
        Ok(Some(quarantine))
    }

    /// Checks, decision, effect. Whatever fails here refuses what is not yet refused.
    fn settle(&self, quarantine: Option<Quarantine>, receiver: &mut dyn Receiver) -> Vec<RefResult> {
        let mut results = self.results();
        if let Err(fault) = self.decide_and_apply(quarantine, receiver, &mut results) {
            tell(self.progress, &fault);
            refuse_rest(&mut results, &fault.message);
        }
        results
    }

    fn decide_and_apply(
        &self,
        quarantine: Option<Quarantine>,
        receiver: &mut dyn Receiver,
        results: &mut [RefResult],
    ) -> Outcome {
        let mut push = Push {
            repository: self.repository,
            updates: self.request.updates.clone(),
            options: self.request.options.clone(),
            is_atomic: self.request.is_atomic,
            quarantine: quarantine.as_ref().map(|quarantine| quarantine.folder().to_owned()),
        };
        let deploy_ref = self.options.deploy_ref.as_deref();
        let found = refusals(self.repository, &push.objects()?, &push.updates, deploy_ref)?;
        self.note(results, found);

        push.updates = open_updates(results);
        if !push.updates.is_empty() {
            let mut verdicts = receiver.decide(&push, self.progress).into_iter();
            let refusals = push.updates.iter().map(|_| match verdicts.next() {
                Some(Verdict::Accept) => None,
                Some(Verdict::Refuse(why)) => Some(why),
                None => Some("nobody decided on it".to_owned()),
            });
            self.note(results, refusals.collect());
        }
        if receiver.is_cut_off() {
            quarantine.into_iter().for_each(Quarantine::leave);
            return Ok(());
        }

        let updates = open_updates(results);
        if !updates.is_empty() {
            let found = apply(self.repository, quarantine, &updates, self.request.is_atomic, self.options)?;
            self.note(results, found);
        }
        Ok(())
    }

    /// Enters new refusals, given for the updates still open; one refusal refuses all of an atomic push.
    fn note(&self, results: &mut [RefResult], refusals: Vec<Option<String>>) {
        let open = results.iter_mut().filter(|result| result.refusal.is_none());
        open.zip(refusals).for_each(|(result, refusal)| result.refusal = refusal);
        if self.request.is_atomic && results.iter().any(|result| result.refusal.is_some()) {
            refuse_rest(results, "atomic push failure");
        }
    }

    fn results(&self) -> Vec<RefResult> {
        let updates = self.request.updates.iter();
        updates.map(|update| RefResult { update: update.clone(), refusal: None }).collect()
    }

    fn all_refused(&self, why: &str) -> Vec<RefResult> {
        let mut results = self.results();
        refuse_rest(&mut results, why);
        results
    }
}

fn open_updates(results: &[RefResult]) -> Vec<super::push::RefUpdate> {
    results.iter().filter(|result| result.refusal.is_none()).map(|result| result.update.clone()).collect()
}

fn refuse_rest(results: &mut [RefResult], why: &str) {
    for result in results {
        result.refusal.get_or_insert_with(|| why.to_owned());
    }
}

fn tell(progress: &Progress, fault: &Fault) {
    progress.message(&format!("error: {}\n", fault.message));
    for hint in &fault.hints {
        progress.message(&format!("hint: {hint}\n"));
    }
}
