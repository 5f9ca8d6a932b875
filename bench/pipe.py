#!/usr/bin/env python3
"""Measures `sluice pipe` against the fake server of bench/Sluice.Bench.Pipe: throughput, stragglers with and without hedging, a storm of 429s,
resets, and memory over an input of many gigabytes. Prints one JSON object for each run.

usage: bench/pipe.py SLUICE FAKE_SERVER [-n RECORDS] [--gigabytes G] [--record-bytes B] [RUN...]     (two built executables; all runs unless some are named)
"""
import argparse, json, os, resource, subprocess, tempfile, threading, time

ALL = ["plain", "stragglers", "plain-hedged", "stragglers-hedged", "storm", "resets", "journal", "large"]
DELAY = ["--delay", "2-10"]

parser = argparse.ArgumentParser(usage=__doc__.splitlines()[-1].removeprefix("usage: "))
parser.add_argument("sluice")
parser.add_argument("server")
parser.add_argument("runs", nargs="*", default=ALL)
parser.add_argument("-n", "--records", type=int, default=100_000)
parser.add_argument("--gigabytes", type=float, default=10, help="of the input of the run 'large'")
parser.add_argument("--record-bytes", type=int, default=32 << 10, help="of each of its records")
asked = parser.parse_intermixed_args()
FOLDER = tempfile.TemporaryDirectory()  # gone when this is
HOME = FOLDER.name


def feed(stream, records, record_bytes):
    """Numbers, one a line, each followed by filler up to the size."""
    filler = b"x" * record_bytes
    with stream:
        for number in range(1, records + 1):
            head = b"%d" % number
            stream.write(head + b" " + filler[len(head) + 2:] + b"\n" if record_bytes else head + b"\n")


def watch(pid, megabytes, ended):
    """Resident memory, once a second."""
    while not ended.wait(1):
        with open(f"/proc/{pid}/statm") as statm:
            megabytes.append(int(statm.read().split()[1]) * resource.getpagesize() >> 20)


def cpu_of_children():
    usage = resource.getrusage(resource.RUSAGE_CHILDREN)
    return usage.ru_utime + usage.ru_stime


def run(name, server_args, pipe_args, records=asked.records, record_bytes=0):
    server = subprocess.Popen([asked.server, *server_args], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    url = f"http://127.0.0.1:{server.stdout.readline().strip()}/v1"
    out, journal = os.path.join(HOME, "out.txt"), os.path.join(HOME, f"{name}.journal")
    cpu, megabytes, ended = cpu_of_children(), [], threading.Event()
    if "--journal" in pipe_args:
        pipe_args = [*pipe_args, journal]
    began = time.time()
    with open(out, "w") as stdout:
        pipe = subprocess.Popen([asked.sluice, "pipe", "Echo.", "-u", url, "-m", "m", "-j", "64", "--no-config", "--progress", "none", *pipe_args],
                                stdin=subprocess.PIPE, stdout=stdout, stderr=subprocess.DEVNULL, env=dict(os.environ, HOME=HOME))
        watching = threading.Thread(target=watch, args=(pipe.pid, megabytes, ended))
        watching.start()
        feed(pipe.stdin, records, record_bytes)
        # Only the status is taken here: once it is, the process has no memory to look at any more.
        os.waitid(os.P_PID, pipe.pid, os.WEXITED | os.WNOWAIT)
        took = time.time() - began
        ended.set()
        watching.join()
        _, status, usage = os.wait4(pipe.pid, 0)
    seen = json.loads(server.communicate("")[0])
    right = sum(line == f"echo:{i}\n" for i, line in enumerate(open(out), 1))
    pipe_cpu = usage.ru_utime + usage.ru_stime
    figures = dict(name=name, code=os.waitstatus_to_exitcode(status), seconds=round(took, 2), records_per_second=round(records / took),
                   right=right, of=records, max_rss_mb=usage.ru_maxrss // 1024, cpu_seconds=round(pipe_cpu, 1),
                   server_cpu_seconds=round(cpu_of_children() - cpu - pipe_cpu, 1), **seen)
    if record_bytes:
        figures |= dict(input_gb=round(records * record_bytes / 1e9, 2), rss_mb_over_time=megabytes[::max(1, len(megabytes) // 20)])
    if os.path.exists(journal):
        figures["journal_mb"] = round(os.path.getsize(journal) / 1e6, 1)
        os.remove(journal)
    print(json.dumps(figures), flush=True)


stragglers = ["--stragglers", f"{asked.records // 10}:30"]
large = int(asked.gigabytes * 1e9) // asked.record_bytes
for name in asked.runs:
    match name:
        case "plain":
            run(name, DELAY, [])
        case "stragglers":
            run(name, [*DELAY, *stragglers], [])
        case "plain-hedged":
            run(name, DELAY, ["--hedge"])
        case "stragglers-hedged":
            run(name, [*DELAY, *stragglers], ["--hedge"])
        case "storm":
            run(name, [*DELAY, "--storm", f"{asked.records // 4}:3000"], [])
        case "resets":
            run(name, [*DELAY, "--reset", "0.02"], [])
        case "journal":
            run(name, DELAY, ["--journal"])
        case "large":
            run(name, DELAY, ["--journal"], large, asked.record_bytes)
        case _:
            parser.error(f"there is no run '{name}'; there are {', '.join(ALL)}")
