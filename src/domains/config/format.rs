//! The formats of `config:export` (contract: output.md section 5, config).

use crate::kernel::{Failure, Result, json, table};
use crate::model::dotenv;
use crate::store::variables::Variables;

/// The names of the formats, as errors list them.
pub const NAMES: [&str; 9] = [
    "docker-args",
    "docker-args-keys",
    "envfile",
    "exports",
    "json",
    "json-list",
    "pack-keys",
    "pretty",
    "shell",
];

/// Variables in a format, with what follows the last one: a newline, or a space for `shell`.
pub fn print(variables: &Variables, format: &str) -> Result<String> {
    let each = |prefix: &str, separator: &str| {
        joined(variables, separator, |key, value| format!("{prefix}{key}={}", quote(value)))
    };
    let text = match format {
        "exports" => each("export ", "\n") + "\n",
        "docker-args" => each("--env=", " ") + "\n",
        "shell" => each("", " ") + " ",
        "docker-args-keys" => joined(variables, " ", |key, _| format!("--env={key}")) + "\n",
        "pack-keys" => joined(variables, " ", |key, _| format!("--env {key}")) + "\n",
        "envfile" if variables.is_empty() => "\n".to_owned(),
        "envfile" => dotenv::print(variables),
        "json" => json::compact(variables) + "\n",
        "json-list" => json_list(variables) + "\n",
        "pretty" => pretty(variables).join("\n") + "\n",
        other => {
            return Err(Failure::user(format!("Unknown export format: {other}"))
                .hint(format!("formats: {}", NAMES.join(", "))));
        }
    };
    Ok(text)
}

fn joined(variables: &Variables, separator: &str, one: impl Fn(&str, &str) -> String) -> String {
    variables.iter().map(|(key, value)| one(key, value)).collect::<Vec<_>>().join(separator)
}

fn json_list(variables: &Variables) -> String {
    let list: Vec<_> =
        variables.iter().map(|(key, value)| serde_json::json!({ "name": key, "value": value })).collect();
    json::compact(&list)
}

/// In single quotes, for a shell: exact for every byte, newlines included.
pub fn quote(value: &str) -> String {
    format!("'{}'", value.replace('\'', "'\\''"))
}

/// The lines of `config:show`.
pub fn pretty(variables: &Variables) -> Vec<String> {
    let rows: Vec<Vec<String>> =
        variables.iter().map(|(key, value)| vec![format!("{key}:"), value.clone()]).collect();
    table::columns(&rows)
}

#[cfg(test)]
mod tests {
    use expect_test::{Expect, expect};

    use super::*;

    fn check(format: &str, expected: Expect) {
        let variables = [("B", "it's"), ("A", "one\ntwo"), ("LONG", "42"), ("E", "<&>")];
        let variables = variables.map(|(key, value)| (key.to_owned(), value.to_owned())).into();
        expected.assert_eq(&print(&variables, format).expect("a format"));
    }

    #[test]
    fn each_format_has_its_quoting() {
        check(
            "exports",
            expect![[r"
            export A='one
            two'
            export B='it'\''s'
            export E='<&>'
            export LONG='42'
        "]],
        );
        check(
            "envfile",
            expect![[r#"
            A="one\ntwo"
            B="it's"
            E="<&>"
            LONG=42
        "#]],
        );
        check(
            "docker-args-keys",
            expect![[r"
            --env=A --env=B --env=E --env=LONG
        "]],
        );
        check(
            "pack-keys",
            expect![[r"
            --env A --env B --env E --env LONG
        "]],
        );
        check(
            "json",
            expect![[r#"
            {"A":"one\ntwo","B":"it's","E":"\u003c\u0026\u003e","LONG":"42"}
        "#]],
        );
        check(
            "json-list",
            expect![[r#"
            [{"name":"A","value":"one\ntwo"},{"name":"B","value":"it's"},{"name":"E","value":"\u003c\u0026\u003e"},{"name":"LONG","value":"42"}]
        "#]],
        );
        check(
            "pretty",
            expect![[r"
            A:     one
            two
            B:     it's
            E:     <&>
            LONG:  42
        "]],
        );
    }

    #[test]
    fn shell_ends_with_a_space() {
        let variables = [("A".to_owned(), "x y".to_owned())].into();
        assert_eq!(print(&variables, "shell").expect("a format"), "A='x y' ");
        assert_eq!(print(&variables, "docker-args").expect("a format"), "--env=A='x y'\n");
        assert!(print(&variables, "yaml").is_err());
    }
}
