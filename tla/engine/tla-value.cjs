// Reads TLA+ values as both engines print them: numbers, strings, truth values, tuples, sets and records.

"use strict";

/// The value that begins at `text[at]`, as [value, where it ends]. Sets and tuples become arrays.
function read(text, at) {
  const skip = (position) => position + /^\s*/.exec(text.slice(position, position + 4096))[0].length;
  const items = (position, close, item) => {
    const found = [];
    let here = skip(position);
    while (!text.startsWith(close, here)) {
      const [value, end] = item(here);
      found.push(value);
      here = skip(end);
      if (text[here] === ",") here = skip(here + 1);
      else if (!text.startsWith(close, here)) throw new Error(`no TLA+ value at ${text.slice(here, here + 40)}`);
    }
    return [found, here + close.length];
  };
  const value = (position) => read(text, position);

  const here = skip(at);
  if (text.startsWith("<<", here)) return items(here + 2, ">>", value);
  if (text[here] === "{") return items(here + 1, "}", value);
  if (text[here] === "[") {
    const [fields, end] = items(here + 1, "]", (position) => {
      const name = /^(\w+)\s*\|->/.exec(text.slice(position, position + 256));
      const [held, after] = read(text, position + name[0].length);
      return [[name[1], held], after];
    });
    return [Object.fromEntries(fields), end];
  }
  const simple = /^(?:"([^"]*)"|(-?\d+)|(TRUE|FALSE)\b)/i.exec(text.slice(here, here + 4096));
  if (!simple) throw new Error(`no TLA+ value at ${text.slice(here, here + 40)}`);
  const [all, string, integer, truth] = simple;
  return [string ?? (integer === undefined ? /true/i.test(truth) : Number(integer)), here + all.length];
}

/// What a variable is in the last state that an engine printed; undefined if it printed none.
function lastValue(output, variable) {
  const all = [...output.matchAll(new RegExp(`(?:^|\\n)(?:/\\\\)?\\s*${variable} = `, "g"))];
  const last = all[all.length - 1];
  return last && read(output, last.index + last[0].length)[0];
}

module.exports = { lastValue, read };
