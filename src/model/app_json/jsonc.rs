//! JSON with comments and trailing commas.

/// The same text as plain JSON: comments and commas before a closing bracket become spaces, so that every
/// place in it keeps its line and column.
pub fn plain(text: &str) -> String {
    let mut bytes = text.as_bytes().to_vec();
    let mut comma = None;
    let mut at = 0;
    while at < bytes.len() {
        match bytes[at] {
            b'"' => {
                at = string_end(&bytes, at);
                comma = None;
                continue;
            }
            b'/' if matches!(bytes.get(at + 1), Some(b'/' | b'*')) => {
                let end = comment_end(&bytes, at);
                blank(&mut bytes[at..end]);
                at = end;
                continue;
            }
            b',' => comma = Some(at),
            b'}' | b']' => {
                if let Some(comma) = comma.take() {
                    bytes[comma] = b' ';
                }
            }
            byte if byte.is_ascii_whitespace() => {}
            _ => comma = None,
        }
        at += 1;
    }
    String::from_utf8(bytes).expect("only whole comments and single ASCII bytes were replaced")
}

/// Where the string that begins here ends: behind its closing quote.
fn string_end(bytes: &[u8], start: usize) -> usize {
    let mut at = start + 1;
    while at < bytes.len() {
        match bytes[at] {
            b'\\' => at += 1,
            b'"' => return at + 1,
            _ => {}
        }
        at += 1;
    }
    bytes.len()
}

/// Where the comment that begins here ends. One that is never closed goes to the end of the text.
fn comment_end(bytes: &[u8], start: usize) -> usize {
    let rest = &bytes[start + 2..];
    let length = if bytes[start + 1] == b'/' {
        rest.iter().position(|&byte| byte == b'\n')
    } else {
        rest.windows(2).position(|two| two == b"*/").map(|length| length + 2)
    };
    length.map_or(bytes.len(), |length| start + 2 + length)
}

fn blank(bytes: &mut [u8]) {
    for byte in bytes.iter_mut().filter(|byte| **byte != b'\n') {
        *byte = b' ';
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_stay_and_strings_are_left_alone() {
        for (text, expected) in [
            ("{\"a\": 1, }", "{\"a\": 1  }"),
            ("[1, // ü\n]", "[1       \n]"),
            ("[\"a,]\\\"//\", 2]", "[\"a,]\\\"//\", 2]"),
            ("[1,/* , */]", "[1        ]"),
            ("[1,,]", "[1, ]"),
            ("/* never", "        "),
            ("\"never\\", "\"never\\"),
        ] {
            // A character of several bytes in a comment becomes as many spaces.
            assert_eq!(plain(text), expected, "{text}");
        }
    }
}
