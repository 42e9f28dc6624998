// Drawing in SVG. One unit is one pixel, so that text keeps its size on every screen.

const namespace = "http://www.w3.org/2000/svg";

/** Empties a drawing, and tells how large it is now. */
export function clear(svg) {
  const { width, height } = svg.getBoundingClientRect();
  svg.setAttribute("viewBox", `0 0 ${Math.max(1, width)} ${Math.max(1, height)}`);
  svg.replaceChildren();
  return { width, height };
}

/** Draws one shape or text. */
export function draw(svg, name, attributes, text) {
  const element = document.createElementNS(namespace, name);
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
  if (text !== undefined) element.textContent = text;
  svg.append(element);
  return element;
}

/** Maps times to places. */
export const scaleTime = (from, to, left, right) => (time) => left + ((time - from) / (to - from)) * (right - left);

/** The next of 1, 2, 5, 10, ... that is not below the value, and the same with tenths and hundredths. */
export function roundUp(value) {
  const power = 10 ** Math.floor(Math.log10(Math.max(value, 1e-3)));
  return [1, 2, 5, 10].map((step) => step * power).find((step) => step >= value * 0.999);
}

/** A scale from 0 up, with its grid. */
export const linear = (highest) => ({
  grid: [0, highest / 2, highest],
  part: (value) => Math.min(1, value / highest),
});

/** A scale by powers of ten, with its grid. */
export function logarithmic(lowest, highest) {
  const from = Math.floor(Math.log10(lowest));
  const to = Math.max(from + 1, Math.ceil(Math.log10(highest)));
  const grid = Array.from({ length: to - from + 1 }, (_, step) => 10 ** (from + step));
  return { grid, part: (value) => Math.max(0, (Math.log10(value) - from) / (to - from)) };
}

/** Draws the frame of a plot with time to the right; gives the scales. */
export function frame(svg, from, to, scale, label) {
  const { width, height } = clear(svg);
  const [left, right, top, bottom] = [58, width - 6, 12, height - 18];
  const y = (value) => bottom - scale.part(value) * (bottom - top);

  for (const value of scale.grid) {
    draw(svg, "line", { class: "grid", x1: left, x2: right, y1: y(value), y2: y(value) });
    draw(svg, "text", { x: left - 6, y: y(value) + 4, "text-anchor": "end" }, label(value));
  }

  const minutes = Math.round((to - from) / 6000) / 10;
  draw(svg, "text", { x: left, y: height - 3 }, `${minutes} min ago`);
  draw(svg, "text", { x: right, y: height - 3, "text-anchor": "end" }, "now");
  return { x: scaleTime(from, to, left, right), y, top, bottom, isVisible: width > 0 };
}
