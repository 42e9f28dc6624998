// Copies of traces that are wrong in one place each, to check that every field counts. A copy ends soon after the
// place, so that it is followed quickly.

"use strict";

const { byMember } = require("./trace-data.cjs");
const { packetKey } = require("./trace-lines.cjs");

const TAIL = 5;
const NOWHERE = "nowhere:1";

const clone = (value) => JSON.parse(JSON.stringify(value));

// ---- a wrong value for a right one

const more = (n) => n + 1;
const less = (n) => (n > 0 ? n - 1 : n + 1);
const other = (choices) => (value) => choices[(choices.indexOf(value) + 1) % choices.length];
const otherStatus = other(["alive", "suspect", "down"]);
const not = (value) => !value;
const elsewhere = () => NOWHERE;

/// Changes `holder[key]`, if it is there.
const set = (holder, key, change) => {
  if (holder === null || holder === undefined || holder[key] === undefined) return false;
  holder[key] = change(holder[key]);
  return true;
};

const firstKey = (map) => Object.keys(map)[0];

/// The parts of an identity, a record, an update or a timer, by their place.
const IDENTITY = { address: [0, elsewhere], generation: [1, more] };
const RECORD = { generation: [0, more], incarnation: [1, more], status: [2, otherStatus] };
const UPDATE = { ...IDENTITY, incarnation: [2, more], status: [3, otherStatus] };
const SUSPICION = { ...IDENTITY, incarnation: [2, more] };

const partsOf = (name, parts, find) =>
  Object.entries(parts).map(([part, [place, change]]) => [`${name} ${part}`, (line) => set(find(line), place, change)]);

// ---- the fields of a line. Each takes a copy of a line, makes it wrong, and says whether it could.

const own = (op, find) => (line) => (line.op === op ? find(line.argument) : undefined);
const without = (list) => list.length > 0 && Boolean(list.splice(0, 1));

function argumentFields() {
  const when = (op, change) => (line, about) => line.op === op && change(line.argument, about, line);
  const replaced = (key) => (argument) => set(argument, key, elsewhere);
  const lists = ["AnnounceTo", "AnnounceDown", "Gossip"].flatMap((op) => [
    [`argument of ${op}: another`, when(op, replaced(0))],
    [`argument of ${op}: one less`, when(op, without)],
  ]);
  const asks = (change) => when("SendIndirectProbe", (argument) => argument.helpers.length > 0 && change(argument));
  const self = (argument) => argument;
  return [
    ["argument of Start: renewable", when("Start", (argument, { later }) => later && set(argument, "renewable", not))],
    ...packetFields("argument of Receive", own("Receive", self)),
    ...partsOf(
      "argument of Probe: failed",
      SUSPICION,
      own("Probe", ({ failed }) => failed),
    ),
    ["argument of Probe: failed is null", (line, { suspects }) => suspects && set(line.argument, "failed", () => null)],
    ["argument of Probe: target", when("Probe", replaced("target"))],
    ["argument of SendIndirectProbe: target", asks(replaced("target"))],
    ["argument of SendIndirectProbe: helper", asks(({ helpers }) => set(helpers, 0, elsewhere))],
    ["argument of SendIndirectProbe: less", asks(({ helpers }) => without(helpers))],
    ...partsOf("argument of Expire:", SUSPICION, own("Expire", self)),
    ...partsOf("argument of Forget:", SUSPICION, own("Forget", self)),
    ["argument of Unbury", when("Unbury", (_argument, _about, line) => set(line, "argument", elsewhere))],
    ...partsOf("argument of Announce:", IDENTITY, own("Announce", self)),
    ...lists,
    ...["Leave", "Reuse", "Nothing"].map((op) => [
      `argument of ${op}`,
      when(op, (_argument, _about, line) => set(line, "argument", () => 0)),
    ]),
    ...partsOf("argument of Assume:", IDENTITY, own("Assume", self)),
  ];
}

/// The fields of the packet that `find` gives.
function packetFields(name, find) {
  const updates = (line) => find(line)?.ups[0];
  return [
    [`${name}: k`, (line) => set(find(line), "k", other(["data", "ping", "announce", "turnundead"]))],
    ...partsOf(`${name}: src`, IDENTITY, (line) => find(line)?.src),
    [`${name}: si`, (line) => set(find(line), "si", more)],
    ...partsOf(`${name}: dst`, IDENTITY, (line) => find(line)?.dst),
    ...partsOf(`${name}: to`, IDENTITY, (line) => find(line)?.to ?? undefined),
    [`${name}: to is null`, (line) => Boolean(find(line)?.to) && set(find(line), "to", () => null)],
    [`${name}: to is there`, (line) => find(line)?.to === null && set(find(line), "to", () => [NOWHERE, 1])],
    ...partsOf(`${name}: ups`, UPDATE, updates),
    [`${name}: ups, one more`, (line) => Boolean(find(line)?.ups.push([NOWHERE, 1, 0, "alive"]))],
  ];
}

function stateFields() {
  const entry =
    (table) =>
    ({ after }) =>
      after[table][firstKey(after[table])];
  const removed =
    (table) =>
    ({ after }) =>
      firstKey(after[table]) !== undefined && delete after[table][firstKey(after[table])];
  return [
    ...partsOf("after.id", IDENTITY, ({ after }) => after.id),
    ["after.inc", ({ after }) => set(after, "inc", less)],
    ["after.conn", ({ after }) => set(after, "conn", other(["idle", "active", "defunct"]))],
    ["after.left", ({ after }) => set(after, "left", not)],
    ["after.await", ({ after }) => set(after, "await", not)],
    ...["mem", "up"].flatMap((table) => partsOf(`after.${table}`, RECORD, entry(table))),
    ["after.mem, one less", removed("mem")],
    ["after.tomb generation", ({ after }) => set(entry("tomb")({ after }), 0, more)],
    ["after.tomb incarnation", ({ after }) => set(entry("tomb")({ after }), 1, more)],
    ["after.tomb, one less", removed("tomb")],
    // An update may leave with its last transmission, so this takes one that no packet of the line carries.
    ["after.up, one less", (line) => line.out.every((packet) => packet.ups.length === 0) && removed("up")(line)],
    ...partsOf("after.susp", SUSPICION, ({ after }) => after.susp[0]),
    ["after.susp, one less", ({ after }) => without(after.susp)],
    ...partsOf("after.rem", SUSPICION, ({ after }) => after.rem[0]),
    ["after.rem, one less", ({ after }) => without(after.rem)],
  ]; // prettier-ignore
}

const FIELDS = [
  ...["Start", "Receive", "Probe", "SendIndirectProbe", "Expire", "Forget", "Unbury", "Announce", "AnnounceTo", "AnnounceDown",
    "Gossip", "Leave", "Reuse", "Assume"].map((op) => [`op ${op}`, (line, { matters }) =>
    line.op === op && matters && Boolean(Object.assign(line, { op: "Nothing", argument: null }))]),
  ["op Nothing", (line) => line.op === "Nothing" && !line.after.left && Boolean(Object.assign(line, { op: "Leave" }))],
  ["at", (line) => set(line, "at", elsewhere)],
  ...argumentFields(),
  ...stateFields(),
  ...packetFields("out", (line) => line.out[0]),
  ["out, one less", (line) => without(line.out)],
  ["notes kind", (line) => set(line.notes[0], 0, other(["up", "down", "active", "idle"]))],
  ...partsOf("notes", { address: [1, elsewhere], generation: [2, more] }, (line) => line.notes[0]),
  ["notes, one less", (line) => without(line.notes)],
  ["notes, one more", (line) => Boolean(line.notes.push(["idle", ...line.after.id]))],
]; // prettier-ignore

// ---- whole lines

/// What replaces the lines at `index` and `index + 1` of one member; nothing if it cannot be tried.
const LINES = [
  ["a line removed", (line, next) => line.notes.length > 0 && next && [next]],
  ["two lines swapped", (line, next) => line.notes.length > 0 && next && [next, line]],
  ["a line repeated", (line, next) => line.notes.length > 0 && [line, line, ...(next ? [next] : [])]],
  ["a packet that was never sent", (line, next) => {
    if (line.op !== "Receive") return undefined;
    const invented = clone(line);
    invented.argument.ups = [[NOWHERE, 7, 0, "alive"]];
    return [line, invented, ...(next ? [next] : [])];
  }],
]; // prettier-ignore

// ---- copies

/// All lines in an order in which they may have happened, by the packets.
function inOrder(files) {
  const queues = byMember(files);
  const sent = new Set();
  const order = [];
  const ready = ({ value }) => value.op !== "Receive" || sent.has(packetKey(value.argument));
  for (let moved = true; moved;) {
    moved = false;
    for (const queue of queues.values()) {
      while (queue.length > 0 && ready(queue[0])) {
        const line = queue.shift();
        order.push(line);
        line.value.out.forEach((packet) => sent.add(packetKey(packet)));
        moved = true;
      }
    }
  }
  return order;
}

/// The files with only the lines up to some place in the order, some of them replaced.
function cut(files, order, end, replaced) {
  const kept = new Set(order.slice(0, end));
  return files
    .map((lines) =>
      lines.flatMap((line) => {
        const values = replaced.get(line);
        if (values) return values.map((value) => ({ place: { ...line.place, at: value.at, op: value.op }, value }));
        return kept.has(line) ? [line] : [];
      }),
    )
    .filter((lines) => lines.length > 0);
}

/// One copy for each field and each change of whole lines; no copy where these traces have nothing to corrupt.
function* corruptions(files) {
  const order = inOrder(files);
  const before = new Map();
  const next = new Map();
  const latest = new Map();
  const told = new Set();
  const starts = new Map();
  for (const line of order) {
    const { at, op, notes } = line.value;
    if (latest.has(at)) {
      before.set(line, latest.get(at).value.after);
      next.set(latest.get(at), line);
    }
    latest.set(at, line);
    if (op === "Start") starts.set(at, (starts.get(at) ?? 0) + 1);
    if (op === "Receive" && notes.some(([kind]) => kind === "rejoin" || kind === "defunct")) told.add(at);
  }
  const same = (one, other) => JSON.stringify(one) === JSON.stringify(other);

  /// What a change may need to know: whether the line has an effect, whether it suspects a member (a suspicion that
  /// changes nothing counts as none), and whether the member is declared Down later.
  const about = (line) => {
    const { at, op, argument, after, out } = line.value;
    const suspect = op === "Probe" && argument.failed?.[0];
    return {
      matters: out.length > 0 || !same(before.get(line), after),
      suspects: Boolean(suspect) && !same(before.get(line)?.mem[suspect], after.mem[suspect]),
      later: told.has(at) && starts.get(at) === 1,
    };
  };

  for (const [field, change] of FIELDS) {
    let copy = null;
    for (let index = 0; index < order.length && !copy; index++) {
      const value = clone(order[index].value);
      const end = field.includes("renewable") ? order.length : index + TAIL;
      if (change(value, about(order[index]))) copy = cut(files, order, end, new Map([[order[index], [value]]]));
    }
    yield { field, copy };
  }
  for (const [field, change] of LINES) {
    let copy = null;
    for (let index = 0; index < order.length && !copy; index++) {
      const [line, following] = [order[index], next.get(order[index])];
      const values = line.value.op !== "Start" && change(line.value, following?.value);
      if (!values) continue;
      const end = Math.max(index, following ? order.indexOf(following) : 0) + TAIL;
      const replaced = new Map([[line, values]]);
      if (following) replaced.set(following, []);
      copy = cut(files, order, end, replaced);
    }
    yield { field, copy };
  }
}

module.exports = { corruptions };
