//! The CHECKS file: the old form of checks, before they stood in app.json (contract: formats.md section 6).

use serde_json::{Map, Value, json};

use super::{Fault, Outcome};

/// The checks of a CHECKS file in the form that app.json has, for the web process.
///
/// # Errors
/// When a setting is not a number; the message names the line.
pub fn to_app_json(text: &str) -> Outcome<Vec<Value>> {
    let mut settings = Map::new();
    let mut checks = Vec::new();
    for (index, line) in text.lines().enumerate() {
        let line = line.split('#').next().unwrap_or_default().trim();
        match setting(line) {
            Some((key, value)) => {
                let value: i32 = value.parse().map_err(|_| not_a_number(index, line))?;
                settings.insert(key.to_owned(), value.into());
            }
            None if line.is_empty() => {}
            None => checks.push(check(line, checks.len() + 1)),
        }
    }
    // A 0 is no setting, as in app.json.
    settings.retain(|_, value| *value != json!(0));
    // The last one counts for all checks, wherever it stands.
    checks.iter_mut().for_each(|check| {
        check.extend(settings.clone());
        check.sort_keys();
    });
    Ok(checks.into_iter().map(Value::Object).collect())
}

fn setting(line: &str) -> Option<(&'static str, &str)> {
    let (name, value) = line.split_once('=')?;
    let key = match name {
        "ATTEMPTS" => "attempts",
        "TIMEOUT" => "timeout",
        "WAIT" => "wait",
        _ => return None,
    };
    Some((key, value))
}

fn not_a_number(index: usize, line: &str) -> Fault {
    Fault::new(format!("Line {} of the CHECKS file is not understood: {line}", index + 1))
        .hint("What stands behind = must be a whole number")
}

/// A line `PLACE [CONTENT]`.
fn check(line: &str, number: usize) -> Map<String, Value> {
    let (place, content) = line.split_once([' ', '\t']).unwrap_or((line, ""));
    let (is_tls, place) = match (place.strip_prefix("https:"), place.strip_prefix("http:")) {
        (Some(rest), _) if rest.starts_with("//") => (true, rest),
        (_, Some(rest)) if rest.starts_with("//") => (false, rest),
        _ => (false, place),
    };
    let (host, path) = match place.strip_prefix("//") {
        Some(rest) => rest.split_at(rest.find(['/', '?']).unwrap_or(rest.len())),
        None => ("", place),
    };
    // A check without a path would be one of another kind.
    let path = if path.starts_with('/') { path.to_owned() } else { format!("/{path}") };
    let mut check = Map::new();
    check.insert("name".to_owned(), format!("check-{number}").into());
    check.insert("path".to_owned(), path.into());
    check.insert("type".to_owned(), "startup".into());
    if !content.is_empty() {
        check.insert("content".to_owned(), content.trim().into());
    }
    if !host.is_empty() {
        check.insert("httpHeaders".to_owned(), json!([{ "name": "Host", "value": host }]));
    }
    if is_tls {
        check.insert("scheme".to_owned(), "https".into());
    }
    check
}

#[cfg(test)]
mod tests {
    use super::*;
    use expect_test::expect;

    #[test]
    fn each_line_becomes_a_check_and_settings_count_for_all() {
        let text = "\
# of the shop
WAIT=2 # seconds
/ Hello  World! # greeting
//shop.example.com/path
http://shop.example.com?a=b
https://shop.example.com/login\tcome in
ping
TIMEOUT=0

ATTEMPTS=7
";
        let lines: Vec<String> =
            to_app_json(text).expect("checks").iter().map(|check| format!("{check}\n")).collect();
        expect![[r#"
            {"attempts":7,"content":"Hello  World!","name":"check-1","path":"/","type":"startup","wait":2}
            {"attempts":7,"httpHeaders":[{"name":"Host","value":"shop.example.com"}],"name":"check-2","path":"/path","type":"startup","wait":2}
            {"attempts":7,"httpHeaders":[{"name":"Host","value":"shop.example.com"}],"name":"check-3","path":"/?a=b","type":"startup","wait":2}
            {"attempts":7,"content":"come in","httpHeaders":[{"name":"Host","value":"shop.example.com"}],"name":"check-4","path":"/login","scheme":"https","type":"startup","wait":2}
            {"attempts":7,"name":"check-5","path":"/ping","type":"startup","wait":2}
        "#]]
        .assert_eq(&lines.concat());
    }

    #[test]
    fn a_setting_that_is_no_number_is_refused_by_its_line() {
        let fault = to_app_json("\nWAIT=soon\n").expect_err("no number");
        assert_eq!(fault.message, "Line 2 of the CHECKS file is not understood: WAIT=soon");
    }
}
