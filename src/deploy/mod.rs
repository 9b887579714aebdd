//! The story of a deploy, top to bottom: take the turn, read the code, build, release, roll out,
//! switch, settle. Each step is a case of `Step`, a named call and, where Dokku has one, a trigger;
//! builders, schedulers and proxies are listeners, none is named here.
//!
//! What serves is never touched before something better answers: until `Switch` only new things are
//! made, and each deploy writes down what it is about to change (`intent`), so that a kill at any
//! moment is undone by whoever comes next (`settle`).

mod adopt;
mod build_container;
mod build_slot;
mod cancel;
mod capture;
pub mod checks;
mod cleanup;
pub mod companion;
mod container;
mod disk_guard;
mod extract;
mod give_back;
mod halt;
mod image;
mod intent;
mod lines;
mod names;
pub mod networks;
pub mod one_offs;
mod options;
mod previous;
pub mod proxies;
pub mod readiness;
mod receive;
mod release;
mod released;
mod rollback;
mod rollout;
mod settle;
mod step;
mod sweep;
mod switch;
mod task;
mod task_script;
mod turn;
mod wait_in_line;

pub use adopt::adopt_files;
pub use build_container::{BuildContainer, Stage};
pub use cancel::{begin_cancel, cancel, end_cancel};
pub use capture::{Origin, reason};
pub use cleanup::{Cleanup, cleanup};
pub use give_back::give_back;
pub use image::{find as find_image, image_name, is_herokuish, labels as image_labels};
pub use intent::{is_switching, note_variables};
pub use names::cache_volume;
pub use options::add_options;
pub use previous::{Previous, is_kept as may_be_taken_back};
pub use receive::{Code, StillGood, receive};
pub use release::{redeploy, release_and_deploy};
pub use released::{
    forget_all as forget_releases, forget_old as forget_old_releases, is_needed, rename as rename_releases,
};
pub use rollback::{require as require_release, roll_back};
pub use rollout::roll_out;
pub use settle::{abandoned, commit, settle, settle_abandoned, settle_all};
pub use step::Step;
pub use sweep::{BuildCache, is_sweeping_unwanted, sweep};
pub use switch::JUST_MADE;
pub use task::{Phase, run_task};
pub use turn::{Turn, in_line};
