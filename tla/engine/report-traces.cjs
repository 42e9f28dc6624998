// `tla/check --traces`: chooses the engine that follows the traces, and prints the results.

"use strict";

const { CannotRun } = require("./cannot-run.cjs");
const { corruptions } = require("./corrupt.cjs");
const { hasTlc, prepare } = require("./find-engines.cjs");
const { follow, followEach, told } = require("./follow.cjs");
const { readTraces } = require("./trace-lines.cjs");

/// TLC if it is available, or else tla-checker. tla-checker follows many short traces in one process.
async function chooseEngine(wanted, corrupt) {
  let problem;
  for (const engine of wanted ? [wanted] : corrupt ? ["tla-checker", "tlc"] : ["tlc", "tla-checker"]) {
    if (!wanted && engine === "tlc" && !hasTlc()) continue;
    const engines = await prepare({ needsTlc: engine === "tlc", wanted: engine });
    if (!engines[engine].problem) return { engine, jar: engines.tlc.jar };
    problem = engines[engine].problem;
  }
  throw new CannotRun(problem);
}

const json = (value) => console.log(JSON.stringify(value, null, 2));

async function reportFollowed(clusters, able, asJson) {
  const results = [];
  for (const files of clusters) {
    const got = await follow(files, able, "traces");
    const refused = got.refused && { ...got.refused, told: told(got.refused) };
    const names = files.map((lines) => lines[0].place.file);
    results.push({ files: names, ...got, refused });
    if (asJson) continue;
    const which = names.length === 1 ? names[0] : `${names[0]} and ${names.length - 1} more`;
    if (refused) console.log(`refused: ${refused.told}`);
    else console.log(`followed: ${which}, ${got.lines} lines, ${able.engine}, ${got.seconds.toFixed(1)} s`);
  }
  if (asJson) json({ engine: able.engine, clusters: results });
  return results.every(({ refused }) => refused === null);
}

/// Every copy that is wrong in one place must be refused. Fields that the traces do not have cannot be tried.
async function reportCorrupted(clusters, able, asJson) {
  if (clusters.length > 1) throw new CannotRun("--corrupt takes the traces of one cluster; name its folder");
  const [files] = clusters;
  const { refused: straight } = await follow(files, able, "traces");
  if (straight) throw new CannotRun(`the traces themselves are refused: ${told(straight)}`);
  const copies = [...corruptions(files)];
  const tried = copies.filter(({ copy }) => copy);
  const refusals = await followEach(tried.map(({ copy }) => copy), able, "corrupted traces"); // prettier-ignore
  const results = copies.map(({ field, copy }) => {
    const refused = copy ? refusals[tried.findIndex((each) => each.copy === copy)] : null;
    return { field, outcome: !copy ? "not in these traces" : refused ? "refused" : "FOLLOWED", refused };
  });
  const count = (outcome) => results.filter((each) => each.outcome === outcome).length;
  if (asJson) json({ engine: able.engine, results });
  else {
    const print = (field, place, part) => console.log(`${field.padEnd(38)} ${place.padEnd(30)} ${part}`.trimEnd());
    print("field", "refused at", "by what");
    for (const { field, outcome, refused } of results) {
      print(field, refused ? `${refused.place.file}:${refused.place.line}` : outcome, refused?.part ?? "");
    }
    const [refused, kept, none] = ["refused", "FOLLOWED", "not in these traces"].map(count);
    console.log(`\n${refused} refused, ${kept} followed, ${none} not tried, ${able.engine}`);
  }
  return count("FOLLOWED") === 0;
}

/// Whether all traces are followed; or, of corrupted copies, whether all are refused.
async function reportTraces({ traces, corrupt, engine, json: asJson }) {
  const clusters = readTraces(traces);
  const able = await chooseEngine(engine, corrupt);
  return corrupt ? reportCorrupted(clusters, able, asJson) : reportFollowed(clusters, able, asJson);
}

module.exports = { reportTraces };
