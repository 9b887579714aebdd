//! One of the five fields: a list of values, ranges and steps.

use crate::model::{Fault, Outcome};

/// What may stand in a field.
pub struct Kind {
    least: u32,
    most: u32,
    names: &'static [&'static str],
}

const MONTHS: &[&str] = &["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];
const WEEKDAYS: &[&str] = &["sun", "mon", "tue", "wed", "thu", "fri", "sat"];

impl Kind {
    pub const MINUTE: Kind = Kind { least: 0, most: 59, names: &[] };
    pub const HOUR: Kind = Kind { least: 0, most: 23, names: &[] };
    pub const DAY: Kind = Kind { least: 1, most: 31, names: &[] };
    pub const MONTH: Kind = Kind { least: 1, most: 12, names: MONTHS };
}

/// By which numbers Sunday is known.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sunday {
    /// 0.
    Zero,
    /// 0, and 7 too.
    ZeroAndSeven,
}

/// The values that fit.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Field {
    values: u64,
    /// It begins with a star: whether it says anything of its own.
    pub has_star: bool,
}

impl Field {
    /// Reads a field.
    ///
    /// # Errors
    /// A value that is none, or not in its range.
    pub fn parse(text: &str, kind: &Kind) -> Outcome<Self> {
        let mut values = 0;
        for part in text.split(',').filter(|part| !part.is_empty()) {
            values |= range(part, kind)?;
        }
        Ok(Field { values, has_star: text.starts_with(['*', '?']) })
    }

    /// Reads the field of weekdays.
    ///
    /// # Errors
    /// A value that is none, or not in its range.
    pub fn parse_weekday(text: &str, sunday: Sunday) -> Outcome<Self> {
        let most = match sunday {
            Sunday::Zero => 6,
            Sunday::ZeroAndSeven => 7,
        };
        let mut field = Self::parse(text, &Kind { least: 0, most, names: WEEKDAYS })?;
        field.values |= field.values >> 7 & 1;
        Ok(field)
    }

    /// True when the value fits.
    pub fn has(&self, value: i8) -> bool {
        u32::try_from(value).is_ok_and(|value| self.values >> value & 1 == 1)
    }
}

/// `*`, `N`, `N-M`, each with `/STEP` or without; `N/STEP` goes on to the end. A bit for each value.
fn range(part: &str, kind: &Kind) -> Outcome<u64> {
    let (span, step) = match part.split('/').collect::<Vec<_>>().as_slice() {
        [span] => (*span, None),
        [span, step] => (*span, Some(number(step)?)),
        _ => return Err(Fault::new(format!("too many slashes: {part}"))),
    };
    let (first, last) = match span.split('-').collect::<Vec<_>>().as_slice() {
        ["*" | "?", ..] => (kind.least, kind.most),
        [one] => {
            let one = value(one, kind)?;
            (one, if step.is_some() { kind.most } else { one })
        }
        [first, last] => (value(first, kind)?, value(last, kind)?),
        _ => return Err(Fault::new(format!("too many hyphens: {part}"))),
    };
    let step = step.unwrap_or(1);
    let wrong = if first < kind.least {
        format!("beginning of range ({first}) below minimum ({})", kind.least)
    } else if last > kind.most {
        format!("end of range ({last}) above maximum ({})", kind.most)
    } else if first > last {
        format!("beginning of range ({first}) beyond end of range ({last})")
    } else if step == 0 {
        "step of range should be a positive number".to_owned()
    } else {
        let step = usize::try_from(step).unwrap_or(usize::MAX);
        return Ok((first..=last).step_by(step).fold(0, |bits, value| bits | 1 << value));
    };
    Err(Fault::new(format!("{wrong}: {part}")))
}

fn value(text: &str, kind: &Kind) -> Outcome<u32> {
    let name = text.to_ascii_lowercase();
    match kind.names.iter().position(|known| *known == name) {
        // Names begin with the least number.
        Some(at) => Ok(kind.least + u32::try_from(at).unwrap_or(0)),
        None => number(text),
    }
}

fn number(text: &str) -> Outcome<u32> {
    if let Ok(negative @ ..0) = text.parse::<i64>() {
        return Err(Fault::new(format!("negative number ({negative}) not allowed: {text}")));
    }
    text.parse().map_err(|_| {
        Fault::new(format!(
            "failed to parse int from {text}: strconv.Atoi: parsing \"{text}\": invalid syntax"
        ))
    })
}
