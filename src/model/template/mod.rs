//! Templates in the language of Go's `text/template`, with the functions of `sigil`: what nginx templates are written in.
//! Nothing here touches the world; what a template may ask of it is a [`World`] that the caller hands in.

mod builtins;
mod compare;
mod escape;
mod evaluate;
mod functions;
mod glob;
mod json;
mod lexer;
mod literals;
mod machine;
mod parser;
mod posix;
mod print;
mod printf;
mod session;
mod syntax;
mod value;
mod variables_file;
mod world;

pub use session::{Delimiters, Session, Variables};
pub use value::{Key, Map, Stream, Value};
pub use variables_file::variables;
pub use world::{ClosedWorld, Entry, World};
