// Runs one module with tla-checker, once for each configuration, and prints what it says as a line of JSON each.
// Usage: node tla-checker.mjs <directory of the module> <module> <file.cfg> ...

import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import init, { check_spec_with_cfg } from "tla-checker";

const STANDARD = new Set(["Integers", "Naturals", "FiniteSets", "Sequences", "TLC"]);
const MAX_STATES = 100_000_000;
const MAX_DEPTH = 1_000_000;

/// The engine knows the variables of the last declaration only, so all are declared at once, where the first
/// were. A declaration ends with an empty line.
function declareTogether(text) {
  const declaration = /^VARIABLES?\b([\s\S]*?)\n(?=\s*\n)/gm;
  const names = [...text.matchAll(declaration)].flatMap(([, body]) => body.replace(/\\\*.*$/gm, "").match(/\w+/g));
  let first = true;
  return text.replace(declaration, () => (first ? ((first = false), `VARIABLES ${names.join(", ")}\n`) : ""));
}

/// The module with all modules that it extends in one: the engine takes one source.
function inline(directory, name) {
  const standard = new Set();
  const parts = [];

  const take = (module) => {
    const text = readFileSync(join(directory, `${module}.tla`), "utf8").replaceAll("\r", "");
    const body = text.replace(/^-+ MODULE \w+ -+\n/, "").replace(/\n=+\s*$/, "\n");
    const names = (body.match(/^EXTENDS (.*)$/m)?.[1] ?? "").split(",").map((each) => each.trim());
    for (const each of names.filter(Boolean)) {
      if (STANDARD.has(each)) standard.add(each);
      else take(each);
    }
    parts.push(body.replace(/^EXTENDS .*$/m, ""));
  };

  take(name);
  return `---- MODULE ${name} ----\nEXTENDS ${[...standard].join(", ")}\n${declareTogether(parts.join("\n"))}\n====\n`;
}

const [directory, module, ...cfgs] = process.argv.slice(2);
const wasm = createRequire(import.meta.url).resolve("tla-checker/tla_checker_bg.wasm");
await init({ module_or_path: readFileSync(wasm) });
const source = inline(directory, module);
for (const cfg of cfgs) {
  const answer = check_spec_with_cfg(source, readFileSync(cfg, "utf8"), "{}", MAX_STATES, MAX_DEPTH, true, false);
  console.log(answer.replaceAll("\n", " "));
}
