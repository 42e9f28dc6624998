// Tests of what tla/check relies on: `node --test tla/engine/engine.test.cjs`.

"use strict";

const assert = require("node:assert");
const { test } = require("node:test");
const { CannotRun } = require("./cannot-run.cjs");
const { readModels } = require("./configurations.cjs");
const { readOutput } = require("./tlc-output.cjs");
const { globalsOf, uniqueNames } = require("./unique-names.cjs");

const live = { property: "NoStormLasts", invariants: [], properties: ["NoStormLasts"] };
const ran = (code, ...lines) => ({ code, output: `${lines.join("\n")}\n`, errors: "" });
const trace = ["State 1: <Initial predicate>", "State 2: <LiveNext line 120, col 8 to line 120, col 54>"];

test("the violated temporal property of a model is known although TLC 1.7.4 does not name it", () => {
  const got = readOutput(ran(13, "Error: Temporal properties were violated.", ...trace), live);
  assert.deepStrictEqual([got.result, got.property, got.trace], ["fail", "NoStormLasts", 2]);
});

test("a violated temporal property is read where TLC names it", () => {
  const got = readOutput(ran(13, "Error: Temporal property NoStormLasts was violated.", ...trace), live);
  assert.deepStrictEqual([got.result, got.property, got.trace], ["fail", "NoStormLasts", 2]);
});

test("of several violated temporal properties the one that the model must break counts", () => {
  const lines = ["Error: Temporal properties Converges, CleansOut, and NoStormLasts were violated.", ...trace];
  assert.strictEqual(readOutput(ran(13, ...lines), live).property, "NoStormLasts");
});

test("another violated temporal property is not taken for the expected one", () => {
  const got = readOutput(ran(13, "Error: Temporal property Converges was violated.", ...trace), live);
  assert.strictEqual(got.property, "Converges");
});

test("a violated temporal property without a name is not guessed among several", () => {
  const model = { invariants: [], properties: ["Converges", "CleansOut"] };
  const got = readOutput(ran(13, "Error: Temporal properties were violated.", ...trace), model);
  assert.strictEqual(got.property, "one of Converges, CleansOut");
});

test("a violated invariant is read with the length of its trace", () => {
  const model = { property: "Commutative", invariants: ["Commutative"], properties: [] };
  const initial = readOutput(ran(12, "Error: Invariant Commutative is violated by the initial state:"), model);
  assert.deepStrictEqual([initial.property, initial.trace], ["Commutative", 1]);
});

test("states and depth are read from a complete run", () => {
  const lines = [
    "30567 states generated, 7,207 distinct states found, 0 states left on queue.",
    "The depth of the complete state graph search is 15.",
  ];
  const got = readOutput(ran(0, ...lines), live);
  assert.deepStrictEqual([got.result, got.states, got.depth], ["pass", 7207, 15]);
});

test("a run that ends with an error and no violation proves nothing", () => {
  assert.throws(() => readOutput(ran(151, "Error: The configuration file is wrong."), live), CannotRun);
});

test("each definition gets names of its own, fields and strings stay", () => {
  const text = 'A(x) == [x |-> x, y |-> "x"].x\nB(x) == {y \\in A(x) : y.x = x}\n';
  const unique = 'A(x_1) == [x |-> x_1, y |-> "x"].x\nB(x_2) == {y_2 \\in A(x_2) : y_2.x = x_2}\n';
  assert.strictEqual(uniqueNames(text, globalsOf(text)), unique);
});

test("operators of one LET do not share the names of their parameters", () => {
  const text = "A(x) ==\n    LET F(y) == y\n        G(y) == F(y)\n    IN G(x)\n";
  const unique = "A(x_1) ==\n    LET F_1(y_2) == y_2\n        G_1(y_3) == F_1(y_3)\n    IN G_1(x_1)\n";
  assert.strictEqual(uniqueNames(text, globalsOf(text)), unique);
});

test("the bullets of a list stay in their column", () => {
  const text = "A(x) == /\\ x = 1\n        /\\ \\/ x = 2\n           \\/ x = 3\n";
  const unique = "A(x_1) ==\u0020\n        /\\ x_1 = 1\n        /\\ \\/ x_1 = 2\n           \\/ x_1 = 3\n";
  assert.strictEqual(uniqueNames(text, globalsOf(text)), unique);
});

test("a model without a rule has the constants of its twin but for that rule", () => {
  const model = (name) => readModels().find((each) => each.model === name).constants;
  const { Fix, ...rest } = model("MCFailR12_1");
  const { Fix: all, ...others } = model("MCTwinR12_1");
  assert.deepStrictEqual(rest, others);
  assert.deepStrictEqual(all.filter((each) => !Fix.includes(each)), ["R12.1"]);
});
