//! The words of a command that came as one text: `SSH_ORIGINAL_COMMAND`.
//!
//! As Dokku 0.38.27 reads it (contract: commands.yaml, users_and_privilege): a command whose first word
//! contains `git` is cut at blanks, quotes and all; anything else is cut as `xargs` does.

use super::{Fault, Outcome};

/// Cuts the text into words.
///
/// # Errors
/// When a quote does not end; the text can then mean anything, so it means nothing.
pub fn split(text: &str) -> Outcome<Vec<String>> {
    let first = text.split_whitespace().next().unwrap_or_default();
    if first.contains("git") {
        return Ok(text.split_whitespace().map(str::to_owned).collect());
    }
    quoted_words(text)
}

/// `xargs`: single and double quotes keep all but themselves, a backslash outside of them keeps the next letter.
fn quoted_words(text: &str) -> Outcome<Vec<String>> {
    let mut words = Vec::new();
    let mut word: Option<String> = None;
    let mut letters = text.chars();
    while let Some(letter) = letters.next() {
        match letter {
            quote @ ('\'' | '"') => {
                let word = word.get_or_insert_default();
                loop {
                    match letters.next() {
                        Some(end) if end == quote => break,
                        Some(inside) => word.push(inside),
                        None => return Err(unmatched(quote)),
                    }
                }
            }
            '\\' => word.get_or_insert_default().extend(letters.next()),
            blank if blank.is_ascii_whitespace() => words.extend(word.take()),
            other => word.get_or_insert_default().push(other),
        }
    }
    words.extend(word);
    Ok(words)
}

fn unmatched(quote: char) -> Fault {
    let name = if quote == '"' { "double" } else { "single" };
    Fault::new(format!("unmatched {name} quote in the command"))
        .hint("Over SSH your own shell takes one pair of quotes away: put the whole command in another pair")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quotes_keep_words_together() {
        for (text, words) in [
            ("apps:list", &["apps:list"][..]),
            ("config:set app A='one two' B=\"x'y\"", &["config:set", "app", "A=one two", "B=x'y"]),
            (r"config:set app A=a\ b\'c", &["config:set", "app", "A=a b'c"]),
            ("run app echo ''", &["run", "app", "echo", ""]),
            ("  a \t b\n", &["a", "b"]),
            (r#"config:set app P="a\b""#, &["config:set", "app", r"P=a\b"]),
            ("", &[]),
        ] {
            assert_eq!(split(text).unwrap(), words, "{text}");
        }
    }

    #[test]
    fn git_keeps_its_quotes() {
        assert_eq!(split("git-receive-pack 'my app'").unwrap(), ["git-receive-pack", "'my", "app'"]);
        assert_eq!(split("git:set app deploy-branch 'main'").unwrap()[3], "'main'");
    }

    #[test]
    fn a_quote_that_does_not_end_is_an_error() {
        assert!(split("config:set app A='one").is_err());
        assert!(split("config:set app A=\"one").is_err());
    }
}
