// Has CompatCanary look at a server: node compatcanary.mjs BASE_URL PROFILE. Prints one line of JSON: each check and what became of it.
import { execFileSync } from "node:child_process";

const [baseURL, profile] = process.argv.slice(2);
const options = ["--base-url", baseURL, "--model", "fake", "--api-key", "unused", "--profile", profile];
const report = JSON.parse(execFileSync("node_modules/.bin/compatcanary", ["scan", ...options, "--format", "json", "--fail-on", "never"]));

console.log(JSON.stringify(report.results.map((check) => ({ id: check.id, status: check.status, why: check.summary + JSON.stringify(check.error ?? "") }))));
