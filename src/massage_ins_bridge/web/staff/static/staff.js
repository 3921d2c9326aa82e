"use strict";
// Shows what /staff/bookings.json says and keeps it up to date. Text is only ever set as text.
(() => {
  const EVERY = 2000;
  const byId = (id) => document.getElementById(id);
  const needsKey = document.body.dataset.needsKey === "yes";
  let key = needsKey ? sessionStorage.getItem("mib-key") : null;
  const pages = { coming: 0, past: 0, tasks: 0 };
  let shown = new Map();
  let tag = null;
  let timer = null;

  const make = (tag, text, className) => {
    const node = document.createElement(tag);
    if (text !== undefined && text !== null) node.textContent = text;
    if (className) node.className = className;
    return node;
  };

  // A very long text is cut by the style sheet; pointing at it shows all.
  const short = (text) => {
    const node = make("span", text);
    node.title = text;
    return node;
  };

  const cell = (label, ...parts) => {
    const node = make("td");
    node.dataset.label = label;
    node.append(...parts);
    return node;
  };

  // A day of another year says which: a bill that is due in a year is not due today.
  let today = "";
  const pretty = (iso) => new Date(`${iso}T12:00:00`).toLocaleDateString("en-US", {
    weekday: "short", day: "numeric", month: "short",
    ...(iso.slice(0, 4) !== today.slice(0, 4) && { year: "numeric" }),
  }).replaceAll(" ", "\u00a0");

  // Dates within the texts are written as people write them, too.
  const words = (text) => text.replace(/\b\d{4}-\d{2}-\d{2}\b/g, pretty);

  const reasons = (booking) => {
    if (booking.state === "moved") return [make("span", "The client moved it.")];
    if (booking.staff) {
      const rules = booking.reasons.map(({ message }) => `The rules alone say: ${words(message)}`);
      return [make("p", booking.staff), ...rules.map((text) => make("p", text, "remedy"))];
    }
    if (booking.reasons.length === 0) {
      return [make("span", booking.outcome === "allow" ? allowed(booking) : "–")];
    }
    return booking.reasons.map((reason) => {
      const item = make("p", words(reason.message));
      if (reason.remedy) item.append(make("br"), make("span", words(reason.remedy), "remedy"));
      if (reason.due && !`${reason.message} ${reason.remedy}`.includes(reason.due)) {
        const late = reason.due < today ? " That day has passed." : "";
        item.append(make("br"), make("span", `By ${pretty(reason.due)}.${late}`, "remedy"));
      }
      return item;
    });
  };

  const allowed = (booking) => ({
    "superbill": "All requirements are met. The client pays at the visit and gets a superbill.",
    "self-pay": "The client pays for the visit.",
  })[booking.route] || "All requirements are met.";

  const row = (booking) => {
    const line = make("tr");
    const ended = !["allowed", "on hold", "blocked"].includes(booking.state);
    const platform = make("span", booking.platform);
    const written = booking.written.at(-1);
    if (written) platform.append(make("br"), make("span", written, "remedy"));
    const when = make("span");
    when.append(make("time", booking.day), make("br"), booking.time);
    const badge = make("span", booking.state, `badge ${ended ? "" : booking.outcome}`);
    line.append(
      cell("When", when), cell("Client", short(booking.client)),
      cell("Billed to", short(booking.payer)), cell("Stands", badge),
      cell("Why", ...reasons(booking)), cell("Platform", platform),
    );
    line.cells[1].className = "name";
    line.cells[2].className = "payer";
    line.cells[5].className = "platform";
    const before = shown.get(booking.id);
    if (ended) line.className = "ended";
    if (shown.size > 0 && before !== booking.state) {
      line.classList.add("changed");
      setTimeout(() => { line.classList.remove("changed"); }, 4000);
    }
    return line;
  };

  const taskRow = (task) => {
    const line = make("tr");
    const late = task.due && task.due < today;
    const by = task.due ? `${pretty(task.due)}${late ? ", late" : ""}` : "–";
    line.append(
      cell("By", make("span", by)), cell("Client", short(task.client || "–")),
      cell("To do", make("span", words(task.message))),
    );
    line.cells[1].className = "name";
    if (late) line.className = "late";
    return line;
  };

  const sum = (label, number, className) => {
    const item = make("li", null, number ? className : "");
    item.append(make("strong", String(number)), document.createTextNode(label));
    return item;
  };

  // A list of several pages; whoever stands on one that is no more goes to the last.
  const pager = (name, total, size) => {
    const nav = byId(`pages-${name}`);
    const final = Math.max(0, Math.ceil(total / size) - 1);
    if (pages[name] > final) turn(name, final);
    const first = pages[name] * size + 1;
    const [back, label, on] = nav.children;
    label.textContent = `${first}–${Math.min(total, first + size - 1)} of ${total}`;
    back.disabled = pages[name] === 0;
    on.disabled = pages[name] === final;
    nav.hidden = final === 0;
  };

  const turn = (name, page) => {
    pages[name] = page;
    tag = null;
    shown = new Map();
    refresh();
  };

  const draw = (data) => {
    byId("notices").hidden = data.notices.length === 0;
    byId("notices").replaceChildren(...data.notices.map((text) => make("li", text)));
    today = data.today;
    byId("sums").replaceChildren(
      sum("allowed", data.sums.allowed, "allow"), sum("on hold", data.sums["on hold"], "hold"),
      sum("blocked", data.sums.blocked, "block"), sum("tasks", data.sums.tasks),
    );
    for (const name of Object.keys(pages)) pager(name, data.counts[name], data.pages[name]);
    const news = data.bookings.filter((b) => shown.size && shown.get(b.id) !== b.state);
    const past = data.bookings.filter((b) => b.past);
    byId("rows").replaceChildren(...data.bookings.filter((b) => !b.past).map(row));
    byId("past-rows").replaceChildren(...past.map(row));
    byId("past").hidden = data.counts.past === 0;
    byId("empty").hidden = data.counts.coming > 0;
    byId("tasks").replaceChildren(...data.tasks.map(taskRow));
    byId("no-tasks").hidden = data.counts.tasks > 0;
    byId("tasks").closest(".frame").hidden = data.counts.tasks === 0;
    byId("rows").closest(".frame").hidden = data.counts.coming === 0;
    byId("news").textContent = news.map((b) => `${b.client}, ${b.day}: ${b.state}`).join(". ");
    shown = new Map(data.bookings.map((b) => [b.id, b.state]));
  };

  // Nothing of a client stays in sight of someone who may see it no longer.
  const empty = () => {
    byId("notices").hidden = true;
    for (const id of ["notices", "rows", "past-rows", "tasks", "sums"]) byId(id).replaceChildren();
    for (const name of Object.keys(pages)) { pages[name] = 0; byId(`pages-${name}`).hidden = true; }
    for (const id of ["empty", "no-tasks", "past"]) byId(id).hidden = true;
    byId("news").textContent = byId("now").textContent = "";
    shown = new Map();
    tag = null;
  };

  const trouble = (text) => {
    byId("trouble").textContent = text || "";
    byId("trouble").hidden = !text;
  };

  const ask = () => {
    const headers = key ? { authorization: `Bearer ${key}` } : {};
    if (tag) headers["if-none-match"] = tag;
    const wanted = new URLSearchParams(Object.entries(pages).filter(([, page]) => page > 0));
    return fetch(`/staff/bookings.json?${wanted}`, { headers, cache: "no-store" });
  };

  // The page is not for who looks at it, or no longer: it ends here until there is another key.
  const shutOut = async (answer) => {
    empty();
    if (needsKey) {
      key = null;
      sessionStorage.removeItem("mib-key");
      byId("key-form").hidden = false;
      trouble("That key is not known, or was revoked. Enter another.");
      byId("key").focus();
    } else {
      trouble((await answer.json()).detail);
    }
  };

  const refresh = async () => {
    clearTimeout(timer);
    if (needsKey && !key) { byId("key-form").hidden = false; return; }
    try {
      const answer = await ask();
      if ([401, 403, 404].includes(answer.status)) { await shutOut(answer); return; }
      if (!answer.ok && answer.status !== 304) {
        trouble("The service does not show bookings now.");
      } else {
        byId("now").textContent = answer.headers.get("x-clinic-time");
        tag = answer.headers.get("etag");
        if (answer.status !== 304) draw(await answer.json());
        else await answer.text();  // unread, it would count as broken off
        trouble("");
      }
    } catch {
      trouble("The service does not answer. What is shown may be out of date.");
    }
    clearTimeout(timer);
    timer = setTimeout(refresh, EVERY);
  };

  for (const name of Object.keys(pages)) {
    const [back, , on] = byId(`pages-${name}`).children;
    back.addEventListener("click", () => { turn(name, pages[name] - 1); });
    on.addEventListener("click", () => { turn(name, pages[name] + 1); });
  }
  byId("key-form").addEventListener("submit", (event) => {
    event.preventDefault();
    key = byId("key").value.trim();
    byId("key").value = "";
    sessionStorage.setItem("mib-key", key);
    byId("key-form").hidden = true;
    trouble("");
    refresh();
  });
  refresh();
})();
