//! Properties of plugins that are lists, one item a line (contract: plugin-abi.md section 3.2).

use super::apps::word;
use super::properties::shelf;
use crate::kernel::{BoxFuture, Ctx, Failure, Result};
use crate::model::{Fault, Outcome};

/// `fn-plugin-property-list-add PLUGIN APP KEY VALUE [INDEX]`: appends, or inserts so that it has that number.
pub fn add(ctx: Ctx, words: Vec<String>) -> BoxFuture<Result> {
    Box::pin(async move {
        let (value, index) = (word(&words, 3).trim().to_owned(), number(word(&words, 4))?);
        Ok(shelf(&ctx, &words)?.change_list(word(&words, 2), |lines| {
            // 0 is what an empty word means, and a number past the end is the end.
            let at = index.checked_sub(1).filter(|at| *at < lines.len()).unwrap_or(lines.len());
            lines.insert(at, value);
            Ok(())
        })?)
    })
}

/// `fn-plugin-property-list-get PLUGIN APP KEY`.
pub fn get(ctx: Ctx, words: Vec<String>) -> BoxFuture<Result> {
    Box::pin(async move {
        items(&ctx, &words)?.iter().for_each(|line| ctx.out.plain(line));
        Ok(())
    })
}

/// `fn-plugin-property-list-length PLUGIN APP KEY`.
pub fn length(ctx: Ctx, words: Vec<String>) -> BoxFuture<Result> {
    Box::pin(async move {
        ctx.out.plain(items(&ctx, &words)?.len().to_string());
        Ok(())
    })
}

/// `fn-plugin-property-list-get-by-index PLUGIN APP KEY INDEX`: counted from 0, unlike where one is added.
pub fn get_by_index(ctx: Ctx, words: Vec<String>) -> BoxFuture<Result> {
    Box::pin(async move {
        let lines = items(&ctx, &words)?;
        let line = lines.get(number(word(&words, 3))?).ok_or_else(|| Failure::user("Index not found"))?;
        ctx.out.plain(line);
        Ok(())
    })
}

/// `fn-plugin-property-list-get-by-value PLUGIN APP KEY VALUE`: success, without a word, says that it is there.
pub fn get_by_value(ctx: Ctx, words: Vec<String>) -> BoxFuture<Result> {
    Box::pin(async move {
        let is_there = items(&ctx, &words)?.iter().any(|line| line == word(&words, 3));
        if is_there { Ok(()) } else { Err(Failure::user("Value not found")) }
    })
}

/// `fn-plugin-property-list-remove PLUGIN APP KEY VALUE`: all equal items.
pub fn remove(ctx: Ctx, words: Vec<String>) -> BoxFuture<Result> {
    Box::pin(async move { without(&ctx, &words, |line| line == word(&words, 3)) })
}

/// `fn-plugin-property-list-remove-by-prefix PLUGIN APP KEY PREFIX`: all items that begin so.
pub fn remove_by_prefix(ctx: Ctx, words: Vec<String>) -> BoxFuture<Result> {
    Box::pin(async move { without(&ctx, &words, |line| line.starts_with(word(&words, 3))) })
}

fn without(ctx: &Ctx, words: &[String], goes: impl Fn(&str) -> bool) -> Result {
    Ok(shelf(ctx, words)?.change_list(word(words, 2), |lines| {
        let before = lines.len();
        lines.retain(|line| !goes(line));
        if lines.len() == before {
            return Err(Fault::new("Property not found, nothing was removed"));
        }
        Ok(())
    })?)
}

/// `fn-plugin-property-list-set PLUGIN APP KEY VALUE INDEX`: replaces the item of that number, counted from 0.
pub fn set(ctx: Ctx, words: Vec<String>) -> BoxFuture<Result> {
    Box::pin(async move {
        let (value, index) = (word(&words, 3).trim().to_owned(), number(word(&words, 4))?);
        Ok(shelf(&ctx, &words)?.change_list(word(&words, 2), |lines| match lines.get_mut(index) {
            Some(line) => {
                *line = value;
                Ok(())
            }
            None => {
                lines.push(value);
                Ok(())
            }
        })?)
    })
}

fn items(ctx: &Ctx, words: &[String]) -> Result<Vec<String>> {
    match shelf(ctx, words) {
        Ok(shelf) => Ok(shelf.list(word(words, 2))?),
        Err(_) => Ok(Vec::new()),
    }
}

fn number(text: &str) -> Outcome<usize> {
    if text.is_empty() {
        return Ok(0);
    }
    text.parse().map_err(|_| Fault::new(format!("{text} is no place in a list")))
}
