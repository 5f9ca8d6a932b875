// Encode and decode times of npm's tokenizers on the texts of TokenizerBench, one thread, in MB/s of UTF-8:
// tiktoken (Rust in WebAssembly), @huggingface/tokenizers (JavaScript), tokenizers (Hugging Face's Rust library).
//
//   npm install tiktoken@1.0.22 @huggingface/tokenizers@0.2.0 tokenizers@0.23.2
//   node bench/peers/tokenizers.mjs GOLDEN_FOLDER CHECKOUT [MEGABYTES]
//
// RAYON_NUM_THREADS=1 keeps the Rust library on one core.
import { readFileSync, readdirSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";

const require = createRequire(join(process.cwd(), "package.json"));
const [golden, checkout, megabytes = "10"] = process.argv.slice(2);
const foreign = [
  "Привет, мир! Как дела сегодня?", "我在公司工作，今天天气很好。", "こんにちは世界、元気ですか。", "한국어 텍스트입니다.", "😀👩‍👩‍👧 🇩🇪 ✅",
  "हिन्दी में लिखा हुआ", "Zażółć gęślą jaźń",
];

function makeText(name) {
  const sources = readdirSync(join(checkout, "src"), { recursive: true })
    .filter((path) => path.endsWith(".cs") && !path.includes("/obj/") && !path.endsWith(".Generated.cs")).sort();
  const lines = sources.flatMap((path) => readFileSync(join(checkout, "src", path), "utf8").split("\n"));
  const text = [];
  for (let bytes = 0, number = 0; bytes < megabytes * 1e6; number++) {
    let line = lines[number % lines.length];
    if (name === "mixed" && number % 3 === 0) line += " " + foreign[Math.floor(number / 3) % foreign.length];
    text.push(line, "\n");
    bytes += Buffer.byteLength(line) + 1;
  }
  return text.join("");
}

// The best of three runs, as BenchmarkDotNet's are the mean of a quiet few.
async function rate(bytes, action) {
  let best = Infinity;
  for (let run = 0; run < 3; run++) {
    const start = process.hrtime.bigint();
    await action();
    best = Math.min(best, Number(process.hrtime.bigint() - start) / 1e9);
  }
  return (bytes / 1e6 / best).toFixed(2);
}

async function measure(peer, vocabulary, name, text, encode, decode) {
  const ids = await encode(text);
  const bytes = Buffer.byteLength(text);
  const encoded = await rate(bytes, () => encode(text));
  const decoded = await rate(bytes, () => decode(ids));
  console.log(`${peer} ${vocabulary} ${name}: ${ids.length} ids, encode ${encoded} MB/s, decode ${decoded} MB/s`);
}

for (const name of ["code", "mixed"]) {
  const text = makeText(name);
  const { get_encoding } = require("tiktoken");
  for (const vocabulary of ["gpt2", "cl100k_base", "o200k_base"]) {
    const encoding = get_encoding(vocabulary);
    await measure("tiktoken", vocabulary, name, text, (t) => encoding.encode_ordinary(t), (ids) => encoding.decode(ids));
    encoding.free();
  }
  for (const vocabulary of ["llama3_2", "qwen2_5", "gemma3"]) {
    const folder = join(golden, "tokenizers/hf", vocabulary);
    const json = gunzipSync(readFileSync(join(folder, "tokenizer.json.gz"))).toString();
    const rust = require("tokenizers").Tokenizer.fromString(json);
    await measure("tokenizers (Rust)", vocabulary, name, text,
      async (t) => (await rust.encode(t, null, { addSpecialTokens: false })).getIds(), (ids) => rust.decode(Array.from(ids), false));
    const { Tokenizer } = require("@huggingface/tokenizers");
    const script = new Tokenizer(JSON.parse(json), JSON.parse(readFileSync(join(folder, "tokenizer_config.json"), "utf8")));
    const part = text.slice(0, 1_000_000);
    await measure("@huggingface/tokenizers, 1 MB", vocabulary, name, part,
      (t) => script.encode(t, { add_special_tokens: false }).ids, (ids) => script.decode(ids, { skip_special_tokens: false }));
  }
}
