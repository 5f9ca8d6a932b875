#!/usr/bin/env python3
"""First token of short prompts beside a long one: llama.cpp's library, its batches filled by the rule of its own server.

    once:  npm install --prefix .peer --ignore-scripts node-llama-cpp@3.22.1
    run:   PEER_DIR=.peer python3 bench/peers/first_token.py MODEL.gguf [-t 2] [--long 7900] [--short 64] [--rate 0.2]

Where only the library of llama.cpp is to be had, this is as near as one comes to its server: each batch of at most 2,048 tokens takes
one token of every slot that generates, then the prompts, slot after slot, as much as there is room for. Nothing travels over HTTP.
Arrivals are Poisson in real time and come to the next free slot. Prints one JSON line with milliseconds to the first token.
"""
import argparse, ctypes as C, glob, json, os, random, statistics, sys, time

parser = argparse.ArgumentParser()
parser.add_argument("model")
parser.add_argument("-t", type=int, default=2)
parser.add_argument("--long", type=int, default=7900)
parser.add_argument("--short", type=int, default=64)
parser.add_argument("--rate", type=float, default=0.2)
parser.add_argument("--slots", type=int, default=4)
parser.add_argument("--idle", type=int, default=12)
options = parser.parse_args()

BATCH, ANSWER = 2048, 4
found = glob.glob(os.path.join(os.environ.get("PEER_DIR", ".peer"), "node_modules/@node-llama-cpp/linux-x64/bins/linux-x64/libllama.*.so"))
if not found:
    sys.exit("the peer is not installed: see the first lines of this file")
home = os.path.dirname(os.path.abspath(found[0]))
if os.environ.get("LD_LIBRARY_PATH") != home:  # its libraries name each other without a path
    os.environ["LD_LIBRARY_PATH"] = home
    os.execv(sys.executable, [sys.executable, *sys.argv])
ggml = C.CDLL(glob.glob(home + "/libggml.*.so")[0], C.RTLD_GLOBAL)
llama = C.CDLL(found[0])


class Parameters(C.Structure):  # passed by value on the stack, where a larger structure reads alike
    _fields_ = [("bytes", C.c_uint8 * 1024)]


class Batch(C.Structure):
    _fields_ = [("n", C.c_int32), ("token", C.POINTER(C.c_int32)), ("embd", C.c_void_p), ("pos", C.POINTER(C.c_int32)),
                ("n_seq", C.POINTER(C.c_int32)), ("seq", C.POINTER(C.POINTER(C.c_int32))), ("logits", C.POINTER(C.c_int8))]


log = C.CFUNCTYPE(None, C.c_int, C.c_char_p, C.c_void_p)(lambda *_: None)
llama.llama_log_set(log, None)
for name, result in (("llama_model_default_params", Parameters), ("llama_context_default_params", Parameters),
                     ("llama_model_load_from_file", C.c_void_p), ("llama_init_from_model", C.c_void_p),
                     ("llama_get_memory", C.c_void_p), ("llama_batch_init", Batch), ("llama_decode", C.c_int32)):
    getattr(llama, name).restype = result
ggml.ggml_backend_load_all_from_path(home.encode())
llama.llama_backend_init()
model = llama.llama_model_load_from_file(options.model.encode(), llama.llama_model_default_params())
if not model:
    sys.exit("cannot load " + options.model)
parameters = llama.llama_context_default_params()
words = C.cast(C.pointer(parameters), C.POINTER(C.c_uint32))
if (words[1], words[2], words[3]) != (2048, 512, 1):
    sys.exit("this release's parameter layout is not the one known here")
words[0], words[3] = (options.long + ANSWER + 255) // 256 * 256 * options.slots, options.slots
context = C.c_void_p(llama.llama_init_from_model(C.c_void_p(model), parameters))
llama.llama_set_n_threads(context, options.t, options.t)
memory = C.c_void_p(llama.llama_get_memory(context))
batch = llama.llama_batch_init(BATCH, 0, 1)
draw = random.Random(5)


class Request:
    def __init__(self, tokens):
        self.prompt, self.done, self.answered = [draw.randrange(300, 30000) for _ in range(tokens)], 0, 0
        self.came, self.first = time.perf_counter(), None


def step(slots):
    """One batch over the slots; frees those that are done."""
    rows, last = [], {}
    for s, r in enumerate(slots):
        if r and r.first:
            rows.append((7, r.done, s, True))
            last[s] = 1
    for s, r in enumerate(slots):
        if r and not r.first:
            count = min(len(r.prompt) - r.done, BATCH - len(rows))
            rows += [(r.prompt[r.done + i], r.done + i, s, r.done + i == len(r.prompt) - 1) for i in range(count)]
            last[s] = count
    batch.n = len(rows)
    for i, (token, position, sequence, wanted) in enumerate(rows):
        batch.token[i], batch.pos[i], batch.n_seq[i], batch.seq[i][0], batch.logits[i] = token, position, 1, sequence, wanted
    if llama.llama_decode(context, batch):
        sys.exit("decode failed")
    llama.llama_synchronize(context)
    for s, count in last.items():
        r = slots[s]
        r.done += count
        if r.done >= len(r.prompt):
            r.first = r.first or time.perf_counter() - r.came
            r.answered += 1
        if r.answered == ANSWER:
            llama.llama_memory_seq_rm(memory, s, -1, -1)
            slots[s] = None


def run(requests):
    slots = requests + [None] * (options.slots - len(requests))
    while any(slots):
        step(slots)
    return [r.first * 1e3 for r in requests]


run([Request(options.short)])
idle = [run([Request(options.short)])[0] for _ in range(options.idle)]
slots, short, waiting = [Request(options.long)] + [None] * (options.slots - 1), [], []
long = slots[0]
due = long.came + 1
while any(slots) or waiting:
    while not long.first and time.perf_counter() >= due:
        r = Request(options.short)
        r.came = due  # it came while the batch before was computed
        due += draw.expovariate(options.rate)
        short.append(r)
        waiting.append(r)
    while waiting and None in slots:
        slots[slots.index(None)] = waiting.pop(0)
    step(slots)
beside = [r.first * 1e3 for r in short]
median = statistics.median
print(json.dumps({
    "engine": "llama.cpp (libllama of node-llama-cpp)", "model": options.model, "threads": options.t, "idle_ms": round(median(idle)),
    "beside_ms": round(median(beside)), "beside_range_ms": [round(min(beside)), round(max(beside))], "requests": len(beside),
    "ratio": round(median(beside) / median(idle), 1), "long_ms": round(long.first * 1e3)}))
sys.stdout.flush()
os._exit(0)
