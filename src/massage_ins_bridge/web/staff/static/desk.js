"use strict";
// Everything works without this file. It tells of changes, gives keys, and closes menus.
(() => {
  const fresh = document.querySelector("[data-look]");
  const live = document.getElementById("live");

  // Rows never jump while somebody looks: what changed is told, and shown when it is pressed.
  if (fresh) {
    const look = async () => {
      if (document.hidden) return;
      const answer = await fetch("/mark", { redirect: "manual" }).catch(() => null);
      if (!answer || !answer.ok) return;
      const mark = await answer.text();
      if (mark === fresh.dataset.look || document.getElementById("changed")) return;
      const made = fresh.querySelector("[data-made]");
      if (made) {
        made.id = "changed";
        made.querySelector("span").textContent = "Something changed.";
        made.querySelector("a").textContent = "Show";
      } else {
        const line = document.createElement("p");
        line.className = "note watch";
        line.id = "changed";
        const link = document.createElement("a");
        link.href = location.pathname + location.search;
        link.textContent = "Show";
        line.append("Something changed. ", link);
        fresh.prepend(line);
      }
      live.textContent = "Something changed.";
    };
    setInterval(look, 20000);
  }

  // Whoever reads or types for long is told 2 minutes before they are signed out.
  const ending = document.getElementById("ending");
  if (ending) {
    const wait = (seconds) => setTimeout(ask, Math.max(seconds - 120, 20) * 1000, "/signs-out");
    const ask = async (path) => {
      const answer = await fetch(path, { redirect: "manual" }).catch(() => null);
      if (!answer || answer.status !== 200) return;
      const { seconds, night } = await answer.json();
      wait(seconds);
      if (seconds > 120) ending.replaceChildren();
      else if (!ending.firstChild)
        ending.append(document.getElementById(night ? "ending-night" : "ending-quiet").content.cloneNode(true));
    };
    ending.addEventListener("click", (event) => {
      if (event.target.closest("button")) ask("/stay");
    });
    wait(Number(document.body.dataset.signsOut));
  }

  const focus = document.getElementById("problems") || document.getElementById("done");
  // Who typed before this came goes on typing.
  if (focus && document.activeElement === document.body) focus.focus();

  const fields = "input, select, textarea, [contenteditable]";
  const go = { t: "/today", w: "/week", k: "/tasks", n: "/bookings/new", "?": "/keys" };
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape") {
      const menu = event.target.closest && event.target.closest("details.menu[open]");
      if (menu) {
        menu.open = false;
        menu.querySelector("summary").focus();
      }
      return;
    }
    if (event.ctrlKey || event.metaKey || event.altKey || event.target.closest(fields)) return;
    if (localStorage.getItem("keys") === "off") return;
    if (event.key === "/") {
      event.preventDefault();
      document.getElementById("find").focus();
    } else if (event.key === ".") {
      document.querySelector("form[action='/cover'] button").click();
    } else if (go[event.key]) {
      location.href = go[event.key];
    }
  });

  // What the rules find stands beside what is typed.
  const paper = document.querySelector("form[data-findings]");
  if (paper) {
    let waits = 0;
    let asked = 0;
    const line = ({ status, words }) => {
      const known = document.getElementById(`said-${status}`) || document.getElementById("said-unknown");
      const made = known.content.cloneNode(true);
      made.querySelector("span").textContent = words;
      return made;
    };
    const ask = async () => {
      const mine = ++asked;
      const body = new URLSearchParams(new FormData(paper));
      const answer = await fetch(paper.dataset.findings, { method: "POST", body, redirect: "manual" }).catch(() => null);
      if (!answer || !answer.ok || mine !== asked) return;
      const found = await answer.json();
      if (mine !== asked) return;
      for (const place of paper.querySelectorAll(".findings"))
        place.replaceChildren(...((place.id === "n-" ? found.others : found.fields[place.id.slice(2)]) || []).map(line));
      document.getElementById("write").hidden = !found.asks.length;
      const summary = document.getElementById("summary");
      if (summary.textContent !== found.summary) live.textContent = summary.textContent = found.summary;
    };
    paper.querySelector("[data-plain]")?.remove();
    for (const kind of ["input", "change"])
      paper.addEventListener(kind, () => {
        clearTimeout(waits);
        waits = setTimeout(ask, 400);
      });
  }

  for (const button of document.querySelectorAll("[data-copy]")) {
    button.hidden = !navigator.clipboard;
    button.addEventListener("click", async () => {
      const from = document.getElementById(button.dataset.copy);
      await navigator.clipboard.writeText(from.value ?? from.textContent);
      live.textContent = "Copied.";
      const words = (button.dataset.words ??= button.textContent);
      button.textContent = "Copied";
      setTimeout(() => (button.textContent = words), 2000);
    });
  }

  // One menu at a time; a press elsewhere closes it.
  document.addEventListener("click", (event) => {
    for (const menu of document.querySelectorAll("details.menu[open]"))
      if (!menu.contains(event.target)) menu.open = false;
  });
})();
