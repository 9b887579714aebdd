//! A trigger: name, arguments, meaning, as one type with a typed call.

use std::str::FromStr;

use super::call::Stdin;
use super::payload::Payload;
use crate::model::{AppName, Fault, ProcessType, Scope};

/// A trigger and its arguments. Strings are packed and unpacked here only.
pub trait Trigger: Send + Sync + Sized + 'static {
    /// The file name in a plugin's folder.
    const NAME: &'static str;
    /// Names of the arguments, for the reference.
    const ARGUMENTS: &'static [&'static str];
    /// The doc comment: when it is fired and what listeners may do.
    const ABOUT: &'static str;
    /// What listeners find on standard input.
    const STDIN: Stdin = Stdin::Inherited;
    /// What the joined standard output means.
    type Output: Payload;

    /// As a plugin's executable gets them.
    fn arguments(&self) -> Vec<String>;

    /// From what a plugin handed to `plugn trigger`. Missing trailing arguments are empty.
    ///
    /// # Errors
    /// When an argument cannot be what it must be.
    fn parse(arguments: &[String]) -> Result<Self, Fault>;
}

/// A trigger as a line of the reference.
#[derive(Clone, Copy, Debug)]
pub struct Described {
    /// The file name in a plugin's folder.
    pub name: &'static str,
    /// Names of the arguments.
    pub arguments: &'static [&'static str],
    /// When it is fired and what listeners may do.
    pub about: &'static str,
    /// True when what listeners print is read by whoever fired, false when it is progress for the user.
    pub is_captured: bool,
    /// What listeners find on standard input.
    pub stdin: Stdin,
}

impl Described {
    /// The line of a trigger type.
    pub const fn of<T: Trigger>() -> Self {
        Described {
            name: T::NAME,
            arguments: T::ARGUMENTS,
            about: T::ABOUT,
            is_captured: T::Output::CAPTURED,
            stdin: T::STDIN,
        }
    }
}

/// An argument of a trigger.
pub trait Argument: Sized {
    /// True for all words that are left: an empty one at their end counts, while a missing argument is left out.
    const IS_REST: bool = false;

    /// Appends itself to the list.
    fn push(&self, arguments: &mut Vec<String>);
    /// Takes itself from the front of the rest.
    ///
    /// # Errors
    /// When what stands there cannot be it.
    fn take(rest: &mut &[String]) -> Result<Self, Fault>;
}

fn next(rest: &mut &[String]) -> String {
    match rest.split_first() {
        Some((first, tail)) => {
            *rest = tail;
            first.clone()
        }
        None => String::new(),
    }
}

impl Argument for String {
    fn push(&self, arguments: &mut Vec<String>) {
        arguments.push(self.clone());
    }

    fn take(rest: &mut &[String]) -> Result<Self, Fault> {
        Ok(next(rest))
    }
}

impl Argument for bool {
    fn push(&self, arguments: &mut Vec<String>) {
        arguments.push(self.to_string());
    }

    fn take(rest: &mut &[String]) -> Result<Self, Fault> {
        Ok(next(rest) == "true")
    }
}

impl Argument for AppName {
    fn push(&self, arguments: &mut Vec<String>) {
        arguments.push(self.to_string());
    }

    fn take(rest: &mut &[String]) -> Result<Self, Fault> {
        AppName::from_str(&next(rest))
    }
}

/// The name of an app, or `--global`.
impl Argument for Scope {
    fn push(&self, arguments: &mut Vec<String>) {
        arguments.push(self.to_string());
    }

    fn take(rest: &mut &[String]) -> Result<Self, Fault> {
        match next(rest).as_str() {
            "--global" => Ok(Scope::Global),
            app => app.parse().map(Scope::App),
        }
    }
}

impl Argument for ProcessType {
    fn push(&self, arguments: &mut Vec<String>) {
        arguments.push(self.to_string());
    }

    fn take(rest: &mut &[String]) -> Result<Self, Fault> {
        next(rest).parse()
    }
}

impl Argument for u32 {
    fn push(&self, arguments: &mut Vec<String>) {
        arguments.push(self.to_string());
    }

    fn take(rest: &mut &[String]) -> Result<Self, Fault> {
        let text = next(rest);
        text.parse().map_err(|_| Fault::new(format!("{text} is not a number")))
    }
}

/// An argument that may be missing: an empty word, or nothing at the end.
impl<T: Argument> Argument for Option<T> {
    fn push(&self, arguments: &mut Vec<String>) {
        match self {
            Some(value) => value.push(arguments),
            None => arguments.push(String::new()),
        }
    }

    fn take(rest: &mut &[String]) -> Result<Self, Fault> {
        match rest.split_first() {
            None => Ok(None),
            Some((text, tail)) if text.is_empty() => {
                *rest = tail;
                Ok(None)
            }
            Some(_) => T::take(rest).map(Some),
        }
    }
}

/// All that is left. Stands last.
impl Argument for Vec<String> {
    const IS_REST: bool = true;

    fn push(&self, arguments: &mut Vec<String>) {
        arguments.extend(self.iter().cloned());
    }

    fn take(rest: &mut &[String]) -> Result<Self, Fault> {
        Ok(std::mem::take(rest).to_vec())
    }
}

/// Declares the triggers of a file, once per file: doc comment, type, file name, arguments in order, what listeners may
/// read (the command's own standard input where nothing is said), and what the output means.
///
/// ```text
/// trigger! {
///     /// After an app was made.
///     PostCreate = "post-create" { app: AppName } -> ()
///     /// For the build of an image.
///     DockerArgsBuild = "docker-args-build" { app: AppName, builder: String } reads Nothing -> String
/// }
/// ```
macro_rules! trigger {
    ($( $(#[doc = $about:literal])+ $name:ident = $text:literal { $($field:ident : $kind:ty),* $(,)? } $(reads $stdin:ident)? -> $output:ty )+) => {
        /// The triggers of this file, for the reference.
        pub(super) const FAMILY: &[$crate::kernel::Described] = &[$($crate::kernel::Described::of::<$name>()),+];
    $(
        $(#[doc = $about])+
        #[derive(Clone, Debug)]
        pub struct $name { $( #[doc = concat!("Argument `", stringify!($field), "`.")] pub $field: $kind ),* }

        impl $crate::kernel::Trigger for $name {
            const NAME: &'static str = $text;
            const ARGUMENTS: &'static [&'static str] = &[$(stringify!($field)),*];
            const ABOUT: &'static str = concat!($($about, "\n"),+);
            $( const STDIN: $crate::kernel::Stdin = $crate::kernel::Stdin::$stdin; )?
            type Output = $output;

            fn arguments(&self) -> Vec<String> {
                #[allow(unused_mut, reason = "a trigger may have no arguments")]
                let mut arguments = Vec::new();
                #[allow(unused_mut, reason = "a trigger may have no arguments")]
                let mut kept = 0;
                $(
                    let before = arguments.len();
                    $crate::kernel::Argument::push(&self.$field, &mut arguments);
                    if <$kind as $crate::kernel::Argument>::IS_REST && arguments.len() > before {
                        kept = arguments.len();
                    }
                )*
                while arguments.len() > kept && arguments.last().is_some_and(String::is_empty) {
                    arguments.pop();
                }
                arguments
            }

            fn parse(arguments: &[String]) -> std::result::Result<Self, $crate::model::Fault> {
                #[allow(unused_mut, unused_variables, reason = "a trigger may have no arguments")]
                let mut rest = arguments;
                Ok($name { $( $field: $crate::kernel::Argument::take(&mut rest)? ),* })
            }
        }
    )+ };
}
pub(crate) use trigger;

#[cfg(test)]
mod tests {
    use super::*;

    trigger! {
        /// For this test.
        Sample = "sample" { app: AppName, index: Option<u32>, words: Vec<String> } reads Nothing -> ()
    }

    fn sample(index: Option<u32>, words: &[&str]) -> Vec<String> {
        let words = words.iter().map(|word| (*word).to_owned()).collect();
        Sample { app: "shop".parse().expect("a name"), index, words }.arguments()
    }

    #[test]
    fn missing_arguments_are_left_out_at_the_end_and_empty_words_kept() {
        assert_eq!(sample(None, &[]), ["shop"]);
        assert_eq!(sample(Some(2), &[]), ["shop", "2"]);
        assert_eq!(sample(None, &["a", ""]), ["shop", "", "a", ""]);
        assert_eq!(FAMILY[0].stdin, Stdin::Nothing);
    }

    #[test]
    fn what_is_packed_is_unpacked() {
        let again = Sample::parse(&sample(None, &["a", ""])).expect("it fits");
        assert_eq!((again.index, again.words), (None, vec!["a".to_owned(), String::new()]));
        assert!(Sample::parse(&[]).is_err(), "an app is no app without a name");
    }
}
