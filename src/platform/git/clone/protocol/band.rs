//! A pack that comes in side bands, with what the server says meanwhile.

use std::io::{self, Read};

use super::{printable, refusal};
use crate::platform::git::wire::{Packet, read_data_packet};

/// The bytes of band 1; band 2 goes to the people who wait, band 3 ends it.
pub(super) struct Band<'a> {
    input: &'a mut dyn Read,
    progress: &'a (dyn Fn(&str) + Sync),
    piece: Vec<u8>,
    at: usize,
    is_over: bool,
    /// The begin of a line for people whose end has not come.
    words: Vec<u8>,
}

/// A server's line of progress is never longer.
const WORDS: usize = 1000;

impl<'a> Band<'a> {
    pub(super) fn new(input: &'a mut dyn Read, progress: &'a (dyn Fn(&str) + Sync)) -> Self {
        Band { input, progress, piece: Vec::new(), at: 1, is_over: false, words: Vec::new() }
    }

    /// Lines that count up end in a carriage return, and only their last state counts.
    fn tell(&mut self, text: &[u8]) {
        for byte in text {
            match byte {
                b'\n' => {
                    let line = printable(&std::mem::take(&mut self.words));
                    if !line.is_empty() {
                        (self.progress)(&format!("remote: {line}"));
                    }
                }
                b'\r' => self.words.clear(),
                byte if self.words.len() < WORDS => self.words.push(*byte),
                _ => {}
            }
        }
    }

    fn refill(&mut self) -> io::Result<()> {
        let broken = |message: String| io::Error::other(message);
        self.at = 1;
        self.piece.clear();
        match read_data_packet(self.input).map_err(|fault| broken(fault.message))? {
            Packet::Line(piece) => match piece.first() {
                Some(1) => self.piece = piece,
                Some(2) => self.tell(&piece[1..]),
                Some(3) => return Err(broken(refusal(&piece[1..]).message)),
                _ if piece.starts_with(b"ERR ") => return Err(broken(refusal(&piece[4..]).message)),
                _ => return Err(broken("protocol error: a packet outside of all bands".to_owned())),
            },
            Packet::Flush | Packet::Delimiter => self.is_over = true,
            Packet::End => return Err(broken("the other side hung up in the middle of the pack".to_owned())),
        }
        Ok(())
    }
}

impl Read for Band<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        while self.at >= self.piece.len() && !self.is_over {
            self.refill()?;
        }
        let rest = self.piece.get(self.at..).unwrap_or_default();
        let count = rest.len().min(buffer.len());
        buffer[..count].copy_from_slice(&rest[..count]);
        self.at += count;
        Ok(count)
    }
}
