// The table of members. However many there are, it draws one page of them.

import { ago, count, find, generationOf, make, write } from "./words.js";

const pageSize = 100;
const weight = { suspect: 0, down: 1, left: 2, alive: 3 };

// Numbers in addresses sort by value; the key is made once per member.
const addressKey = (text) => text.replace(/\d+/g, (digits) => digits.padStart(5, "0"));

const keys = {
  endpoint: (member) => member.key,
  status: (member) => weight[member.status] ?? 9,
  generation: (member) => Number(member.generation),
  incarnation: (member) => member.incarnation,
  changedAt: (member) => -member.time,
};

export class Members {
  #all = new Map();
  #rows = new Map();
  #column = "endpoint";
  #isDescending = false;
  #page = 0;

  constructor() {
    find("filter").addEventListener("input", () => this.#restart());

    for (const radio of document.querySelectorAll("input[name=status]"))
      radio.addEventListener("change", () => this.#restart());

    for (const button of document.querySelectorAll("[data-column]"))
      button.addEventListener("click", () => this.#sortBy(button));

    find("previous").addEventListener("click", () => this.#turn(-1));
    find("next").addEventListener("click", () => this.#turn(1));
  }

  /** How many members there are, whatever their status. */
  get size() {
    return this.#all.size;
  }

  /** Begins anew with these members. */
  reset(members) {
    this.#all.clear();
    this.#rows.clear();
    this.put(members);
  }

  /** Takes in members that changed. */
  put(members) {
    for (const member of members) {
      const key = addressKey(member.endpoint);
      this.#all.set(member.endpoint, { ...member, key, time: Date.parse(member.changedAt) });
    }
  }

  /** Drops the members at these addresses. */
  forget(endpoints) {
    for (const endpoint of endpoints) this.#all.delete(endpoint);
  }

  /** Draws the page of the table; `now` is the server's time. */
  draw(now) {
    const matching = this.#matching();
    const pages = Math.max(1, Math.ceil(matching.length / pageSize));
    this.#page = Math.min(this.#page, pages - 1);
    const start = this.#page * pageSize;
    const visible = matching.slice(start, start + pageSize);
    this.#place(visible.map((member) => this.#row(member, now)));

    const end = start + visible.length;
    const isAll = matching.length === this.#all.size;
    write(find("shown"), isAll ? count(this.#all.size) : `${count(matching.length)} of ${count(this.#all.size)}`);
    write(find("none"), "No member matches.");
    find("none").hidden = matching.length > 0;
    find("pager").hidden = pages === 1;
    find("previous").disabled = this.#page === 0;
    find("next").disabled = this.#page === pages - 1;
    write(find("page"), `${count(start + 1)} to ${count(end)} of ${count(matching.length)}`);
    this.now = now;
  }

  #matching() {
    const text = find("filter").value.trim().toLowerCase();
    const status = document.querySelector("input[name=status]:checked").value;
    const matches = (member) =>
      member.identity.toLowerCase().includes(text) &&
      (!status || member.status === status || (status === "down" && member.status === "left"));

    const key = keys[this.#column];
    const direction = this.#isDescending ? -1 : 1;
    const compare = (a, b) => {
      const [x, y] = [key(a), key(b)];
      if (x !== y) return x < y ? -direction : direction;
      return a.key < b.key ? -1 : 1;
    };
    return [...this.#all.values()].filter(matches).sort(compare);
  }

  /** The row of a member, made once and then kept up to date. */
  #row(member, now) {
    let row = this.#rows.get(member.endpoint);

    if (!row) {
      row = { element: make("tr"), cells: {} };
      row.element.dataset.endpoint = member.endpoint;

      for (const [name, className, label] of [
        ["endpoint", "address"],
        ["status", ""],
        ["generation", "wide"],
        ["incarnation", "number", "incarnation"],
        ["changedAt", "number", ""],
      ]) {
        const cell = make("td", className);
        if (label) cell.dataset.label = label;
        row.cells[name] = cell;
        row.element.append(cell);
      }

      row.cells.endpoint.classList.toggle("self", member.isSelf);
      row.status = make("span", "status");
      row.cells.status.append(row.status);
      row.time = make("time");
      row.cells.changedAt.append(row.time);
      this.#rows.set(member.endpoint, row);
    } else if (row.version !== member.changedAt) {
      flash(row.element);
    }

    row.version = member.changedAt;
    write(row.cells.endpoint, member.endpoint);
    write(row.cells.generation, generationOf(member.identity));
    write(row.cells.incarnation, String(member.incarnation));
    write(row.status, member.status);
    row.status.dataset.status = member.status;
    row.time.dateTime = member.changedAt;
    row.time.title = member.changedAt;
    write(row.time, ago(now - member.time));
    return row.element;
  }

  /** Puts the rows into the table, without touching those that are in place. */
  #place(elements) {
    const body = find("rows");
    const isSame = body.children.length === elements.length && elements.every((row, at) => body.children[at] === row);
    if (!isSame) body.replaceChildren(...elements);

    if (this.#rows.size > 4 * pageSize) {
      const kept = new Set(elements);
      for (const [endpoint, row] of this.#rows) if (!kept.has(row.element)) this.#rows.delete(endpoint);
    }
  }

  #sortBy(button) {
    this.#isDescending = this.#column === button.dataset.column && !this.#isDescending;
    this.#column = button.dataset.column;

    for (const head of document.querySelectorAll(".members th")) head.removeAttribute("aria-sort");
    button.closest("th").setAttribute("aria-sort", this.#isDescending ? "descending" : "ascending");
    this.#restart();
  }

  #restart() {
    this.#page = 0;
    this.draw(this.now);
  }

  #turn(by) {
    this.#page += by;
    this.draw(this.now);
    find("members").scrollIntoView({ block: "start" });
  }
}

function flash(element) {
  element.classList.remove("flash");
  void element.offsetWidth; // begins the animation again
  element.classList.add("flash");
}
