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

  const reasons = (booking) => {
    const cell = make("td");
    if (booking.reasons.length === 0) {
      cell.textContent = booking.outcome === "allow" ? "All requirements are met." : "–";
      return cell;
    }
    const list = make("ul");
    for (const reason of booking.reasons) {
      const item = make("li", reason.message);
      if (reason.remedy) item.append(make("br"), make("span", reason.remedy, "remedy"));
      if (reason.due) item.append(make("br"), make("span", `By ${reason.due}.`, "remedy"));
      list.append(item);
    }
    cell.append(list);
    return cell;
  };

  const row = (booking) => {
    const line = make("tr");
    const state = make("td");
    const ended = !["allowed", "on hold", "blocked"].includes(booking.state);
    state.append(make("span", booking.state, `badge ${ended ? "" : booking.outcome}`));
    const platform = make("td", booking.platform);
    for (const text of booking.written) platform.append(make("br"), make("span", text, "remedy"));
    line.append(
      make("td", booking.start), make("td", booking.client), make("td", booking.payer),
      state, reasons(booking), platform,
    );
    const before = shown.get(booking.id);
    if (shown.size > 0 && before !== booking.state) {
      line.className = "changed";
      setTimeout(() => { line.className = ""; }, 4000);
    }
    return line;
  };

  const sum = (label, number) => {
    const item = make("li");
    item.append(make("strong", String(number)), document.createTextNode(label));
    return item;
  };

  const draw = (data) => {
    byId("now").textContent = data.now;
    const count = (state) => data.bookings.filter((b) => b.state === state).length;
    byId("sums").replaceChildren(
      sum("allowed", count("allowed")), sum("on hold", count("on hold")),
      sum("blocked", count("blocked")), sum("tasks", data.tasks.length),
    );
    const same = JSON.stringify([data.bookings, data.tasks]);
    if (same === last) return;
    const news = data.bookings.filter((b) => shown.size && shown.get(b.id) !== b.state);
    byId("rows").replaceChildren(...data.bookings.map(row));
    byId("empty").hidden = data.bookings.length > 0;
    byId("tasks").replaceChildren(...data.tasks.map((task) =>
      make("li", task.due ? `${task.message} (by ${task.due})` : task.message)));
    byId("no-tasks").hidden = data.tasks.length > 0;
    byId("news").textContent = news.map((b) => `${b.client}, ${b.start}: ${b.state}`).join(". ");
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
