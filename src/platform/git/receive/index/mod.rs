//! From bytes on the wire to an indexed pack whose every object is checked and complete.
//!
//! One pass: bytes go to disk while whole objects are hashed and checked (`stream`), differences are
//! then worked out on all processors with few bases in memory (`resolve`), bases that a thin pack left
//! out are added (`complete`), the index is written (`write`), and every link must lead somewhere
//! (`links`). gix's own indexer keeps all sibling bases in memory and has no place for the checks.

mod budget;
mod complete;
mod deltas;
mod entries;
mod input;
mod links;
mod pool;
mod resolve;
mod run;
mod stream;
mod write;

pub(in crate::platform::git) use run::{IndexRequest, index_pack};
