// Gives every bound name of a module (parameters, names of LET, bound variables) a name of its own.
//
// tla-checker 0.9.0 takes the argument of an operator for a parameter of the same name further in. With names that
// no two definitions share it cannot. TLC gets the modules as they are.

"use strict";

const TOKEN = /\(\*[\s\S]*?\*\)|\\\*.*|"[^"]*"|\/\\|\\\/|\\\w+|\.\.+|==|=>|<<|>>|->|>=|<=|\|->|\w+|\n *|[\s\S]/g;

const RESERVED = new Set(
  ("ASSUME ASSUMPTION AXIOM BOOLEAN CASE CHOOSE CONSTANT CONSTANTS DOMAIN ELSE ENABLED EXCEPT EXTENDS FALSE IF IN " +
    "INSTANCE LAMBDA LET LOCAL MODULE OTHER RECURSIVE STRING SUBSET THEN THEOREM TRUE UNCHANGED UNION VARIABLE " +
    "VARIABLES WITH Nat Int Cardinality IsFiniteSet Seq Len Append Head Tail SubSeq SelectSeq Print PrintT Assert " +
    "ToString RandomElement Permutations SortSeq ToJson").split(" "),
);

const isName = (token) => /^[A-Za-z]\w*$/.test(token.text) && !/^[WS]F_/.test(token.text);
const isBlank = (token) => /^(?:\s|\(\*|\\\*)/.test(token.text);

/// The tokens, each with its column. Those that are no space or comment know their place among such.
function tokensOf(text) {
  const tokens = [...text.matchAll(TOKEN)].map(({ 0: found, index }) => ({
    text: found,
    column: index - text.lastIndexOf("\n", index - 1) - 1,
  }));
  const solid = tokens.filter((token) => !isBlank(token));
  solid.forEach((token, place) => Object.assign(token, { place, solid }));
  return tokens;
}

const at = (token, distance) => token.solid[token.place + distance]?.text;

/// The parameters of the definition that begins at `token`; null if none begins there.
function parametersOf(token) {
  if (!isName(token)) return null;
  if (at(token, 1) === "==") return [];
  if (at(token, 1) !== "(") return null;
  const end = token.solid.findIndex(({ text, place }) => place > token.place && text === ")");
  if (token.solid[end + 1]?.text !== "==") return null;
  return token.solid.slice(token.place + 2, end).filter(isName).map(({ text }) => text); // prettier-ignore
}

/// The names of records stay: `.name`, `[name |-> value]`, `[name : values]`.
function isField(token) {
  const [before, after] = [at(token, -1), at(token, 1)];
  return before === "." || (["[", ","].includes(before) && ["|->", ":"].includes(after));
}

/// What a module declares and defines for all that extend it.
function globalsOf(text) {
  const names = new Set();
  for (const token of tokensOf(text).filter(({ solid }) => solid)) {
    if (/^(?:CONSTANT|VARIABLE)S?$/.test(token.text)) {
      for (let each = token.solid[token.place + 1]; each; each = each.solid[each.place + 2]) {
        names.add(each.text);
        if (at(each, 1) !== ",") break;
      }
    } else if (token.column === 0 && parametersOf(token)) names.add(token.text);
  }
  return names;
}

/// Whether `/\` or `\/` is the bullet of a list, which has nothing to its left that it could join.
function isBullet(token) {
  if (!["/\\", "\\/"].includes(token.text)) return false;
  const before = at(token, -1);
  return !/^(?:["\])}'@\d]|>>|TRUE$|FALSE$)/.test(before) && (RESERVED.has(before) || !/^\w/.test(before));
}

/// The text of the tokens. The bullets of a list stand in one column: one that a longer name would push to the right
/// begins a line instead.
function layout(tokens) {
  let isPushed = false;
  const texts = tokens.map((token) => {
    const { text, column, renamed } = token;
    const breaks = isPushed && isBullet(token);
    isPushed = !text.includes("\n") && !breaks && (isPushed || renamed !== undefined);
    return breaks ? `\n${" ".repeat(column)}${text}` : (renamed ?? text);
  });
  return texts.join("");
}

/// The module with its bound names made unique. `globals` has the names of the modules that it extends, and its own.
function uniqueNames(text, globals, counter = { last: 0 }) {
  const tokens = tokensOf(text);
  let definition = null;
  let lets = []; // the parameters of the definition that is open in each LET
  for (const token of tokens.filter(({ solid }) => solid)) {
    const parameters = parametersOf(token);
    if (token.column === 0 && parameters) {
      definition = ++counter.last;
      lets = [];
    } else if (token.text === "LET") lets.push({ names: [] });
    else if (token.text === "IN") lets.pop();
    else if (parameters && lets.length > 0) {
      lets[lets.length - 1] = { names: parameters, number: ++counter.last };
    }
    if (definition === null || !isName(token) || RESERVED.has(token.text)) continue;
    if (globals.has(token.text) || isField(token)) continue;
    const local = lets.findLast(({ names }) => names.includes(token.text));
    token.renamed = `${token.text}_${local?.number ?? definition}`;
  }
  return layout(tokens);
}

module.exports = { globalsOf, uniqueNames };
