//! Digests by which names are made; nothing is proved by them.

use crate::model::{Context, Outcome};

/// The SHA-1 of a text, in hexadecimal.
///
/// # Errors
/// When the text is one of those made to collide with another.
pub fn sha1(text: &str) -> Outcome<String> {
    let mut hasher = gix_hash::hasher(gix_hash::Kind::Sha1);
    hasher.update(text.as_bytes());
    Ok(hasher.try_finalize().context(|| format!("cannot make a name of {text}"))?.to_string())
}

#[cfg(test)]
mod tests {
    #[test]
    fn it_is_what_sha1sum_says() {
        assert_eq!(super::sha1("abc").expect("a digest"), "a9993e364706816aba3e25717850c26c9cd0d89d");
    }
}
