"""Rows on what is done between pushes: reports, variables, scaling, logs, one-off commands."""

import copy as copies
import statistics
import subprocess
import time

import engine
import world
from rows import Row, row
from world import docker, run, timed

TICKER = "import time\nwhile True:\n print(time.time(), flush=True)\n time.sleep(.1)"


def recorded(apps):
    """What the engine says of the containers of these apps, three each, by what it says of one of ours."""
    name = f"dokku-bench-{world.RUN}-one"
    docker("run", "-d", "--name", name, "--label", "com.dokku.app-name=one", "--label", "com.dokku.container-type=deploy", "--label",
           "com.dokku.process-type=web", "--label", "dokku=", "--entrypoint", "sleep", world.IMAGE, "1000")
    listed = engine.ask("GET", "/containers/json?all=1")
    like = next(one for one in listed if f"/{name}" in one["Names"])
    docker("rm", "-f", name)
    made = []
    for app in apps:
        for number in (1, 2, 3):
            one = copies.deepcopy(like)
            one["Id"], one["Names"] = identity(app, number), [f"/{app}.web.{number}"]
            one["Labels"]["com.dokku.app-name"] = app
            made.append(one)
    return made


def identity(app, number):
    return f"{number}{app.encode().hex()}".ljust(64, "0")[:64]


def on_record(appliance, containers):
    """Apps with these containers, as deploys leave them."""
    lines = "".join(f"{app} {number} {container}\n" for app, number, container in containers)
    script = ("while read -r app number id; do mkdir -p /home/dokku/$app; echo $id >/home/dokku/$app/CONTAINER.web.$number; "
              "echo 172.17.0.9 >/home/dokku/$app/IP.web.$number; echo 5000 >/home/dokku/$app/PORT.web.$number; done; chown -R dokku:dokku /home/dokku/*-rep*")
    run(world.DOCKER, "exec", "-i", appliance.name, "sh", "-c", script, input=lines)


@row("reports")
def reports(appliance, folder, openssh):
    apps = [f"a{number}-rep" for number in range(1000)]
    on_record(appliance, [(app, number, identity(app, number)) for app in apps for number in (1, 2, 3)])
    # In the container's own mounts, so that what runs in there already goes on with the real engine.
    inside = "/tmp/recorded.sock"
    server = engine.Recorded(f"/proc/{appliance.pid}/root{inside}", recorded(apps))
    # With its processes: mount and umount look themselves up in /proc.
    enter = ["nsenter", "-t", appliance.pid, "-m", "-p"]
    run(*enter, "mount", "--bind", inside, "/var/run/docker.sock")
    try:
        said = run(*enter, "-n", "env", "PATH=/usr/local/bin:/usr/bin:/bin", "dokku", "ps:report", "a7-rep")
        if "Status web 3:" not in said or "running (CID:" not in said:
            raise SystemExit(f"the record is not what is reported:\n{said}")
        server.asked.clear()
        wall, _, _ = appliance.measure(10, "dokku", "ps:report")
        lists = server.asked.count("containers/json") / 10
    finally:
        run(*enter, "umount", "/var/run/docker.sock")
        server.shutdown()
    yield Row("`ps:report`, 1,000 apps, a recorded answer of 3,000 containers", wall, 200, "ms")
    yield Row("questions to the engine for that", lists, 1, "")
    appliance.inside("sh", "-c", "rm -rf /home/dokku/*-rep")

    real = [f"r{number}-rep-{world.RUN}" for number in range(100)]
    ids = {}
    for app in real:
        ids[app] = docker("run", "-d", "--name", f"dokku-bench-{app}", "--label", f"com.dokku.app-name={app}", "--label", "dokku=", "--label",
                          "com.dokku.container-type=deploy", "--network", "none", "--entrypoint", "sleep", world.IMAGE, "10000").strip()
    on_record(appliance, [(app, 1, ids[app]) for app in real])
    wall, _, _ = appliance.measure(10, "dokku", "ps:report")
    yield Row("the same, 100 apps with a container each, the real engine", wall, 200, "ms")
    docker("rm", "-f", *ids.values())
    appliance.inside("sh", "-c", "rm -rf /home/dokku/*-rep-*")


@row("config")
def config(appliance, folder, openssh):
    app = appliance.app("config")
    appliance.inside("dokku", "apps:create", app)
    appliance.inside("dokku", "config:set", "--no-restart", app, *[f"KEY{number}=value {number}" for number in range(50)])
    wall, _, _ = appliance.measure(50, "dokku", "config:get", app, "KEY7")
    yield Row("`config:get`, of 50 variables", wall, 5, "ms")


@row("scale")
def scale(appliance, folder, openssh):
    app = everyday_app(appliance, folder, "scale")
    appliance.inside("dokku", "checks:skip", app)
    image = f"dokku/{app}:latest"
    ours, floor = [], []
    for _ in range(3):
        ours.append(timed(lambda: appliance.inside("dokku", "ps:scale", app, "worker=10")))
        appliance.inside("dokku", "ps:scale", app, "worker=0")
        made = []
        floor.append(timed(lambda: made.extend(engine.make_and_start(image, ["sleep", "1000"], 10, 2))))
        docker("rm", "-f", *made)
    yield Row("`ps:scale` up by 10 containers, two at once", statistics.median(ours), 1.3, "s", statistics.median(floor))


@row("logs")
def logs(appliance, folder, openssh):
    app = everyday_app(appliance, folder, "logs")
    appliance.inside("dokku", "ps:scale", app, "worker=1")
    container = docker("ps", "-q", "--filter", f"name=^{app}.worker.1$").strip()
    ssh = [*world.SSH, "-i", str(folder.key), "-p", str(appliance.ssh), "dokku@127.0.0.1"]
    ours = delay([*ssh, "logs", app, "-t", "-q", "-n", "1", "-p", "worker"])
    floor = delay([world.DOCKER, "logs", "-f", "--tail", "1", container])
    yield Row("delay of `logs -t` by SSH, above `docker logs -f`", (ours - floor) * 1000, 50, "ms")


def delay(words):
    """Median seconds from the moment a line is written to the moment it is read."""
    reader = subprocess.Popen(words, stdout=subprocess.PIPE, text=True)
    late = []
    for line in reader.stdout:
        late.append(time.time() - float(line))
        if len(late) == 60:
            break
    reader.kill()
    reader.wait()
    # What was written before we came is old.
    return statistics.median(late[10:])


@row("run")
def one_off(appliance, folder, openssh):
    app = everyday_app(appliance, folder, "run")
    image = f"dokku/{app}:latest"
    ours, floor = [], []
    for _ in range(20):
        ours.append(appliance.once(["dokku", "run", app, "true"], "/dev/null", "/dev/null")[0])
        floor.append(timed(lambda: engine.run_attached(image, ["true"])) * 1000)
    yield Row("`run` of `true`", statistics.median(ours), 1.3, "ms", statistics.median(floor))


def everyday_app(appliance, folder, word):
    """An app that serves, and that has a process type which writes the time."""
    app, copy = appliance.app(word), folder.repository(word)
    quoted = TICKER.replace("\n", "\\n")
    (copy / "Procfile").write_text(f"web: python3 /app.py\nworker: python3 -c 'exec(\"{quoted}\")'\n")
    (copy / "app.json").write_text('{"formation": {"worker": {"max_parallel": 2}}}\n')
    folder.edition(copy, word)
    folder.push(copy, appliance.url(app))
    return app
