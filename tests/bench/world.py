"""What is measured: an appliance of its own, an OpenSSH server beside it, repositories to push."""

import os
import pathlib
import shutil
import socket
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request

HERE = pathlib.Path(__file__).resolve().parent
DOCKER = os.environ.get("DOCKER", "docker")
IMAGE = os.environ.get("DOKKU_TEST_IMAGE", "dokku/dokku:test")
RUN = f"b{os.getpid()}"
SSH = ["ssh", "-F", "none", "-o", "BatchMode=yes", "-o", "IdentitiesOnly=yes", "-o", "StrictHostKeyChecking=no",
       "-o", "UserKnownHostsFile=/dev/null", "-o", "LogLevel=ERROR"]
GIT = dict(os.environ, GIT_CONFIG_GLOBAL="/dev/null", GIT_CONFIG_SYSTEM="/dev/null", GIT_AUTHOR_NAME="Ada",
           GIT_AUTHOR_EMAIL="ada@example.com", GIT_COMMITTER_NAME="Ada", GIT_COMMITTER_EMAIL="ada@example.com")


def run(*words, **options):
    """Runs, and ends the benchmark with everything that was said if that fails."""
    ran = subprocess.run([str(word) for word in words], capture_output=True, text=True, **options)
    if ran.returncode:
        raise SystemExit(f"$ {' '.join(map(str, words))}\n{ran.stdout}{ran.stderr}")
    return ran.stdout


def docker(*words):
    return run(DOCKER, *words)


def timed(act):
    begun = time.perf_counter()
    act()
    return time.perf_counter() - begun


def until(ask, seconds=60):
    deadline = time.perf_counter() + seconds
    while not ask():
        if time.perf_counter() > deadline:
            raise SystemExit(f"not within {seconds} s: {ask}")
        time.sleep(0.004)


def free_port():
    with socket.socket() as held:
        held.bind(("127.0.0.1", 0))
        return held.getsockname()[1]


def page(port, host):
    request = urllib.request.Request(f"http://127.0.0.1:{port}/", headers={"Host": host})
    try:
        with urllib.request.urlopen(request, timeout=5) as answer:
            return answer.read().decode()
    except (urllib.error.URLError, OSError):
        return ""


class Folder:
    """Everything on disk, with the one key that both servers know."""

    def __init__(self):
        self.path = pathlib.Path(tempfile.mkdtemp(prefix="dokku-bench-"))
        self.key = self.path / "key"
        run("ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", self.key)

    def git_environment(self):
        return dict(GIT, GIT_SSH_COMMAND=" ".join(SSH + ["-i", str(self.key)]), GIT_SSH_VARIANT="ssh")

    def repository(self, name):
        """A copy of the app, committed; its page says which edition it is."""
        copy = self.path / name
        shutil.copytree(HERE / "app", copy)
        run("git", "-C", copy, "init", "-q", env=GIT)
        run("git", "-C", copy, "symbolic-ref", "HEAD", "refs/heads/main", env=GIT)
        return copy

    def edition(self, copy, text):
        (copy / "app.py").write_text((HERE / "app/app.py").read_text().replace("EDITION", text))
        run("git", "-C", copy, "add", "--all", env=GIT)
        run("git", "-C", copy, "commit", "-q", "--allow-empty", "-m", text, env=GIT)

    def push_words(self, copy, url):
        return ["git", "-C", str(copy), "push", "-q", url, "HEAD:refs/heads/main"]

    def push(self, copy, url):
        return run(*self.push_words(copy, url), env=self.git_environment())


class Appliance:
    """As documented, on ports and a volume of its own."""

    def __init__(self, folder):
        self.name, self.folder = f"dokku-bench-{RUN}", folder
        self.ssh, self.http, self.https = free_port(), free_port(), free_port()
        self.apps = []

    def start(self):
        docker("run", "-d", "--name", self.name, "--label", f"dokku.test.run={RUN}", "-p", f"{self.ssh}:22", "-p", f"{self.http}:80",
               "-p", f"{self.https}:443", "-v", f"{self.name}:/mnt/dokku", "-v", "/var/run/docker.sock:/var/run/docker.sock", IMAGE)
        self.pid = docker("inspect", "-f", "{{.State.Pid}}", self.name).strip()

    def healthy(self):
        words = ["nsenter", "-t", self.pid, "-n", "curl", "-fso", "/dev/null", "http://127.0.0.1:18080/_dokku/health"]
        return subprocess.run(words, capture_output=True).returncode == 0

    def boot(self):
        """Seconds from `docker run` to healthy."""
        return timed(lambda: (self.start(), until(self.healthy)))

    def remove(self):
        docker("rm", "-f", self.name)

    def add_key(self):
        run(DOCKER, "exec", "-i", self.name, "dokku", "ssh-keys:add", "bench", input=self.folder.key.with_suffix(".pub").read_text())

    def inside(self, *words):
        return docker("exec", self.name, *words)

    def measure(self, times, *words):
        """Median milliseconds, wall and processor, and peak KiB of a command, as user dokku, inside the container."""
        runs = self.runs(times, words, "/dev/null", "/dev/null")
        return statistics.median(run[0] for run in runs), statistics.median(run[1] for run in runs), max(run[2] for run in runs)

    def peak(self, *words):
        """Peak KiB of a command that takes less than the interpreter that starts the others."""
        said = self.folder.path / "peak"
        self.once(["small", *words], "/dev/null", said)
        return int(said.read_text().split()[-1])

    def once(self, words, source, target):
        """The same of one run that reads and writes files of this machine."""
        return self.runs(1, words, source, target)[0]

    def runs(self, times, words, source, target):
        lines = run(sys.executable, HERE / "measure.py", self.pid, times, source, target, *words).splitlines()
        return [tuple(float(figure) for figure in line.split()) for line in lines]

    def folder_of(self, path):
        """A folder of the container as this machine sees it."""
        return pathlib.Path(f"/proc/{self.pid}/root" + self.inside("realpath", path).strip())

    def app(self, word):
        self.apps.append(f"{word}-{RUN}")
        return self.apps[-1]

    def url(self, app):
        return f"ssh://dokku@127.0.0.1:{self.ssh}/{app}"

    def page(self, app):
        return page(self.http, f"{app}.localhost")

    def down(self):
        subprocess.run([DOCKER, "rm", "-f", "-v", self.name], capture_output=True)
        listed = docker("ps", "-a", "--filter", "label=com.dokku.app-name", "--format", '{{.ID}} {{.Label "com.dokku.app-name"}}')
        mine = [line.split()[0] for line in listed.splitlines() if line.endswith(f"-{RUN}")]
        if mine:
            docker("rm", "-f", "-v", *mine)
        images = [name for name in docker("images", "--format", "{{.Repository}}:{{.Tag}}").splitlines() if f"-{RUN}:" in name]
        if images:
            docker("rmi", "-f", *images)
        subprocess.run([DOCKER, "volume", "rm", "-f", self.name], capture_output=True)


class OpenSsh:
    """The machine's own sshd on a port of its own, with bare repositories beside it."""

    def __init__(self, folder):
        self.folder, self.port = folder, free_port()
        host = folder.path / "host_key"
        run("ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", host)
        config = folder.path / "sshd_config"
        keys = folder.path / "authorized_keys"
        shutil.copy(folder.key.with_suffix(".pub"), keys)
        # Whatever the machine's user starts in a shell of his own is no part of the floor.
        home = folder.path / "home"
        home.mkdir()
        config.write_text(f"Port {self.port}\nSetEnv HOME={home}\nListenAddress 127.0.0.1\nHostKey {host}\nAuthorizedKeysFile {keys}\nPidFile none\n"
                          "StrictModes no\nUsePAM no\nPermitRootLogin yes\nPasswordAuthentication no\nKbdInteractiveAuthentication no\n")
        pathlib.Path("/run/sshd").mkdir(exist_ok=True)
        self.process = subprocess.Popen([shutil.which("sshd") or "/usr/sbin/sshd", "-D", "-e", "-f", config],
                                        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        until(lambda: subprocess.run(["ssh-keyscan", "-p", str(self.port), "127.0.0.1"], capture_output=True).stdout)
        self.user = run("id", "-un").strip()

    def forget(self, name):
        shutil.rmtree(self.folder.path / f"{name}.git")

    def url(self, name):
        bare = self.folder.path / f"{name}.git"
        if not bare.exists():
            run("git", "init", "-q", "--bare", bare, env=GIT)
        return f"ssh://{self.user}@127.0.0.1:{self.port}{bare}"

    def down(self):
        self.process.terminate()
        self.process.wait()
