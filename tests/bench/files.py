"""files.py FOLDER: a repository with one commit of 10,000 files, 40 MB, the same each time."""

import os
import pathlib
import random
import subprocess
import sys

folder, chance = pathlib.Path(sys.argv[1]), random.Random(20261121)
for number in range(10_000):
    path = folder / f"part{number % 100:02}" / f"file{number}.txt"
    path.parent.mkdir(parents=True, exist_ok=True)
    # Half of it compresses, as source code does.
    path.write_text(chance.randbytes(1000).hex() + "a line that occurs again and again\n" * 58)
environment = dict(os.environ, GIT_CONFIG_GLOBAL="/dev/null", GIT_AUTHOR_DATE="2026-01-01T00:00:00Z", GIT_COMMITTER_DATE="2026-01-01T00:00:00Z",
                   GIT_AUTHOR_NAME="Ada", GIT_AUTHOR_EMAIL="ada@example.com", GIT_COMMITTER_NAME="Ada", GIT_COMMITTER_EMAIL="ada@example.com")
for words in (["init", "-q"], ["symbolic-ref", "HEAD", "refs/heads/main"], ["add", "--all"], ["commit", "-qm", "many files"], ["repack", "-qad"]):
    subprocess.run(["git", "-C", str(folder), *words], check=True, env=environment)
