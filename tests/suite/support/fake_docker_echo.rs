//! What the engine in memory has a container do that echoes.

use dokku::platform::docker::{Attached, Chunk, Source};
use futures_util::{StreamExt, stream};

use super::FakeDocker;

/// A container that writes what it reads, and ends well where its input does.
pub fn echo(fake: FakeDocker, id: String) -> Attached {
    let (input, mut read) = tokio::io::duplex(65536);
    let output = stream::once(async move {
        let mut bytes = Vec::new();
        tokio::io::AsyncReadExt::read_to_end(&mut read, &mut bytes).await.expect("memory can be read");
        fake.end(&mut fake.state(), &id, 0);
        Ok(Chunk { source: Source::Stdout, bytes: bytes.into() })
    });
    Attached { output: output.boxed(), input: Box::pin(input) }
}
