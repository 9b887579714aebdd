//! Input and terminals on a real engine: what a program does with them the fake cannot know.

use dokku::model::RunPlan;
use dokku::platform::docker::*;
use futures_util::StreamExt;
use tokio::io::AsyncWriteExt;
use tokio::time::timeout;

use super::docker::{BASE, Bench, DEADLINE, read};

/// Runs a story on the machine's engine, if there is one, with a container that reads its input.
fn with_reader(tty: bool, script: &str, story: impl AsyncFnOnce(&dyn Docker, &str)) {
    dokku::platform::runtime().expect("a runtime").block_on(async {
        let Some(bench) = Bench::real().await else { return };
        let mut plan = RunPlan::of_image(BASE);
        plan.command = ["sh", "-c", script].map(str::to_owned).to_vec();
        (plan.interactive, plan.tty) = (true, tty);
        let container = bench.docker.create_container(&plan).await.unwrap();
        let told = timeout(DEADLINE, story(&*bench.docker, &container)).await;
        let how = RemoveContainer { force: true, volumes: true };
        bench.docker.remove_container(&container, how).await.unwrap();
        told.expect("the story ends in time");
    });
}

#[test]
fn input_reaches_a_container_and_so_does_its_end() {
    with_reader(false, "cat; echo over >&2", async |docker, container| {
        let attach = Attach { stdin: true, logs: false };
        let mut attached = docker.attach_container(container, attach).await.unwrap();
        let waiting = docker.wait_container(container, Until::NextExit).await.unwrap();
        docker.start_container(container).await.unwrap();
        attached.input.write_all(b"hello\n").await.unwrap();
        attached.input.shutdown().await.unwrap();
        assert_eq!(read(&mut attached.output).await, ("hello\n".to_owned(), "over\n".to_owned()));
        assert_eq!(waiting.await.unwrap(), 0);
    });
}

#[test]
fn a_terminal_shows_a_prompt_at_once_and_knows_its_size() {
    with_reader(true, "printf '? '; read -r word; stty size; echo \"<$word>\"", async |docker, container| {
        let attach = Attach { stdin: true, logs: false };
        let mut attached = docker.attach_container(container, attach).await.unwrap();
        docker.start_container(container).await.unwrap();
        docker.resize_container(container, Size { width: 97, height: 31 }).await.unwrap();
        let prompt = attached.output.next().await.expect("a prompt").unwrap();
        assert_eq!((prompt.source, &prompt.bytes[..]), (Source::Stdout, &b"? "[..]));
        attached.input.write_all(b"word\r").await.unwrap();
        let (rest, _) = read(&mut attached.output).await;
        assert!(rest.contains("31 97\r\n<word>\r\n"), "{rest:?}");
    });
}

#[test]
fn a_program_run_in_a_container_has_input_and_a_terminal() {
    with_reader(false, "sleep 100", async |docker, container| {
        docker.start_container(container).await.unwrap();
        let command = |script: &str| ["sh", "-c", script].map(str::to_owned).to_vec();
        let plan = ExecPlan { command: command("cat; exit 4"), stdin: true, ..ExecPlan::default() };
        let mut exec = docker.exec(container, &plan).await.unwrap();
        exec.attached.input.write_all(b"in\n").await.unwrap();
        exec.attached.input.shutdown().await.unwrap();
        assert_eq!(read(&mut exec.attached.output).await.0, "in\n");
        assert_eq!(exec_end(docker, &exec.id).await.unwrap(), 4);

        let command = command("read -r go; stty size; tty");
        let plan = ExecPlan { command, stdin: true, tty: true, ..ExecPlan::default() };
        let mut exec = docker.exec(container, &plan).await.unwrap();
        docker.resize_exec(&exec.id, Size { width: 80, height: 24 }).await.unwrap();
        assert_eq!(docker.exec_status(&exec.id).await.unwrap(), None);
        exec.attached.input.write_all(b"go\r").await.unwrap();
        let (said, _) = read(&mut exec.attached.output).await;
        assert!(said.contains("24 80\r\n/dev/pts/"), "{said:?}");
    });
}

#[test]
fn an_engine_that_is_not_there_is_told_with_the_next_step() {
    dokku::platform::runtime().expect("a runtime").block_on(async {
        let folder = tempfile::tempdir().expect("a folder");
        let socket = folder.path().join("docker.sock");
        let error = Engine::new(&socket).ping().await.unwrap_err();
        assert!(error.is_unreachable(), "{error}");
        assert!(error.to_string().contains("there is no Docker socket at"), "{error}");
        assert!(error.fault().hints[0].contains("-v /var/run/docker.sock:"), "{:?}", error.fault().hints);

        drop(std::os::unix::net::UnixListener::bind(&socket).expect("a socket"));
        let error = Engine::new(&socket).ping().await.unwrap_err();
        assert!(error.is_unreachable() && error.to_string().contains("nothing listens"), "{error}");
    });
}

#[test]
fn an_engine_that_is_too_old_is_refused() {
    dokku::platform::runtime().expect("a runtime").block_on(async {
        let folder = tempfile::tempdir().expect("a folder");
        let socket = folder.path().join("docker.sock");
        let listener = tokio::net::UnixListener::bind(&socket).expect("a socket");
        tokio::spawn(async move {
            while let Ok((mut client, _)) = listener.accept().await {
                let answer = b"HTTP/1.1 200 OK\r\nApi-Version: 1.40\r\nContent-Length: 0\r\n\r\n";
                let mut request = [0; 1024];
                let _ = tokio::io::AsyncReadExt::read(&mut client, &mut request).await;
                let _ = client.write_all(answer).await;
            }
        });
        let error = Engine::new(&socket).ping().await.unwrap_err();
        assert!(error.to_string().contains("too old: it has API 1.40, needed is 1.41"), "{error}");
    });
}
