//! Building images: one call to the engine, and beside it a session in which its BuildKit asks us for
//! files, secrets and logins. `run` is the story; `progress` says it in words.

mod auth;
mod files;
mod follow;
mod health;
mod progress;
mod run;
mod secrets;
mod session;
mod ssh;
mod walk;
