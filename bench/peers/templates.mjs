// Compile and render times of npm's @huggingface/jinja on the templates and conversations of TemplateBench.
//
//   npm install @huggingface/jinja@0.5.11
//   node bench/peers/templates.mjs GOLDEN_FOLDER TOKENIZER_CONFIG_OF_THE_DEMO_MODEL
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";

const { Template } = createRequire(join(process.cwd(), "package.json"))("@huggingface/jinja");
const [golden, demo] = process.argv.slice(2);
const read = (path) => JSON.parse(readFileSync(path, "utf8"));
const templates = read(join(golden, "templates/chat-templates.json"));
const conversations = read(join(golden, "templates/chat-conversations.json"));
const sources = {
  demo: read(demo).chat_template,
  "llama-3.1": templates["llama.cpp/meta-llama-Llama-3.1-8B-Instruct"],
};

// The best of many batches: what the code takes when nothing else runs.
function microseconds(action) {
  let best = Infinity;
  for (let batch = 0; batch < 200; batch++) {
    const start = process.hrtime.bigint();
    for (let i = 0; i < 100; i++) action();
    best = Math.min(best, Number(process.hrtime.bigint() - start) / 100_000);
  }
  return best.toFixed(1);
}

for (const [name, source] of Object.entries(sources)) {
  const template = new Template(source);
  console.log(`${name} compile ${microseconds(() => new Template(source))} us`);
  for (const conversation of ["sys_turns", "tool_done"]) {
    const context = conversations[conversation];
    console.log(`${name} render ${conversation} ${microseconds(() => template.render(context))} us`);
  }
}
