//! A command that is cut into words as a shell does it, without any shell: what `cron` of an app.json holds.
//!
//! As Dokku 0.38.27 reads it: quotes and backslashes hold together, variables are empty, and operators are refused,
//! for nobody would obey them.

use super::{Fault, Outcome};

/// Cuts the text into words.
///
/// # Errors
/// A quote that does not end, an operator of the shell, a command in the place of a word.
pub fn split(text: &str) -> Outcome<Vec<String>> {
    let mut fields = Fields { letters: text.chars().peekable(), words: Vec::new(), word: None };
    fields.run()?;
    Ok(fields.words)
}

struct Fields<'a> {
    letters: std::iter::Peekable<std::str::Chars<'a>>,
    words: Vec<String>,
    /// The word that has begun; one in quotes may be empty.
    word: Option<String>,
}

impl Fields<'_> {
    fn run(&mut self) -> Outcome {
        while let Some(letter) = self.letters.next() {
            match letter {
                ' ' | '\t' => self.words.extend(self.word.take()),
                '\'' => self.single()?,
                '"' => self.double()?,
                '\\' => match self.letters.next() {
                    Some('\n') | None => {}
                    Some(kept) => self.push(kept),
                },
                '$' => self.dollar()?,
                '#' if self.word.is_none() => break,
                '`' => return Err(no_command()),
                ';' | '&' | '|' | '<' | '>' | '(' | ')' | '\n' => return Err(operator(letter)),
                other => self.push(other),
            }
        }
        self.words.extend(self.word.take());
        Ok(())
    }

    fn push(&mut self, letter: char) {
        self.word.get_or_insert_default().push(letter);
    }

    fn single(&mut self) -> Outcome {
        self.word.get_or_insert_default();
        loop {
            match self.letters.next() {
                Some('\'') => return Ok(()),
                Some(kept) => self.push(kept),
                None => return Err(Fault::new("reached EOF without closing quote '")),
            }
        }
    }

    fn double(&mut self) -> Outcome {
        self.word.get_or_insert_default();
        loop {
            match self.letters.next() {
                Some('"') => return Ok(()),
                Some('$') => self.dollar()?,
                Some('`') => return Err(no_command()),
                Some('\\') => match self.letters.next() {
                    Some('\n') => {}
                    Some(kept @ ('"' | '\\' | '$' | '`')) => self.push(kept),
                    Some(other) => {
                        self.push('\\');
                        self.push(other);
                    }
                    None => return Err(Fault::new("reached EOF without closing quote \"")),
                },
                Some(kept) => self.push(kept),
                None => return Err(Fault::new("reached EOF without closing quote \"")),
            }
        }
    }

    /// A variable, whose value is nothing; a dollar sign alone is itself.
    fn dollar(&mut self) -> Outcome {
        match self.letters.peek() {
            Some('(') => Err(no_command()),
            Some('{') => {
                let name: String =
                    self.letters.by_ref().skip(1).take_while(|letter| *letter != '}').collect();
                match name.split_once(":-").or_else(|| name.split_once('-')) {
                    Some((_, default)) => default.chars().for_each(|letter| self.push(letter)),
                    None if name.chars().all(is_of_name) && !name.is_empty() => {}
                    None => return Err(Fault::new(format!("unsupported expansion ${{{name}}}"))),
                }
                Ok(())
            }
            Some(letter) if is_of_name(*letter) => {
                while self.letters.next_if(|letter| is_of_name(*letter)).is_some() {}
                Ok(())
            }
            Some(_) | None => {
                self.push('$');
                Ok(())
            }
        }
    }
}

fn is_of_name(letter: char) -> bool {
    letter.is_ascii_alphanumeric() || letter == '_'
}

fn operator(letter: char) -> Fault {
    let shown = if letter == '\n' { "a line break".to_owned() } else { format!("{letter:?}") };
    Fault::new(format!("{shown} is not a valid word: no shell runs the command"))
        .hint("Where a shell is needed, name it: sh -c 'first && second'")
}

fn no_command() -> Fault {
    Fault::new("unexpected command substitution")
        .hint("Where a shell is needed, name it: sh -c 'echo $(date)'")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_cut_as_a_shell_does() {
        for (text, words) in [
            ("python3 task.py schedule now", &["python3", "task.py", "schedule", "now"][..]),
            ("sh -c 'a && b > c'", &["sh", "-c", "a && b > c"]),
            (r#"echo "one \"two\" $HOME" a\ b"#, &["echo", "one \"two\" ", "a b"]),
            ("echo $HOME ${X} ${Y:-three} '' $", &["echo", "three", "", "$"]),
            (r#"a"b"'c' # not this"#, &["abc"]),
            ("", &[]),
        ] {
            assert_eq!(split(text).expect(text), words, "{text}");
        }
    }

    #[test]
    fn what_only_a_shell_understands_is_refused() {
        for text in
            ["a; b", "a && b", "a | b", "a > b", "(a)", "a `b`", "a $(b)", "a\nb", "'a", "\"a", "${a%b}"]
        {
            assert!(split(text).is_err(), "{text}");
        }
    }
}
