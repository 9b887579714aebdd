//! Signals: their names on the wire (RFC 4254, section 6.10) and their numbers here.

use russh::Sig;

use crate::platform::signals;

/// The number of a signal that a client may send; `None` for names that are not known.
pub fn number(signal: &Sig) -> Option<i32> {
    signals::number(match signal {
        Sig::ABRT => "ABRT",
        Sig::ALRM => "ALRM",
        Sig::FPE => "FPE",
        Sig::HUP => "HUP",
        Sig::ILL => "ILL",
        Sig::INT => "INT",
        Sig::KILL => "KILL",
        Sig::PIPE => "PIPE",
        Sig::QUIT => "QUIT",
        Sig::SEGV => "SEGV",
        Sig::TERM => "TERM",
        Sig::USR1 => "USR1",
        Sig::Custom(name) => name,
    })
}

/// The name of a signal that ended a command. On the wire a name is a name, however it is spelled here.
pub fn name(number: i32) -> Sig {
    Sig::Custom(signals::name(number).map_or_else(|| number.to_string(), str::to_owned))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_and_numbers_fit_each_other() {
        for number_here in [1, 2, 3, 6, 9, 10, 12, 15, 28] {
            assert_eq!(number(&name(number_here)), Some(number_here));
        }
        assert_eq!(number(&Sig::TERM), Some(15));
        assert_eq!(number(&Sig::Custom("NOSUCH".into())), None);
        assert_eq!(number(&Sig::Custom("../x".into())), None);
    }
}
