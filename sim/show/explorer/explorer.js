// The explorer as one sees it. All text comes from the program and is set as text, never as HTML.

const PLANS = ["A", "B"];
const PICTURES = ["outcomes", "differences", "by_when", "delays", "run"];
let widgets = 0;

/** Return a new element with attributes and children; texts stand as they are. */
function make(tag, attributes = {}, ...children) {
  const found = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (name.startsWith("on")) found.addEventListener(name.slice(2), value);
    else if (value !== null && value !== false) found.setAttribute(name, value);
  }
  found.append(...children);
  return found;
}

/** Return a number of runs in words. */
function runsInWords(count) {
  return `${Number(count).toLocaleString("en")} ${Number(count) === 1 ? "run" : "runs"}`;
}

/** Return a number as one would type it: at most six digits, no trailing zeros. */
function typed(value) {
  return String(Number(Number(value).toPrecision(6)));
}

/** Return the value that a plan's file has, as one would type it. */
function fileValue(control) {
  return typeof control.value === "string" ? control.value : typed(control.value);
}

/** Where a slider stands, and what it means there: in steps, or in shares of the way in decades. */
function scale(control) {
  const { low, high, step } = control;
  const whole = Number.isInteger(control.value) && step >= 1 && control.unit === "count";
  if (control.is_logarithmic) {
    const way = Math.log(high / low);
    const rounded = (value) => (whole ? Math.round(value) : Number(value.toPrecision(2)));
    return {
      places: 100,
      at: (place) => rounded(Math.min(high, Math.max(low, low * Math.exp((way * place) / 100)))),
      place: (value) => Math.round((100 * Math.log(Math.max(value, low) / low)) / way),
    };
  }
  return {
    places: Math.max(1, Math.round((high - low) / step)),
    at: (place) => Math.min(high, low + place * step),
    place: (value) => Math.round((value - low) / step),
  };
}

class Explorer {
  constructor(model, element) {
    this.model = model;
    this.root = make("div", { class: "sim-explorer" });
    this.id = `sim${++widgets}`;
    // Several cells may show one widget, and each has its own sliders.
    this.view = `${Date.now().toString(36)}-${Math.random().toString(36).slice(2)}`;
    this.bases = [];
    this.controls = new Map();
    this.plans = [{ base: 0, typed: {} }, { base: 0, typed: {} }];
    this.editing = "B";
    this.number = 0;
    this.shownNumber = 0;
    this.horizonText = "";
    this.isInAir = false;
    this.isWaiting = false;
    this.rows = new Map();
    element.append(this.root);
    this.heard = (message, buffers) => this.hear(message, buffers);
    model.on("msg:custom", this.heard);
    this.send({ kind: "hello" });
  }

  send(message) {
    this.model.send({ ...message, view: this.view });
  }

  /** Leave, so that nothing is played for nobody. */
  leave() {
    this.model.off("msg:custom", this.heard);
    this.resizes?.disconnect();
    clearTimeout(this.resizing);
    this.send({ kind: "bye" });
  }

  hear(message, buffers) {
    if (message.view !== undefined && message.view !== this.view) return;
    const kinds = {
      plans: () => this.build(message),
      controls: () => this.takeControls(message),
      heard: () => this.land(),
      numbers: () => this.showNumbers(message),
      picture: () => this.showPicture(message, buffers[0]),
      done: () => this.showDone(message),
      wrong: () => this.showWrong(message),
      parting: () => this.showParting(message),
      taken: () => this.showTaken(message),
    };
    kinds[message.kind]?.();
  }

  // What stands on the page.

  build(message) {
    this.bases = message.plans;
    this.plans[1].base = message.other;
    this.root.replaceChildren(
      this.head(message),
      make("div", { class: "sim-body" }, this.side(), this.stage()),
      this.foot(),
    );
    this.askControls();
    this.wish();
    this.resizes = new ResizeObserver(() => this.resized());
    this.resizes.observe(this.stageElement);
  }

  head(message) {
    this.progress = make("output", { class: "sim-progress", "aria-live": "polite" }, "Playing …");
    this.wrong = make("p", { class: "sim-wrong", role: "alert" });
    this.titles = PLANS.map((name) => make("p", { class: `sim-title sim-${name}` }));
    const seed = this.field("seed", "Seed", message.seed, "The luck, the same for both plans");
    const runs = this.field("runs", "Runs of each plan", 20000, "At most 100,000");
    // What stands there was typed, or else is what plan A's file says.
    const horizon = this.field("horizon", "Horizon (days)", "", "Of both plans; empty: as plan A's file says",
      (text) => (this.horizonText = text.trim()));
    return make(
      "header",
      { class: "sim-head" },
      make("h1", {}, "Two plans on the same luck"),
      make("p", { class: "sim-note" }, message.disclaimer),
      make("div", { class: "sim-plans" }, this.chooser(0), this.chooser(1), runs, seed, horizon),
      this.wrong,
      this.progress,
    );
  }

  chooser(plan) {
    const id = `${this.id}-plan-${PLANS[plan]}`;
    const select = make("select", { id });
    this.bases.forEach((base, place) => {
      select.append(make("option", { value: place }, base.name));
    });
    select.value = this.plans[plan].base;
    select.addEventListener("change", () => this.choose(plan, Number(select.value)));
    const label = make("label", { for: id }, `Plan ${PLANS[plan]}`);
    return make("div", { class: `sim-chooser sim-${PLANS[plan]}` }, label, select, this.titles[plan]);
  }

  field(name, words, value, hint, take = () => {}) {
    const id = `${this.id}-${name}`;
    const input = make("input", { id, type: "text", inputmode: "numeric", value, title: hint });
    const error = make("p", { class: "sim-error", role: "alert", id: `${id}-error` });
    input.setAttribute("aria-describedby", error.id);
    input.addEventListener("change", () => {
      take(input.value);
      this.wish();
    });
    const note = make("p", { class: "sim-note" });
    this[name] = { input, error, note };
    return make("div", { class: "sim-field" }, make("label", { for: id }, words), input, note, error);
  }

  side() {
    const choices = ["A", "B", "both"].map((name) => {
      const id = `${this.id}-edit-${name}`;
      const attributes = { type: "radio", name: `${this.id}-edit`, id, value: name };
      const radio = make("input", { ...attributes, checked: name === this.editing || null });
      radio.addEventListener("change", () => this.edit(name));
      return make("span", {}, radio, make("label", { for: id }, name === "both" ? name : `plan ${name}`));
    });
    this.back = make("button", { type: "button" }, "Put all back");
    this.back.addEventListener("click", () => this.putAllBack());
    this.panel = make("div", { class: "sim-controls" });
    return make(
      "section",
      { class: "sim-side", "aria-label": "Values" },
      make("fieldset", { class: "sim-edit" }, make("legend", {}, "The sliders change"), ...choices),
      this.back,
      this.panel,
    );
  }

  stage() {
    this.answer = make("p", { class: "sim-answer" });
    this.about = make("p", { class: "sim-note" });
    this.what = make("select", { id: `${this.id}-what` });
    this.what.addEventListener("change", () => this.wish());
    this.pictures = new Map();
    const figures = PICTURES.map((name) => this.figure(name));
    this.body = make("tbody");
    const heads = ["", "plan A", "plan B", "difference, B less A"];
    const head = make("tr", {}, ...heads.map((one) => make("th", { scope: "col" }, one)));
    const table = make("table", { class: "sim-numbers" }, make("thead", {}, head), this.body);
    const key = make("p", { class: "sim-key" }, make("span", { class: "sim-A" }, "■ plan A"), " ",
      make("span", { class: "sim-B" }, "■ plan B"), " Lines in bars, bands, brackets: 95 % intervals.");
    this.stageElement = make(
      "section",
      { class: "sim-stage", "aria-label": "Results" },
      this.answer, key,
      make("div", { class: "sim-pictures" }, ...figures.slice(0, 4)),
      make("div", { class: "sim-scroll" }, table),
      this.about,
      this.runTeller(figures[4]),
    );
    return this.stageElement;
  }

  figure(name) {
    const image = make("img", { alt: "", hidden: "" });
    const caption = make("figcaption");
    const figure = make("figure", { class: `sim-figure sim-${name}` }, caption, image);
    if (name === "by_when") {
      const label = make("label", { for: this.what.id }, "of: ");
      figure.insertBefore(make("p", { class: "sim-what" }, label, this.what), image);
    }
    this.pictures.set(name, { image, caption, figure });
    return figure;
  }

  runTeller(figure) {
    const id = `${this.id}-run`;
    this.run = make("input", { id, type: "text", inputmode: "numeric", value: 0 });
    this.runPlan = make("select", { "aria-label": "Under which plan" });
    PLANS.forEach((name, place) => this.runPlan.append(make("option", { value: place }, `under plan ${name}`)));
    this.runPlan.value = 1;
    this.runError = make("p", { class: "sim-error", role: "alert" });
    const next = make("button", { type: "button" }, "Next run in which the plans part");
    next.addEventListener("click", () => {
      this.send({ kind: "parting", after: Number(this.run.value) || 0 });
    });
    const show = make("button", { type: "button" }, "Show it");
    show.addEventListener("click", () => this.wish());
    [this.run, this.runPlan].forEach((one) => one.addEventListener("change", () => this.wish()));
    const row = make("p", { class: "sim-row" }, make("label", { for: id }, "Run "), this.run, this.runPlan, show, next);
    this.teller = make("details", { class: "sim-teller" }, make("summary", {}, "One run, event by event"),
      row, this.runError, make("div", { class: "sim-scroll" }, figure));
    this.teller.addEventListener("toggle", () => this.teller.open && this.wish());
    return this.teller;
  }

  foot() {
    const button = (words, message) => {
      const found = make("button", { type: "button" }, words);
      found.addEventListener("click", () => this.send({ kind: "take", ...message }));
      return found;
    };
    this.taken = make("textarea", { readonly: "", rows: 6, hidden: "", "aria-label": "To be copied" });
    this.takenNote = make("p", { class: "sim-note", role: "status" });
    return make(
      "footer",
      { class: "sim-foot" },
      make("h2", {}, "Take it with you"),
      make("p", { class: "sim-row" },
        button("Save plan A as scenario", { what: "toml", plan: 0 }),
        button("Save plan B as scenario", { what: "toml", plan: 1 }),
        button("Copy as Python", { what: "python" }),
        button("Copy as command", { what: "command" })),
      this.takenNote,
      this.taken,
    );
  }

  // The sliders.

  get edited() {
    return this.editing === "A" ? [0] : this.editing === "B" ? [1] : [1, 0];
  }

  askControls() {
    const bases = new Set(this.edited.map((place) => this.plans[place].base));
    const missing = [...bases].filter((base) => !this.controls.has(base));
    if (missing.length) missing.forEach((base) => this.send({ kind: "controls", base }));
    else this.buildControls();
  }

  takeControls(message) {
    this.controls.set(message.base, message.controls);
    if (this.edited.every((place) => this.controls.has(this.plans[place].base))) this.buildControls();
  }

  /** Return what can be moved at a path of a plan, undefined where its file has no such value. */
  controlOf(place, path) {
    return this.controls.get(this.plans[place].base)?.find((one) => one.path === path);
  }

  /** Return the value that a plan has at a path, as it was typed or as its file has it. */
  valueOf(place, path) {
    const control = this.controlOf(place, path);
    return this.plans[place].typed[path] ?? (control ? fileValue(control) : "no such value");
  }

  buildControls() {
    const controls = this.controls.get(this.plans[this.edited[0]].base);
    const open = new Set([...this.panel.querySelectorAll("details.sim-more[open]")].map((one) => one.dataset.group));
    this.rows = new Map();
    const parts = [];
    const groups = new Map();
    for (const control of controls) {
      const key = `${control.is_first}${control.group}`;
      if (!groups.has(key)) groups.set(key, { control, rows: [] });
      groups.get(key).rows.push(this.row(control));
    }
    let hasMore = false;
    for (const { control, rows } of groups.values()) {
      if (!control.is_first && !hasMore) parts.push(make("h2", {}, "More"));
      hasMore ||= !control.is_first;
      if (control.is_first) {
        parts.push(make("fieldset", {}, make("legend", {}, control.group), ...rows));
      } else {
        const more = make("details", { class: "sim-more", "data-group": control.group },
          make("summary", {}, control.group), ...rows);
        more.open = open.has(control.group);
        parts.push(more);
      }
    }
    this.panel.replaceChildren(...parts);
    this.showValues();
  }

  row(control) {
    const id = `${this.id}-${control.path.replaceAll(".", "-")}`;
    const error = make("p", { class: "sim-error", role: "alert", id: `${id}-error` });
    const unit = control.unit && control.unit !== "count" && !control.label.endsWith(control.unit) ? ` (${control.unit})` : "";
    const label = make("label", { for: id }, `${control.label}${unit}`);
    const grade = make("span", { class: `sim-grade sim-${control.grade}` }, control.grade);
    const undo = make("button", { type: "button", class: "sim-undo" }, "");
    const apart = make("p", { class: "sim-apart", hidden: "" });
    const found = { control, error, undo, grade, apart };
    const row = make("div", { class: "sim-control", "data-path": control.path }, label, grade);
    if (control.options.length) {
      found.select = make("select", { id, "aria-describedby": error.id });
      control.options.forEach((word) => found.select.append(make("option", { value: word }, word)));
      found.select.addEventListener("change", () => this.change(control, found.select.value));
      row.append(found.select);
    } else {
      found.scale = scale(control);
      found.range = make("input", { id, type: "range", min: 0, max: found.scale.places, step: 1 });
      found.box = make("input", { type: "text", inputmode: "decimal", "aria-label": `${control.group} ${control.label}, exact value`, "aria-describedby": error.id });
      found.range.addEventListener("input", () => {
        const value = typed(found.scale.at(Number(found.range.value)));
        found.box.value = value;
        this.say(found, value);
        this.change(control, value);
      });
      found.box.addEventListener("change", () => this.change(control, found.box.value));
      row.append(found.range, found.box);
    }
    undo.addEventListener("click", () => this.putBack(control));
    row.append(apart, undo, error, this.why(control));
    this.rows.set(control.path, found);
    return row;
  }

  why(control) {
    const lines = [control.meaning];
    if (control.plausible) lines.push(`Plausible: ${control.plausible} ${control.unit === "count" ? "" : control.unit}`.trim() + ".");
    const source = [control.source === "default" ? "" : control.source, control.says].filter(Boolean).join(": ");
    lines.push(`${control.grade}: ${source || "no source given"}`);
    return make("details", { class: "sim-why" }, make("summary", { "aria-label": `About ${control.group} ${control.label}` }, "?"),
      ...lines.filter(Boolean).map((line) => make("p", {}, line)), make("code", {}, control.path));
  }

  say(found, value) {
    found.range.setAttribute("aria-valuetext", `${value} ${found.control.unit}`);
  }

  /** Let every control show the value that the edited plan has there. */
  showValues() {
    const plan = this.plans[this.edited[0]];
    for (const [path, found] of this.rows) {
      const { control, undo, apart } = found;
      const isChanged = this.edited.some((place) => path in this.plans[place].typed);
      const value = this.valueOf(this.edited[0], path);
      if (found.select) found.select.value = value;
      else {
        if (found.box !== document.activeElement || !(path in plan.typed)) found.box.value = value;
        if (found.range !== document.activeElement) found.range.value = found.scale.place(Number(value));
        this.say(found, value);
      }
      // What vouched for the file's value does not vouch for another one.
      found.grade.textContent = isChanged ? "assumption" : control.grade;
      found.grade.className = `sim-grade sim-${found.grade.textContent}`;
      undo.hidden = !isChanged;
      undo.textContent = isChanged ? `put back ${this.backInWords(path)}` : "";
      const [ours, theirs] = [0, 1].map((place) => this.valueOf(place, path));
      apart.hidden = this.editing !== "both" || ours === theirs;
      apart.textContent = apart.hidden ? "" : `A: ${ours}, B: ${theirs}`;
      undo.closest(".sim-control").classList.toggle("sim-changed", isChanged);
    }
    this.back.disabled = !this.edited.some((place) => Object.keys(this.plans[place].typed).length);
  }

  /** Return what putting back leads to: a value, or two where the plans that are edited differ. */
  backInWords(path) {
    const values = this.edited.map((place) => this.controlOf(place, path)).map((one) => one && fileValue(one));
    const [theirs, ours = theirs] = values;
    return ours === undefined || ours === theirs ? theirs : `A: ${ours}, B: ${theirs}`;
  }

  change(control, text) {
    for (const place of this.edited) {
      const own = this.controlOf(place, control.path);
      if (!own) continue;
      if (String(text) === fileValue(own)) delete this.plans[place].typed[control.path];
      else this.plans[place].typed[control.path] = String(text);
    }
    this.showValues();
    this.wish();
  }

  putBack(control) {
    this.edited.forEach((place) => delete this.plans[place].typed[control.path]);
    this.showValues();
    const found = this.rows.get(control.path);
    (found.select ?? found.range).focus();
    this.wish();
  }

  putAllBack() {
    this.edited.forEach((place) => (this.plans[place].typed = {}));
    this.showValues();
    this.wish();
  }

  edit(name) {
    this.editing = name;
    this.askControls();
  }

  choose(plan, base) {
    this.plans[plan] = { base, typed: {} };
    this.askControls();
    this.wish();
  }

  // The wishes: one is in the air at a time, and the next one is always the newest.

  wish() {
    if (this.isInAir) {
      this.isWaiting = true;
      return;
    }
    this.isInAir = true;
    this.isWaiting = false;
    // Counted, so that an answer to an older one is known for it.
    this.number += 1;
    this.root.dataset.state = "waiting";
    this.root.classList.add("sim-old");
    const isTold = this.teller.open;
    this.send({
      kind: "wish",
      number: this.number,
      plans: this.plans,
      runs: this.runs.input.value,
      seed: this.seed.input.value,
      horizon: this.horizonText,
      pixels: this.pixels(),
      ratio: window.devicePixelRatio || 1,
      what: this.what.value || "collapsed",
      timeline: isTold ? { run: this.run.value, plan: Number(this.runPlan.value) } : null,
    });
  }

  land() {
    this.isInAir = false;
    if (this.isWaiting) this.wish();
  }

  pixels() {
    const { image, figure } = this.pictures.get("outcomes");
    this.width = figure.clientWidth || image.clientWidth || 440;
    return this.width;
  }

  resized() {
    const before = this.width;
    clearTimeout(this.resizing);
    this.resizing = setTimeout(() => {
      if (Math.abs(this.pixels() - before) > 8) this.wish();
    }, 200);
  }

  // The answers.

  isOld(message) {
    return message.number !== this.number;
  }

  /** Whether something newer is shown: who moves a slider fast sees what there was time for. */
  isPassed(message) {
    return message.number < this.shownNumber;
  }

  showNumbers(message) {
    if (this.isPassed(message)) return;
    this.shownNumber = message.number;
    this.clearErrors();
    if (!this.isOld(message)) {
      this.root.classList.remove("sim-old");
      this.root.dataset.state = "playing";
    }
    this.root.dataset.runs = message.runs;
    this.progress.textContent = `${Number(message.runs).toLocaleString("en")} of ${runsInWords(message.of)} of each plan`;
    if (!this.horizonText && this.horizon.input !== document.activeElement) {
      this.horizon.input.value = typed(message.horizon_days);
    }
    this.horizon.note.textContent = message.horizon_note;
    this.answer.textContent = message.answer.replaceAll(" %", "\u00a0%");
    message.titles.forEach((title, plan) => (this.titles[plan].textContent = title));
    const cautions = message.caution.map((one, plan) => one && `Plan ${PLANS[plan]}: ${one}.`).filter(Boolean);
    this.about.textContent = [
      `${runsInWords(message.runs)} of each plan so far, seed ${message.seed}, paired: run k has the same luck under both. In brackets: 95 % intervals.`,
      ...cautions,
      "Illustrative: conditional on assumptions, not a forecast.",
      ...message.grades.map((one) => `${one}.`),
    ].join(" ");
    this.body.replaceChildren(...message.rows.map((row) => this.numberRow(row)));
    this.showWhat(message.happened);
  }

  numberRow(row) {
    const words = row.unit ? `${row.meaning} (${row.unit})` : row.meaning;
    const cells = row.plans.map((text, plan) => make("td", { class: `sim-${PLANS[plan]}`, "data-label": `plan ${PLANS[plan]}` }, text));
    const difference = make("td", { class: row.is_told ? "sim-told" : "", "data-label": "B less A" }, row.difference);
    return make("tr", { "data-name": row.name }, make("th", { scope: "row" }, words), ...cells, difference);
  }

  showWhat(happened) {
    const before = this.what.value || "collapsed";
    const known = [...this.what.options].map((one) => one.value).join();
    if (known === happened.join()) return;
    const words = { crisis: "a first crisis", collapsed: "collapse" };
    this.what.replaceChildren(...happened.map((name) =>
      make("option", { value: name }, words[name] ?? name.replace(".in_force", " in force"))));
    this.what.value = happened.includes(before) ? before : "collapsed";
  }

  showPicture(message, buffer) {
    if (this.isPassed(message)) return;
    const { image, caption } = this.pictures.get(message.name);
    const bytes = new Uint8Array(buffer.buffer, buffer.byteOffset, buffer.byteLength);
    const address = URL.createObjectURL(new Blob([bytes], { type: "image/png" }));
    const before = image.src;
    image.addEventListener("load", () => before && URL.revokeObjectURL(before), { once: true });
    image.src = address;
    image.alt = message.alt;
    image.hidden = false;
    image.dataset.number = message.number;
    [image.width, image.height] = message.size;
    caption.textContent = message.title;
  }

  showDone(message) {
    if (this.isOld(message)) return;
    this.root.dataset.state = "done";
  }

  clearErrors() {
    const errors = [this.wrong, this.runs.error, this.seed.error, this.horizon.error, this.runError];
    for (const one of [...errors, ...[...this.rows.values()].map((row) => row.error)]) one.textContent = "";
    this.root.querySelectorAll("[aria-invalid]").forEach((one) => one.removeAttribute("aria-invalid"));
  }

  /** Say what is wrong where it was typed; what has no place there is said above. */
  showWrong(message) {
    if (this.isOld(message)) return;
    this.clearErrors();
    this.root.dataset.state = "wrong";
    this.progress.textContent = "Not played: something is wrong. The pictures are of what was there before.";
    const others = [];
    for (const { plan, path, says } of message.problems) {
      const fields = { runs: this.runs, seed: this.seed, "run.horizon_days": this.horizon, timeline: { error: this.runError, input: this.run } };
      const words = plan === null || fields[path] || this.editing !== "both" ? says : `plan ${PLANS[plan]}: ${says}`;
      const isHere = plan === null || this.edited.includes(plan);
      const places = fields[path] ? [fields[path]] : isHere ? this.rowsAt(path, plan) : [];
      for (const found of places) {
        found.error.textContent = words;
        (found.box ?? found.input ?? found.select)?.setAttribute("aria-invalid", "true");
        found.error.closest("details")?.setAttribute("open", "");
      }
      if (!places.length) {
        others.push(`${plan === null ? "" : `Plan ${PLANS[plan]}: `}${path ? `${path}: ` : ""}${says}`);
      }
    }
    this.wrong.textContent = others.join(" ");
  }

  /** Return the controls that a complaint is about: of a table, those in it that were changed. */
  rowsAt(path, plan) {
    if (this.rows.has(path)) return [this.rows.get(path)];
    const below = [...this.rows.keys()].filter((one) => path && one.startsWith(`${path}.`));
    const changed = below.filter((one) => one in this.plans[plan ?? this.edited[0]].typed);
    return (changed.length ? changed : below.slice(0, 1)).map((one) => this.rows.get(one));
  }

  showParting(message) {
    if (message.run === null) {
      this.runError.textContent = "No run that was played so far goes otherwise under B than under A.";
      return;
    }
    this.run.value = message.run;
    this.wish();
  }

  async showTaken(message) {
    this.taken.hidden = false;
    this.taken.value = message.text;
    this.taken.dataset.what = message.what;
    if (message.what === "toml") {
      const name = `plan_${PLANS[message.plan].toLowerCase()}.toml`;
      const address = URL.createObjectURL(new Blob([message.text], { type: "application/toml" }));
      make("a", { href: address, download: name }).click();
      setTimeout(() => URL.revokeObjectURL(address), 10000);
      this.takenNote.textContent = `Saved as ${name}, where this browser keeps downloads. In that folder, sim run ${name} gives the numbers on the screen, with as many runs as it had.`;
      return;
    }
    try {
      await navigator.clipboard.writeText(message.text);
      this.takenNote.textContent = "Copied; it gives the numbers on the screen.";
    } catch {
      this.taken.select();
      this.takenNote.textContent = "It gives the numbers on the screen; to be copied from here:";
    }
  }
}

export default {
  render({ model, el }) {
    const explorer = new Explorer(model, el);
    return () => explorer.leave();
  },
};
