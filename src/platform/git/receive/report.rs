//! What the client hears last.

use super::push::RefResult;
use crate::platform::git::wire::Wire;

/// Sends the status of the pack (`ok`, or one line that says what is wrong) and of every reference.
pub(super) fn report(wire: &Wire, unpack: &str, results: &[RefResult]) {
    let mut text = packet(&format!("unpack {}\n", one_line(unpack)));
    for result in results {
        let name = &result.update.name;
        text += &match &result.refusal {
            None => packet(&format!("ok {name}\n")),
            Some(why) => packet(&format!("ng {name} {}\n", one_line(why))),
        };
    }
    text += "0000";
    wire.data(text.as_bytes());
    wire.flush();
}

fn packet(line: &str) -> String {
    format!("{:04x}{line}", line.len() + 4)
}

fn one_line(text: &str) -> String {
    let mut line = text.trim().replace(['\n', '\r'], "; ");
    // A packet holds 65516 bytes, the name of the reference among them.
    while line.len() > 2000 {
        line.pop();
    }
    line
}
