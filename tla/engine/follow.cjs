// Follows traces with SwimTrace, and reports in one line where they are no steps of the spec.

"use strict";

const fs = require("node:fs");
const path = require("node:path");
const { CannotRun } = require("./cannot-run.cjs");
const { readModels, writeConfiguration } = require("./configurations.cjs");
const { runTlaChecker, runTlc, withModules } = require("./run-engines.cjs");
const { lastValue } = require("./tla-value.cjs");
const { traceData } = require("./trace-data.cjs");
const { Refused, packetPart } = require("./trace-lines.cjs");

const MODEL = readModels().find(({ model }) => model === "SwimTrace");
const NOT_SENT = "no such packet was sent"; // as SwimTrace has it

// ---- the numbers of the model, back in the words of the trace

function words(names, value) {
  if (!Array.isArray(value)) return JSON.stringify(value);
  const [first, second, ...rest] = value;
  const isIdentity = typeof first === "number" && typeof second === "number";
  if (isIdentity && first === 0) return "null";
  if (isIdentity) return `[${[names.address(first), names.generation(first, second), ...rest].join(" ")}]`;
  if (typeof first === "string" && typeof second === "number") {
    return `[${[first, names.address(second), names.generation(second, rest[0])].join(" ")}]`; // an event
  }
  return `[${value.map((each) => words(names, each)).join(", ")}]`;
}

const PACKET = ["k", "src", "si", "dst", "to", "ups"];

/// One part in which a line and the spec differ: of sets only the elements that one of them lacks, of one packet for
/// another only the fields that differ.
function describe(names, [part, spec, trace, fields]) {
  if (trace === undefined) return { part, why: spec };
  const has = (one, other) => `the spec has ${words(names, one)}, the trace ${words(names, other)}`;
  if (!fields?.length) return { part, why: has(spec, trace) };
  const parts = PACKET.filter((field) => fields.includes(field));
  const only = ([packet]) => packet.filter((_, index) => parts.includes(PACKET[index]));
  const values = ([packet]) => (parts.length === 1 ? only([packet])[0] : only([packet]));
  return { part: parts.map((field) => `${part}.${field}`).join(", "), why: has(values(spec), values(trace)) };
}

/// A packet that was never sent, beside the most similar one that was.
function unsent(data, { place, value: { argument } }) {
  let nearest = PACKET;
  for (const packet of data.linesOf.flat().flatMap(({ value }) => value.out)) {
    const differing = PACKET.filter((field) => packetPart(packet, field) !== packetPart(argument, field));
    if (differing.length < nearest.length) nearest = differing;
  }
  if (nearest.length === 0) return { place, part: "argument", why: "this packet was not sent before" };
  const like = nearest.length < 3 ? `; one that was differs in ${nearest.join(", ")}` : "";
  return { place, part: "argument", why: `no such packet was sent${like}` };
}

/// The line that ended the run, and why. A broken invariant is one of the line followed last.
function refusal(data, got) {
  const [last, pos, wrong] = ["last", "pos", "wrong"].map((variable) => lastValue(got.output, variable));
  if (last === undefined) throw new CannotRun("the engine printed no state");
  const positions = Array.isArray(pos) ? pos : Object.values(pos);
  const lines = data.linesOf[last - 1] ?? [];
  if (wrong.length === 0) {
    const line = lines[positions[last - 1] - 2];
    return { place: line?.place, part: got.property, why: "the step of this line breaks this property of Swim" };
  }
  const line = lines[positions[last - 1] - 1];
  if (wrong[0][1] === NOT_SENT) return unsent(data, line);
  const parts = wrong.map((each) => describe(data.names, each));
  return {
    place: line.place,
    part: parts.map(({ part }) => part).join(", "),
    why: parts.map(({ part, why }) => (parts.length > 1 ? `${part}: ${why}` : why)).join("; "),
  };
}

// ---- following

function dataOf(files, engine) {
  try {
    return traceData(files, engine);
  } catch (error) {
    if (!(error instanceof Refused)) throw error;
    return { refused: { place: error.place, part: error.part, why: error.why } };
  }
}

function judge(data, got, engine) {
  if (got.result === "fail") return refusal(data, got);

  // Each line is one state. With any other number of states some line was skipped.
  if (got.states !== data.lines + 1) throw new CannotRun(`${engine} gave ${got.states} states for ${data.lines} lines`);
  return null;
}

/// Follows each of the traces in `copies`, and gives the first line of each that is refused, or null.
async function followEach(copies, { engine, jar }, name) {
  const datas = copies.map((files) => dataOf(files, engine));
  const refused = datas.map((data) => data.refused ?? null);
  const open = datas.filter((data) => !data.refused);
  await withModules(MODEL, async (folder) => {
    const cfgs = open.map(({ constants, written }, index) => {
      const model = { ...MODEL, constants: { ...MODEL.constants, ...constants } };
      return writeConfiguration(path.join(folder, `trace${index}`), model, written);
    });
    const note = (data, got) => (refused[datas.indexOf(data)] = judge(data, got, engine));
    const writeData = (data) => fs.writeFileSync(path.join(folder, "TraceData.tla"), data.module);
    if (engine === "tlc") {
      for (const [index, data] of open.entries()) {
        writeData(data);
        note(data, await runTlc(jar, folder, MODEL, cfgs[index], name));
      }
    } else if (open.length > 0) {
      writeData(open[0]); // the data is in the configurations
      const all = await runTlaChecker(folder, MODEL, cfgs, name);
      open.forEach((data, index) => note(data, all[index]));
    }
  });
  return refused;
}

/// Follows the traces in `files`: how many lines there are, and the first that is refused, if any.
async function follow(files, able, name) {
  const begin = Date.now();
  const [refused] = await followEach([files], able, name);
  return { lines: files.flat().length, refused, seconds: (Date.now() - begin) / 1000 };
}

const told = ({ place, part, why }) => `${place.file}:${place.line}: ${place.at} ${place.op}: ${part}: ${why}`;

module.exports = { follow, followEach, told };
