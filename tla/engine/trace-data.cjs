// Writes traces as the module TraceData, which SwimTrace follows. Addresses are numbered from 1, generations are
// ranked at each address: TLC knows integers of 32 bits, and the rules only compare. 0 stays 0.

"use strict";

const { Refused, checkLine, packetKey, MAX_INCARNATION } = require("./trace-lines.cjs");

/// The addresses and generations that occur anywhere, and what they are called in the model.
class Names {
  constructor() {
    this.generations = new Map();
  }

  add(address, generation) {
    if (!this.generations.has(address)) this.generations.set(address, new Set());
    if (generation > 0) this.generations.get(address).add(generation);
  }

  close() {
    this.addresses = [...this.generations.keys()].sort();
    this.numbers = new Map(this.addresses.map((address, index) => [address, index + 1]));
    this.ranked = this.addresses.map((address) => [...this.generations.get(address)].sort((a, b) => a - b));
    this.ranks = this.ranked.map((all) => new Map(all.map((generation, index) => [generation, index + 1])));
  }

  number(address) {
    return this.numbers.get(address);
  }

  rank(address, generation) {
    return generation === 0 ? 0 : this.ranks[this.number(address) - 1].get(generation);
  }

  /// Back from the model. What the traces never name gets a number only.
  address(number) {
    return this.addresses[number - 1] ?? `address ${number}`;
  }

  generation(number, rank) {
    if (rank === 0) return 0;
    const all = this.ranked[number - 1] ?? [];
    return all[rank - 1] ?? (rank === all.length + 1 && rank > 1 ? `${all[rank - 2]}+1` : `generation ${rank}`);
  }
}

/// Every address and identity in a line.
function nameLine(names, { op, at, argument, after, out, notes }) {
  const packet = ({ src, dst, to, ups }) => {
    for (const each of [src, dst, ...(to ? [to] : []), ...ups]) names.add(each[0], each[1]);
  };
  names.add(at, 0);
  names.add(...after.id);
  for (const entries of [after.mem, after.up])
    for (const [key, each] of Object.entries(entries)) names.add(key, each[0]);
  for (const [key, each] of Object.entries(after.tomb)) names.add(key, each[0]);
  for (const each of [...after.susp, ...after.rem]) names.add(each[0], each[1]);
  for (const each of notes) names.add(each[1], each[2]);
  out.forEach(packet);

  if (op === "Receive") packet(argument);
  else if (["Expire", "Forget", "Announce", "Assume"].includes(op)) names.add(argument[0], argument[1]);
  else if (op === "Unbury") names.add(argument, 0);
  else if (Array.isArray(argument)) argument.forEach((each) => names.add(each, 0));
  else if (argument?.target) {
    names.add(argument.target, 0);
    (argument.helpers ?? []).forEach((each) => names.add(each, 0));
    if (argument.failed) names.add(argument.failed[0], argument.failed[1]);
  }
}

/// The lines of each member in the order of its steps: the processes of an address come one after the other.
function byMember(files) {
  const runs = new Map();
  for (const lines of files) {
    const begun = new Map();
    for (const line of lines) {
      const { at } = line.value;
      if (!begun.has(at)) {
        if (line.value.op !== "Start") throw new Refused(line.place, "op", "a process begins with Start");
        begun.set(at, []);
        if (!runs.has(at)) runs.set(at, []);
        runs.get(at).push(begun.get(at));
      }
      begun.get(at).push(line);
    }
  }
  const first = (run) => run[0].value.after.id[1];
  return new Map([...runs].map(([at, each]) => [at, each.sort((a, b) => first(a) - first(b)).flat()]));
}

/// Whether the identities of each address can renew. All processes of an address must say the same.
function renewables(members) {
  const answers = new Map();
  for (const [at, lines] of members) {
    for (const { place, value } of lines.filter((line) => line.value.op === "Start")) {
      const { renewable } = value.argument;
      if (answers.has(at) && answers.get(at) !== renewable) {
        throw new Refused(place, "argument.renewable", "another process of this address says otherwise");
      }
      answers.set(at, renewable);
    }
  }
  return answers;
}

/// Renewing adds one in the model, so no generation may lie between the two.
function checkRenewals(names, members) {
  for (const lines of members.values()) {
    for (let index = 1; index < lines.length; index++) {
      const { place, value } = lines[index];
      const [before, after] = [lines[index - 1].value.after.id, value.after.id];
      if (!value.notes.some(([kind]) => kind === "rejoin") || before[0] !== after[0]) continue;
      if (names.rank(...after) !== names.rank(...before) + 1) {
        throw new Refused(place, "after.id", "not the next identity after the one that was renewed");
      }
    }
  }
}

// ---- TLA+ values

const text = (value) =>
  typeof value === "string" ? `"${value}"` : typeof value === "boolean" ? String(value).toUpperCase() : String(value);
const tuple = (values) => `<<${values.map(text).join(", ")}>>`;
const set = (items) => `{${items.join(", ")}}`;
const entries = (map) => Object.entries(map);

/// Writes values in the names of the model.
class Writer {
  constructor(names) {
    this.names = names;
    this.packets = new Map();
  }

  at = (address) => this.names.number(address);
  id = ([address, generation, ...rest]) => tuple([this.at(address), this.names.rank(address, generation), ...rest]);
  ids = (list) => set(list.map(this.id));
  ats = (list) => set(list.map(this.at));
  records = (map) => this.ids(entries(map).map(([address, record]) => [address, ...record]));

  state({ id, inc, conn, left, await: waits, mem, tomb, up, susp, rem }) {
    return (
      `[id |-> ${this.id(id)}, inc |-> ${inc}, conn |-> ${text(conn)}, left |-> ${text(left)}, ` +
      `await |-> ${text(waits)}, mem |-> ${this.records(mem)}, tomb |-> ${this.records(tomb)}, up |-> ${this.records(up)}, ` +
      `susp |-> ${this.ids(susp)}, rem |-> ${this.ids(rem)}]`
    );
  }

  packet(packet) {
    const key = packetKey(packet);
    if (!this.packets.has(key)) this.packets.set(key, { number: this.packets.size + 1, packet, sent: [] });
    return this.packets.get(key);
  }

  packetText({ packet: { k, src, si, dst, to, ups }, sent }) {
    return (
      `[k |-> ${text(k)}, src |-> ${this.id(src)}, si |-> ${si}, dst |-> ${this.id(dst)}, ` +
      `to |-> ${to ? this.id(to) : "<<0, 0>>"}, ups |-> ${this.ids(ups)}, sent |-> ${set(sent.map(tuple))}]`
    );
  }

  argument(op, argument) {
    switch (op) {
      case "Receive": {
        const order = argument.ups.map(([about]) => this.at(about));
        return `[packet |-> ${this.packet(argument).number}, order |-> ${tuple(order)}]`;
      }
      case "Probe": {
        const failed = argument.failed ? this.id(argument.failed) : "<<0, 0, 0>>";
        return `[failed |-> ${failed}, target |-> ${this.at(argument.target)}]`;
      }
      case "SendIndirectProbe":
        return `[target |-> ${this.at(argument.target)}, helpers |-> ${this.ats(argument.helpers)}]`;
      case "Expire":
      case "Forget":
      case "Announce":
      case "Assume":
        return this.id(argument);
      case "Unbury":
        return String(this.at(argument));
      case "AnnounceTo":
      case "AnnounceDown":
      case "Gossip":
        return this.ats(argument);
      default:
        return "0";
    }
  }

  line({ op, argument, after, out, notes }, n, k) {
    const sent = new Set(out.map((packet) => this.packet(packet)));
    for (const packet of sent) packet.sent.push([n, k]);
    const told = notes.map(([kind, address, generation]) =>
      tuple([kind, this.at(address), this.names.rank(address, generation)]),
    );
    return (
      `[op |-> ${text(op)}, arg |-> ${this.argument(op, argument)}, after |-> ${this.state(after)}, ` +
      `out |-> ${set([...sent].map((packet) => packet.number))}, notes |-> <<${told.join(", ")}>>]`
    );
  }
}

/// The module TraceData, and the constants of the model that follows it; `written` are those that are TLA+ already.
/// TLC evaluates a definition once. tla-checker does so at each use, but takes any value as a constant.
function traceData(files, engine) {
  for (const line of files.flat()) checkLine(line.value, line.place);
  const members = byMember(files);
  const answers = renewables(members);
  const names = new Names();
  for (const line of files.flat()) nameLine(names, line.value);
  names.close();
  checkRenewals(names, members);

  const writer = new Writer(names);
  const linesOf = names.addresses.map((address) => members.get(address) ?? []);
  const nodes = linesOf.map((_, index) => index + 1);
  const texts = linesOf.map((lines, index) => lines.map(({ value }, k) => writer.line(value, index + 1, k + 1)));
  const packets = [...writer.packets.values()].map((each) => writer.packetText(each));
  const data = {
    Lines: `<<${texts.map((lines) => `<<${lines.join(",\n")}>>`).join(",\n")}>>`,
    Packets: `<<${packets.join(",\n")}>>`,
  };
  const isConstant = engine === "tla-checker";
  const declare = ([name, value]) => (isConstant ? `CONSTANT ${name}` : `${name} ==\n${value}`);
  return {
    module: ["---- MODULE TraceData ----", "EXTENDS Swim", ...entries(data).map(declare), "====", ""].join("\n"),
    constants: { Node: nodes, Renewable: nodes.filter((n) => answers.get(names.address(n))), MaxInc: MAX_INCARNATION },
    written: isConstant ? data : {},
    names,
    linesOf,
    lines: linesOf.flat().length,
  };
}

module.exports = { byMember, traceData };
