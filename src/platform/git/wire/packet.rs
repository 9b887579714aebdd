//! Reading packet lines. Never reads ahead: a pack may follow the last one.

use std::io::{ErrorKind, Read};

use crate::model::{Context, Fault, Outcome};

/// One packet.
#[derive(Debug, PartialEq, Eq)]
pub(in crate::platform::git) enum Packet {
    /// A line; of text without the newline at its end.
    Line(Vec<u8>),
    /// `0000`: the end of a section.
    Flush,
    /// `0001`: the end of a part of a section (protocol v2).
    Delimiter,
    /// The other side closed, between two packets.
    End,
}

/// Reads one packet of text. Anything cut is an error.
pub(in crate::platform::git) fn read_packet(input: &mut dyn Read) -> Outcome<Packet> {
    let mut packet = read_data_packet(input)?;
    if let Packet::Line(line) = &mut packet
        && line.last() == Some(&b'\n')
    {
        line.pop();
    }
    Ok(packet)
}

/// Reads one packet whose bytes may be a piece of a pack: all of them stay.
pub(in crate::platform::git) fn read_data_packet(input: &mut dyn Read) -> Outcome<Packet> {
    let mut head = [0; 4];
    let mut filled = 0;
    while filled < head.len() {
        match input.read(&mut head[filled..]) {
            Ok(0) if filled == 0 => return Ok(Packet::End),
            Ok(0) => return Err(hung_up()),
            Ok(count) => filled += count,
            Err(error) if error.kind() == ErrorKind::Interrupted => {}
            Err(error) => return Err(error).context(|| "cannot read from the other side"),
        }
    }
    let length =
        std::str::from_utf8(&head).ok().filter(|text| text.bytes().all(|byte| byte.is_ascii_hexdigit()));
    let length = length.and_then(|text| usize::from_str_radix(text, 16).ok());
    match length {
        Some(0) => Ok(Packet::Flush),
        Some(1) => Ok(Packet::Delimiter),
        Some(length @ 4..) => {
            let mut line = vec![0; length - 4];
            input.read_exact(&mut line).map_err(|_| hung_up())?;
            Ok(Packet::Line(line))
        }
        Some(_) | None => {
            Err(Fault::new(format!("protocol error: bad packet length '{}'", head.escape_ascii())))
        }
    }
}

fn hung_up() -> Fault {
    Fault::new("the other side hung up in the middle of a packet")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn packets_come_one_by_one_and_what_follows_stays() {
        let mut input: &[u8] = b"0009hell\n00000001PACK";
        assert_eq!(read_packet(&mut input).expect("line"), Packet::Line(b"hell".to_vec()));
        assert_eq!(read_packet(&mut input).expect("flush"), Packet::Flush);
        assert_eq!(read_packet(&mut input).expect("delimiter"), Packet::Delimiter);
        assert_eq!(input, b"PACK");
        assert!(read_packet(&mut input).is_err(), "a pack is no packet");
    }

    #[test]
    fn a_cut_packet_is_an_error_and_a_clean_end_is_not() {
        assert_eq!(read_packet(&mut &b""[..]).expect("end"), Packet::End);
        for cut in [&b"00"[..], b"0009he", b"0003", b"+009hello", b"ffff"] {
            assert!(read_packet(&mut &cut[..]).is_err(), "{cut:?}");
        }
    }
}
