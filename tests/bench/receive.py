"""The receiving process alone: the same bytes into `git receive-pack` and into ours, both in the container,
as the same user, on the same volume. What a client would send is made beforehand and read from a file."""

import hashlib
import os
import pathlib
import shutil
import statistics
import subprocess

import world
from world import GIT, HERE, run

CACHE = pathlib.Path(os.environ.get("DOKKU_BENCH_CACHE") or pathlib.Path.home() / ".cache/dokku-bench")
NOTHING = "0" * 40


def generated(name, numbers, repack):
    """A bare repository of the generator's, made once per machine: the same seed gives the same bytes."""
    mark = hashlib.sha256(f"{numbers} {repack}".encode() + (HERE / "git/generate.pl").read_bytes()).hexdigest()[:12]
    bare = CACHE / f"{name}-{mark}.git"
    if bare.exists():
        return bare
    half = bare.with_suffix(".half")
    shutil.rmtree(half, ignore_errors=True)
    CACHE.mkdir(parents=True, exist_ok=True)
    run("git", "init", "-q", "--bare", half, env=GIT)
    run("git", "-C", half, "symbolic-ref", "HEAD", "refs/heads/main", env=GIT)
    stream = subprocess.Popen(["perl", str(HERE / "git/generate.pl"), *numbers.split()], stdout=subprocess.PIPE)
    run("git", "-C", half, "fast-import", "--quiet", "--done", stdin=stream.stdout, env=GIT)
    if stream.wait():
        raise SystemExit("generate.pl failed")
    if repack:
        run("git", "-C", half, *repack.split(), env=GIT)
    half.rename(bare)
    return bare


def large():
    """About 300,000 objects, 180 MB."""
    return generated("large", "7 18000 4000 400 6000 5 30", "repack -adfq --window=5")


def piled():
    """A history of which the first 301 commits will stand in a pack each."""
    return generated("piled", "7 302 500 40 4000 10 3", "repack -adfq")


def pack(bare, revisions, path):
    """Writes a pack of what these revisions add."""
    with open(path, "wb") as to:
        subprocess.run(["git", "-C", bare, "pack-objects", "--revs", "--stdout", "-q", "--delta-base-offset"], check=True,
                       input=revisions.encode(), stdout=to, env=GIT)
    return path


def request(path, updates, packed):
    """What a client sends after the advertisement: updates (old, new, name), then the pack."""
    with open(path, "wb") as to:
        for number, (old, new, name) in enumerate(updates):
            line = f"{old} {new} {name}"
            if number == 0:
                line += "\0 report-status side-band-64k quiet object-format=sha1 agent=git/bench"
            line += "\n"
            to.write(f"{len(line) + 4:04x}{line}".encode())
        to.write(b"0000")
        with open(packed, "rb") as source:
            shutil.copyfileobj(source, to)
    return path


class Receivers:
    """Repositories on the appliance's volume, one each for git and for us, anew for each push."""

    def __init__(self, appliance, word):
        self.appliance, self.word, self.number = appliance, word, 0
        appliance.inside("install", "-d", "-o", "dokku", "-g", "dokku", "/mnt/dokku/bench")

    def theirs(self):
        self.number += 1
        folder = f"/mnt/dokku/bench/{self.word}{self.number}.git"
        self.appliance.inside("runuser", "-u", "dokku", "--", "git", "init", "-q", "--bare", folder)
        # What git does after a push, on its own time, is not to disturb the next.
        self.appliance.inside("runuser", "-u", "dokku", "--", "git", "-C", folder, "config", "receive.autogc", "false")
        return folder, ["git", "receive-pack", folder]

    def ours(self, prepared):
        self.number += 1
        app = prepared(self.appliance, f"{self.word}{self.number}")
        return f"/home/dokku/{app}", ["dokku", "git-receive-pack", f"'/{app}'"]

    def pushed(self, words, asked, reference):
        """One push: seconds and peak in MiB, once it is sure that it was taken."""
        said = asked.with_suffix(".answer")
        wall, _, peak = self.appliance.once(words, asked, said)
        if f"ok {reference}".encode() not in said.read_bytes():
            raise SystemExit(f"{words}: not taken:\n{said.read_bytes()[-2000:]}")
        return wall / 1000, peak / 1024

    def forget(self, folder):
        """Empties it, so that the disk never holds more than one."""
        self.appliance.inside("rm", "-rf", f"{folder}/objects")


def compared(appliance, prepared, word, times, asked, reference, fill=None):
    """Medians of wall and peak, ours and git's, in turns."""
    receivers = Receivers(appliance, word)
    ours, theirs = [], []
    for _ in range(times):
        for into, (folder, words) in ((ours, receivers.ours(prepared)), (theirs, receivers.theirs())):
            if fill:
                fill(folder)
            os.sync()
            into.append(receivers.pushed(words, asked, reference))
            receivers.forget(folder)
    middle = lambda runs, column: statistics.median(run[column] for run in runs)
    return (middle(ours, 0), middle(theirs, 0)), (middle(ours, 1), middle(theirs, 1))
