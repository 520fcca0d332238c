"use strict";
(() => {
  const STEP = 10, MORE = 200;
  const STYLE = { count: "n", code: "c", text: "" };
  const { texts, tables } = JSON.parse(document.getElementById("data").textContent);
  document.documentElement.classList.add("js");

  const make = (name, attributes = {}, ...children) => {
    const node = document.createElement(name);
    for (const [key, value] of Object.entries(attributes)) {
      if (key === "class") node.className = value;
      else if (key.startsWith("on")) node.addEventListener(key.slice(2), value);
      else if (value !== null) node.setAttribute(key, value);
    }
    node.append(...children);
    return node;
  };

  const counts = (table, column) => table.columns[column][1] === "count";
  const shown = (table, column, row) => {
    const cell = table.cells[column][row];
    return counts(table, column) ? String(cell) : texts[cell];
  };

  // Names are put in order once for the whole page: comparing Chinese text is slow, comparing places is not.
  let order = null;
  const place = () => {
    if (!order) {
      const collator = new Intl.Collator("zh-CN", { numeric: true });
      const sorted = texts.map((_, at) => at).sort((a, b) => collator.compare(texts[a], texts[b]));
      order = new Int32Array(texts.length);
      sorted.forEach((at, rank) => { order[at] = rank; });
    }
    return order;
  };

  // What the words of a search are looked for in; made when a table is searched for the first time.
  const haystack = (table) => {
    table.haystack ??= Array.from({ length: table.size }, (_, row) =>
      table.columns.map((_, column) => shown(table, column, row)).join("\n").toLowerCase());
    return table.haystack;
  };

  const every = (table) => Array.from({ length: table.size }, (_, row) => row);

  // A table of `rows` (numbers of rows) with a search box, headings that sort, and a button for more.
  const listing = (table, rows, label) => {
    let query = "", sort = null, down = false, limit = STEP, kept = rows;
    const count = make("span", { class: "found", role: "status" });
    const search = make("input", { type: "search", placeholder: "查找机构、编号、旗区…", "aria-label": `在“${label}”中查找`,
      oninput: () => { query = search.value; limit = STEP; draw(); } });
    const heads = table.columns.map(([heading, kind], column) => {
      const button = make("button", { type: "button", onclick: () => {
        down = sort === column && !down;
        sort = column;
        draw();
      } }, heading);
      return make("th", { scope: "col", class: STYLE[kind] }, button);
    });
    const body = make("tbody");
    const more = make("button", { type: "button", onclick: () => { limit += MORE; draw(); } });
    const all = make("button", { type: "button", onclick: () => { limit = Infinity; draw(); } });
    const rest = make("p", { class: "more" }, more, all);

    const draw = () => {
      const words = query.toLowerCase().split(/\s+/).filter(Boolean);
      const hay = words.length ? haystack(table) : null;
      kept = hay ? rows.filter((row) => words.every((word) => hay[row].includes(word))) : rows.slice();
      if (sort !== null) {
        const cells = table.cells[sort], ranks = counts(table, sort) ? null : place();
        const key = ranks ? (row) => ranks[cells[row]] : (row) => cells[row];
        kept.sort((a, b) => (down ? key(b) - key(a) : key(a) - key(b)) || a - b);
      }
      heads.forEach((head, column) => head.setAttribute("aria-sort",
        column !== sort ? "none" : down ? "descending" : "ascending"));
      body.replaceChildren(...kept.slice(0, limit).map((row) => make("tr", {}, ...table.columns.map(([, kind], column) =>
        make("td", { class: STYLE[kind] }, shown(table, column, row))))));
      count.textContent = kept.length === rows.length ? `共 ${rows.length} 行` : `找到 ${kept.length} 行，共 ${rows.length} 行`;
      const left = kept.length - Math.min(limit, kept.length);
      rest.hidden = left === 0;
      rest.dataset.left = `另有 ${left} 行未印出`;
      more.textContent = left > MORE ? `再显示 ${MORE} 行` : `显示其余 ${left} 行`;
      all.textContent = `全部显示（${kept.length} 行）`;
      all.hidden = left <= MORE;
    };
    draw();
    return [
      ...(rows.length > STEP ? [make("p", { class: "tools" }, search, count)] : []),
      make("div", { class: "scroll", tabindex: "0", role: "region", "aria-label": label },
        make("table", { class: "rows" }, make("thead", {}, make("tr", {}, ...heads)), body)),
      rest,
    ];
  };

  for (const place of document.querySelectorAll(".list[data-table]")) {
    const table = tables[place.dataset.table];
    if (table.size) place.replaceChildren(...listing(table, every(table), table.title));
  }

  // The rows behind a figure.
  const dialog = document.getElementById("rows");
  const column = (table, heading) => table.columns.findIndex(([name]) => name === heading);
  const behind = (table, { group, prefix }) => {
    if (group !== undefined) {
      const cells = table.cells[1], wanted = texts.indexOf(group);
      return every(table).filter((row) => cells[row] === wanted);
    }
    if (prefix !== undefined) {
      const cells = table.cells[column(table, "到期日")];
      return every(table).filter((row) => texts[cells[row]].startsWith(prefix));
    }
    return every(table);
  };
  const open = (button) => {
    const table = tables[button.dataset.table];
    const rows = behind(table, button.dataset);
    const title = button.dataset.title ?? [button.dataset.group, table.title].filter(Boolean).join("　");
    const judged = column(table, "计入");
    const counted = judged < 0 ? "" : (() => {
      const yes = rows.filter((row) => texts[table.cells[judged][row]] === "是").length;
      return `计入 ${yes}，未计入 ${rows.length - yes}，共 ${rows.length}。`;
    })();
    dialog.replaceChildren(
      make("header", {},
        make("h2", { id: "rows-title" }, title),
        make("button", { type: "button", class: "close", "aria-label": "关闭", onclick: () => dialog.close() }, "关闭")),
      make("p", { class: "lead" }, counted + (table.about ? `${table.about}。` : "")),
      ...(rows.length ? listing(table, rows, title) : [make("p", { class: "empty" }, table.empty)]));
    dialog.showModal();
    dialog.scrollTop = 0;
  };
  document.addEventListener("click", (event) => {
    const button = event.target.closest("button.opens");
    if (button) open(button);
    else if (event.target === dialog) dialog.close();
  });

  // The table of all groups sorts in place.
  for (const table of document.querySelectorAll("table.sortable")) {
    const heads = [...table.tHead.rows[0].cells], body = table.tBodies[0], first = [...body.rows];
    heads.forEach((head, at) => {
      const button = make("button", { type: "button", onclick: () => {
        const down = head.getAttribute("aria-sort") === "ascending";
        heads.forEach((one) => one.setAttribute("aria-sort", "none"));
        head.setAttribute("aria-sort", down ? "descending" : "ascending");
        const key = (row) => at ? Number(row.cells[at].dataset.sort) : first.indexOf(row);
        body.append(...[...body.rows].sort((a, b) => down ? key(b) - key(a) : key(a) - key(b)));
      } }, head.textContent);
      head.replaceChildren(button);
      head.setAttribute("aria-sort", "none");
    });
  }
})();
