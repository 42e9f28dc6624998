// The page: follows the stream, and draws at most once per frame.

import { Link } from "./link.js";
import { Members } from "./members.js";
import { Probes, Rates } from "./plots.js";
import { Timeline, sentence } from "./timeline.js";
import { count, find, generationOf, timeOfDay, write } from "./words.js";

const members = new Members();
const timeline = new Timeline();
const probes = new Probes();
const rates = new Rates();

let status = null;
let lostAt = null;
let problem = "";
let isDue = false;

// How far the server's clock is ahead of ours, so that ages are right on a phone with a wrong clock.
let ahead = 0;
const serverNow = () => Date.now() + ahead;

function take(name, data) {
  ahead = Date.parse(data.time) - Date.now();
  status = data.status;
  lostAt = null;

  if (name === "snapshot") {
    link.patience = data.refreshSeconds * 4_000;
    members.reset(data.members);
    timeline.reset(data.events);
    probes.reset(data.probes);
    rates.reset(data.time, data.messages);
  } else {
    members.forget(data.forgotten);
    members.put(data.members);
    timeline.add(data.events);
    probes.add(data.probes);
    rates.add(data.time, data.messages);
    if (data.events.length) write(find("announcer"), sentence(data.events));
  }

  request();
}

function lose() {
  lostAt ??= Date.now();
  request();
}

function request() {
  if (isDue) return;
  isDue = true;
  requestAnimationFrame(() => {
    isDue = false;
    drawAll();
  });
}

function drawAll() {
  drawLink();
  if (!status) return;
  drawStatus();
  const now = serverNow();
  members.draw(now);
  timeline.draw(now);
  probes.draw(now);
  rates.draw(now);
}

function drawLink() {
  const hasLeft = status?.hasLeft ?? false;
  const [state, word] = lostAt ? ["lost", "disconnected"] : !status ? ["waiting", "connecting"] : ["live", "live"];
  find("link").dataset.state = state;
  write(find("link"), word);
  document.body.classList.toggle("stale", lostAt !== null);

  const notice = find("notice");
  const left = hasLeft ? "This member has left the cluster. " : "";
  const lost = lostAt
    ? `Not connected since ${timeOfDay(lostAt)}: what is shown is from before. Connecting again by itself.`
    : "";
  write(notice, problem + left + lost);
  notice.hidden = notice.textContent === "";
}

function drawStatus() {
  write(find("identity"), status.endpoint);
  document.title = `Swim ${status.endpoint}`;
  const bound = status.boundTo === status.endpoint ? "" : `, listening on ${status.boundTo}`;
  write(find("about"), `generation ${generationOf(status.identity)}${bound}`);

  for (const name of ["alive", "suspect", "down"]) write(find(`count-${name}`), count(status[name]));
  write(find("connection"), status.hasLeft ? "left" : status.connection);
  write(find("incarnation"), count(status.incarnation));
  write(find("backlog"), count(status.updatesBacklog));
  find("leave").hidden = !status.allowsControl || status.hasLeft;
  find("leave").disabled = lostAt !== null;
}

function prepareLeaving() {
  const dialog = find("leave-dialog");
  find("leave").addEventListener("click", () => {
    write(find("leave-who"), status.endpoint);
    dialog.showModal();
  });
  find("leave-no").addEventListener("click", () => dialog.close());
  find("leave-yes").addEventListener("click", async () => {
    dialog.close();
    await leave();
  });
}

async function leave() {
  try {
    const response = await fetch("leave", { method: "POST", headers: { "X-Swim-Control": "1" } });
    if (!response.ok) throw new Error((await response.json()).error);
    status.hasLeft = true;
    problem = "";
  } catch (error) {
    problem = `It could not leave: ${error.message}. `;
  }

  request();
}

const link = new Link(take, lose);
prepareLeaving();
link.open();

// Ages and plots move on when nothing happens, and fit when the window changes.
setInterval(request, 1_000);
addEventListener("resize", request);
find("kinds").closest("details").addEventListener("toggle", request);
