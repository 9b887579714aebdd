//! What plugins hear, and in which order: the trigger table, the bus, the log of events, whole stories.

mod bus;
mod events;
mod facts;
mod options;
mod story;
mod table;
