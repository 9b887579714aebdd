//! The tests that need more than one room: one binary, one module per part.

#![allow(missing_docs, reason = "tests are read, not called")]
