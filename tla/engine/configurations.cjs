// The models of tla/models/: what each is, and the configuration (.cfg) that an engine reads. One file for each
// kind of model; shared.json holds what the models of a module have in common.

"use strict";

const fs = require("node:fs");
const path = require("node:path");
const { CannotRun } = require("./cannot-run.cjs");

const HOME = path.join(path.dirname(__dirname), "models");
const KINDS = ["safety", "liveness", "must-fail", "twins", "engines", "transitions", "traces"];

const readJson = (name) => JSON.parse(fs.readFileSync(path.join(HOME, `${name}.json`), "utf8"));

/// What all models of a module share, with what that module takes over from another.
function defaultsOf(shared, module) {
  const own = shared.modules[module];
  if (own === undefined) throw new CannotRun(`models/shared.json has no module ${module}`);
  const base = own.like ? defaultsOf(shared, own.like) : { engines: ["tlc", "tla-checker"], constants: {} };
  return { ...base, ...own, constants: { ...base.constants, ...own.constants } };
}

/// A constant without the rules or amendments that the model switches off.
const withoutRules = (value, without) =>
  Array.isArray(value) ? value.filter((each) => !without.includes(each)) : value;

/// The whole model: the defaults of its module, with what differs. A model that breaks a property checks nothing else.
function complete(shared, kind, model) {
  const defaults = defaultsOf(shared, model.module);
  const unknown = Object.keys(model.constants ?? {}).find((name) => !(name in defaults.constants));
  if (unknown) throw new CannotRun(`${model.model}: ${model.module} has no constant ${unknown}`);
  const constants = { ...defaults.constants, ...model.constants };
  const without = model.without ?? [];
  const checks = model.property ? [model.property] : (model.checks ?? defaults.checks);
  const names = checks.flatMap((name) => shared.groups[name] ?? [name]);
  return {
    specification: defaults.specification,
    engines: defaults.engines,
    ...model,
    kind,
    constants: Object.fromEntries(Object.entries(constants).map(([name, value]) => [name, withoutRules(value, without)])),
    invariants: names.filter((name) => !shared.temporal.includes(name)),
    properties: names.filter((name) => shared.temporal.includes(name)),
  };
}

/// All models, in the order of their kinds.
function readModels() {
  const shared = readJson("shared");
  return KINDS.flatMap((kind) => readJson(kind).map((model) => complete(shared, kind, model)));
}

/// The models of which something is expected. The others print steps or follow traces.
const readCheckedModels = () => readModels().filter((model) => model.expect !== undefined);

// ---- as an engine reads it

function valueText(value) {
  if (Array.isArray(value)) return `{${value.map(valueText).join(", ")}}`;
  if (typeof value === "boolean") return String(value).toUpperCase();
  return typeof value === "string" ? `"${value}"` : String(value);
}

const section = (title, lines) => (lines.length > 0 ? [title, ...lines.map((line) => `    ${line}`)] : []);

/// The text of the .cfg file. `written` has constants whose values are TLA+ already.
function configurationText(model, written = {}) {
  const values = Object.entries(model.constants).map(([name, value]) => [name, valueText(value)]);
  const constants = [...values, ...Object.entries(written)].map(([name, text]) => `${name} = ${text}`);
  return [
    `\\* ${model.shows}`,
    ...section("CONSTANTS", constants),
    `SPECIFICATION ${model.specification}`,
    ...section("INVARIANTS", model.invariants),
    ...section("PROPERTIES", model.properties),
    "CHECK_DEADLOCK FALSE",
    "",
  ].join("\n");
}

/// Writes the configuration of a model into `folder`, and says where it is.
function writeConfiguration(folder, model, written) {
  const file = path.join(folder, `${model.model}.cfg`);
  fs.mkdirSync(folder, { recursive: true });
  fs.writeFileSync(file, configurationText(model, written));
  return file;
}

/// Writes those of all models, in a folder for each kind.
function writeConfigurations(folder) {
  return readModels().map((model) => writeConfiguration(path.join(folder, model.kind), model));
}

module.exports = { readCheckedModels, readModels, writeConfiguration, writeConfigurations };
