"use strict";
// Shows what /staff/bookings.json says and keeps it up to date. Text is only ever set as text.
(() => {
  const EVERY = 2000;
  const byId = (id) => document.getElementById(id);
  const needsKey = document.body.dataset.needsKey === "yes";
  let key = needsKey ? sessionStorage.getItem("mib-key") : null;
  let shown = new Map();
  let last = "";

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

  const pretty = (iso) => new Date(`${iso}T12:00:00`).toLocaleDateString(
    "en-US", { weekday: "short", day: "numeric", month: "short" }).replaceAll(" ", "\u00a0");

  // Dates within the texts are written as people write them, too.
  const words = (text) => text.replace(/\b\d{4}-\d{2}-\d{2}\b/g, pretty);

  const reasons = (booking) => {
    if (booking.state === "moved") return [make("span", "The client moved it.")];
    if (booking.reasons.length === 0) {
      return [make("span", booking.outcome === "allow" ? allowed(booking) : "–")];
    }
    return booking.reasons.map((reason) => {
      const item = make("p", words(reason.message));
      if (reason.remedy) item.append(make("br"), make("span", words(reason.remedy), "remedy"));
      if (reason.due && !`${reason.message} ${reason.remedy}`.includes(reason.due)) {
        item.append(make("br"), make("span", `By ${pretty(reason.due)}.`, "remedy"));
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

  const taskRow = (task, today) => {
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

  const more = (id, number, what) => {
    byId(id).textContent = `${number} ${what}`;
    byId(id).hidden = number === 0;
  };

  const draw = (data) => {
    byId("now").textContent = data.now;
    byId("sums").replaceChildren(
      sum("allowed", data.sums.allowed, "allow"), sum("on hold", data.sums["on hold"], "hold"),
      sum("blocked", data.sums.blocked, "block"), sum("tasks", data.sums.tasks),
    );
    more("more-coming", data.more.coming, "later bookings are not shown here.");
    more("more-past", data.more.past, "earlier bookings are not shown here.");
    more("more-tasks", data.more.tasks, "tasks that are due later are not shown here.");
    const same = JSON.stringify([data.bookings, data.tasks, data.today]);
    if (same === last) return;
    const news = data.bookings.filter((b) => shown.size && shown.get(b.id) !== b.state);
    const past = data.bookings.filter((b) => b.past);
    byId("rows").replaceChildren(...data.bookings.filter((b) => !b.past).map(row));
    byId("past-rows").replaceChildren(...past.map(row));
    byId("past").hidden = past.length === 0;
    byId("empty").hidden = past.length < data.bookings.length;
    byId("tasks").replaceChildren(...data.tasks.map((task) => taskRow(task, data.today)));
    byId("no-tasks").hidden = data.tasks.length > 0;
    byId("tasks").closest(".frame").hidden = data.tasks.length === 0;
    byId("rows").closest(".frame").hidden = past.length === data.bookings.length;
    byId("news").textContent = news.map((b) => `${b.client}, ${b.day}: ${b.state}`).join(". ");
    shown = new Map(data.bookings.map((b) => [b.id, b.state]));
    last = same;
  };

  const trouble = (text) => {
    byId("trouble").textContent = text || "";
    byId("trouble").hidden = !text;
  };

  const refresh = async () => {
    if (needsKey && !key) { byId("key-form").hidden = false; return; }
    try {
      const headers = key ? { authorization: `Bearer ${key}` } : {};
      const answer = await fetch("/staff/bookings.json", { headers, cache: "no-store" });
      if (answer.status === 401) {
        key = null;
        sessionStorage.removeItem("mib-key");
        byId("key-form").hidden = false;
        trouble("That key is not known.");
        return;
      }
      if (!answer.ok) { trouble("The service does not show bookings now."); } else {
        draw(await answer.json());
        trouble("");
      }
    } catch {
      trouble("The service does not answer. What is shown may be out of date.");
    }
    setTimeout(refresh, EVERY);
  };

  byId("key-form").addEventListener("submit", (event) => {
    event.preventDefault();
    key = byId("key").value.trim();
    sessionStorage.setItem("mib-key", key);
    byId("key-form").hidden = true;
    refresh();
  });
  refresh();
})();
