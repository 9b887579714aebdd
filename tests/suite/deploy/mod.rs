//! The story of a deploy on an engine in memory: what it leaves behind when it ends well, fails, or
//! is killed at each of its steps.

mod cancel;
mod checks;
mod code;
mod cut_off;
mod from_image;
mod herokuish;
mod kill;
mod neighbours;
mod networks;
mod pushes;
mod rollback;
mod slots;
mod story;
mod tasks;
mod templates;
mod triggers;
mod turn;

pub use code::{Ear, Shop, code_of};
