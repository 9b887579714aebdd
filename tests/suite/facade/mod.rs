//! The shell functions that plugins source from core plugins' folders, called in real bash with the real program:
//! what each prints, on which stream, how it ends, and whether its caller goes on (contract: plugin-abi.md
//! sections 3 and 4).

mod apps;
mod config;
mod files;
mod images;
mod installation;
mod lists;
mod logging;
mod nginx;
mod options;
mod processes;
mod properties;
mod words;

pub use installation::Installation;
