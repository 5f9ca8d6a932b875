#!/usr/bin/env python3
"""Makes what `sluice bench` measures decoding with, from a GGUF file of random weights: its shape and formats stay, so do its costs.

    bench/decoding-models.py copying IN.gguf OUT.gguf PROMPTS_DIR   a model that copies, and prompts for it
    bench/decoding-models.py adapters IN.gguf OUT_DIR COUNT RANK    LoRA adapters of all its projections

Random weights say the same token again and again, which any guess gets right. The copying model has a round of 94 printable characters instead:
whatever it reads, the next character of the round follows. Its layers compute as before, but what they add is zero; its head has the rows of the embeddings,
each at the place of the character that follows. PROMPTS_DIR gets copy.jsonl (the round with one character in twelve replaced, then its
beginning: the answer copies the rest and mends it, so that guesses from the prompt are right between two mistakes and wrong at them) and
wrong.jsonl (every pair of characters, each followed by a wrong one: every guess is wrong). Takes Q4_0 or Q8_0 with tied embeddings and a vocabulary that
begins with the 256 bytes. Needs Python 3 alone.
"""
import json, mmap, pathlib, random, struct, sys

SIZES = {0: (1, 4), 1: (1, 2), 2: (32, 18), 8: (32, 34), 12: (256, 144), 14: (256, 210), 30: (1, 2)}
SCALARS = {0: 1, 1: 1, 2: 2, 3: 2, 4: 4, 5: 4, 6: 4, 7: 1, 10: 8, 11: 8, 12: 8}
Q4_0, Q8_0 = 2, 8
ROUND = 94  # characters from ! to ~, whose tokens are their codes


class Gguf:
    """The parts of a file: its metadata as bytes, its tensors as name, dimensions, type and place."""

    def __init__(self, path):
        with open(path, "rb") as file:
            self.map = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
        _, count, self.pairs = struct.unpack_from("<IQQ", self.map, 4)
        self.at = 24
        for _ in range(self.pairs):
            self.text()
            self.skip(self.number("<I"))
        self.metadata = self.map[24:self.at]
        self.tensors = []
        for _ in range(count):
            name = self.text()
            dims = [self.number("<Q") for _ in range(self.number("<I"))]
            self.tensors.append((name, dims, self.number("<I"), self.number("<Q")))
        self.start = (self.at + 31) // 32 * 32

    def number(self, form):
        (value,) = struct.unpack_from(form, self.map, self.at)
        self.at += struct.calcsize(form)
        return value

    def text(self):
        length = self.number("<Q")
        self.at += length
        return self.map[self.at - length:self.at].decode()

    def skip(self, kind):
        if kind == 8:
            self.text()
        elif kind == 9:
            element, count = self.number("<I"), self.number("<Q")
            for _ in range(count):
                self.skip(element)
        else:
            self.at += SCALARS[kind]


def size(dims, kind):
    per, each = SIZES[kind]
    count = 1
    for d in dims:
        count *= d
    return count // per * each


def write(path, pairs, metadata, tensors):
    """tensors: name, dimensions, type, and the data in pieces."""
    head, offset = bytearray(b"GGUF" + struct.pack("<IQQ", 3, len(tensors), pairs)) + metadata, 0
    for name, dims, kind, _ in tensors:
        head += struct.pack("<Q", len(name)) + name.encode() + struct.pack(f"<I{len(dims)}QIQ", len(dims), *dims, kind, offset)
        offset += (size(dims, kind) + 31) // 32 * 32
    with open(path, "wb") as out:
        out.write(head + b"\0" * (-len(head) % 32))
        for _, dims, kind, pieces in tensors:
            for piece in pieces:
                out.write(piece)
            out.write(b"\0" * (-size(dims, kind) % 32))


def copying(source, target, folder):
    model, rng = Gguf(source), random.Random(7)
    name, dims, kind, place = next(t for t in model.tensors if t[0] == "token_embd.weight")
    if kind not in (Q4_0, Q8_0) or any(t[0] == "output.weight" for t in model.tensors):
        raise SystemExit("the model must be Q4_0 or Q8_0 with tied embeddings")
    row = size(dims[:1], kind)
    blocks, scale = dims[0] // 32, 0.02 / (4.6 if kind == Q4_0 else 73)
    fresh = [b"".join(struct.pack("<e", scale) + rng.randbytes(row // blocks - 2) for _ in range(blocks)) for _ in range(256)]
    around = list(range(ord("!"), ord("~") + 1))
    rng.shuffle(around)
    before = {around[(i + 1) % ROUND]: around[i] for i in range(ROUND)}
    rest = lambda: (model.map[model.start + place + 256 * row:model.start + place + size(dims, kind)],)
    tensors = []
    for other, shape, form, at in model.tensors:
        if other == name:
            pieces = [*fresh, *rest()]
        elif other.endswith(("attn_output.weight", "ffn_down.weight")):
            pieces = (b"\0" * size(shape, form),)
        else:
            pieces = (model.map[model.start + at:model.start + at + size(shape, form)],)
        tensors.append((other, shape, form, pieces))
    tensors.append(("output.weight", dims, kind, [*(fresh[before.get(t, t)] for t in range(256)), *rest()]))
    write(target, model.pairs, model.metadata, tensors)

    text = bytes(around).decode()
    folder = pathlib.Path(folder)
    folder.mkdir(parents=True, exist_ok=True)
    mended = lambda: "".join(c if rng.random() >= 1 / 12 else rng.choice(text) for c in text) + " " + text[:3]
    wrong = lambda: " ".join(text[i] + text[(i + 1) % ROUND] + text[(i + rng.randrange(3, ROUND)) % ROUND] for i in range(ROUND)) + " " + text[:3]
    for file, prompt in (("copy.jsonl", mended), ("wrong.jsonl", wrong)):
        (folder / file).write_text("".join(json.dumps(prompt()) + "\n" for _ in range(6)))


def adapters(source, folder, count, rank):
    model = Gguf(source)
    folder = pathlib.Path(folder)
    folder.mkdir(parents=True, exist_ok=True)
    text = lambda s: struct.pack("<Q", len(s)) + s.encode()
    for number in range(count):
        rng, tensors = random.Random(number), []
        pool = b"".join(struct.pack("<f", rng.gauss(0, 0.02)) for _ in range(1 << 16))
        for name, dims, _, _ in model.tensors:
            if not name.startswith("blk.") or "norm" in name or len(dims) != 2:
                continue
            for suffix, shape in (("a", [dims[0], rank]), ("b", [rank, dims[1]])):
                data = (pool * (size(shape, 0) // len(pool) + 1))[:size(shape, 0)]
                tensors.append((f"{name}.lora_{suffix}", shape, 0, (data,)))
        pairs = [("general.type", "adapter"), ("general.architecture", "llama"), ("adapter.type", "lora")]
        metadata = b"".join(text(key) + struct.pack("<I", 8) + text(value) for key, value in pairs)
        metadata += text("adapter.lora.alpha") + struct.pack("<If", 6, float(rank))
        write(folder / f"lora-{number}.gguf", len(pairs) + 1, metadata, tensors)


if __name__ == "__main__":
    if sys.argv[1:2] == ["copying"] and len(sys.argv) == 5:
        copying(*sys.argv[2:])
    elif sys.argv[1:2] == ["adapters"] and len(sys.argv) == 6:
        adapters(sys.argv[2], sys.argv[3], int(sys.argv[4]), int(sys.argv[5]))
    else:
        raise SystemExit(__doc__)
