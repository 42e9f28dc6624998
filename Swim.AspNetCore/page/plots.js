// How long probes took, and how many messages go by.

import { count, figure, find, make, plain, write } from "./words.js";
import { draw, frame, linear, logarithmic, roundUp } from "./svg.js";

const probesKept = 256;
const ratesKept = 120;
const shortestWindow = 60_000;

export class Probes {
  #probes = [];

  reset(probes) {
    this.#probes = [];
    this.add(probes);
  }

  add(probes) {
    for (const probe of probes) this.#probes.push({ ...probe, time: Date.parse(probe.startedAt) });
    this.#probes = this.#probes.slice(-probesKept);
  }

  draw(now) {
    const svg = find("probes");
    const answered = this.#probes.map((probe) => probe.roundTripMilliseconds).filter((time) => time !== null);
    const lost = this.#probes.length - answered.length;
    answered.sort((a, b) => a - b);
    const quantile = (part) => answered[Math.min(answered.length - 1, Math.floor(answered.length * part))];
    const middle = answered.length ? `median ${figure(quantile(0.5))} ms, 99th ${figure(quantile(0.99))} ms, ` : "";
    write(find("probes-summary"), this.#probes.length ? `${middle}${lost} without an answer` : "none yet");

    // By powers of ten: what is usual and what is rare differ by that much.
    const scale = logarithmic(Math.max(0.01, quantile(0) ?? 0.1), quantile(1) ?? 10);
    const from = Math.min(this.#probes[0]?.time ?? now, now - shortestWindow);
    const plot = frame(svg, from, now, scale, (value) => `${plain(value)} ms`);
    if (!plot.isVisible) return;

    for (const probe of this.#probes) {
      const x = plot.x(probe.time);

      if (probe.roundTripMilliseconds === null) {
        draw(svg, "line", { class: "lost", x1: x, x2: x, y1: plot.top, y2: plot.bottom });
      } else {
        const name = probe.wasIndirect ? "indirect" : "direct";
        draw(svg, "circle", { class: name, cx: x, cy: plot.y(Math.max(0.001, probe.roundTripMilliseconds)), r: 3 });
      }
    }
  }
}

export class Rates {
  #points = [];
  #before = null;

  /** Begins anew: what was counted until now happened before. */
  reset(time, messages) {
    this.#points = [];
    this.#before = null;
    this.add(time, messages);
  }

  /** Takes in the counts as of a time. */
  add(time, messages) {
    const total = (name) => messages.reduce((sum, kind) => sum + kind[name], 0);
    const now = { time: Date.parse(time), sent: total("packetsSent"), received: total("packetsReceived"), messages };
    const seconds = this.#before ? (now.time - this.#before.time) / 1000 : 0;

    // Over less than that, a rate is mostly chance.
    if (this.#before && seconds < 0.9) return;

    if (this.#before) {
      this.#points.push({
        time: now.time,
        sent: (now.sent - this.#before.sent) / seconds,
        received: (now.received - this.#before.received) / seconds,
      });
      this.#points = this.#points.slice(-ratesKept);
    }

    this.#before = now;
  }

  draw(now) {
    const svg = find("rates");
    const last = this.#points.at(-1);
    write(find("rates-summary"), last ? `${figure(last.sent)} sent, ${figure(last.received)} received per second` : "measuring");
    const highest = roundUp(Math.max(1, ...this.#points.map((point) => Math.max(point.sent, point.received))));
    const from = Math.min(this.#points[0]?.time ?? now, now - shortestWindow);
    const plot = frame(svg, from, now, linear(highest), (value) => `${plain(value)}/s`);

    if (plot.isVisible && this.#points.length) {
      for (const name of ["received", "sent"]) {
        const points = this.#points.map((point) => `${plot.x(point.time).toFixed(1)},${plot.y(point[name]).toFixed(1)}`);
        draw(svg, "polyline", { class: name, points: points.join(" ") });
      }
    }

    this.#kinds();
  }

  #kinds() {
    if (!find("kinds").closest("details").open) return;

    const rows = (this.#before?.messages ?? []).filter((kind) => kind.packetsSent + kind.packetsReceived > 0);
    const cells = (kind) => [kind.packetsSent, kind.packetsReceived, kind.bytesSent + kind.bytesReceived];
    find("kinds").replaceChildren(
      ...rows.map((kind) => {
        const row = make("tr");
        row.append(make("td", "", kind.kind), ...cells(kind).map((value) => make("td", "number", count(value))));
        return row;
      }),
    );
  }
}
