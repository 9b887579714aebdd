//! A line whose two directions stay open for the whole conversation.

use std::io::{BufReader, Read, Write};

use super::Transport;
use crate::model::{Context, Outcome};

/// Speaks on a socket or on pipes.
pub(super) struct Stream {
    input: BufReader<Box<dyn Read + Send>>,
    output: Box<dyn Write + Send>,
}

impl Stream {
    pub(super) fn new(input: Box<dyn Read + Send>, output: Box<dyn Write + Send>) -> Self {
        Stream { input: BufReader::with_capacity(1 << 16, input), output }
    }
}

impl Transport for Stream {
    fn greeting(&mut self) -> Outcome<Box<dyn Read + '_>> {
        Ok(Box::new(&mut self.input))
    }

    fn ask(&mut self, request: &[u8]) -> Outcome<Box<dyn Read + '_>> {
        let sent = self.output.write_all(request).and_then(|()| self.output.flush());
        sent.context(|| "the other side does not listen")?;
        Ok(Box::new(&mut self.input))
    }
}
