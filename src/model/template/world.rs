//! What a template may ask of the world outside.

use std::collections::BTreeMap;

/// Something in a folder.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// Its name.
    pub name: String,
    /// True for a folder.
    pub is_folder: bool,
}

/// The world as the functions of a template see it. Errors are said to whoever wrote the template.
pub trait World {
    /// True when something is at this path.
    fn exists(&self, path: &str) -> bool;

    /// The text of a file.
    ///
    /// # Errors
    /// When it cannot be read.
    fn read(&self, path: &str) -> Result<String, String>;

    /// What is in a folder, by name.
    ///
    /// # Errors
    /// When it cannot be read.
    fn list(&self, path: &str) -> Result<Vec<Entry>, String>;

    /// What a program writes to its standard output.
    ///
    /// # Errors
    /// When it is not there, or fails.
    fn run(&self, words: &[String], env: &BTreeMap<String, String>) -> Result<String, String>;

    /// What a web server answers.
    ///
    /// # Errors
    /// When it cannot be reached.
    fn fetch(&self, address: &str) -> Result<String, String>;

    /// What stands on standard input.
    ///
    /// # Errors
    /// When it cannot be read.
    fn stdin(&self) -> Result<String, String>;
}

/// A world of which nothing can be had: for templates that somebody else wrote.
#[derive(Clone, Copy, Debug)]
pub struct ClosedWorld;

fn refused<T>(what: &str) -> Result<T, String> {
    Err(format!("this template may not {what}"))
}

impl World for ClosedWorld {
    fn exists(&self, _path: &str) -> bool {
        false
    }

    fn read(&self, _path: &str) -> Result<String, String> {
        refused("read files")
    }

    fn list(&self, _path: &str) -> Result<Vec<Entry>, String> {
        refused("read folders")
    }

    fn run(&self, _words: &[String], _env: &BTreeMap<String, String>) -> Result<String, String> {
        refused("run programs")
    }

    fn fetch(&self, _address: &str) -> Result<String, String> {
        refused("ask other servers")
    }

    fn stdin(&self) -> Result<String, String> {
        refused("read standard input")
    }
}
