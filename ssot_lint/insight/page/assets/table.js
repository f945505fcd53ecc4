"use strict";

const PAGE = 100; // rows that are shown at once
const WAIVED = "waived";
const NOT_WAIVED = "not waived";
const NOBODY = "-";

/** Shows findings, which come in columns of numbers, in a table that filters, sorts and turns pages. */
class FindingsTable {
  constructor(findings, folders) {
    this.findings = findings;
    this.form = document.getElementById("filters");
    this.table = document.getElementById("table");
    this.pages = document.querySelector(".pages");
    this.all = findings.path.map((_, row) => row);
    this.lowered = {
      messages: findings.messages.map((text) => text.toLowerCase()),
      paths: findings.paths.map((text) => text.toLowerCase()),
      rules: findings.rules.map(([id, code]) => `${code} ${id}`.toLowerCase()),
    };
    this.owners = findings.paths.map((_, path) =>
      (findings.owned[path] ?? []).map((owner) => findings.owners[owner]),
    );
    this.order = { key: "path", falling: false };
    this.page = 0;
    this.fill(folders);
    this.listen();
    this.update();
    for (const part of [this.form, this.table, this.pages]) part.hidden = false;
  }

  /** Shows what one filter alone lets through, without what is waived: summaries do not count that. */
  only(name, value) {
    this.form.reset();
    this.form.elements.state.value = this.findings.states.includes(WAIVED) ? NOT_WAIVED : "";
    this.form.elements[name].value = value;
    this.update();
    document.getElementById("findings").scrollIntoView();
    this.form.elements[name].focus({ preventScroll: true });
  }

  fill(folders) {
    const { rules, states, owners } = this.findings;
    const { rule, state, owner } = this.form.elements;
    const option = (value, text) => element("option", { value }, text);
    rule.append(
      ...rules
        .map(([id, code]) => option(id, `${code} ${id}`))
        .sort((one, other) => (one.text < other.text ? -1 : 1)),
    );
    const choices = states.includes(WAIVED) ? [...states, NOT_WAIVED] : [...states];
    state.append(...choices.sort().map((each) => option(each, each)));
    owner.append(...[...owners].sort().map((each) => option(each, each)), option(NOBODY, "nobody"));
    owner.parentElement.hidden = !owners.length;
    this.table.classList.toggle("ownerless", !owners.length);
    document.getElementById("folder-names").append(...folders.map(([path]) => option(path, "")));
  }

  listen() {
    this.form.addEventListener("input", () => this.update());
    this.form.addEventListener("reset", () => queueMicrotask(() => this.update()));
    this.form.addEventListener("submit", (event) => event.preventDefault());
    for (const head of this.table.querySelectorAll("th")) {
      head.firstElementChild.addEventListener("click", () => {
        const { key, falling } = this.order;
        this.order = { key: head.dataset.key, falling: key === head.dataset.key && !falling };
        this.update();
      });
    }
    for (const button of this.pages.querySelectorAll("button")) {
      button.addEventListener("click", () => {
        this.page += Number(button.dataset.step);
        this.draw();
      });
    }
  }

  update() {
    this.rows = this.sorted(this.filtered());
    this.page = 0;
    this.draw();
  }

  filtered() {
    const { path, rule, state, message, paths, rules, states } = this.findings;
    const wanted = this.form.elements;
    const text = wanted.text.value.trim().toLowerCase();
    const folder = wanted.folder.value.trim().replace(/\/+$/, "");
    const having = (texts) => texts.map((each) => each.includes(text));
    const [inMessage, inPath, inRule] = [
      having(this.lowered.messages),
      having(this.lowered.paths),
      having(this.lowered.rules),
    ];
    const ofRule = rules.map(([id]) => !wanted.rule.value || id === wanted.rule.value);
    const ofState = states.map((each) => {
      const chosen = wanted.state.value;
      return !chosen || each === chosen || (chosen === NOT_WAIVED && each !== WAIVED);
    });
    const ofPath = paths.map((each, number) => {
      const owner = wanted.owner.value;
      const owners = this.owners[number];
      const isOwned = !owner || (owner === NOBODY ? !owners.length : owners.includes(owner));
      return isOwned && (!folder || each === folder || each.startsWith(`${folder}/`));
    });
    return this.all.filter(
      (row) =>
        ofPath[path[row]] &&
        ofRule[rule[row]] &&
        ofState[state[row]] &&
        (!text || inMessage[message[row]] || inPath[path[row]] || inRule[rule[row]]),
    );
  }

  sorted(rows) {
    const { key, falling } = this.order;
    const { line } = this.findings;
    const columns = {
      path: this.findings.paths,
      rule: this.lowered.rules,
      message: this.lowered.messages,
      state: this.findings.states,
      owner: this.owners.map((each) => each.join(", ")),
    };
    const ranks = ranksOf(columns[key]);
    const column = this.findings[key === "owner" ? "path" : key];
    const sign = falling ? -1 : 1;
    const rest = key === "path" ? (one, other) => line[one] - line[other] : () => 0;
    // Equals stay where they are: in the order of paths and lines.
    return rows.sort((one, other) => sign * (ranks[column[one]] - ranks[column[other]] || rest(one, other)));
  }

  draw() {
    const from = this.page * PAGE;
    const rows = this.rows.slice(from, from + PAGE);
    this.table.tBodies[0].replaceChildren(...rows.map((row) => this.drawRow(row)));
    for (const head of this.table.querySelectorAll("th")) {
      const { key, falling } = this.order;
      if (head.dataset.key === key) head.setAttribute("aria-sort", falling ? "descending" : "ascending");
      else head.removeAttribute("aria-sort");
    }
    document.getElementById("shown").textContent =
      `${written(this.rows.length)} of ${counted(this.all.length, "finding")}`;
    const [back, place, forth] = this.pages.children;
    const last = Math.max(Math.ceil(this.rows.length / PAGE), 1);
    place.textContent = `Page ${written(this.page + 1)} of ${written(last)}`;
    back.disabled = this.page === 0;
    forth.disabled = this.page + 1 >= last;
  }

  drawRow(row) {
    const { path, line, rule, state, message, paths, stems, addresses, rules, states, messages } =
      this.findings;
    const [id, code, page] = rules[rule[row]];
    const place = `${paths[path[row]]}:${line[row]}`;
    const stem = stems[path[row]];
    const address = addresses[row] ?? (stem === null ? null : `${stem}${line[row]}`);
    return element(
      "tr",
      {},
      element("td", { class: "rule" }, element("span", { class: "code" }, code), " ", linked(page, id)),
      element("td", { class: "path" }, linked(address, place)),
      element("td", {}, ...worded(messages[message[row]])),
      element("td", {}, states[state[row]]),
      element("td", {}, this.owners[path[row]].join(", ")),
    );
  }
}

/** The rank of each text among all of them, equal for equal ones. */
function ranksOf(texts) {
  const ranks = new Map([...new Set(texts)].sort().map((text, rank) => [text, rank]));
  return texts.map((text) => ranks.get(text));
}

/** A link to an address that Python has found safe, or the bare text where there is none. */
function linked(address, text) {
  return address ? element("a", { href: address }, text) : text;
}
