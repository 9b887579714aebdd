//! Templates against what the original sigil made of them: `tests/fixtures/sigil/cases.json` was recorded from it.

use std::collections::BTreeMap;

use dokku::model::template::{Entry, Session, Value, Variables, World};
use serde::Deserialize;

use crate::support::sources::file;

#[derive(Deserialize)]
struct Recorded {
    files: BTreeMap<String, String>,
    cases: Vec<Case>,
}

#[derive(Deserialize)]
struct Case {
    template: String,
    #[serde(default)]
    variables: BTreeMap<String, String>,
    #[serde(default)]
    posix: bool,
    prints: Option<String>,
    fails: Option<String>,
}

/// The folder in which the cases were recorded.
struct Folder(BTreeMap<String, String>);

impl World for Folder {
    fn exists(&self, path: &str) -> bool {
        self.0.contains_key(path.trim_start_matches("./"))
    }

    fn read(&self, path: &str) -> Result<String, String> {
        let found = self.0.get(path.trim_start_matches("./"));
        found.cloned().ok_or_else(|| format!("open {path}: no such file or directory"))
    }

    fn list(&self, _path: &str) -> Result<Vec<Entry>, String> {
        Ok(self.0.keys().map(|name| Entry { name: name.clone(), is_folder: false }).collect())
    }

    fn run(&self, words: &[String], _env: &BTreeMap<String, String>) -> Result<String, String> {
        match words.split_first() {
            Some((program, rest)) if program == "echo" => Ok(format!("{}\n", rest.join(" "))),
            _ => Err("exit status 1".to_owned()),
        }
    }

    fn fetch(&self, address: &str) -> Result<String, String> {
        Err(format!("nobody answers at {address}"))
    }

    fn stdin(&self) -> Result<String, String> {
        Ok("typed".to_owned())
    }
}

fn recorded() -> Recorded {
    serde_json::from_str(&file("tests/fixtures/sigil/cases.json").text).unwrap()
}

fn rendered(world: &Folder, case: &Case) -> Result<String, String> {
    let variables: Variables =
        case.variables.iter().map(|(key, value)| (key.clone(), Value::text(value.as_str()))).collect();
    let mut session = Session::new(world, BTreeMap::new());
    if case.posix {
        session = session.expanding();
    }
    session.render(&case.template, variables, "<inline>")
}

#[test]
fn every_recorded_case_comes_out_the_same() {
    let Recorded { files, cases } = recorded();
    assert!(cases.len() >= 280, "only {} cases were found", cases.len());
    let world = Folder(files);
    let mut differing = Vec::new();
    for case in &cases {
        let wanted = match (&case.prints, &case.fails) {
            (Some(text), None) => Ok(text.clone()),
            (None, Some(error)) => Err(error.clone()),
            (_, _) => panic!("{:?} must print or fail", case.template),
        };
        let got = rendered(&world, case);
        if got != wanted {
            differing.push(format!(
                "{:?} {:?}\n  wanted {wanted:?}\n  got    {got:?}",
                case.template, case.variables
            ));
        }
    }
    assert!(differing.is_empty(), "{}", differing.join("\n"));
}

/// A sequence of numbers that looks random and is the same every time.
struct Dice(u64);

impl Dice {
    fn below(&mut self, limit: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from((self.0 >> 33) % u64::try_from(limit.max(1)).unwrap()).unwrap()
    }
}

#[test]
fn no_mangled_template_ends_the_program() {
    const PIECES: &[&str] = &[
        "{{",
        "}}",
        "{{-",
        "-}}",
        " ",
        "(",
        ")",
        "|",
        "\"",
        "`",
        "'",
        "\\",
        "$",
        ".",
        ":=",
        "=",
        ",",
        "é",
        "\n",
        "-1",
        "0x",
        "1e999",
        "nil",
        "range",
        "end",
        "else",
        "if",
        "with",
        "define",
        "template",
        "block",
        "break",
        "%d",
        "%!",
        "index",
        "slice",
        "printf",
        "substr",
        "/*",
        "*/",
        "${",
        "}",
        "99999999999",
        "\u{0}",
        "[",
        "]",
        "\\}}\n{{",
    ];
    let Recorded { files, cases } = recorded();
    let world = Folder(files);
    let mut dice = Dice(38);
    for round in 0..4_000 {
        let mut letters: Vec<char> = cases[dice.below(cases.len())].template.chars().collect();
        for _ in 0..=dice.below(4) {
            let at = dice.below(letters.len() + 1);
            match dice.below(3) {
                0 => drop(letters.splice(at..at, PIECES[dice.below(PIECES.len())].chars())),
                1 if at < letters.len() => drop(letters.remove(at)),
                _ => {
                    let other: Vec<char> = cases[dice.below(cases.len())].template.chars().collect();
                    let from = dice.below(other.len() + 1);
                    letters.splice(at..at, other[from..].iter().copied());
                }
            }
        }
        let case = Case {
            template: letters.into_iter().collect(),
            variables: BTreeMap::from([
                ("A".to_owned(), "a b c".to_owned()),
                ("N".to_owned(), "3".to_owned()),
            ]),
            posix: round % 5 == 0,
            prints: None,
            fails: None,
        };
        if let Err(error) = rendered(&world, &case) {
            assert!(!error.is_empty(), "{:?} fails without a word", case.template);
        }
    }
}

fn fails_with(template: &str, wanted: &str) {
    let case = Case {
        template: template.to_owned(),
        variables: BTreeMap::new(),
        posix: template.starts_with("${"),
        prints: None,
        fails: None,
    };
    let files = BTreeMap::from([("self".to_owned(), "{{ include \"self\" }}".to_owned())]);
    let error = rendered(&Folder(files), &case).expect_err("the template cannot end well");
    assert!(error.contains(wanted), "{error}");
}

#[test]
fn what_would_not_end_is_stopped() {
    fails_with(
        "{{ define \"a\" }}{{ template \"a\" }}{{ end }}{{ template \"a\" }}",
        "exceeded maximum template depth",
    );
    fails_with("{{ include \"self\" }}", "exceeded maximum template depth");
    fails_with("{{ range 99999999999 }}{{ end }}", "steps");
    fails_with(
        "{{ $x := \"aaaaaaaaaaaaaaaa\" }}{{ range 99 }}{{ $x = print $x $x }}{{ end }}",
        "longer than",
    );
    fails_with(&format!("{{{{ {}1 }}}}", "(".repeat(50_000)), "max expression depth exceeded");
    fails_with(&"{{ if true }}".repeat(50_000), "nest deeper");
    fails_with(
        &format!("{{{{ if true }}}}{}{{{{ end }}}}", "{{ else if true }}".repeat(50_000)),
        "branches nest deeper",
    );
    fails_with(&"${A:-".repeat(50_000), "nest deeper");
    fails_with("{{ seq 999999999999 }}", "a list of more than");
}
