use std::io;

use super::target::{self, Target};
use crate::kernel::{Command, Ctx, Failure, Gate, Result, Stream};
use crate::store::variables::Variables;

/// Bundle the config vars into a tar archive
///
/// The archive goes to standard output: a file per variable, named like it, mode 0600.
#[derive(clap::Args)]
pub struct Bundle {
    #[command(flatten)]
    target: Target,
    /// Include the variables of all apps
    #[arg(long)]
    merged: bool,
}

impl Command for Bundle {
    const NAME: &'static str = "config:bundle";
    const GATE: Gate = Gate::User;

    async fn run(self, ctx: &Ctx) -> Result {
        let scope = self.target.scope(ctx)?;
        let variables = target::read(ctx, &scope, self.merged)?;
        let bytes = archive(&variables).map_err(|error| Failure::internal(error.to_string()))?;
        // Whoever reads may have seen enough.
        let _ = ctx.out.raw(Stream::Stdout, &bytes);
        Ok(())
    }
}

fn archive(variables: &Variables) -> io::Result<Vec<u8>> {
    let mut archive = tar::Builder::new(Vec::new());
    for (key, value) in variables {
        let mut header = tar::Header::new_gnu();
        header.set_mode(0o600);
        header.set_size(value.len() as u64);
        archive.append_data(&mut header, key, value.as_bytes())?;
    }
    archive.into_inner()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_variable_is_a_file() {
        let variables = [("A", "one\ntwo"), ("B", "")].map(|(k, v)| (k.to_owned(), v.to_owned())).into();
        let bytes = archive(&variables).expect("an archive");
        let mut archive = tar::Archive::new(bytes.as_slice());
        let files: Vec<String> = archive
            .entries()
            .expect("entries")
            .map(|entry| {
                let entry = entry.expect("an entry");
                let (mode, size) = (entry.header().mode().expect("a mode"), entry.size());
                format!("{} {mode:o} {size}", entry.path().expect("a name").display())
            })
            .collect();
        assert_eq!(files, ["A 600 7", "B 600 0"]);
    }
}
