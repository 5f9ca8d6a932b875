// Drives a server with Vercel's AI SDK: node vercel-ai.mjs BASE_URL SCENARIO. Prints one line of JSON: what the client understood.
import { createOpenAICompatible } from "@ai-sdk/openai-compatible";
import { generateText, jsonSchema, streamText, tool } from "ai";

const [baseURL, scenario] = process.argv.slice(2);
const model = createOpenAICompatible({ name: "sluice", baseURL: `${baseURL}v1`, apiKey: "unused", includeUsage: true })("fake");
const tools = { weather: tool({ description: "d", inputSchema: jsonSchema({ type: "object", properties: { city: { type: "string" } } }) }) };

const scenarios = {
  async text() {
    const answer = await generateText({ model, prompt: "hi", maxRetries: 0 });
    return { text: answer.text, finish: answer.finishReason, output: answer.usage.outputTokens };
  },
  async textStream() {
    const answer = streamText({ model, prompt: "hi", maxRetries: 0 });
    let text = "";
    for await (const piece of answer.textStream) text += piece;
    return { text, finish: await answer.finishReason, output: (await answer.usage).outputTokens };
  },
  async toolStream() {
    const answer = streamText({ model, prompt: "hi", tools, maxRetries: 0 });
    const calls = await answer.toolCalls;
    return { name: calls[0].toolName, input: calls[0].input, finish: await answer.finishReason };
  },
};

console.log(JSON.stringify(await scenarios[scenario]()));
