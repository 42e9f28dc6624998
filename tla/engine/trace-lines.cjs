// Reads recorded traces: JSON Lines, one line for each step of one member. This file alone says what a line must look
// like. Whether it is a step of the spec is decided by SwimTrace.

"use strict";

const fs = require("node:fs");
const path = require("node:path");
const zlib = require("node:zlib");
const { CannotRun } = require("./cannot-run.cjs");

const KINDS = ["data", "ping", "pingreq", "indirectping", "indirectack", "announce", "feed", "turnundead"];
const NOTES = ["up", "down", "rename", "active", "idle", "defunct", "rejoin"];
const MAX_INCARNATION = 65_535;

/// A line that is no step of the spec: its place, the part that is wrong, and why.
class Refused extends Error {
  constructor(place, part, why) {
    super(`${part}: ${why}`);
    Object.assign(this, { place, part, why });
  }
}

// ---- what a value must be. Each check gives the value, or throws with the name of the part.

const wrong = (part, why) => {
  throw new Refused(null, part, why);
};

const number = (most) => (value, part) =>
  Number.isSafeInteger(value) && value >= 0 && value <= most ? value : wrong(part, `no number from 0 to ${most}`);

const generation = number(Number.MAX_SAFE_INTEGER);
const incarnation = number(MAX_INCARNATION);
const boolean = (value, part) => (typeof value === "boolean" ? value : wrong(part, "neither true nor false"));
const address = (value, part) => (typeof value === "string" && value !== "" ? value : wrong(part, "no address"));
const oneOf = (names) => (value, part) =>
  names.includes(value) ? value : wrong(part, `${JSON.stringify(value)} is none of ${names.join(", ")}`);
const nothing = (value, part) => (value === null ? value : wrong(part, "not null"));
const maybe = (check) => (value, part) => (value === null ? value : check(value, part));

const object = (fields) => (value, part) => {
  if (value === null || typeof value !== "object" || Array.isArray(value)) wrong(part || "line", "no object");
  const name = (field) => (part === "" ? field : `${part}.${field}`);
  for (const [field, check] of Object.entries(fields)) {
    if (!Object.hasOwn(value, field)) wrong(name(field), "missing");
    check(value[field], name(field));
  }
  for (const field of Object.keys(value)) {
    if (!Object.hasOwn(fields, field)) wrong(name(field), "no such field");
  }
  return value;
};

const tuple =
  (...checks) =>
  (value, part) => {
    if (!Array.isArray(value) || value.length !== checks.length) wrong(part, `not ${checks.length} values`);
    checks.forEach((check, index) => check(value[index], part));
    return value;
  };

const list = (check) => (value, part) => {
  if (!Array.isArray(value)) wrong(part, "no list");
  value.forEach((each) => check(each, part));
  return value;
};

/// A list without duplicates, as compared by `key`.
const distinct =
  (check, key = JSON.stringify) =>
  (value, part) => {
    list(check)(value, part);
    if (new Set(value.map(key)).size !== value.length) wrong(part, "something comes twice");
    return value;
  };

const table = (check) => (value, part) => {
  if (value === null || typeof value !== "object" || Array.isArray(value)) wrong(part, "no object");
  for (const [key, each] of Object.entries(value)) check(each, `${part}[${key}]`);
  return value;
};

// ---- the parts of a line

const identity = tuple(address, generation);
const status = oneOf(["alive", "suspect", "down"]);
const record = tuple(generation, incarnation, status);
const timer = tuple(address, generation, incarnation);
const stone = tuple(generation, incarnation);
const addresses = distinct(address);

const state = object({
  id: identity, inc: incarnation, conn: oneOf(["idle", "active", "defunct"]), left: boolean, await: boolean,
  mem: table(record), tomb: table(stone), up: table(record), susp: distinct(timer), rem: distinct(timer),
}); // prettier-ignore

const packet = object({
  k: oneOf(KINDS), src: identity, si: incarnation, dst: identity, to: maybe(identity),
  ups: distinct(tuple(address, generation, incarnation, status), ([about]) => about),
}); // prettier-ignore

/// The argument of each step of a member.
const ARGUMENTS = {
  Start: object({ renewable: boolean }),
  Receive: packet,
  Probe: object({ failed: maybe(timer), target: address }),
  SendIndirectProbe: object({ target: address, helpers: addresses }),
  Expire: timer,
  Forget: timer,
  Unbury: address,
  Announce: identity,
  AnnounceTo: addresses,
  AnnounceDown: addresses,
  Gossip: addresses,
  Leave: nothing,
  Reuse: nothing,
  Assume: identity,
  Nothing: nothing,
};

const whole = object({
  op: oneOf(Object.keys(ARGUMENTS)), at: address, argument: () => {}, after: state, out: list(packet),
  notes: list(tuple(oneOf(NOTES), address, generation)),
}); // prettier-ignore

function checkLine(value, place) {
  try {
    whole(value, "");
    ARGUMENTS[value.op](value.argument, "argument");
  } catch (error) {
    if (error instanceof Refused) error.place = place;
    throw error;
  }
}

/// Two packets that differ only in the order of their updates are the same.
const packetPart = (packet, field) =>
  JSON.stringify(field === "ups" ? [...packet.ups].sort(([a], [b]) => (a < b ? -1 : 1)) : packet[field]);
const packetKey = (packet) => ["k", "src", "si", "dst", "to", "ups"].map((field) => packetPart(packet, field)).join();

// ---- files

const textOf = (value) => (typeof value === "string" ? value : "?");
const isTrace = (name) => /\.trace\.jsonl(\.gz)?$/.test(name);

function readText(file) {
  const bytes = fs.readFileSync(file);
  try {
    return (file.endsWith(".gz") ? zlib.gunzipSync(bytes) : bytes).toString("utf8");
  } catch (error) {
    throw new CannotRun(`${file}: ${error.message}`);
  }
}

/// The lines of one file, each with its place.
function readFile(folder, name) {
  const lines = [];
  for (const [index, text] of readText(path.join(folder, name)).split("\n").entries()) {
    if (text.trim() === "") continue;
    let value;
    try {
      value = JSON.parse(text);
    } catch (error) {
      throw new CannotRun(`${name}:${index + 1}: no JSON: ${error.message}`);
    }
    lines.push({ place: { file: name, line: index + 1, at: textOf(value?.at), op: textOf(value?.op) }, value });
  }
  return lines;
}

/// The traces in a folder, and those in each folder in it: one list for each cluster, of files, each a list of
/// lines. A file by itself is a cluster too, under any name. The lines are not checked yet.
function readTraces(given) {
  if (!fs.existsSync(given)) throw new CannotRun(`traces: no folder ${given}`);
  const isFolder = (name) => fs.statSync(path.join(given, name)).isDirectory();
  const tracesIn = (name) => fs.readdirSync(path.join(given, name)).filter(isTrace).sort();
  const inFolder = (name) => tracesIn(name).map((each) => readFile(given, path.join(name, each)));
  const clusters = isFolder("")
    ? ["", ...fs.readdirSync(given).filter(isFolder).sort()].map(inFolder)
    : [[readFile(path.dirname(given), path.basename(given))]];
  const filled = clusters.map((files) => files.filter((lines) => lines.length > 0)).filter((files) => files.length > 0);
  if (filled.length === 0) throw new CannotRun(`traces: no *.trace.jsonl with a line in ${given}`);
  return filled;
}

module.exports = { Refused, checkLine, packetKey, packetPart, readTraces, MAX_INCARNATION };
