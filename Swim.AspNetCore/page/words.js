// How things are called and written on the page.

const kinds = {
  "member-up": ["up", "alive"],
  "member-refuted": ["refuted", "alive"],
  "member-suspected": ["suspect", "suspect"],
  "member-down": ["down", "down"],
  "member-renamed": ["renamed", "own"],
  "active": ["active", "own"],
  "idle": ["alone", "suspect"],
  "defunct": ["defunct", "down"],
  "rejoined": ["rejoined", "own"],
  "self-refuted": ["refuted", "own"],
  "address-conflict": ["address conflict", "down"],
};

/** The word for an event, and the tone that goes with it. A member that left is not one that crashed. */
export const kindOf = ({ kind, cause }) =>
  kind === "member-down" && cause === "leave" ? ["left", "own"] : (kinds[kind] ?? [kind, "own"]);

/** The address part of an identity. */
export const addressOf = (identity) => identity.slice(0, identity.lastIndexOf("#"));

/** The generation part of an identity. */
export const generationOf = (identity) => identity.slice(identity.lastIndexOf("#") + 1);

const number = new Intl.NumberFormat("en", { maximumFractionDigits: 0 });

/** A count with separators. */
export const count = (value) => number.format(value);

/** A figure on an axis, without needless digits. */
export const plain = (value) => String(+value.toPrecision(3));

/** A small figure with as many digits as say something. */
export const figure = (value) =>
  value >= 100 ? value.toFixed(0) : value >= 10 ? value.toFixed(1) : value.toFixed(2);

/** How long ago that was, by the server's clock. */
export function ago(milliseconds) {
  const seconds = Math.max(0, Math.round(milliseconds / 1000));
  if (seconds < 1) return "now";
  if (seconds < 60) return `${seconds} s ago`;
  if (seconds < 3600) return `${Math.floor(seconds / 60)} min ago`;
  if (seconds < 86400) return `${Math.floor(seconds / 3600)} h ago`;
  return `${Math.floor(seconds / 86400)} d ago`;
}

const clock = new Intl.DateTimeFormat("en-GB", { hour: "2-digit", minute: "2-digit", second: "2-digit" });

/** The time of the day. */
export const timeOfDay = (time) => clock.format(new Date(time));

/** Writes a text where it differs, so that nothing is painted or read aloud for nothing. */
export function write(element, text) {
  if (element.textContent !== text) element.textContent = text;
}

/** Finds an element of the page. */
export const find = (id) => document.getElementById(id);

/** Makes an element with a class and a text. */
export function make(name, className, text) {
  const element = document.createElement(name);
  if (className) element.className = className;
  if (text !== undefined) element.textContent = text;
  return element;
}
