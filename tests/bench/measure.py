"""Runs in the container: measure.py TIMES COMMAND... Prints the median of the wall time in
milliseconds and the highest peak of memory in KiB. {} in a word becomes the number of the run."""

import os
import statistics
import sys
import time

times, words = int(sys.argv[1]), sys.argv[2:]
walls, peaks = [], []
nothing = os.open("/dev/null", os.O_RDWR)
for number in range(times):
    line = [word.replace("{}", str(number)) for word in words]
    actions = [(os.POSIX_SPAWN_DUP2, nothing, 0), (os.POSIX_SPAWN_DUP2, nothing, 1), (os.POSIX_SPAWN_DUP2, nothing, 2)]
    begun = time.perf_counter()
    child = os.posix_spawnp(line[0], line, os.environ, file_actions=actions)
    _, status, usage = os.wait4(child, 0)
    walls.append((time.perf_counter() - begun) * 1000)
    peaks.append(usage.ru_maxrss)
    if status:
        sys.exit(f"{' '.join(line)}: status {status}")
print(f"{statistics.median(walls):.2f} {max(peaks)}")
