// What happened: a strip of the last minutes, and a list with the latest first.

import { addressOf, count, find, generationOf, kindOf, make, timeOfDay, write } from "./words.js";
import { clear, draw, scaleTime } from "./svg.js";

const kept = 500;
const listed = 100;
const stripMinutes = 10;

export class Timeline {
  #changes = [];
  #drawn = -1;

  /** Begins anew with these changes, the latest last. */
  reset(changes) {
    this.#changes = changes.slice(-kept);
    this.#drawn = -1;
  }

  /** Takes in changes that follow. */
  add(changes) {
    this.#changes.push(...changes);
    if (this.#changes.length > kept) this.#changes = this.#changes.slice(-kept);
  }

  /** Draws both; `now` is the server's time. */
  draw(now) {
    this.#strip(now);
    const last = this.#changes.at(-1)?.number ?? 0;
    if (last === this.#drawn) return;
    this.#drawn = last;
    const latest = this.#changes.slice(-listed).reverse();
    find("changes").replaceChildren(...latest.map(item));
    write(find("happened"), last === 0 ? "nothing yet" : `${count(last)} since the start`);
  }

  #strip(now) {
    const strip = find("strip");
    const { width, height } = clear(strip);
    if (!width) return;
    const from = now - stripMinutes * 60_000;
    const x = scaleTime(from, now, 1, width - 1);
    draw(strip, "line", { class: "grid", x1: 0, x2: width, y1: height - 14, y2: height - 14 });

    for (const change of this.#changes) {
      const time = Date.parse(change.time);
      if (time < from) continue;
      const at = x(Math.min(time, now));
      draw(strip, "line", { class: "tick", "data-tone": kindOf(change.kind)[1], x1: at, x2: at, y1: 2, y2: height - 14 });
    }

    draw(strip, "text", { x: 0, y: height - 2 }, `${stripMinutes} min ago`);
    draw(strip, "text", { x: width, y: height - 2, "text-anchor": "end" }, "now");
  }
}

function item(change) {
  const [word, tone] = kindOf(change.kind);
  const element = make("li");
  element.dataset.tone = tone;
  element.dataset.kind = change.kind;
  const time = make("time", "", timeOfDay(change.time));
  time.dateTime = change.time;
  time.title = change.time;
  const who = make("span", "", addressOf(change.identity));
  who.title = change.identity;
  const before = change.previous ? `${generationOf(change.previous)} → ` : "";
  const generation = make("small", "", before + generationOf(change.identity));
  element.append(make("b", "", word), who, generation, time);
  return element;
}

/** What changed, as a sentence to be read aloud; empty if there is nothing to say. */
export function sentence(changes) {
  if (changes.length > 3) return `${changes.length} changes`;
  return changes.map((change) => `${addressOf(change.identity)} ${kindOf(change.kind)[0]}`).join(", ");
}
