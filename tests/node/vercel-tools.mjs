// Drives a server with Vercel's AI SDK, tools and thoughts: node vercel-tools.mjs BASE_URL SCENARIO. Prints one line of JSON: what the client understood.
import { createOpenAICompatible } from "@ai-sdk/openai-compatible";
import { generateText, jsonSchema, stepCountIs, streamText, tool } from "ai";

const [baseURL, scenario] = process.argv.slice(2);
const provider = createOpenAICompatible({ name: "sluice", baseURL, apiKey: "unused", includeUsage: true });
const model = provider.chatModel(process.env.SLUICE_TEST_MODEL ?? "fake");
const prompt = process.env.SLUICE_TEST_PROMPT ?? "hi";

const called = [];
const tools = {
  get_weather: tool({
    description: "Get the current weather for a city",
    inputSchema: jsonSchema({
      type: "object", properties: { city: { type: "string", description: "Name of the city" } }, required: ["city"],
    }),
    execute: async (input) => {
      called.push(input);
      return { temperature: 7, condition: "rainy" };
    },
  }),
  set_timer: tool({
    description: "Start a timer",
    inputSchema: jsonSchema({ type: "object", properties: { minutes: { type: "integer" } }, required: ["minutes"] }),
    execute: async (input) => {
      called.push(input);
      return {};
    },
  }),
};
const request = { model, prompt, tools, temperature: 0, maxRetries: 0, stopWhen: stepCountIs(3) };

const scenarios = {
  async tools() {
    const result = await generateText(request);
    return { text: result.text, called, finishes: result.steps.map((step) => step.finishReason) };
  },
  async toolsStream() {
    const result = streamText(request);
    let text = "", input = "";
    const kinds = new Set();
    for await (const part of result.fullStream) {
      kinds.add(part.type);
      if (part.type === "error") throw part.error;
      if (part.type === "text-delta") text += part.text;
      if (part.type === "tool-input-delta") input += part.delta;
    }
    return { text, input, called, finishes: (await result.steps).map((step) => step.finishReason), kinds: [...kinds] };
  },
  async reasoningStream() {
    const result = streamText({ model, prompt, maxRetries: 0 });
    let text = "", reasoning = "";
    for await (const part of result.fullStream) {
      if (part.type === "error") throw part.error;
      if (part.type === "text-delta") text += part.text;
      if (part.type === "reasoning-delta") reasoning += part.text;
    }
    return { text, reasoning };
  },
};

console.log(JSON.stringify(await scenarios[scenario]()));
