//! A plan as the `docker run …` line an operator would type.

use std::fmt;

use super::flags::{FLAGS, Kind};
use super::values::{print_pairs, print_size};
use super::words::quote;
use crate::model::RunPlan;
use crate::model::size::{print_bytes, print_duration};

/// Values of variables are left out, since they may be secrets: `--env=KEY`, as Dokku types it. With
/// `{:#}` they are there.
impl fmt::Display for RunPlan {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("docker run")?;
        // The table's accessors want a plan they could change.
        let mut plan = self.clone();
        for flag in FLAGS {
            for value in values(&mut plan, &flag.kind, f.alternate()) {
                let option = match value {
                    Some(value) => format!("--{}={value}", flag.name),
                    None => format!("--{}", flag.name),
                };
                write!(f, " {}", quote(&option))?;
            }
        }
        for word in std::iter::once(&self.image).chain(&self.command) {
            write!(f, " {}", quote(word))?;
        }
        Ok(())
    }
}

/// What is to be printed for an option: none for a switch that is on.
fn values(plan: &mut RunPlan, kind: &Kind, with_secrets: bool) -> Vec<Option<String>> {
    let one = |value: Option<String>| value.into_iter().map(Some).collect();
    match kind {
        Kind::Switch(field) => field(plan).then_some(None).into_iter().collect(),
        Kind::Text(field) => one(field(plan).clone()),
        Kind::Texts(field) => field(plan).iter().cloned().map(Some).collect(),
        Kind::Pairs(field) => print_pairs(field(plan)).into_iter().map(Some).collect(),
        Kind::Number(field) => one(field(plan).map(|number| number.to_string())),
        Kind::Size(field) => one(field(plan).map(print_bytes)),
        Kind::Duration(field) => one(field(plan).map(print_duration)),
        Kind::Rates(field, _) => {
            field(plan).iter().map(|(path, rate)| Some(format!("{path}:{}", print_size(*rate)))).collect()
        }
        Kind::Own(_, print) => print(plan).into_iter().map(Some).collect(),
        Kind::Environment if with_secrets => plan.env.iter().cloned().map(Some).collect(),
        Kind::Environment => {
            let key = |line: &String| line.split('=').next().unwrap_or_default().to_owned();
            plan.env.iter().map(|line| Some(key(line))).collect()
        }
        Kind::Client(_) | Kind::Refused(_) => Vec::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_of_variables_are_not_shown_unless_asked() {
        let mut plan = RunPlan::of_image("dokku/app:latest");
        plan.name = Some("app.web.1".into());
        plan.env = vec!["SECRET=hush".into()];
        plan.command = vec!["sh".into(), "-c".into(), "echo hi".into()];
        assert_eq!(
            plan.to_string(),
            "docker run --name=app.web.1 --env=SECRET dokku/app:latest sh -c 'echo hi'"
        );
        assert!(format!("{plan:#}").contains("--env=SECRET=hush"));
    }
}
