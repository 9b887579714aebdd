"""measure.py PID TIMES INPUT OUTPUT COMMAND... Runs the command in the container of process PID, as user dokku. Prints
for each run the wall time in milliseconds, the processor time of the command itself (user and system) in
milliseconds, and the peak of its memory in KiB. {} in a word becomes the number of the run.

No peak is below some 14 MiB: until its exec a child counts as large as this interpreter. `small` as first
word of the command starts it from GNU time instead, whose word on the peak is the last line of OUTPUT.

INPUT and OUTPUT are files of this machine. It is this machine's interpreter that enters the container: the one in there cannot tell what a child used,
and `docker exec` would be most of what is measured."""

import ctypes
import os
import pathlib
import resource  # noqa: F401  wait4 needs it, and it cannot be found once the root is another one.
import shutil
import sys
import time

pid, times, words = sys.argv[1], int(sys.argv[2]), sys.argv[5:]
source = os.open(sys.argv[3], os.O_RDONLY)
target = os.open(sys.argv[4], os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o644)
environment = dict(line.split("=", 1) for line in pathlib.Path(f"/proc/{pid}/environ").read_text().split("\0") if "=" in line)
environment["HOME"] = "/home/dokku"
spaces = [os.open(f"/proc/{pid}/ns/{space}", os.O_RDONLY) for space in ("ipc", "uts", "net", "pid", "mnt")]
small = os.open(shutil.which("time"), os.O_RDONLY) if words[0] == "small" else None
if small is not None:
    os.set_inheritable(small, True)
    words = [f"/proc/self/fd/{small}", "-f", "%M", *words[1:]]
libc = ctypes.CDLL(None, use_errno=True)
for space in spaces:
    if libc.setns(space, 0):
        sys.exit(f"setns: {os.strerror(ctypes.get_errno())} (the benchmark must run as root)")
os.chdir("/")
account = next(line.split(":") for line in open("/etc/passwd") if line.startswith("dokku:"))
groups = [int(line.split(":")[2]) for line in open("/etc/group") if "dokku" in line.strip().split(":")[3].split(",")]
os.setgroups(groups)
os.setgid(int(account[3]))
os.setuid(int(account[2]))
for number in range(times):
    line = [word.replace("{}", str(number)) for word in words]
    actions = [(os.POSIX_SPAWN_DUP2, source, 0), (os.POSIX_SPAWN_DUP2, target, 1)]
    actions += [] if small is None else [(os.POSIX_SPAWN_DUP2, target, 2)]
    os.lseek(source, 0, os.SEEK_SET)
    begun = time.perf_counter()
    child = os.posix_spawnp(line[0], line, environment, file_actions=actions)
    _, status, usage = os.wait4(child, 0)
    wall = time.perf_counter() - begun
    if status:
        sys.exit(f"{' '.join(line)}: status {status}")
    print(f"{wall * 1000:.3f} {(usage.ru_utime + usage.ru_stime) * 1000:.3f} {usage.ru_maxrss}")
