// Reads what TLC prints. Release 1.7.4 says only that some temporal property was violated; later ones name those
// that were. Both end with code 13 then.

"use strict";

const { CannotRun } = require("./cannot-run.cjs");

const number = (text) => Number(text.replaceAll(",", ""));

function lastOf(pattern, text) {
  const all = [...text.matchAll(pattern)];
  return all.length === 0 ? null : number(all[all.length - 1][1]);
}

const statesIn = (text) => lastOf(/([\d,]+) distinct states found/g, text);

/// The properties that TLC found violated: null if it found none, and no names if it does not say which.
function violatedIn(text) {
  const invariant = /(?:Invariant|[Pp]roperty) (\w+) is violated/.exec(text);
  if (invariant) return [invariant[1]];
  const temporal = /Temporal propert(?:y|ies) (.*?)(?:was|were) violated/.exec(text);
  return temporal ? (temporal[1].match(/\w+/g) ?? []).filter((word) => word !== "and") : null;
}

/// The property of the model that was violated. One without a name must be the only temporal one of the model.
function propertyOf(model, names) {
  if (names.includes(model.property)) return model.property;
  if (names.length > 0) return names[0];
  return model.properties.length === 1 ? model.properties[0] : `one of ${model.properties.join(", ")}`;
}

/// What a run of the model has shown.
function readOutput({ code, output, errors }, model) {
  const violated = violatedIn(output);
  if (violated === null && code !== 0) {
    const why = /Error: (.*)/.exec(output)?.[1] ?? errors.split("\n")[0];
    throw new CannotRun(`TLC ended with code ${code}: ${why}`);
  }
  return {
    result: violated ? "fail" : "pass",
    property: violated ? propertyOf(model, violated) : null,
    states: statesIn(output),
    depth: lastOf(/depth of the complete state graph search is ([\d,]+)/g, output),
    trace: violated ? [...output.matchAll(/^State \d+: /gm)].length || 1 : null,
  };
}

module.exports = { readOutput, statesIn };
