// Finds the two engines, TLC and tla-checker, and fetches them where they are missing.

"use strict";

const { spawnSync } = require("node:child_process");
const { createHash } = require("node:crypto");
const fs = require("node:fs");
const path = require("node:path");
const { CannotRun } = require("./cannot-run.cjs");

const HOME = path.dirname(__dirname);
const CACHED_JAR = path.join(HOME, ".cache", "tla2tools-1.7.4.jar");
const JAR_URL = "https://github.com/tlaplus/tlaplus/releases/download/v1.7.4/tla2tools.jar";
const JAR_SHA256 = "936a262061c914694dfd669a543be24573c45d5aa0ff20a8b96b23d01e050e88";

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

/// Whether TLC is available without a download.
const hasTlc = () => Boolean(process.env.TLA2TOOLS_JAR) || fs.existsSync(CACHED_JAR);

/// The engines that are needed, each with the problem that keeps it from running, if there is one.
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

module.exports = { hasTlc, prepare };
