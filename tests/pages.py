#!/usr/bin/env python3
"""Runs the commands of a page and holds what they print against what the page shows.

usage: pages.py BINARY PAGE [--in DIRECTORY] [--update]

Every ```console block is run from top to bottom in one directory, a scratch one by default: a
line that begins with `$ ` is a command, the lines up to the next one are what it must print
(stdout and stderr together). A line `…` stands for any lines. `--update` writes what was printed
into the page.
"""

import argparse
import os
import pathlib
import re
import shlex
import shutil
import subprocess
import sys
import tempfile

BLOCK = re.compile(r"^```console\n(.*?)^```$", re.M | re.S)
# A command that a reader runs from the project, and this script runs as built.
BUILT = "cargo run --release -- "


def commands(block):
    """[(command, [expected lines])]"""
    found = []
    for line in block.splitlines():
        if line.startswith("$ "):
            found.append((line[2:], []))
        elif found:
            found[-1][1].append(line)
        else:
            sys.exit(f"a console block must begin with a command: {line!r}")
    return found


def agrees(expected, printed):
    """Whether lines agree, where `…` stands for any number of lines."""
    if not expected:
        return not printed
    if expected[0] == "…":
        return any(agrees(expected[1:], printed[skip:]) for skip in range(len(printed) + 1))
    return bool(printed) and expected[0] == printed[0] and agrees(expected[1:], printed[1:])


def run(command, directory, environment, report):
    """What a command prints, and the directory that it leaves the reader in."""
    command = command.replace(BUILT, "tierkeeper ")
    done = subprocess.run(
        ["bash", "-c", f"{command}\npwd >{shlex.quote(str(report))}"],
        cwd=directory, env=environment, stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
    )
    printed = [line.rstrip() for line in done.stdout.decode("utf-8").splitlines()]
    return printed, pathlib.Path(report.read_text().rstrip("\n"))


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("binary", type=pathlib.Path)
    parser.add_argument("page", type=pathlib.Path)
    parser.add_argument("--in", dest="directory", type=pathlib.Path)
    parser.add_argument("--update", action="store_true")
    asked = parser.parse_args()
    name, update = asked.page.name, asked.update
    text = asked.page.read_text(encoding="utf-8")
    blocks = list(BLOCK.finditer(text))
    count = sum(len(commands(block.group(1))) for block in blocks)
    if count < 5:
        sys.exit(f"{name}: the page has fewer than five commands")
    work = pathlib.Path(tempfile.mkdtemp())
    programs = work / ".programs"
    programs.mkdir()
    (programs / "tierkeeper").symlink_to(asked.binary.resolve())
    environment = {key: value for key, value in os.environ.items() if key != "TIERKEEPER_AS_OF"}
    environment |= {"PATH": f"{programs}:{os.environ['PATH']}", "NO_COLOR": "1", "COLUMNS": "100"}
    directory = (asked.directory or work).resolve()
    failed = False
    pieces, end = [], 0
    for block in blocks:
        pieces.append(text[end : block.start(1)])
        end = block.end(1)
        shown = []
        for command, expected in commands(block.group(1)):
            printed, directory = run(command, directory, environment, work / ".directory")
            while printed and not printed[-1]:
                printed.pop()
            wanted = list(expected)
            while wanted and not wanted[-1]:
                wanted.pop()
            keep = update and "…" in wanted and len(wanted) > 1 and agrees(wanted, printed)
            shown.append("\n".join([f"$ {command}", *(wanted if keep else printed)]))
            if not update and not agrees(wanted, printed):
                failed = True
                print(f"{name}: `{command}` prints something else:")
                print("\n".join(f"  {line}" for line in printed))
        pieces.append("\n".join(shown) + "\n")
    pieces.append(text[end:])
    shutil.rmtree(work)
    if update:
        asked.page.write_text("".join(pieces), encoding="utf-8")
        print(f"{name}: written")
    elif failed:
        sys.exit(1)
    else:
        print(f"{name}: {count} commands print what it shows")


if __name__ == "__main__":
    main()
