//! Reactions

pub mod receive_app;
