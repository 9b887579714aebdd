//! Pseudo-terminals: a real terminal for a command whose user sits at the other end of a network.

use std::os::fd::{AsFd, OwnedFd};

use rustix::fs::{Mode, OFlags};
use rustix::pty::{OpenptFlags, grantpt, openpt, ptsname, unlockpt};
use rustix::termios::{
    ControlModes, InputModes, LocalModes, OptionalActions, OutputModes, SpecialCodeIndex, Termios, Winsize,
};

use crate::model::{Context, Outcome};

/// The size of a terminal, in characters and in pixels (0 where not known).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Size {
    /// Characters in a row.
    pub columns: u32,
    /// Rows.
    pub rows: u32,
    /// Width in pixels.
    pub width: u32,
    /// Height in pixels.
    pub height: u32,
}

/// A new terminal.
#[derive(Debug)]
pub struct Terminal {
    /// The end that plays keyboard and screen.
    pub master: OwnedFd,
    /// The end that the command has as its terminal.
    pub slave: OwnedFd,
    /// The slave's file, `/dev/pts/N`.
    pub name: String,
}

/// Opens a terminal of this size. `modes` are the client's settings as pairs of opcode and value
/// (RFC 4254, section 8); `owner` (uid, gid) gets the slave, so that the command can open `/dev/tty`'s file again.
///
/// # Errors
/// When the kernel has no more terminals or refuses an owner.
pub fn open(size: Size, modes: &[(u8, u32)], owner: Option<(u32, u32)>) -> Outcome<Terminal> {
    let what = || "cannot open a terminal";
    let master = openpt(OpenptFlags::RDWR | OpenptFlags::NOCTTY | OpenptFlags::CLOEXEC).context(what)?;
    grantpt(&master).context(what)?;
    unlockpt(&master).context(what)?;
    let name = ptsname(&master, Vec::new()).context(what)?;
    let slave = rustix::fs::open(&name, OFlags::RDWR | OFlags::NOCTTY | OFlags::CLOEXEC, Mode::empty())
        .context(what)?;
    if let Some((uid, gid)) = owner {
        let (uid, gid) = (rustix::fs::Uid::from_raw(uid), rustix::fs::Gid::from_raw(gid));
        rustix::fs::fchown(&slave, Some(uid), Some(gid)).context(what)?;
    }
    let mut settings = rustix::termios::tcgetattr(&slave).context(what)?;
    for (opcode, value) in modes {
        apply(&mut settings, *opcode, *value);
    }
    rustix::termios::tcsetattr(&slave, OptionalActions::Now, &settings).context(what)?;
    resize(&master, size)?;
    Ok(Terminal { master, slave, name: name.to_string_lossy().into_owned() })
}

/// Sets the size; who runs in the terminal gets SIGWINCH.
///
/// # Errors
/// When the terminal is gone.
pub fn resize(master: impl AsFd, size: Size) -> Outcome {
    let short = |number: u32| u16::try_from(number).unwrap_or(u16::MAX);
    let size = Winsize {
        ws_row: short(size.rows),
        ws_col: short(size.columns),
        ws_xpixel: short(size.width),
        ws_ypixel: short(size.height),
    };
    rustix::termios::tcsetwinsize(master, size).context(|| "cannot set the size of a terminal")
}

/// Makes this process the leader of a new session and, with a terminal as its standard input, that its own.
///
/// # Errors
/// When it leads a group already, or the terminal belongs to another session.
pub fn lead_session(has_terminal: bool) -> Outcome {
    rustix::process::setsid().context(|| "cannot begin a session")?;
    if has_terminal {
        rustix::process::ioctl_tiocsctty(rustix::stdio::stdin()).context(|| "cannot take the terminal")?;
    }
    Ok(())
}

/// One of the client's settings; opcodes that Linux has nothing for are passed over. Numbers: RFC 4254, section 8.
fn apply(settings: &mut Termios, opcode: u8, value: u32) {
    let on = value != 0;
    if let Some(index) = special_code(opcode) {
        // 255 means "none" on the wire; 0 is how Linux says it.
        settings.special_codes[index] = u8::try_from(value).ok().filter(|code| *code != 255).unwrap_or(0);
    } else if let Some(mode) = input_mode(opcode) {
        settings.input_modes.set(mode, on);
    } else if let Some(mode) = local_mode(opcode) {
        settings.local_modes.set(mode, on);
    } else if let Some(mode) = output_mode(opcode) {
        settings.output_modes.set(mode, on);
    } else if let Some(mode) = control_mode(opcode) {
        settings.control_modes.set(mode, on);
    }
}

fn special_code(opcode: u8) -> Option<SpecialCodeIndex> {
    Some(match opcode {
        1 => SpecialCodeIndex::VINTR,
        2 => SpecialCodeIndex::VQUIT,
        3 => SpecialCodeIndex::VERASE,
        4 => SpecialCodeIndex::VKILL,
        5 => SpecialCodeIndex::VEOF,
        6 => SpecialCodeIndex::VEOL,
        7 => SpecialCodeIndex::VEOL2,
        8 => SpecialCodeIndex::VSTART,
        9 => SpecialCodeIndex::VSTOP,
        10 => SpecialCodeIndex::VSUSP,
        12 => SpecialCodeIndex::VREPRINT,
        13 => SpecialCodeIndex::VWERASE,
        14 => SpecialCodeIndex::VLNEXT,
        18 => SpecialCodeIndex::VDISCARD,
        _ => return None,
    })
}

fn input_mode(opcode: u8) -> Option<InputModes> {
    Some(match opcode {
        30 => InputModes::IGNPAR,
        31 => InputModes::PARMRK,
        32 => InputModes::INPCK,
        33 => InputModes::ISTRIP,
        34 => InputModes::INLCR,
        35 => InputModes::IGNCR,
        36 => InputModes::ICRNL,
        37 => InputModes::IUCLC,
        38 => InputModes::IXON,
        39 => InputModes::IXANY,
        40 => InputModes::IXOFF,
        41 => InputModes::IMAXBEL,
        42 => InputModes::IUTF8,
        _ => return None,
    })
}

fn local_mode(opcode: u8) -> Option<LocalModes> {
    Some(match opcode {
        50 => LocalModes::ISIG,
        51 => LocalModes::ICANON,
        52 => LocalModes::XCASE,
        53 => LocalModes::ECHO,
        54 => LocalModes::ECHOE,
        55 => LocalModes::ECHOK,
        56 => LocalModes::ECHONL,
        57 => LocalModes::NOFLSH,
        58 => LocalModes::TOSTOP,
        59 => LocalModes::IEXTEN,
        60 => LocalModes::ECHOCTL,
        61 => LocalModes::ECHOKE,
        62 => LocalModes::PENDIN,
        _ => return None,
    })
}

fn output_mode(opcode: u8) -> Option<OutputModes> {
    Some(match opcode {
        70 => OutputModes::OPOST,
        71 => OutputModes::OLCUC,
        72 => OutputModes::ONLCR,
        73 => OutputModes::OCRNL,
        74 => OutputModes::ONOCR,
        75 => OutputModes::ONLRET,
        _ => return None,
    })
}

fn control_mode(opcode: u8) -> Option<ControlModes> {
    Some(match opcode {
        90 => ControlModes::CS7,
        91 => ControlModes::CS8,
        92 => ControlModes::PARENB,
        93 => ControlModes::PARODD,
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_terminal_has_the_size_and_the_modes_asked_for() {
        let size = Size { columns: 132, rows: 43, width: 0, height: 0 };
        let terminal = open(size, &[(53, 0), (5, 7), (200, 1)], None).unwrap();
        let found = rustix::termios::tcgetwinsize(&terminal.slave).unwrap();
        assert_eq!((found.ws_col, found.ws_row), (132, 43));
        let settings = rustix::termios::tcgetattr(&terminal.slave).unwrap();
        assert!(!settings.local_modes.contains(LocalModes::ECHO));
        assert_eq!(settings.special_codes[SpecialCodeIndex::VEOF], 7);
        assert!(terminal.name.starts_with("/dev/pts/"));
    }
}
