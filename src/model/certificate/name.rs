//! Names in certificates, in the two spellings of openssl that reports show.

use x509_parser::x509::{AttributeTypeAndValue, X509Name};

/// Object identifiers of attributes, and what openssl calls them in short.
const SHORT: &[(&str, &str)] = &[
    ("0.9.2342.19200300.100.1.1", "UID"),
    ("0.9.2342.19200300.100.1.25", "DC"),
    ("1.2.840.113549.1.9.1", "emailAddress"),
    ("1.3.6.1.4.1.311.60.2.1.1", "jurisdictionL"),
    ("1.3.6.1.4.1.311.60.2.1.2", "jurisdictionST"),
    ("1.3.6.1.4.1.311.60.2.1.3", "jurisdictionC"),
    ("2.5.4.3", "CN"),
    ("2.5.4.4", "SN"),
    ("2.5.4.5", "serialNumber"),
    ("2.5.4.6", "C"),
    ("2.5.4.7", "L"),
    ("2.5.4.8", "ST"),
    ("2.5.4.9", "street"),
    ("2.5.4.10", "O"),
    ("2.5.4.11", "OU"),
    ("2.5.4.12", "title"),
    ("2.5.4.15", "businessCategory"),
    ("2.5.4.17", "postalCode"),
    ("2.5.4.42", "GN"),
];

/// `C=US; O=Example; CN=example.com`.
pub fn in_report(name: &X509Name<'_>) -> String {
    let parts: Vec<String> =
        name.iter_attributes().map(|part| format!("{}={}", kind(part), value(part))).collect();
    parts.join("; ")
}

/// `C = US, O = "Example, Inc.", CN = example.com`.
pub fn in_text(name: &X509Name<'_>) -> String {
    let part = |part: &AttributeTypeAndValue<'_>| format!("{} = {}", kind(part), quoted(&value(part)));
    let sets: Vec<String> =
        name.iter_rdn().map(|set| set.iter().map(part).collect::<Vec<_>>().join(" + ")).collect();
    sets.join(", ")
}

/// The first common name, if there is one.
pub fn common(name: &X509Name<'_>) -> Option<String> {
    name.iter_common_name().next().map(value).filter(|value| !value.is_empty())
}

fn kind(part: &AttributeTypeAndValue<'_>) -> String {
    let id = part.attr_type().to_id_string();
    SHORT.iter().find(|(known, _)| *known == id).map_or(id, |(_, short)| (*short).to_owned())
}

/// On one line, whatever it holds: it is printed and compared by lines.
fn value(part: &AttributeTypeAndValue<'_>) -> String {
    let text = part
        .as_str()
        .map_or_else(|_| String::from_utf8_lossy(part.as_slice()).into_owned(), ToOwned::to_owned);
    text.replace(char::is_control, "?")
}

fn quoted(value: &str) -> String {
    let is_plain = !value.contains([',', '+', '"', '\\', '<', '>', ';'])
        && !value.starts_with(['#', ' '])
        && !value.ends_with(' ');
    if is_plain {
        value.to_owned()
    } else {
        format!("\"{}\"", value.replace('\\', "\\\\").replace('"', "\\\""))
    }
}
