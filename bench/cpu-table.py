#!/usr/bin/env python3
"""Measures Sluice beside another engine on models of one shape in several formats, and prints the CPU table of docs/benchmarks.md.

    bench/cpu-table.py --make 'python3 make_model.py llama-1b {type} {model}' --peer 'python3 peer.py {model} -p {prompt} -n {tokens} -t {threads} -b {batch}'
    bench/cpu-table.py … --types Q8_0 --pairs 1        one format, to see that it works
    bench/cpu-table.py … --write                       puts the table into docs/benchmarks.md

--make writes a GGUF file of random weights and runs where a model is not in --models yet; --peer prints what `sluice bench --help` says. Both may come from
the environment: SLUICE_BENCH_MAKE, SLUICE_BENCH_PEER. The whole table takes about three minutes for each pair; leave the machine alone meanwhile, or
pairs will not count. Needs Python 3 alone.
"""
import argparse, json, os, pathlib, subprocess, sys

ROOT = pathlib.Path(__file__).resolve().parent.parent
PAGE = ROOT / "docs" / "benchmarks.md"
BEGIN, END = "<!-- cpu-table -->\n", "<!-- /cpu-table -->\n"


def arguments():
    a = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    a.add_argument("--make", default=os.environ.get("SLUICE_BENCH_MAKE"), help="command with {type} and {model}")
    a.add_argument("--peer", default=os.environ.get("SLUICE_BENCH_PEER"), help="command with {model}, {prompt}, {tokens}, {threads}, {batch}")
    a.add_argument("--models", type=pathlib.Path, default=ROOT / "artifacts" / "bench", help="folder of the models (%(default)s)")
    a.add_argument("--types", default="Q8_0,Q4_0,Q4_K,BF16")
    a.add_argument("--prompt", type=int, default=512)
    a.add_argument("--tokens", type=int, default=64)
    a.add_argument("--batch", type=int, default=16)
    a.add_argument("--threads", type=int, default=os.cpu_count())
    a.add_argument("--runs", type=int, default=3, help="ours in each pair, after one to warm up")
    a.add_argument("--pairs", type=int, default=5)
    a.add_argument("--quiet-wait", type=int, default=180, help="seconds to wait for a quiet machine before each pair")
    a.add_argument("--write", action="store_true", help="replace the table of docs/benchmarks.md")
    options = a.parse_args()
    for name in ("make", "peer"):
        if not getattr(options, name):
            a.error(f"--{name} is missing: see the examples of --help")
    return options


def model_of(options, kind):
    path = options.models / f"{kind.lower()}.gguf"
    if not path.exists():
        options.models.mkdir(parents=True, exist_ok=True)
        new = path.with_suffix(".new")  # whole or not at all: an interrupted one would be taken for finished
        print(f"making {path} …", file=sys.stderr)
        subprocess.run(options.make.format(type=kind, model=new), shell=True, check=True, stdout=sys.stderr)
        new.rename(path)
    return path


def compare(options, model):
    peer = options.peer.format(model=model, prompt=options.prompt, tokens=options.tokens, threads=options.threads, batch=options.batch)
    command = [ROOT / "sluice", "bench", model, "-p", options.prompt, "-n", options.tokens, "-b", options.batch, "-t", options.threads, "-r", options.runs,
               "--pairs", options.pairs, "--quiet-wait", options.quiet_wait, "--json", "--peer", peer]
    return json.loads(subprocess.run([str(part) for part in command], check=True, stdout=subprocess.PIPE, text=True).stdout)


def figures(pairs, name):
    return ", ".join(f"{pair[name]:.0f}" if pair[name] >= 100 else f"{pair[name]:.1f}" for pair in pairs)


def rows(options, kind, report):
    names = {"prefill": f"prefill {options.prompt}", "decode": "decode"}
    for figure, found in report["ratios"].items():
        counted = [pair for pair in found["pairs"] if pair["counted"]]
        ratio = "" if found["median"] is None else f"{found['median']:.2f}"
        yield f"| {kind} | {names.get(figure, figure)} | {figures(counted, 'sluice_tps')} | {figures(counted, 'peer_tps')} | {ratio} | {len(counted)} of {len(found['pairs'])} |"
        kind = ""


def main():
    options = arguments()
    commit = subprocess.run(["git", "-C", str(ROOT), "rev-parse", "--short", "HEAD"], stdout=subprocess.PIPE, text=True).stdout.strip() or "unknown"
    device, lines = "", []
    for kind in options.types.split(","):
        report = compare(options, model_of(options, kind))
        device = report["device"]
        lines += rows(options, kind, report)
    table = [f"Commit {commit}, {device}; prefill of {options.prompt}, decode of {options.tokens}, {options.batch} sequences; pairs that counted, in turn with the peer, "
             "and the median of their ratios. Tokens per second:", "",
             "| format | | Sluice | peer | ratio | pairs |", "|---|---|---:|---:|---:|---:|", *lines]
    text = "\n".join(table) + "\n"
    print(text, end="")
    if options.write:
        page = PAGE.read_text(encoding="utf-8")
        if BEGIN not in page or END not in page:
            sys.exit(f"{PAGE}: the marks {BEGIN.strip()} and {END.strip()} around the table are missing")
        before, after = page.split(BEGIN)[0], page.split(END)[1]
        PAGE.write_text(before + BEGIN + text + END + after, encoding="utf-8")


if __name__ == "__main__":
    try:
        main()
    except subprocess.CalledProcessError as e:
        sys.exit(f"cpu-table: a command ended with code {e.returncode}: its error is above")
    except KeyboardInterrupt:
        sys.exit(130)
