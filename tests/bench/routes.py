"""Rows on routes: a volume of its own with a thousand apps of two domains each, all of which lead to one service."""

import re
import shutil
import statistics
import subprocess
import sys

import world
from load import Visitors
from rows import Row, row
from world import DOCKER, Appliance, docker, run, timed, until

APPS = 1000
HAND_MADE = """server {
  listen 80;
  server_name by-hand.example;
  access_log /var/log/nginx/by-hand-access.log;
  error_log /var/log/nginx/by-hand-error.log;
  gzip on;
  gzip_min_length 1100;
  gzip_buffers 4 32k;
  gzip_types %s;
  gzip_vary on;
  gzip_comp_level 6;
  location / {
    proxy_pass http://%s;
    proxy_http_version 1.1;
    proxy_set_header Host $http_host;
  }
}
"""


class Routes(Appliance):
    """An appliance with the apps, and the service that answers for them."""

    def __init__(self, folder):
        super().__init__(folder)
        self.name, self.service = f"{self.name}-routes", f"dokku-bench-{world.RUN}-service"

    def begin(self):
        docker("run", "-d", "--name", self.service, "--entrypoint", "sh", world.IMAGE, "-c",
               "echo 'server { listen 5000; access_log off; location / { return 200 \"served\\n\"; } }' >/etc/nginx/conf.d/00-service.conf && "
               "rm /etc/nginx/conf.d/dokku.conf && exec nginx -g 'daemon off;'")
        self.listener = docker("inspect", "-f", "{{.NetworkSettings.IPAddress}}", self.service).strip() + ":5000"
        self.boot()
        self.add_key()
        self.address = docker("inspect", "-f", "{{.NetworkSettings.IPAddress}}", self.name).strip()

    def each(self, apps, script, at_once):
        """Runs the words for every app, some at once; $1 is the number of the app."""
        text = f"printf '%s\\n' {' '.join(map(str, apps))} | xargs -P {at_once} -I@ sh -c '{script}' sh @ >/dev/null 2>/tmp/each.log || {{ tail /tmp/each.log; exit 1; }}"
        return self.inside("su", "dokku", "-s", "/bin/sh", "-c", text)

    def make(self, apps):
        self.each(apps, f"dokku apps:create r$1 && dokku network:set r$1 static-web-listener {self.listener} && "
                  "dokku domains:set r$1 one-$1.example two-$1.example", 4)
        self.each(apps, "dokku proxy:build-config r$1", 50)

    def reloads(self):
        """How often nginx was told to take other routes since the start."""
        logs = subprocess.run([DOCKER, "logs", self.name], capture_output=True, text=True)
        return (logs.stdout + logs.stderr).count("routes are at work")

    def page_of(self, host):
        return world.page(self.http, host)

    def nginx_memory(self):
        """KiB of all its processes."""
        total = 0
        for line in docker("top", self.name, "-eo", "pid,args").splitlines()[1:]:
            pid, words = line.split(None, 1)
            if words.startswith("nginx:"):
                text = open(f"/proc/{pid}/smaps_rollup").read()
                total += sum(int(one.split()[1]) for one in text.splitlines() if one.startswith("Pss:"))
        return total

    def down(self):
        super().down()
        subprocess.run([DOCKER, "rm", "-f", "-v", self.service], capture_output=True)


@row("routes")
def a_thousand_apps(appliance, folder, openssh):
    routes = Routes(folder)
    try:
        routes.begin()
        yield from measured(routes, folder)
    finally:
        routes.down()


def measured(routes, folder):
    routes.make([0])
    until(lambda: routes.page_of("one-0.example") == "served\n")
    yield requests_per_second(routes)
    before = routes.nginx_memory()
    routes.make(range(1, APPS))
    until(lambda: routes.page_of(f"two-{APPS - 1}.example") == "served\n")
    # Workers of the generations before end when their last connections do.
    until(lambda: "shutting down" not in docker("top", routes.name, "-eo", "pid,args"))
    yield Row("memory of nginx for 1,000 apps", (routes.nginx_memory() - before) / 1024, None, "MiB")
    # Nothing has changed, so nginx is neither asked nor told: this is all that comes before it.
    wall, _, _ = routes.measure(20, "dokku", "proxy:build-config", "r500")
    yield Row("`proxy:build-config` of one of 1,000 apps, besides nginx", wall, 50, "ms")
    wall, _, _ = routes.measure(10, "dokku", "network:report")
    yield Row("`network:report` of 1,000 apps", wall, 150, "ms")
    yield from changes(routes, folder)


def changes(routes, folder):
    app, copy = routes.app("deployed"), folder.repository("deployed")
    folder.edition(copy, "first")
    folder.push(copy, routes.url(app))
    twenty = range(100, 120)
    with Visitors(routes.http, "one-0.example") as visitors:
        begun = routes.reloads()
        routes.each(twenty, "dokku proxy:build-config r$1", 20)
        yield Row("reloads of nginx when 20 routes are made anew and none changed", routes.reloads() - begun, 0, "")
        begun = routes.reloads()
        seconds = timed(lambda: routes.each(twenty, "dokku domains:add r$1 three-$1.example", 20))
        yield Row(f"the same when 20 change at once, all done within {seconds:.1f} s", routes.reloads() - begun, 2, "")
        calm = waits(routes, folder, copy, app, "calm")
        stream = "i=0; while [ ! -e /tmp/enough ]; do i=$((i+1)); dokku domains:set r$1 one-$1.example s$i-$1.example; done"
        routes.inside("rm", "-f", "/tmp/enough")
        words = [DOCKER, "exec", routes.name, "su", "dokku", "-s", "/bin/sh", "-c", f"printf '%s\\n' 200 201 202 203 | xargs -P 4 -I@ sh -c '{stream}' sh @"]
        steady = subprocess.Popen(words, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        begun, clock = routes.reloads(), world.time.perf_counter()
        world.time.sleep(10)
        rate = (routes.reloads() - begun) / (world.time.perf_counter() - clock)
        busy = waits(routes, folder, copy, app, "busy")
        routes.inside("touch", "/tmp/enough")
        steady.wait()
    for failure in sorted(set(visitors.failures)):
        print(f"       {visitors.failures.count(failure)} × {failure}", file=sys.stderr)
    yield Row("reloads a second while routes change all the time", rate, 1, "")
    yield Row("what a deploy then waits longer for nginx", busy - calm, 300, "ms")
    yield Row(f"failed requests of {visitors.answered} meanwhile", len(visitors.failures), 0, "")


def waits(routes, folder, copy, app, word):
    """Milliseconds that deploys wait for nginx, the median of five."""
    routes.inside("dokku", "trace:on")
    waited = []
    for number in range(5):
        folder.edition(copy, f"{word} {number}")
        pushed = subprocess.run(folder.push_words(copy, routes.url(app)), env=folder.git_environment(), capture_output=True, text=True)
        spent = re.search(r"deploy step: promote, after (.*)", pushed.stderr)
        if not spent:
            raise SystemExit(f"no word of the step after the switch:\n{pushed.stderr}")
        print(f"       {spent[1]}", file=sys.stderr, flush=True)
        waited.append(int(re.search(r"proxy (\d+)", spent[1])[1]))
    routes.inside("dokku", "trace:off")
    return statistics.median(waited)


def requests_per_second(routes):
    """Ours against a site by hand with the same gzip and log, in turns, straight at the container."""
    types = re.search(r"gzip_types ([^;]*);", routes.inside("cat", "/home/dokku/r0/nginx.conf"))[1]
    run(DOCKER, "exec", "-i", routes.name, "sh", "-c", "cat >/etc/nginx/conf.d/by-hand.conf && nginx -s reload",
        input=HAND_MADE % (" ".join(types.split()), routes.listener))
    until(lambda: routes.page_of("by-hand.example") == "served\n")
    load = lambda host: float(re.search(r"Requests per second:\s+([\d.]+)", run(
        shutil.which("ab"), "-q", "-n", "6000", "-c", "20", "-k", "-H", f"Host: {host}", f"http://{routes.address}/"))[1])
    pairs = [(load("one-0.example"), load("by-hand.example")) for _ in range(10)]
    routes.inside("rm", "/etc/nginx/conf.d/by-hand.conf")
    ours, floor = (statistics.median(column) for column in zip(*pairs))
    return Row("requests per second of a site, against one by hand", ours, 0.95, "", floor, at_least=True)
