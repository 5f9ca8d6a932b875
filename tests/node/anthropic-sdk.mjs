// Drives a server with Anthropic's own npm package: node anthropic-sdk.mjs BASE_URL SCENARIO. Prints one line of JSON: what the client understood.
import Anthropic from "@anthropic-ai/sdk";

const [baseURL, scenario] = process.argv.slice(2);
const client = new Anthropic({ baseURL, apiKey: "unused", maxRetries: 0 });
const messages = [{ role: "user", content: "hi" }];
const tools = [{ name: "weather", description: "d", input_schema: { type: "object", properties: { city: { type: "string" } } } }];

function told(message) {
  return {
    text: message.content.filter((block) => block.type === "text").map((block) => block.text).join(""),
    kinds: message.content.map((block) => block.type),
    input: message.content.find((block) => block.type === "tool_use")?.input ?? null,
    stop: message.stop_reason,
    output: message.usage.output_tokens,
  };
}

const scenarios = {
  message: async () => told(await client.messages.create({ model: "fake", max_tokens: 64, messages })),
  messageStream: async () => told(await client.messages.stream({ model: "fake", max_tokens: 64, messages }).finalMessage()),
  toolStream: async () => told(await client.messages.stream({ model: "fake", max_tokens: 64, messages, tools }).finalMessage()),
  count: async () => ({ tokens: (await client.messages.countTokens({ model: "fake", messages })).input_tokens }),
  async unknownModel() {
    try {
      await client.messages.create({ model: "nobody", max_tokens: 64, messages });
    } catch (error) {
      return { kind: error.constructor.name, status: error.status, type: error.error?.error?.type ?? error.type };
    }
    throw new Error("the call was expected to fail");
  },
};

console.log(JSON.stringify(await scenarios[scenario]()));
