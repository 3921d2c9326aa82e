// The page works without this. It names the files that were chosen, says at once where one is too
// big, and keeps a second press of a button from asking twice.
"use strict";
(() => {
  const MB = 1048576, MOST = 10 * MB, TOGETHER = 30 * MB, FILES = 8;
  const spanish = document.documentElement.lang === "es";
  const say = (english, other) => (spanish ? other : english);
  const size = (bytes) => `${(bytes / MB).toFixed(1)} MB`;

  const wrong = (files) => {
    if (files.length > FILES) {
      return say(`Send at most ${FILES} pages at once.`, `Envíe como máximo ${FILES} páginas de una vez.`);
    }
    const big = files.find((file) => file.size > MOST);
    if (big) {
      return say(`${big.name} is too big (${size(big.size)}).`, `${big.name} es muy grande (${size(big.size)}).`);
    }
    const all = files.reduce((sum, file) => sum + file.size, 0);
    return all > TOGETHER ? say("Send fewer pages at a time.", "Envíe menos páginas.") : "";
  };

  for (const input of document.querySelectorAll('input[type="file"]')) {
    const help = document.getElementById(input.getAttribute("aria-describedby"));
    const first = help.textContent;
    help.setAttribute("aria-live", "polite");
    input.addEventListener("change", () => {
      const files = [...input.files];
      const problem = wrong(files);
      input.setCustomValidity(problem);
      help.textContent =
        problem || files.map((file) => `${file.name} (${size(file.size)})`).join(", ") || first;
      help.classList.toggle("error", problem !== "");
    });
  }

  for (const form of document.querySelectorAll("form")) {
    form.addEventListener("submit", (event) => {
      if (form.dataset.sent) {
        event.preventDefault();
        return;
      }
      form.dataset.sent = "yes";
      for (const button of form.querySelectorAll("button")) {
        button.setAttribute("aria-busy", "true");
        button.textContent = say("Sending …", "Enviando …");
      }
    });
  }
  // Who comes back by the back button finds the forms as they were.
  addEventListener("pageshow", (event) => event.persisted && location.reload());
  // Who typed before this came goes on typing.
  if (document.activeElement === document.body) document.getElementById("problem")?.focus();
})();
