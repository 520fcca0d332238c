// What makes the desk quicker; every page works without it.
"use strict";

const rows = () => [...document.querySelectorAll(".list tbody tr")];
let at = -1;

// Keyboard: / search, j and k through a list, Enter opens, x ticks, ? tells of this.
document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.target.matches("input, select, textarea") && event.key !== "Escape") return;
  if (event.key === "Escape") event.target.blur?.();
  if (event.key === "/") {
    document.querySelector("#find")?.focus();
    event.preventDefault();
  }
  if (event.key === "?") location.assign("/keys");
  if (event.key === "j" || event.key === "k") move(event.key === "j" ? 1 : -1);
  const here = rows()[at];
  if (!here) return;
  if (event.key === "Enter" && event.target === document.body) here.querySelector("a")?.click();
  if (event.key === "x") here.querySelector("input[type=checkbox]")?.click();
});

function move(by) {
  const all = rows();
  if (!all.length) return;
  all[at]?.classList.remove("here");
  at = Math.max(0, Math.min(all.length - 1, at + by));
  all[at].classList.add("here");
  all[at].scrollIntoView({ block: "nearest" });
}

// One tick for all rows of the page.
for (const box of document.querySelectorAll("input[data-all]")) {
  box.addEventListener("change", () => {
    for (const one of box.closest("table").querySelectorAll("tbody .tick input")) one.checked = box.checked;
  });
}

// A long work: ask how far it is, and show its end.
for (const place of document.querySelectorAll("[data-work]")) watch(place);

async function watch(place) {
  const bar = place.querySelector("progress");
  const told = place.querySelector("[data-told]");
  for (;;) {
    await new Promise((done) => setTimeout(done, 700));
    let state;
    try {
      state = await (await fetch(place.dataset.work, { headers: { Accept: "application/json" } })).json();
    } catch {
      told.textContent = "连不上工作台；它可能已经关了。";
      continue;
    }
    if (!state.running) return location.reload();
    if (state.total) {
      bar.max = state.total;
      bar.value = state.done;
      const left = state.left === null ? "" : `，大约还要 ${state.left < 90 ? `${state.left} 秒` : `${Math.round(state.left / 60)} 分钟`}`;
      told.textContent = `${state.done} / ${state.total}${left}`;
    }
  }
}

// Files dropped on a frame go into its field.
for (const frame of document.querySelectorAll(".drop")) {
  const field = frame.querySelector("input[type=file]");
  const names = frame.querySelector("[data-names]");
  const tell = () => {
    if (names) names.textContent = field.files.length ? [...field.files].map((file) => file.name).join("、") : "";
  };
  field.addEventListener("change", tell);
  for (const kind of ["dragenter", "dragover"]) {
    frame.addEventListener(kind, (event) => {
      event.preventDefault();
      frame.classList.add("over");
    });
  }
  frame.addEventListener("dragleave", () => frame.classList.remove("over"));
  frame.addEventListener("drop", (event) => {
    event.preventDefault();
    frame.classList.remove("over");
    field.files = event.dataTransfer.files;
    field.dispatchEvent(new Event("change"));
  });
}

// A form that was sent is not sent twice by a second click.
document.addEventListener("submit", (event) => {
  if (event.target.method === "post" && !event.target.matches("[data-download]")) setTimeout(() => event.target.querySelectorAll("button").forEach((one) => (one.disabled = true)));
});

// A thumbnail dragged onto an agreement opens the form that places it there.
for (const page of document.querySelectorAll("[data-page]")) {
  page.addEventListener("dragstart", (event) => event.dataTransfer.setData("text/x-yiyu-page", page.dataset.page));
}
for (const target of document.querySelectorAll("[data-number]")) {
  target.addEventListener("dragover", (event) => {
    event.preventDefault();
    target.classList.add("over");
  });
  target.addEventListener("dragleave", () => target.classList.remove("over"));
  target.addEventListener("drop", (event) => {
    event.preventDefault();
    const page = event.dataTransfer.getData("text/x-yiyu-page");
    if (page) location.assign(`${page}&number=${encodeURIComponent(target.dataset.number)}`);
  });
}

// A text to be pasted elsewhere.
for (const button of document.querySelectorAll("button[data-copy]")) {
  const field = document.getElementById(button.dataset.copy);
  button.hidden = false;
  button.addEventListener("click", async () => {
    field.select();
    try {
      await navigator.clipboard.writeText(field.value);
    } catch {
      document.execCommand("copy"); // a page of the office's network without TLS has no clipboard of its own
    }
    button.textContent = "已复制";
  });
}
