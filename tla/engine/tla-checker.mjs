// Runs one module with tla-checker, once for each configuration, and prints each answer as a line of JSON.
// Usage: node tla-checker.mjs [--as-written] <directory of the module> <module> <file.cfg> ...

import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import init, { check_spec_with_cfg } from "tla-checker";
import names from "./unique-names.cjs";

const STANDARD = new Set(["Integers", "Naturals", "FiniteSets", "Sequences", "TLC"]);
const MAX_STATES = 100_000_000;
const MAX_DEPTH = 1_000_000;

/// The engine knows the variables of the last declaration only, so all are declared at once, in the place of the
/// first. A declaration ends with an empty line.
function declareTogether(text) {
  const declaration = /^VARIABLES?\b([\s\S]*?)\n(?=\s*\n)/gm;
  const variables = [...text.matchAll(declaration)].flatMap(([, body]) => body.replace(/\\\*.*$/gm, "").match(/\w+/g));
  let first = true;
  return text.replace(declaration, () => (first ? ((first = false), `VARIABLES ${variables.join(", ")}\n`) : ""));
}

/// The module with all modules that it extends in one, as the engine takes one source.
function inline(directory, name, asWritten) {
  const standard = new Set();
  const globals = new Set();
  const counter = { last: 0 };
  const parts = [];

  const take = (module) => {
    const text = readFileSync(join(directory, `${module}.tla`), "utf8").replaceAll("\r", "");
    const body = text.replace(/^-+ MODULE \w+ -+\n/, "").replace(/\n=+\s*$/, "\n");
    const extended = (body.match(/^EXTENDS (.*)$/m)?.[1] ?? "").split(",").map((each) => each.trim());
    for (const each of extended.filter(Boolean)) {
      if (STANDARD.has(each)) standard.add(each);
      else take(each);
    }
    const own = body.replace(/^EXTENDS .*$/m, "");
    names.globalsOf(own).forEach((each) => globals.add(each));
    parts.push(asWritten ? own : names.uniqueNames(own, globals, counter));
  };

  take(name);
  return `---- MODULE ${name} ----\nEXTENDS ${[...standard].join(", ")}\n${declareTogether(parts.join("\n"))}\n====\n`;
}

const args = process.argv.slice(2);
const asWritten = args[0] === "--as-written" && Boolean(args.shift());
const [directory, module, ...cfgs] = args;
const wasm = createRequire(import.meta.url).resolve("tla-checker/tla_checker_bg.wasm");
await init({ module_or_path: readFileSync(wasm) });
const source = inline(directory, module, asWritten);
for (const cfg of cfgs) {
  const answer = check_spec_with_cfg(source, readFileSync(cfg, "utf8"), "{}", MAX_STATES, MAX_DEPTH, true, false);
  console.log(answer.replaceAll("\n", " "));
}
