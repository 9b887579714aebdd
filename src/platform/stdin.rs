//! What a command reads: answers to prompts, keys and files handed in.

use std::io::{BufRead, IsTerminal, Read};

use bytes::Bytes;
use futures_util::StreamExt;
use futures_util::stream::{self, BoxStream};
use tokio::sync::mpsc;

use crate::model::{Context, Outcome};

/// How much one read takes at most, in bytes.
const READ_SIZE: usize = 32 * 1024;

/// Standard input. Tests hand in bytes.
pub trait Stdin: Send + Sync {
    /// All that is left of it.
    ///
    /// # Errors
    /// When it cannot be read.
    fn read_all(&self) -> Outcome<Vec<u8>>;

    /// The next line without its end; `None` at the end of input.
    ///
    /// # Errors
    /// When it cannot be read.
    fn read_line(&self) -> Outcome<Option<String>>;

    /// The same, and not a byte more: whoever is started next reads what follows. Not to be mixed with the others.
    ///
    /// # Errors
    /// When it cannot be read.
    fn read_line_alone(&self) -> Outcome<Option<String>>;

    /// What is typed or sent, piece by piece, as it comes; ends with the input.
    fn pieces(&self) -> BoxStream<'static, Bytes>;

    /// True when somebody sits at the other end.
    fn is_terminal(&self) -> bool;
}

/// The process's own.
pub struct ProcessStdin;

impl Stdin for ProcessStdin {
    fn read_all(&self) -> Outcome<Vec<u8>> {
        let mut bytes = Vec::new();
        std::io::stdin().lock().read_to_end(&mut bytes).context(|| "cannot read standard input")?;
        Ok(bytes)
    }

    fn read_line(&self) -> Outcome<Option<String>> {
        let mut line = Vec::new();
        let read = std::io::stdin().lock().read_until(b'\n', &mut line);
        if read.context(|| "cannot read standard input")? == 0 {
            return Ok(None);
        }
        Ok(Some(String::from_utf8_lossy(&line).trim_end_matches(['\n', '\r']).to_owned()))
    }

    fn read_line_alone(&self) -> Outcome<Option<String>> {
        let mut line = Vec::new();
        let mut byte = [0];
        loop {
            match rustix::io::read(rustix::stdio::stdin(), &mut byte) {
                Ok(0) if line.is_empty() => return Ok(None),
                Ok(0) => break,
                Ok(_) if byte == *b"\n" => break,
                Ok(_) => line.extend_from_slice(&byte),
                Err(rustix::io::Errno::INTR) => {}
                Err(error) => {
                    return Err(std::io::Error::from(error)).context(|| "cannot read standard input");
                }
            }
        }
        Ok(Some(String::from_utf8_lossy(&line).into_owned()))
    }

    /// Read by a thread of its own, which the process does not wait for when it ends: a read cannot be called
    /// back, and standard input cannot be made non-blocking without doing that to the others who share it.
    fn pieces(&self) -> BoxStream<'static, Bytes> {
        let (sender, receiver) = mpsc::channel(4);
        std::thread::spawn(move || {
            let mut buffer = vec![0; READ_SIZE];
            let mut stdin = std::io::stdin().lock();
            while let Ok(length @ 1..) = stdin.read(&mut buffer) {
                if sender.blocking_send(Bytes::copy_from_slice(&buffer[..length])).is_err() {
                    return;
                }
            }
        });
        stream::unfold(receiver, |mut receiver| async move { Some((receiver.recv().await?, receiver)) })
            .boxed()
    }

    fn is_terminal(&self) -> bool {
        std::io::stdin().is_terminal()
    }
}
