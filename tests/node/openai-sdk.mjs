// Drives a server with OpenAI's own npm package: node openai-sdk.mjs BASE_URL SCENARIO. Prints one line of JSON: what the client understood.
import OpenAI from "openai";

const [baseURL, scenario] = process.argv.slice(2);
const model = process.env.SLUICE_TEST_MODEL ?? "fake";
const client = new OpenAI({ baseURL, apiKey: "unused", maxRetries: 0 });
const messages = JSON.parse(process.env.SLUICE_TEST_MESSAGES ?? '[{"role":"user","content":"hi"}]');
const prompt = process.env.SLUICE_TEST_PROMPT ?? "Once";

/** What an SDK error says, as a program sees it. */
async function caught(call) {
  try {
    await call();
  } catch (error) {
    return { kind: error.constructor.name, status: error.status, code: error.code, param: error.param, type: error.type, requestId: Boolean(error.requestID) };
  }
  throw new Error("the call was expected to fail");
}

const scenarios = {
  async chat() {
    const answer = await client.chat.completions.create({ model, messages, temperature: 0, max_completion_tokens: 64 });
    return { text: answer.choices[0].message.content, finish: answer.choices[0].finish_reason, total: answer.usage.total_tokens, requestId: Boolean(answer._request_id) };
  },
  async chatStream() {
    const stream = await client.chat.completions.create({
      model, messages, temperature: 0, max_completion_tokens: 64, stream: true, stream_options: { include_usage: true },
    });
    let text = "", finish = null, total = null;
    for await (const chunk of stream) {
      text += chunk.choices[0]?.delta?.content ?? "";
      finish = chunk.choices[0]?.finish_reason ?? finish;
      total = chunk.usage?.total_tokens ?? total;
    }
    return { text, finish, total };
  },
  async chatRunner() {
    const runner = client.chat.completions.stream({ model, messages, temperature: 0, max_completion_tokens: 64 });
    const final = await runner.finalChatCompletion();
    return { text: final.choices[0].message.content, finish: final.choices[0].finish_reason };
  },
  async completion() {
    const answer = await client.completions.create({ model, prompt, temperature: 0, max_tokens: 64 });
    return { text: answer.choices[0].text, finish: answer.choices[0].finish_reason, total: answer.usage.total_tokens };
  },
  async completionStream() {
    let text = "", finish = null;
    for await (const chunk of await client.completions.create({ model, prompt, temperature: 0, max_tokens: 64, stream: true })) {
      text += chunk.choices[0]?.text ?? "";
      finish = chunk.choices[0]?.finish_reason ?? finish;
    }
    return { text, finish };
  },
  async models() {
    const names = [];
    for await (const entry of client.models.list()) names.push(entry.id);
    return { names, one: (await client.models.retrieve(names[0])).id };
  },
  unknownModel: () => caught(() => client.chat.completions.create({ model: "nobody", messages })),
  badRequest: () => caught(() => client.chat.completions.create({ model, messages, temperature: 7 })),
  failure: () => caught(() => client.chat.completions.create({ model, messages })),
  failureMidStream: () => caught(async () => {
    for await (const chunk of await client.chat.completions.create({ model, messages, stream: true })) void chunk;
  }),
  async abort() {
    const stream = await client.chat.completions.create({ model, messages, stream: true });
    for await (const chunk of stream) {
      if (chunk.choices[0]?.delta?.content) break;
    }
    return { aborted: stream.controller.signal.aborted };
  },
};

console.log(JSON.stringify(await scenarios[scenario]()));
