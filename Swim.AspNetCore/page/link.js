// The stream of snapshots and updates: connects, notices silence, and connects again.

const shortestWait = 500;
const longestWait = 8_000;

export class Link {
  #source = null;
  #wait = shortestWait;
  #silence = 0;
  #patience = 5_000;

  /** `handle` gets the name and the data of each server-sent event; `lost` is called when the connection is lost. */
  constructor(handle, lost) {
    this.handle = handle;
    this.lost = lost;
  }

  open() {
    const source = new EventSource("stream");
    this.#source = source;
    this.#expect();

    for (const name of ["snapshot", "update"])
      source.addEventListener(name, (message) => {
        this.#wait = shortestWait;
        this.#expect();
        this.handle(name, JSON.parse(message.data));
      });

    source.addEventListener("error", () => this.#again());
  }

  /** The longest silence, in milliseconds, that is no loss of the connection. */
  set patience(milliseconds) {
    this.#patience = Math.max(5_000, milliseconds);
  }

  #expect() {
    clearTimeout(this.#silence);
    this.#silence = setTimeout(() => this.#again(), this.#patience);
  }

  // By hand, for the browser gives up when the server answers with an error, as it does while it starts.
  #again() {
    this.#source.close();
    clearTimeout(this.#silence);
    this.lost();
    setTimeout(() => this.open(), this.#wait);
    this.#wait = Math.min(longestWait, this.#wait * 2);
  }
}
