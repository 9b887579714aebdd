//! Where a long story is: a place for tests to end it.

use async_trait::async_trait;

/// Is told each step of a story before it begins. In production nobody listens; the tests that kill a
/// deploy at each of its steps stop here for good.
#[async_trait]
pub trait Steps: Send + Sync {
    /// The step of this name is about to begin.
    async fn reached(&self, step: &'static str);
}

/// Nobody listens.
pub struct Unwatched;

#[async_trait]
impl Steps for Unwatched {
    async fn reached(&self, _step: &'static str) {}
}
