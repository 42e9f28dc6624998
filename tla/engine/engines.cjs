// The two engines: finding them, and having one check a module in a folder.

"use strict";

const { spawn, spawnSync } = require("node:child_process");
const { createHash } = require("node:crypto");
const fs = require("node:fs");
const os = require("node:os");
const path = require("node:path");
const { CannotRun } = require("./cannot-run.cjs");

const HOME = path.dirname(__dirname);
const CACHED_JAR = path.join(HOME, ".cache", "tla2tools-1.7.4.jar");
const JAR_URL = "https://github.com/tlaplus/tlaplus/releases/download/v1.7.4/tla2tools.jar";
const JAR_SHA256 = "936a262061c914694dfd669a543be24573c45d5aa0ff20a8b96b23d01e050e88";
const PROGRESS_MS = 15_000;

// ---- finding them

function requireJava() {
  const java = spawnSync("java", ["-version"], { encoding: "utf8" });
  if (java.error || java.status !== 0) {
    throw new CannotRun("TLC needs Java 11 or later, and there is no `java` on the path");
  }
  const version = /version "(?:1\.)?(\d+)/.exec(java.stderr + java.stdout);
  if (version && Number(version[1]) < 11) throw new CannotRun(`TLC needs Java 11 or later; this is ${version[1]}`);
}

const sha256 = (bytes) => createHash("sha256").update(bytes).digest("hex");

async function findJar() {
  const given = process.env.TLA2TOOLS_JAR;
  if (given) {
    if (!fs.existsSync(given)) throw new CannotRun(`TLA2TOOLS_JAR names no file: ${given}`);
    return given;
  }
  if (fs.existsSync(CACHED_JAR)) {
    if (sha256(fs.readFileSync(CACHED_JAR)) === JAR_SHA256) return CACHED_JAR;
    throw new CannotRun(`SHA-256 of ${CACHED_JAR} is not that of release 1.7.4; delete the file and run again`);
  }
  let bytes;
  try {
    const response = await fetch(JAR_URL);
    if (!response.ok) throw new Error(`HTTP ${response.status}`);
    bytes = Buffer.from(await response.arrayBuffer());
  } catch (error) {
    throw new CannotRun(`cannot download ${JAR_URL} (${error.cause?.code ?? error.message}); set TLA2TOOLS_JAR`);
  }
  if (sha256(bytes) !== JAR_SHA256) {
    throw new CannotRun(`what ${JAR_URL} gave has SHA-256 ${sha256(bytes)}, not ${JAR_SHA256}: not used`);
  }
  fs.mkdirSync(path.dirname(CACHED_JAR), { recursive: true });
  fs.writeFileSync(CACHED_JAR, bytes);
  return CACHED_JAR;
}

function installTlaChecker() {
  if (fs.existsSync(path.join(HOME, "node_modules", "tla-checker"))) return;
  const npm = spawnSync("npm", ["ci", "--no-audit", "--no-fund"], { cwd: HOME, encoding: "utf8" });
  if (npm.error || npm.status !== 0) throw new CannotRun("tla-checker could not be installed: `npm ci` failed in tla/");
}

/// Whether TLC is at hand without a download.
const hasTlc = () => Boolean(process.env.TLA2TOOLS_JAR) || fs.existsSync(CACHED_JAR);

/// The engines that are needed, each with what keeps it from running, if anything does.
async function prepare({ needsTlc, wanted }) {
  const engines = { tlc: {}, "tla-checker": {} };
  const attempt = async (name, action) => {
    try {
      Object.assign(engines[name], await action());
    } catch (error) {
      if (!(error instanceof CannotRun)) throw error;
      engines[name].problem = error.message;
    }
  };
  if (needsTlc || (!wanted && hasTlc())) {
    await attempt("tlc", async () => (requireJava(), { jar: await findJar() }));
  } else engines.tlc.problem = "TLC was not asked for";
  const needsOther = wanted === "tla-checker" || (!wanted && engines.tlc.problem && !needsTlc);
  if (needsOther) await attempt("tla-checker", async () => installTlaChecker());
  else engines["tla-checker"].problem = "tla-checker was not asked for";
  return engines;
}

// ---- running them

/// Runs a program to its end. `watch` is shown what it has printed, to tell of progress.
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

/// A folder of its own with the modules of `from`, for as long as `action` runs.
async function withModules(from, action) {
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

const number = (text) => Number(text.replaceAll(",", ""));

function lastOf(pattern, text) {
  const all = [...text.matchAll(pattern)];
  return all.length === 0 ? null : number(all[all.length - 1][1]);
}

/// Has TLC check `module` in `folder` with the configuration `cfg` there.
async function runTlc(jar, folder, module, cfg, name) {
  const args = ["-XX:+UseParallelGC", "-cp", jar, "tlc2.TLC", "-workers", "1", "-metadir", path.join(folder, "states"),
    "-config", cfg, module]; // prettier-ignore
  const states = (text) => lastOf(/([\d,]+) distinct states found/g, text);
  const progress = (text) => `, ${states(text)?.toLocaleString("en") ?? "-"} states`;
  const ran = await run("java", args, folder, name, progress);
  const violated = /Invariant (\w+) is violated|Temporal properties were violated/.exec(ran.output);
  if (!violated && ran.code !== 0) {
    const why = /Error: (.*)/.exec(ran.output)?.[1] ?? ran.errors.split("\n")[0];
    throw new CannotRun(`TLC ended with code ${ran.code}: ${why}`);
  }
  return {
    result: violated ? "fail" : "pass",
    property: violated ? (violated[1] ?? null) : null,
    states: states(ran.output),
    depth: lastOf(/depth of the complete state graph search is ([\d,]+)/g, ran.output),
    trace: violated ? [...ran.output.matchAll(/^State \d+: /gm)].length || 1 : null,
    seconds: ran.seconds,
    output: ran.output,
  };
}

/// Has tla-checker check `module` in `folder` with the configurations in the files `cfgs`, in one process.
async function runTlaChecker(folder, module, cfgs, name) {
  const worker = path.join(__dirname, "tla-checker.mjs");
  const ran = await run(process.execPath, [worker, folder, module, ...cfgs], HOME, name, () => "");
  let answers;
  try {
    answers = ran.output.trimEnd().split("\n").map((line) => JSON.parse(line)); // prettier-ignore
  } catch {
    throw new CannotRun(`tla-checker gave no answer: ${(ran.errors || ran.output).split("\n")[0]}`);
  }
  return answers.map((answer, index) => {
    const broken = /^Invariant (\d+) violated/.exec(answer.error_message ?? "")?.[1];
    if (!answer.success && broken === undefined) throw new CannotRun(`tla-checker: ${answer.error_message}`);
    const cfg = fs.readFileSync(cfgs[index], "utf8");
    const invariants = /INVARIANTS?\s+([\w\s]+?)\s*(?:PROPERT|CHECK_DEADLOCK|$)/.exec(cfg);
    return {
      result: answer.success ? "pass" : "fail",
      property: answer.success ? null : invariants?.[1].split(/\s+/)[Number(broken)],
      states: answer.states_explored,
      depth: null,
      trace: null,
      seconds: ran.seconds,
      output: (answer.trace ?? []).join("\n"),
    };
  });
}

module.exports = { hasTlc, prepare, runTlaChecker, runTlc, withModules };
