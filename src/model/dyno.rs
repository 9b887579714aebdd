//! One container's place in an app.

use std::fmt;
use std::str::FromStr;

use super::{Fault, Outcome, ProcessType};

/// Container number `index` (from 1) of a process type. Prints as `web.1`, which is also the value of DYNO.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Dyno {
    /// Its process type.
    pub process_type: ProcessType,
    /// From 1.
    pub index: u32,
}

impl fmt::Display for Dyno {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}", self.process_type, self.index)
    }
}

impl FromStr for Dyno {
    type Err = Fault;

    fn from_str(text: &str) -> Outcome<Self> {
        let wrong = || Fault::new(format!("{text} is not a container such as web.1"));
        let (process_type, index) = text.split_once('.').ok_or_else(wrong)?;
        let index = index.parse().ok().filter(|&index: &u32| index > 0).ok_or_else(wrong)?;
        Ok(Dyno { process_type: process_type.parse()?, index })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn prints_as_it_is_read() {
        for text in ["web.1", "my-worker.12"] {
            assert_eq!(text.parse::<Dyno>().expect("a dyno").to_string(), text);
        }
        for text in ["web", "web.0", "web.x", "web.1.2", ".1", "Web.1"] {
            assert!(text.parse::<Dyno>().is_err(), "{text}");
        }
    }
}
