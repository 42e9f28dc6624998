// Has an engine check a model, with the modules in a folder of their own.

"use strict";

const { spawn } = require("node:child_process");
const fs = require("node:fs");
const os = require("node:os");
const path = require("node:path");
const { CannotRun } = require("./cannot-run.cjs");
const { writeConfiguration } = require("./configurations.cjs");
const { readOutput, statesIn } = require("./tlc-output.cjs");

const HOME = path.dirname(__dirname);
const PROGRESS_MS = 15_000;

/// Runs a program to its end. `watch` gets what it has printed so far, and says how far it is.
function run(program, args, cwd, name, watch) {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, { cwd });
    const begin = Date.now();
    let output = "";
    let errors = "";
    child.stdout.on("data", (data) => (output += data));
    child.stderr.on("data", (data) => (errors += data));
    const timer = setInterval(() => {
      const seconds = Math.round((Date.now() - begin) / 1000);
      process.stderr.write(`${name}: ${seconds} s${watch(output)}\n`);
    }, PROGRESS_MS);
    const end = () => clearInterval(timer);
    child.on("error", (error) => (end(), reject(error)));
    child.on("close", (code) => (end(), resolve({ code, output, errors, seconds: (Date.now() - begin) / 1000 })));
  });
}

const folderOf = (model) => path.join(HOME, path.dirname(model.module));
const moduleOf = (model) => path.basename(model.module);

/// A folder with the modules beside that of the model, for as long as `action` runs.
async function withModules(model, action) {
  const from = folderOf(model);
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), "swim-tla-"));
  try {
    for (const file of fs.readdirSync(from).filter((each) => each.endsWith(".tla"))) {
      fs.copyFileSync(path.join(from, file), path.join(folder, file));
    }
    return await action(folder);
  } finally {
    fs.rmSync(folder, { recursive: true, force: true });
  }
}

/// Has TLC check the model, whose modules and configuration are in `folder`.
async function runTlc(jar, folder, model, cfg, name) {
  const args = ["-XX:+UseParallelGC", "-cp", jar, "tlc2.TLC", "-workers", "1", "-metadir", path.join(folder, "states"),
    "-config", cfg, moduleOf(model)]; // prettier-ignore
  const progress = (text) => `, ${statesIn(text)?.toLocaleString("en") ?? "-"} states`;
  const ran = await run("java", args, folder, name, progress);
  return { ...readOutput(ran, model), seconds: ran.seconds, output: ran.output };
}

/// Has tla-checker check the model with each of the configurations, in one process.
async function runTlaChecker(folder, model, cfgs, name) {
  const worker = path.join(__dirname, "tla-checker.mjs");
  const written = model.asWritten ? ["--as-written"] : [];
  const args = [worker, ...written, folder, moduleOf(model), ...cfgs];
  const ran = await run(process.execPath, args, HOME, name, () => "");
  let answers;
  try {
    answers = ran.output.trimEnd().split("\n").map((line) => JSON.parse(line)); // prettier-ignore
  } catch {
    throw new CannotRun(`tla-checker gave no answer: ${(ran.errors || ran.output).split("\n")[0]}`);
  }
  return answers.map((answer) => {
    const broken = /^Invariant (\d+) violated/.exec(answer.error_message ?? "")?.[1];
    if (!answer.success && broken === undefined) throw new CannotRun(`tla-checker: ${answer.error_message}`);
    return {
      result: answer.success ? "pass" : "fail",
      property: answer.success ? null : model.invariants[Number(broken)],
      states: answer.states_explored,
      depth: null,
      trace: null,
      seconds: ran.seconds,
      output: (answer.trace ?? []).join("\n"),
    };
  });
}

/// Has the engine check the model, whose modules are in `folder`.
async function runModel({ engine, jar }, folder, model) {
  const cfg = writeConfiguration(folder, model);
  if (engine === "tlc") return runTlc(jar, folder, model, cfg, model.model);
  return (await runTlaChecker(folder, model, [cfg], model.model))[0];
}

module.exports = { runModel, runTlaChecker, runTlc, withModules };
