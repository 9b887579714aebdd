//! `CONTAINER`, `IP`, `PORT`: the one container of apps that no release since has deployed.

use super::old_file;
use super::report::Report;
use crate::model::{AppName, Dyno, Outcome, ProcessType, Scope};
use crate::platform::files;
use crate::store::{Layout, processes};

/// The id.
const FILE: &str = "CONTAINER";

/// All that told of it. A kill may have left the latter two.
pub const FILES: [&str; 3] = [FILE, "IP", "PORT"];

/// It becomes the first web process, unless there is one. What names it comes last, and goes first.
///
/// # Errors
/// When something cannot be read, written or removed.
pub fn adopt(layout: &Layout, app: &AppName, report: &mut Report) -> Outcome {
    let folder = layout.app(app);
    let read = |name: &str| -> Outcome<Option<String>> {
        let text = old_file::read(&folder.join(name))?;
        Ok(text.map(|text| text.trim().to_owned()).filter(|text| !text.is_empty()))
    };
    let web = Dyno { process_type: ProcessType::web(), index: 1 };
    if let Some(id) = read(FILE)? {
        let now = processes::container(layout, app, &web)?;
        if let Some(now) = now.filter(|now| *now != id) {
            let text = format!("container {id} of {FILE} is not the app's any more: {now} is");
            report.left(&Scope::from(app), text)?;
        } else {
            if let Some(ip) = read("IP")? {
                processes::set_ip(layout, app, &web, &ip)?;
            }
            if let Some(port) = read("PORT")?.and_then(|port| port.parse().ok()) {
                processes::set_port(layout, app, &web, port)?;
            }
            processes::set_container(layout, app, &web, &id)?;
            report.taken(&Scope::from(app), format!("container {id} of {FILE} is {web}"))?;
        }
    }
    for name in FILES {
        files::remove(&folder.join(name))?;
    }
    Ok(())
}
