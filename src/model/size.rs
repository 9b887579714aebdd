//! Sizes and durations as the docker client writes them.

/// `512m` in bytes: a number, maybe with a fraction, and `b`, `k`, `m`, `g`, `t`, `p` (powers of 1024),
/// maybe followed by `b` or `ib`. None for anything else.
pub fn parse_bytes(text: &str) -> Option<i64> {
    let text = text.trim();
    let split = text.find(|c: char| !c.is_ascii_digit() && c != '.').unwrap_or(text.len());
    let number: f64 = text[..split].parse().ok()?;
    let unit = text[split..].trim().to_ascii_lowercase();
    let power = match unit.as_str() {
        "" | "b" => 0,
        "k" | "kb" | "kib" => 1,
        "m" | "mb" | "mib" => 2,
        "g" | "gb" | "gib" => 3,
        "t" | "tb" | "tib" => 4,
        "p" | "pb" | "pib" => 5,
        _ => return None,
    };
    let bytes = number * 1024_f64.powi(power);
    // Beyond 2^63 an f64 would wrap; nobody has that much.
    (bytes < 9.0e18).then_some(bytes as i64)
}

/// The shortest exact spelling: 536870912 is `512m`.
pub fn print_bytes(bytes: i64) -> String {
    let units = [("g", 1 << 30), ("m", 1 << 20), ("k", 1 << 10)];
    match units.iter().find(|(_, size)| bytes != 0 && bytes % size == 0) {
        Some((unit, size)) => format!("{}{unit}", bytes / size),
        None => bytes.to_string(),
    }
}

/// As people read it, rounded to a tenth: 1610612736 is `1.5 GiB`.
pub fn people(bytes: u64) -> String {
    let units = [("GiB", 1_u64 << 30), ("MiB", 1 << 20), ("KiB", 1 << 10)];
    match units.iter().find(|(_, size)| bytes >= *size) {
        Some((unit, size)) => {
            let tenths = bytes.saturating_mul(10).saturating_add(size / 2) / size;
            format!("{}.{} {unit}", tenths / 10, tenths % 10)
        }
        None => format!("{bytes} B"),
    }
}

/// `1m30s` in nanoseconds: numbers with `ns`, `us`, `ms`, `s`, `m`, `h`; a bare `0` too. None for anything else.
pub fn parse_duration(text: &str) -> Option<i64> {
    if text == "0" {
        return Some(0);
    }
    let mut rest = text;
    let mut total = 0.0;
    while !rest.is_empty() {
        let digits = rest.find(|c: char| !c.is_ascii_digit() && c != '.')?;
        let number: f64 = rest[..digits].parse().ok()?;
        rest = &rest[digits..];
        let letters = rest.find(|c: char| c.is_ascii_digit() || c == '.').unwrap_or(rest.len());
        let nanoseconds = match &rest[..letters] {
            "ns" => 1.0,
            "us" | "µs" => 1e3,
            "ms" => 1e6,
            "s" => 1e9,
            "m" => 60e9,
            "h" => 3600e9,
            _ => return None,
        };
        total += number * nanoseconds;
        rest = &rest[letters..];
    }
    (!text.is_empty() && total < 9.0e18).then_some(total as i64)
}

/// The duration with the largest unit that is exact: 90_000_000_000 is `90s`.
pub fn print_duration(nanoseconds: i64) -> String {
    let units = [
        ("h", 3_600_000_000_000),
        ("m", 60_000_000_000),
        ("s", 1_000_000_000),
        ("ms", 1_000_000),
        ("us", 1000),
    ];
    match units.iter().find(|(_, size)| nanoseconds % size == 0) {
        Some((unit, size)) => format!("{}{unit}", nanoseconds / size),
        None => format!("{nanoseconds}ns"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_read_as_the_docker_client_reads_them() {
        for (text, bytes) in [
            ("0", 0),
            ("512", 512),
            ("512b", 512),
            ("64k", 65_536),
            ("512m", 536_870_912),
            ("512M", 536_870_912),
            ("512MB", 536_870_912),
            ("1.5g", 1_610_612_736),
            ("2gib", 2_147_483_648),
        ] {
            assert_eq!(parse_bytes(text), Some(bytes), "{text}");
        }
        for text in ["", "m", "-1", "1x", "1mm", "1.2.3", "99999999999p"] {
            assert_eq!(parse_bytes(text), None, "{text}");
        }
        assert_eq!(print_bytes(536_870_912), "512m");
        assert_eq!(print_bytes(1_610_612_736), "1536m");
        assert_eq!(print_bytes(1000), "1000");
        assert_eq!(print_bytes(0), "0");
    }

    #[test]
    fn people_read_sizes_to_a_tenth() {
        for (bytes, text) in [
            (0, "0 B"),
            (1023, "1023 B"),
            (1536, "1.5 KiB"),
            (1_610_612_736, "1.5 GiB"),
            (5_000_000_000_000, "4656.6 GiB"),
        ] {
            assert_eq!(people(bytes), text);
        }
    }

    #[test]
    fn durations_read_as_the_docker_client_reads_them() {
        for (text, nanoseconds) in
            [("0", 0), ("0s", 0), ("30s", 30_000_000_000), ("1m30s", 90_000_000_000), ("1.5s", 1_500_000_000)]
        {
            assert_eq!(parse_duration(text), Some(nanoseconds), "{text}");
        }
        for text in ["", "30", "s", "1d", "1s1"] {
            assert_eq!(parse_duration(text), None, "{text}");
        }
        assert_eq!(print_duration(90_000_000_000), "90s");
        assert_eq!(print_duration(1_500_000_000), "1500ms");
    }
}
