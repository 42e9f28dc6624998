// What happened: a strip of the last minutes, and a list with the latest first.

import { addressOf, count, find, generationOf, kindOf, make, timeOfDay, write } from "./words.js";
import { clear, draw, scaleTime } from "./svg.js";

const kept = 500;
const listed = 100;
const stripMinutes = 10;

export class Timeline {
  #events = [];
  #drawn = -1;

  /** Begins anew with these events, the latest last. */
  reset(events) {
    this.#events = events.slice(-kept);
    this.#drawn = -1;
  }

  /** Adds the events that follow. */
  add(events) {
    this.#events.push(...events);
    if (this.#events.length > kept) this.#events = this.#events.slice(-kept);
  }

  /** Draws both; `now` is the server's time. */
  draw(now) {
    this.#strip(now);
    const last = this.#events.at(-1)?.number ?? 0;
    if (last === this.#drawn) return;
    this.#drawn = last;
    const latest = this.#events.slice(-listed).reverse();
    find("events").replaceChildren(...latest.map(item));
    write(find("happened"), last === 0 ? "nothing yet" : `${count(last)} since the start`);
  }

  #strip(now) {
    const strip = find("strip");
    const { width, height } = clear(strip);
    if (!width) return;
    const from = now - stripMinutes * 60_000;
    const x = scaleTime(from, now, 1, width - 1);
    draw(strip, "line", { class: "grid", x1: 0, x2: width, y1: height - 14, y2: height - 14 });

    for (const event of this.#events) {
      const time = Date.parse(event.time);
      if (time < from) continue;
      const at = x(Math.min(time, now));
      draw(strip, "line", { class: "tick", "data-tone": kindOf(event)[1], x1: at, x2: at, y1: 2, y2: height - 14 });
    }

    draw(strip, "text", { x: 0, y: height - 2 }, `${stripMinutes} min ago`);
    draw(strip, "text", { x: width, y: height - 2, "text-anchor": "end" }, "now");
  }
}

function item(event) {
  const [word, tone] = kindOf(event);
  const element = make("li");
  element.dataset.tone = tone;
  element.dataset.kind = event.kind;
  const time = make("time", "", timeOfDay(event.time));
  time.dateTime = event.time;
  time.title = event.time;
  const kind = make("b", "", word);
  if (event.cause) kind.title = `cause: ${event.cause}`;
  const who = make("span", "", addressOf(event.identity));
  who.title = event.identity;
  const before = event.previous ? `${generationOf(event.previous)} → ` : "";
  const generation = make("small", "", before + generationOf(event.identity));
  element.append(kind, who, generation, time);
  return element;
}

/** The events as a sentence to be read aloud; empty if there are none. */
export function sentence(events) {
  if (events.length > 3) return `${events.length} events`;
  return events.map((event) => `${addressOf(event.identity)} ${kindOf(event)[0]}`).join(", ");
}
