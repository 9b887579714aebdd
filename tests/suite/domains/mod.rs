//! Commands, from the words a user types to what they print; mirrors `src/domains/`.

mod apps;
mod config;
