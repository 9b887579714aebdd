//! What BuildKit tells, in the words of `docker build --progress=plain`.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use bollard_buildkit_proto::google::protobuf::Timestamp;
use bollard_buildkit_proto::moby::buildkit::v1::{StatusResponse, Vertex, VertexLog, VertexStatus};

use crate::platform::docker::Progress;

/// How many of a failed step's last lines are said again at the end.
const LAST_LINES: usize = 20;

/// The steps so far, and which one was spoken of last.
#[derive(Default)]
pub struct Words {
    steps: BTreeMap<String, Step>,
    current: Option<usize>,
    /// Steps that have begun and not been named yet, by digest.
    unnamed: Vec<String>,
}

#[derive(Default)]
struct Step {
    /// Counted in the order in which the steps begin.
    number: usize,
    name: String,
    started: f64,
    is_over: bool,
    error: String,
    /// A line that has not ended yet.
    partial: Vec<u8>,
    /// The last lines.
    lines: VecDeque<String>,
    is_named: bool,
    /// The parts of it that were said to be done.
    parts: BTreeSet<String>,
    /// How it ended, until that is said.
    ending: Option<String>,
}

impl Words {
    /// Says what is new.
    pub fn tell(&mut self, status: StatusResponse, progress: &mut dyn Progress) {
        for vertex in status.vertexes {
            self.vertex(&vertex);
        }
        for part in status.statuses {
            self.part(&part, progress);
        }
        for log in status.logs {
            self.log(&log, progress);
        }
        for warning in status.warnings {
            let short = String::from_utf8_lossy(&warning.short).into_owned();
            if let Some(number) = self.steps.get(&warning.vertex).map(|step| step.number) {
                progress.line(&format!("#{number} WARN: {short}"));
            }
        }
        self.say_what_is_over(progress);
    }

    /// Says again how the failed steps ended.
    pub fn end(&mut self, progress: &mut dyn Progress) {
        self.name_what_runs(progress);
        for step in self.steps.values_mut().filter(|step| !step.error.is_empty()) {
            step.flush(progress);
            progress.line("------");
            progress.line(&format!(" > {}:", step.name));
            for line in &step.lines {
                progress.line(line);
            }
            progress.line("------");
        }
    }

    /// Names the steps that have begun. Called when the engine is silent for a moment, so that a step
    /// that is over at once is not named twice.
    pub fn name_what_runs(&mut self, progress: &mut dyn Progress) {
        for digest in std::mem::take(&mut self.unnamed) {
            if let Some(step) = self.steps.get_mut(&digest).filter(|step| !step.is_named) {
                name(&mut self.current, step, progress);
            }
        }
    }

    fn vertex(&mut self, vertex: &Vertex) {
        let Some(started) = &vertex.started else { return };
        if !self.steps.contains_key(&vertex.digest) {
            let step = Step {
                number: self.steps.len() + 1,
                name: vertex.name.clone(),
                started: seconds(started),
                ..Step::default()
            };
            self.steps.insert(vertex.digest.clone(), step);
            self.unnamed.push(vertex.digest.clone());
        }
        self.finish(vertex);
    }

    fn finish(&mut self, vertex: &Vertex) {
        let Some(completed) = &vertex.completed else { return };
        let Some(step) = self.steps.get_mut(&vertex.digest) else { return };
        if step.is_over {
            return;
        }
        step.is_over = true;
        let took = (seconds(completed) - step.started).max(0.0);
        let ending = if !vertex.error.is_empty() {
            step.error.clone_from(&vertex.error);
            format!("ERROR: {}", vertex.error)
        } else if vertex.cached {
            "CACHED".to_owned()
        } else {
            format!("DONE {took:.1}s")
        };
        let number = step.number;
        step.ending = Some(format!("#{number} {ending}"));
        self.unnamed.retain(|digest| *digest != vertex.digest);
    }

    /// Endings come after the lines of the same message, as they were written.
    fn say_what_is_over(&mut self, progress: &mut dyn Progress) {
        let mut over: Vec<&mut Step> = self.steps.values_mut().filter(|step| step.ending.is_some()).collect();
        over.sort_by_key(|step| step.number);
        for step in over {
            name(&mut self.current, step, progress);
            step.flush(progress);
            if let Some(ending) = step.ending.take() {
                progress.line(&ending);
            }
        }
    }

    /// Only ends are told: a line for each percent would fill a push's output.
    fn part(&mut self, part: &VertexStatus, progress: &mut dyn Progress) {
        let Some(completed) = &part.completed else { return };
        let Some(step) = self.steps.get_mut(&part.vertex) else { return };
        let began = part.started.as_ref().map_or(step.started, seconds);
        let took = (seconds(completed) - began).max(0.0);
        let amount = match (part.current, part.total) {
            (0, 0) => String::new(),
            (current, 0) => format!(" {}", amount(current)),
            (current, total) => format!(" {} / {}", amount(current), amount(total)),
        };
        let time = if took < 0.05 { String::new() } else { format!(" {took:.1}s") };
        let name = if part.name.is_empty() { &part.id } else { &part.name };
        let line = format!("#{} {name}{amount}{time} done", step.number);
        if !step.is_over && step.parts.insert(line.clone()) {
            say(&mut self.current, step, &line, progress);
        }
    }

    fn log(&mut self, log: &VertexLog, progress: &mut dyn Progress) {
        let Some(step) = self.steps.get_mut(&log.vertex) else { return };
        let at = log.timestamp.as_ref().map_or(0.0, |at| (seconds(at) - step.started).max(0.0));
        step.partial.extend_from_slice(&log.msg);
        while let Some(end) = step.partial.iter().position(|byte| *byte == b'\n') {
            let line: Vec<u8> = step.partial.drain(..=end).collect();
            let line = shown(&line);
            step.keep(line.clone());
            let line = format!("#{} {at:.3} {line}", step.number);
            say(&mut self.current, step, &line, progress);
        }
    }
}

impl Step {
    /// Says what was written without a line feed.
    fn flush(&mut self, progress: &mut dyn Progress) {
        if !self.partial.is_empty() {
            let line = shown(&std::mem::take(&mut self.partial));
            progress.line(&format!("#{} {line}", self.number));
            self.keep(line);
        }
    }

    fn keep(&mut self, line: String) {
        if self.lines.len() == LAST_LINES {
            self.lines.pop_front();
        }
        self.lines.push_back(line);
    }
}

/// Says a line of a step, after its name if another step spoke last.
fn say(current: &mut Option<usize>, step: &mut Step, line: &str, progress: &mut dyn Progress) {
    name(current, step, progress);
    progress.line(line);
}

/// Names a step unless it spoke last. A blank line stands between two.
fn name(current: &mut Option<usize>, step: &mut Step, progress: &mut dyn Progress) {
    step.is_named = true;
    if *current == Some(step.number) {
        return;
    }
    if current.replace(step.number).is_some() {
        progress.line("");
    }
    progress.line(&format!("#{} {}", step.number, step.name));
}

/// A line as it can be shown: a progress bar that overwrites itself shows its last state.
fn shown(line: &[u8]) -> String {
    let text = String::from_utf8_lossy(line);
    let text = text.trim_end_matches(['\r', '\n']);
    text.rsplit('\r').next().unwrap_or_default().to_owned()
}

fn seconds(at: &Timestamp) -> f64 {
    // Seconds of our time fit an f64 to the microsecond.
    at.seconds as f64 + f64::from(at.nanos) / 1e9
}

/// Bytes in powers of 1000, as BuildKit shows them.
fn amount(bytes: i64) -> String {
    let mut number = bytes as f64;
    for unit in ["B", "kB", "MB", "GB"] {
        if number < 1000.0 || unit == "GB" {
            return if unit == "B" { format!("{number}{unit}") } else { format!("{number:.2}{unit}") };
        }
        number /= 1000.0;
    }
    format!("{bytes}B")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(seconds: i64) -> Option<Timestamp> {
        Some(Timestamp { seconds, nanos: 0 })
    }

    fn vertex(digest: &str, name: &str) -> Vertex {
        Vertex { digest: digest.into(), name: name.into(), started: at(100), ..Vertex::default() }
    }

    fn log(digest: &str, text: &str) -> VertexLog {
        VertexLog { vertex: digest.into(), timestamp: at(101), stream: 1, msg: text.into() }
    }

    fn check(told: Vec<StatusResponse>, expected: &expect_test::Expect) {
        let mut lines = String::new();
        let mut words = Words::default();
        let mut progress = |line: &str| {
            lines.push_str(line);
            lines.push('\n');
        };
        for status in told {
            words.tell(status, &mut progress);
            words.name_what_runs(&mut progress);
        }
        words.end(&mut progress);
        expected.assert_eq(&lines);
    }

    #[test]
    fn steps_read_as_with_the_docker_client() {
        let done = Vertex { completed: at(102), ..vertex("a", "[1/2] FROM base") };
        let cached = Vertex { completed: at(100), cached: true, ..vertex("b", "[2/2] RUN x") };
        let told = vec![
            StatusResponse { vertexes: vec![vertex("a", "[1/2] FROM base")], ..StatusResponse::default() },
            StatusResponse { logs: vec![log("a", "one\ntw"), log("a", "o\n")], ..StatusResponse::default() },
            StatusResponse { vertexes: vec![done], ..StatusResponse::default() },
            StatusResponse { vertexes: vec![cached], ..StatusResponse::default() },
        ];
        check(
            told,
            &expect_test::expect![[r#"
            #1 [1/2] FROM base
            #1 1.000 one
            #1 1.000 two
            #1 DONE 2.0s

            #2 [2/2] RUN x
            #2 CACHED
        "#]],
        );
    }

    #[test]
    fn a_step_that_speaks_again_is_named_again() {
        let told = vec![
            StatusResponse {
                vertexes: vec![vertex("a", "one"), vertex("b", "two")],
                ..StatusResponse::default()
            },
            StatusResponse { logs: vec![log("a", "from a\n")], ..StatusResponse::default() },
        ];
        check(
            told,
            &expect_test::expect![[r#"
            #1 one

            #2 two

            #1 one
            #1 1.000 from a
        "#]],
        );
    }

    #[test]
    fn a_failed_step_says_its_last_lines_again() {
        let failed = Vertex { completed: at(101), error: "exit code: 3".into(), ..vertex("a", "RUN false") };
        let told = vec![
            StatusResponse { vertexes: vec![vertex("a", "RUN false")], ..StatusResponse::default() },
            StatusResponse {
                vertexes: vec![failed],
                logs: vec![log("a", "no such file")],
                ..StatusResponse::default()
            },
        ];
        check(
            told,
            &expect_test::expect![[r#"
            #1 RUN false
            #1 no such file
            #1 ERROR: exit code: 3
            ------
             > RUN false:
            no such file
            ------
        "#]],
        );
    }

    #[test]
    fn a_progress_bar_shows_its_last_state() {
        assert_eq!(shown(b" 10%\r 90%\r100%\r\n"), "100%");
        assert_eq!(amount(999), "999B");
        assert_eq!(amount(2_500_000), "2.50MB");
    }
}
