//! What every start of the container does, first and later ones alike: each step may be done again.

mod engine_group;
mod hostname;
mod lay_out;
mod next_steps;
mod own_container;

pub use engine_group::join_engine_group;
pub use hostname::set_global_domain;
pub use lay_out::{Found, Place, lay_out};
pub use next_steps::next_steps;
pub use own_container::{OwnContainer, find as find_own_container, remember as remember_own_container};
