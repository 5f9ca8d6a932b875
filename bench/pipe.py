#!/usr/bin/env python3
"""Measures `sluice pipe` against the fake server of bench/Sluice.Bench.Pipe: throughput, stragglers, a 429 storm, resets.

usage: bench/pipe.py SLUICE FAKE_SERVER [RECORDS]     (two built executables)
"""
import json, os, subprocess, sys, tempfile, time

SLUICE, SERVER = sys.argv[1:3]
RECORDS = int(sys.argv[3]) if len(sys.argv) > 3 else 100_000
HOME = tempfile.mkdtemp()


def run(name, server_args, pipe_args, records=RECORDS):
    server = subprocess.Popen([SERVER, *server_args], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    url = f"http://127.0.0.1:{server.stdout.readline().strip()}/v1"
    path = os.path.join(HOME, "in.txt")
    with open(path, "w") as file:
        file.writelines(f"{i}\n" for i in range(1, records + 1))
    report, out = os.path.join(HOME, "report.json"), os.path.join(HOME, "out.txt")
    began = time.time()
    with open(path) as stdin, open(out, "w") as stdout:
        pipe = subprocess.Popen([SLUICE, "pipe", "Echo.", "-u", url, "-m", "m", "--progress", "none", "--report", report, *pipe_args],
                                stdin=stdin, stdout=stdout, stderr=subprocess.DEVNULL, env=dict(os.environ, HOME=HOME))
        _, status, usage = os.wait4(pipe.pid, 0)
    took = time.time() - began
    seen = json.loads(server.communicate("")[0])
    right = sum(line == f"echo:{i}\n" for i, line in enumerate(open(out), 1))
    figures = dict(name=name, code=os.waitstatus_to_exitcode(status), seconds=round(took, 2), records_per_second=round(records / took),
                   right=right, of=records, max_rss_mb=usage.ru_maxrss // 1024, cpu_seconds=round(usage.ru_utime + usage.ru_stime, 1), **seen)
    print(json.dumps(figures), flush=True)
    return took


plain = run("plain -j 64", ["--delay", "2-10"], ["-j", "64"])
slow = run("10 stragglers of 30 s", ["--delay", "2-10", "--stragglers", f"{RECORDS // 10}:30"], ["-j", "64"])
print(f"stragglers cost {slow - plain:.1f} s")
run("429 storm of 3 s", ["--delay", "2-10", "--storm", f"{RECORDS // 4}:3000"], ["-j", "64"])
run("2 % resets", ["--delay", "2-10", "--reset", "0.02"], ["-j", "64"])
run("journal", ["--delay", "2-10"], ["-j", "64", "--journal", os.path.join(HOME, "journal")])
