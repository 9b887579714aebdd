"""The rows of the table. Each is a function that returns figures; main() compares and prints them."""

import pathlib
import platform
import re
import signal
import statistics
import subprocess
import sys

import receive
import world
from load import Visitors
from rows import ROWS, Row, row
from world import DOCKER, HERE, IMAGE, SSH, Appliance, Folder, OpenSsh, docker, run, timed, until

APPS = 50
HEAD = """# Performance

Written by `tests/bench/run.sh --write`; its rows and their targets stand in `tests/bench/bench.py`.

The appliance runs as documented, on a volume of its own. The floor is what this very machine needs without it,
measured in the same run and in turns, so that what counts is the ratio:

- of a push until its page answers: `docker build`, `docker run` and the first answer, by hand. The app is a web
  server of Python's standard library; its page is asked for while the push still watches the new release.
- of anything by SSH: OpenSSH's server on the same machine with the same ed25519 key, its shell without any
  start-up files; behind it plain `git`.
- of the receiving process: `git receive-pack` of the image, on the same volume and with the same bytes, which are
  made beforehand. The repository is new each time, and `receive.autogc` is off.

Figures are medians: of 30 turns for git and SSH, of 5 turns for the large repository (3 end to end), of 5 apps with
one first and two later pushes each. The own share is what the pushing process tells with `trace:on` at the step
after the switch: its time less all time in which it waited for somebody. Peaks are the largest process of a
command; memory at rest is the sum of the proportional shares (PSS) of all processes, seconds after the start.

Rows on routes are of an appliance with 1,000 apps of two domains each. A site by hand is the least that nginx needs
to hand requests on, with the same compression and logs; both are asked in ten turns by 20 kept connections.

"""


def alternating(times, ours, floor):
    """Medians of both, measured in turns, so that a noisy minute meets both."""
    pairs = [(timed(ours), timed(floor)) for _ in range(times)]
    return statistics.median(p[0] for p in pairs), statistics.median(p[1] for p in pairs)


def by_hand(folder, copy, number):
    """`docker build`, `docker run`, first answer."""
    name, port = f"dokku-bench-{world.RUN}-hand{number}", world.free_port()

    def act():
        run(DOCKER, "build", "-q", "-t", name, copy)
        docker("run", "-d", "--name", name, "-e", "PORT=5000", "-p", f"127.0.0.1:{port}:5000", name)
        until(lambda: world.page(port, "localhost"))

    seconds = timed(act)
    docker("rm", "-f", name)
    docker("rmi", "-f", name)
    return seconds


@row("push")
def push_until_the_page_answers(appliance, folder, openssh):
    first, later, floor, own = [], [], [], []
    for turn in range(5):
        app, copy = appliance.app(f"push{turn}"), folder.repository(f"push{turn}")
        for number in range(3):
            text = f"edition {turn} {number} {world.RUN}"
            folder.edition(copy, text)
            (later if number else first).append(answered(appliance, folder, app, copy, text))
            folder.edition(copy, text + " by hand")
            floor.append(by_hand(folder, copy, number))
            # What was committed for the build by hand is not to be part of the next push's work.
            run("git", "-C", copy, "reset", "-q", "--hard", "HEAD~1", env=world.GIT)
    floor = statistics.median(floor)
    yield Row("first push of a small app until its page answers", statistics.median(first), 3, "s", floor)
    yield Row("later pushes", statistics.median(later), 3, "s", floor)
    appliance.inside("dokku", "trace:on")
    for turn in range(5):
        app, copy = appliance.app(f"own{turn}"), folder.repository(f"own{turn}")
        for number in range(2):
            folder.edition(copy, f"own {turn} {number} {world.RUN}")
            own.append(own_share(appliance, folder, app, copy))
    appliance.inside("dokku", "trace:off")
    yield Row("own share of that: less engine, build, checks, nginx, client", statistics.median(own), 250, "ms")


def answered(appliance, folder, app, copy, text):
    """Seconds from the push to the first answer. The push itself stays to watch the new containers for three
    seconds more, while the page answers already."""
    begun = world.time.perf_counter()
    push = subprocess.Popen(folder.push_words(copy, appliance.url(app)), env=folder.git_environment(), stdout=subprocess.DEVNULL,
                            stderr=subprocess.PIPE, text=True)
    until(lambda: text in appliance.page(app) or push.poll())
    seconds = world.time.perf_counter() - begun
    said = push.communicate()[1]
    if push.returncode:
        raise SystemExit(f"the push of {app} failed:\n{said}")
    return seconds


def own_share(appliance, folder, app, copy):
    """Milliseconds in which the pushing process waited for nobody, until the routes had been switched."""
    pushed = subprocess.run(folder.push_words(copy, appliance.url(app)), env=folder.git_environment(), capture_output=True, text=True)
    switched = re.search(r"deploy step: promote, after (.*own (\d+))", pushed.stderr)
    if not switched:
        raise SystemExit(f"no word of the step after the switch:\n{pushed.stderr}")
    print(f"       {switched[1]}", file=sys.stderr, flush=True)
    return int(switched[2])


@row("nothing")
def push_that_changes_nothing(appliance, folder, openssh):
    app, copy = appliance.app("nothing"), folder.repository("nothing")
    folder.edition(copy, "nothing")
    ours, floor = appliance.url(app), openssh.url("nothing")
    folder.push(copy, ours), folder.push(copy, floor)
    times = alternating(30, lambda: folder.push(copy, ours), lambda: folder.push(copy, floor))
    yield Row("push that changes nothing", times[0], 1.1, "s", times[1])


@row("version")
def ssh_version(appliance, folder, openssh):
    key = ["-i", folder.key]
    ours = lambda: run(*SSH, *key, "-p", appliance.ssh, "dokku@127.0.0.1", "version")
    floor = lambda: run(*SSH, *key, "-p", openssh.port, f"{openssh.user}@127.0.0.1", "true")
    times = alternating(30, ours, floor)
    yield Row("`ssh … version`, whole client time", times[0], 0.8, "s", times[1])


@row("commands")
def commands(appliance, folder, openssh):
    wall, _, _ = appliance.measure(30, "dokku", "apps:create", f"made{{}}-{world.RUN}")
    yield Row("`apps:create`", wall, 30, "ms")
    appliance.inside("sh", "-c", "cd /home/dokku; for n in $(seq 1000); do mkdir listed-$n; chown dokku:dokku listed-$n; done")
    wall, _, _ = appliance.measure(50, "dokku", "apps:list")
    peak = appliance.peak("dokku", "apps:list")
    appliance.inside("sh", "-c", f"rm -rf /home/dokku/listed-*; for n in $(seq 0 29); do dokku --force apps:destroy made$n-{world.RUN}; done >/dev/null 2>&1")
    yield Row("`apps:list` as a process, 1,000 apps", wall, 5, "ms")
    yield Row("its peak of memory", peak / 1024, 16, "MiB")


@row("plugins")
def plugins(appliance, folder, openssh):
    """What plugins cost commands that have nothing to do with them. A figure is what comes on top."""
    build = ["cargo", "bench", "--quiet", "--profile", "ci", "--bench", "bus", "--"]
    unheard = [float(run(*build, "100", cwd=HERE.parent.parent).split()[-1]) for _ in range(5)]
    yield Row("firing a trigger nobody listens to, 100 plugins", statistics.median(unheard), 5, "µs")

    enabled, script = "/var/lib/dokku/plugins/enabled", "printf '#!/bin/sh\\nexit 0\\n'"
    begin = lambda: appliance.measure(100, "dokku", "apps:list")[0]
    without = begin()
    appliance.inside("sh", "-c", f"for n in $(seq 100); do mkdir {enabled}/bench$n; for file in commands install post-deploy; do "
                     f"{script} >{enabled}/bench$n/$file; chmod +x {enabled}/bench$n/$file; done; done")
    yield Row("start of a command, 100 plugins, above none", begin() - without, 5, "ms")

    appliance.inside("sh", "-c", f"{script} >{enabled}/bench1/bench-heard; chmod +x {enabled}/bench1/bench-heard")
    figures = [[appliance.measure(20, *words)[0] for words in (("plugn", "trigger", "bench-heard"), ("plugn", "trigger", "bench-unheard"),
                                                               (f"{enabled}/bench1/bench-heard",))] for _ in range(10)]
    heard, unheard, script = (statistics.median(column) for column in zip(*figures))
    appliance.inside("sh", "-c", f"rm -rf {enabled}/bench*")
    yield Row("one external listener, above fork and exec of its script", heard - unheard - script, 1, "ms")


@row("files")
def push_of_many_files(appliance, folder, openssh):
    """10,000 files, 40 MB; to a branch that is not deployed, so no build hides what git takes."""
    copy = folder.path / "files"
    run(sys.executable, HERE / "files.py", copy)
    times = in_turns(30, appliance, folder, openssh, "files", lambda url: kept(folder, copy, url))
    yield Row("push of 10,000 files, 40 MB, end to end", times[0], 1.0, "s", times[1])


@row("refs")
def push_of_many_refs(appliance, folder, openssh):
    copy = folder.repository("refs")
    folder.edition(copy, "refs")
    tip = run("git", "-C", copy, "rev-parse", "HEAD").strip()
    run("git", "-C", copy, "update-ref", "--stdin", input="".join(f"create refs/tags/t{n} {tip}\n" for n in range(5000)), env=world.GIT)
    push = lambda url: run("git", "-C", copy, "push", "-q", url, "--tags", env=folder.git_environment())
    times = in_turns(30, appliance, folder, openssh, "refs", push)
    yield Row("push of 5,000 refs at once", times[0], 1.0, "s", times[1])


@row("large")
def push_of_a_large_repository(appliance, folder, openssh):
    """Five turns and three, not 30: a push of this size takes a dozen seconds."""
    large = receive.large()
    tip = run("git", "-C", large, "rev-parse", "main").strip()
    packed = receive.pack(large, f"{tip}\n", folder.path / "large.pack")
    asked = receive.request(folder.path / "large.request", [(receive.NOTHING, tip, "refs/heads/kept")], packed)
    objects = run("git", "-C", large, "count-objects", "-v").split("in-pack: ")[1].split()[0]
    what = f"{int(objects):,} objects, {packed.stat().st_size / 1e6:.0f} MB"
    packed.unlink()
    walls, peaks = receive.compared(appliance, prepared, "large", 5, asked, "refs/heads/kept")
    asked.unlink()
    yield Row(f"the receiving process, first push of {what}", walls[0], 0.5, "s", walls[1])
    yield Row("its peak of memory", peaks[0], 1.0, "MiB", peaks[1])
    times = in_turns(3, appliance, folder, openssh, "whole", lambda url: kept(folder, large, url))
    yield Row("the same push end to end", times[0], 0.8, "s", times[1])


@row("packs")
def push_into_many_packs(appliance, folder, openssh):
    """As it is before packs are merged, which both do when a push is over."""
    piled, stock = receive.piled(), folder.path / "stock.git"
    commits = run("git", "-C", piled, "rev-list", "--reverse", "main").split()
    run("git", "init", "-q", "--bare", stock, env=world.GIT)
    for number, commit in enumerate(commits[:-1]):
        before = f"^{commits[number - 1]}\n" if number else ""
        with open(receive.pack(piled, f"{commit}\n{before}", folder.path / "one.pack"), "rb") as one:
            run("git", "-C", stock, "index-pack", "--fix-thin", "--stdin", stdin=one, env=world.GIT)
    packs = list((stock / "objects/pack").glob("*.idx"))
    before, tip = commits[-2:]
    packed = receive.pack(piled, f"{tip}\n^{before}\n", folder.path / "one.pack")
    asked = receive.request(folder.path / "one.request", [(before, tip, "refs/heads/kept")], packed)

    def fill(repository):
        target = appliance.folder_of(repository)
        world.shutil.copytree(stock / "objects/pack", target / "objects/pack", dirs_exist_ok=True)
        (target / "refs/heads/kept").write_text(f"{before}\n")
        appliance.inside("chown", "-R", "dokku:dokku", repository)

    walls, _ = receive.compared(appliance, prepared, "packs", 30, asked, "refs/heads/kept", fill)
    yield Row(f"the receiving process, push into a repository with {len(packs)} packs", walls[0] * 1000, 1.0, "ms", walls[1] * 1000)


def in_turns(times, appliance, folder, openssh, word, push):
    """Medians of pushes into repositories that are new each time, ours and git's in turns."""
    ours, floor = [], []
    for turn in range(times):
        app, bare = prepared(appliance, f"{word}{turn}"), f"{word}{turn}"
        for into, url in ((ours, appliance.url(app)), (floor, openssh.url(bare))):
            world.os.sync()
            into.append(timed(lambda: push(url)))
        appliance.inside("rm", "-rf", f"/home/dokku/{app}/objects")
        openssh.forget(bare)
    return statistics.median(ours), statistics.median(floor)


def kept(folder, copy, url):
    """A push to a branch that is not deployed: received in full, and nothing is built."""
    run("git", "-C", copy, "push", "-q", url, "HEAD:refs/heads/kept", env=folder.git_environment())


def prepared(appliance, word):
    """An app that exists, has its repository, and deploys `main` alone."""
    app = appliance.app(word)
    appliance.inside("dokku", "apps:create", app)
    appliance.inside("dokku", "git:set", app, "deploy-branch", "main")
    appliance.inside("dokku", "git:initialize", app)
    return app


@row("apps")
def with_fifty_apps(appliance, folder, openssh):
    copy = folder.repository("many")
    folder.edition(copy, "many")
    names = [appliance.app(f"many{n}") for n in range(APPS)]
    for name in names:
        folder.push(copy, appliance.url(name))
    wall, _, _ = appliance.measure(10, "dokku", "ps:report")
    yield Row(f"`ps:report`, {APPS} apps", wall, 60, "ms")

    boots, dark = [], []
    for _ in range(5):
        appliance.remove()
        def replaced():
            boots.append(appliance.boot())
        begun = world.time.perf_counter()
        appliance.start()
        until(lambda: "many" in appliance.page(names[-1]))
        dark.append(world.time.perf_counter() - begun)
        until(appliance.healthy)
        appliance.remove()
        replaced()
    yield Row(f"start to healthy, {APPS} running apps", statistics.median(boots), 0.7, "s")
    yield Row("routes dark while the container is replaced", statistics.median(dark), 2, "s")


@row("empty")
def boot_on_an_empty_volume(appliance, folder, openssh):
    boots = []
    for number in range(3):
        other = Appliance(folder)
        other.name = f"{other.name}-empty{number}"
        boots.append(other.boot())
        subprocess.run([DOCKER, "rm", "-f", "-v", other.name], capture_output=True)
        subprocess.run([DOCKER, "volume", "rm", "-f", other.name], capture_output=True)
    yield Row("start to healthy, empty volume", statistics.median(boots), 2, "s")


@row("memory")
def memory_at_rest(appliance, folder, openssh):
    # Alone: what two appliances share out between them is less than one takes.
    appliance.remove()
    other = Appliance(folder)
    other.name = f"{other.name}-rest"
    other.boot()
    yield Row("memory at rest, all processes (PSS)", resting(other), 20, "MiB")
    subprocess.run([DOCKER, "rm", "-f", "-v", other.name], capture_output=True)
    subprocess.run([DOCKER, "volume", "rm", "-f", other.name], capture_output=True)
    # Started anew, with the apps that the rows before have left.
    appliance.boot()
    apps = appliance.inside("dokku", "--quiet", "apps:list").split()
    yield Row(f"the same with {len(apps)} apps", resting(appliance), None, "MiB")


def resting(appliance):
    """MiB that its processes share out among them, once what a boot leaves for later is done and nobody asks."""
    world.time.sleep(10)
    total = 0
    for pid in docker("top", appliance.name, "-eo", "pid").split()[1:]:
        text = pathlib.Path(f"/proc/{pid}/smaps_rollup").read_text()
        total += sum(int(line.split()[1]) for line in text.splitlines() if line.startswith("Pss:"))
    return total / 1024


@row("image")
def image_size(appliance, folder, openssh):
    yield Row("image, unpacked", int(docker("image", "inspect", "-f", "{{.Size}}", IMAGE)) / 1e6, 400, "MB")


@row("redeploys")
def failed_requests(appliance, folder, openssh):
    app, copy = appliance.app("busy"), folder.repository("busy")
    folder.edition(copy, "busy")
    folder.push(copy, appliance.url(app))
    with Visitors(appliance.http, f"{app}.localhost") as visitors:
        for number in range(20):
            folder.edition(copy, f"busy {number}")
            folder.push(copy, appliance.url(app))
    for failure in sorted(set(visitors.failures)):
        print(f"       {visitors.failures.count(failure)} × {failure}", file=sys.stderr)
    yield Row(f"failed requests of {visitors.answered} during 20 redeploys", len(visitors.failures), 0, "")


import everyday  # noqa: E402,F401
import routes  # noqa: E402,F401  Its rows come last: they leave a thousand apps.


def table(rows):
    lines = [["what", "the appliance", "floor", "ratio", "must reach", "reached"]] + [row.cells() for row in rows]
    text = ["| " + " | ".join(cells) + " |" for cells in lines]
    return "\n".join([text[0], "|---|---|---|---|---|---|"] + text[1:])


def machine():
    server = docker("version", "--format", "{{.Server.Version}}").strip()
    memory = int(next(line.split()[1] for line in open("/proc/meminfo"))) // 1048576
    cpu = docker("info", "--format", "{{.NCPU}}").strip()
    return f"{cpu} cores, {memory} GiB, Linux {platform.release()}, engine {server}, {run('git', '--version').strip()}"


def main(arguments):
    wanted = [word for word in arguments if not word.startswith("-")]
    folder = Folder()
    appliance, openssh, rows = Appliance(folder), OpenSsh(folder), []
    try:
        appliance.boot()
        appliance.add_key()
        for word, measure in ROWS:
            if wanted and word not in wanted:
                continue
            print(f"-----> {measure.__name__.replace('_', ' ')}", file=sys.stderr)
            for result in measure(appliance, folder, openssh):
                rows.append(result)
                print("       " + "  ".join(cell for cell in result.cells() if cell), file=sys.stderr, flush=True)
    finally:
        appliance.down()
        openssh.down()
        world.shutil.rmtree(folder.path)
    text = f"{table(rows)}\n\nMeasured on: {machine()}.\n"
    print(text)
    if "--write" in arguments:
        (HERE.parent.parent / "docs/performance.md").write_text(HEAD + text)
    if "--check" in arguments and not all(row.holds for row in rows):
        sys.exit("a row is missed")


# Told to end, it removes what it made like one that was interrupted.
signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
main(sys.argv[1:])
