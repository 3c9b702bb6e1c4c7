// What Discord has and SimCord's page has not: places to go to, a clock, the menu of a message, relative times that
// move, the first question of a suggestion, and a command that waits for its turn. Works on the page from outside: by
// its elements, and by what `window.simcordPreview` tells.
"use strict";
(() => {
  const CAPABILITY = "X-Simcord-Capability";
  const SPEEDS = [1, 10, 60, 600];
  const EVERY = 1000; // milliseconds
  const PATIENCE = 10_000; // milliseconds
  const THREAD = "thread-"; // how the address calls a thread, before its id
  const DISCORD = /^https:\/\/discord\.com\/channels\/\d+\/(\d+)(?:\/(\d+))?$/;
  const [secret] = location.hash.slice(1).split("/");
  /** The newest state that the server told, and when, by the browser's own clock. */
  let state = null;
  let toldAt = 0;

  // --- talking to the server

  async function ask(path, body) {
    const answer = await fetch(path, {
      method: body ? "POST" : "GET",
      headers: { [CAPABILITY]: location.hash.slice(1), "Content-Type": "application/json" },
      body: body ? JSON.stringify(body) : undefined,
      cache: "no-store",
    });
    if (!answer.ok) throw new Error(String(answer.status));
    return answer.json();
  }

  async function look() {
    try {
      state = await ask("/preview/state");
      toldAt = performance.now();
      show();
    } catch {
      // It begins anew, or has ended; SimCord's own page says so.
    }
  }

  // An address of Discord's that leads to a thread, or to a message there, leads to it here.
  document.addEventListener("click", (event) => {
    const link = event.target instanceof Element && event.target.closest("a[href]");
    const [, number, message] = (link && link.href.match(DISCORD)) || [];
    if (!number || !state.places.some(({ name }) => name === THREAD + number)) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    wanted = message || null;
    if (state.place === THREAD + number) showWanted();
    else go(THREAD + number, state.person);
  }, true);

  /** The message that a link led to, until it is there to be shown. */
  let wanted = null;
  function showWanted() {
    const message = wanted && document.querySelector(`[data-message-id="${wanted}"]`);
    if (!message) return;
    wanted = null;
    followed = 0;
    message.scrollIntoView({ block: "center" });
    message.classList.add("wanted");
    setTimeout(() => message.classList.remove("wanted"), PATIENCE / 5);
  }

  // SimCord's page begins anew when its address changes.
  function go(place, person) { location.hash = `${secret}/${place}/${person}`; }

  // --- places, people and the clock

  function make(tag, attributes = {}, ...children) {
    const element = document.createElement(tag);
    for (const [name, value] of Object.entries(attributes)) {
      if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
      else if (value !== false) element.setAttribute(name, value);
    }
    element.append(...children);
    return element;
  }

  const people = make("select", {
    id: "person-picker", "aria-label": "Viewing as", onchange: () => go(state.place, people.value),
  });
  const places = make("div", { id: "place-list", role: "tablist", "aria-label": "Places" });
  const clock = make("time", { id: "preview-clock", title: "The time at the conference" });
  const run = make("button", { id: "preview-run", type: "button", onclick: () => setTime({ runs: !state.runs }) });
  const speed = make("select", {
    id: "preview-speed", "aria-label": "Speed of time", onchange: () => setTime({ speed: Number(speed.value) }),
  });
  const skip = make("button", { id: "preview-skip", type: "button", onclick: () => setTime({ skip: true }) });
  const again = make("button", { id: "preview-again", type: "button", onclick: beginAgain }, "Begin again");

  async function setTime(change) {
    await ask("/preview/time", change).catch(() => {});
    await look();
  }

  async function beginAgain() {
    again.disabled = true;
    await ask("/preview/time", { again: true }).catch(() => {});
    const timer = setInterval(async () => {
      try { await ask("/preview/state"); } catch { return; }
      clearInterval(timer);
      location.reload();
    }, EVERY / 2);
  }

  function laidOut() {
    if (document.getElementById("preview-places")) return;
    document.querySelector(".viewer-control").after(make("label", { class: "person-control" }, "Viewing as ", people));
    document.getElementById("toolbar").after(make("nav", { id: "preview-places", "aria-label": "Places and time" },
      places, make("div", { id: "preview-time" }, clock, run, speed, skip, again)));
    // Discord has no list of messages beside the conversation.
    if (!matchMedia("(max-width: 760px)").matches) document.getElementById("messages-toggle").click();
  }

  function show() {
    laidOut();
    fill(people, state.people.map(({ key, name }) => [key, name]), state.person);
    fill(speed, [...new Set([...SPEEDS, state.speed])].sort((a, b) => a - b).map((one) => [String(one), `${one}×`]),
      String(state.speed));
    showPlaces();
    run.textContent = state.runs ? "Pause" : "Run";
    run.hidden = speed.hidden = state.over;
    again.hidden = !state.over;
    skip.hidden = state.over || (!state.next && !state.skips);
    skip.disabled = state.skips;
    const opening = state.next && `${moment(state.next.at, { hour: "numeric", minute: "2-digit" })} ${state.next.name}`;
    skip.textContent = state.skips ? "Skipping…" : `Skip to ${opening}`;
    skip.title = opening || "";
    showTime();
  }

  function fill(select, options, value) {
    const there = JSON.stringify(options);
    if (select.dataset.there !== there) {
      select.dataset.there = there;
      select.replaceChildren(...options.map(([key, label]) => make("option", { value: key }, label)));
    }
    if (document.activeElement !== select) select.value = value;
  }

  function showPlaces() {
    const buttons = state.places.map(({ name, label: called, messages }) => {
      const key = `seen:${secret}:${state.person}:${name}`;
      const here = name === state.place;
      if (here) sessionStorage.setItem(key, messages.at(-1) ?? "0");
      const seen = BigInt(sessionStorage.getItem(key) ?? "0");
      const unread = messages.filter((id) => BigInt(id) > seen).length;
      const sign = name.startsWith(THREAD) ? "" : "# ";
      const label = name === "direct-messages" ? "✉ Direct messages" : `${sign}${called}`;
      return { name, here, unread, label };
    });
    const there = JSON.stringify(buttons);
    if (places.dataset.there === there) return;
    places.dataset.there = there;
    places.replaceChildren(...buttons.map(({ name, here, unread, label }) => make("button", {
      type: "button", role: "tab", class: "place", "data-place": name, "aria-selected": String(here),
      onclick: () => go(name, state.person),
    }, label, ...(unread ? [make("span", { class: "unread", "aria-label": `${unread} unread` }, String(unread))] : []))));
  }

  function now() { return Date.parse(state.now) + (state.runs ? (performance.now() - toldAt) * state.speed : 0); }

  function moment(at, parts) {
    return new Intl.DateTimeFormat("en-US", { timeZone: state.zone, hourCycle: "h23", ...parts }).format(new Date(at));
  }

  function showTime() {
    const day = { weekday: "short", day: "numeric", month: "short", hour: "2-digit", minute: "2-digit" };
    clock.textContent = `${moment(now(), day)}${state.over ? " · the conference is over" : ""}`;
    for (const element of document.querySelectorAll("time.discord-timestamp")) {
      // Every other style has one of these.
      if (/[:/,]/.test(element.textContent)) continue;
      const text = relative((Date.parse(element.dateTime) - now()) / 1000);
      if (element.textContent !== text) element.textContent = text;
    }
  }

  function relative(seconds) {
    const steps = [["second", 1, 60], ["minute", 60, 60], ["hour", 3600, 24], ["day", 86_400, 30],
      ["month", 2_592_000, 12], ["year", 31_536_000, Infinity]];
    const [unit, length] = steps.find(([, size, most]) => Math.abs(Math.round(seconds / size)) < most);
    return new Intl.RelativeTimeFormat("en-US").format(Math.round(seconds / length), unit);
  }

  // --- a suggestion's first question, which Discord asks before anything is typed

  let asked = null;
  document.addEventListener("focusin", ({ target }) => {
    if (!(target instanceof HTMLInputElement) || !target.matches(".command-option-input[aria-autocomplete]")) return;
    const question = `${document.querySelector(".command-chip")?.textContent} ${target.dataset.option}`;
    if (target.value || asked === question) return;
    asked = question;
    target.dispatchEvent(new Event("input", { bubbles: true }));
  });
  document.addEventListener("input", ({ target }) => {
    if (target instanceof HTMLElement && target.id === "channel-composer-input") asked = null;
  });

  // Choosing one with the mouse leaves the cursor where it is, so that Enter sends.
  document.addEventListener("mousedown", (event) => {
    if (event.target instanceof Element && event.target.closest(".command-suggestion")) event.preventDefault();
  });

  // --- a command that is sent while the page is busy, which SimCord's page would drop

  function busy() {
    const page = window.simcordPreview;
    return Boolean(page.pendingAction || (page.awaitingRevision !== null && page.awaitingRevision > page.publishedRevision));
  }

  function waitsForItsTurn(event) {
    const form = document.getElementById("channel-composer");
    if (!form?.querySelector(".command-row") || !busy()) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    whenFree(() => form.requestSubmit());
  }

  function whenFree(act) {
    const until = performance.now() + PATIENCE;
    const timer = setInterval(() => {
      if (busy() && performance.now() < until) return;
      clearInterval(timer);
      act();
    }, 50);
  }

  // --- a press of a button that SimCord's page would drop: it is busy, has drawn the button anew between down and up, or
  // has drawn something that it did not have when it was pressed

  const BUTTON = "button.component-button[data-control-key]";
  function button(target) { return target instanceof Element ? target.closest(BUTTON) : null; }
  function pressAgain(key) { document.querySelector(`${BUTTON}[data-control-key="${CSS.escape(key)}"]`)?.click(); }

  document.addEventListener("click", (event) => {
    const key = button(event.target)?.dataset.controlKey;
    if (!key) return;
    if (busy()) {
      event.preventDefault();
      event.stopImmediatePropagation();
      whenFree(() => pressAgain(key));
      return;
    }
    const before = window.simcordPreview.lastAction?.requestId;
    whenFree(() => {
      const last = window.simcordPreview.lastAction;
      const isNew = last && last.requestId !== before;
      if (isNew && last.diagnostics.some(({ code }) => code === "stale-revision")) pressAgain(key);
    });
  }, true);

  let down = null;
  document.addEventListener("pointerdown", ({ target }) => { down = button(target); }, true);
  document.addEventListener("pointerup", ({ target }) => {
    const up = button(target);
    // Of a press whose button was replaced meanwhile a browser makes no click.
    if (down && up && down !== up && down.dataset.controlKey === up.dataset.controlKey) up.click();
    down = null;
  }, true);

  document.addEventListener("submit", (event) => {
    if (event.target instanceof HTMLElement && event.target.id === "channel-composer") waitsForItsTurn(event);
  }, true);
  // Enter behind a command's name sends it, unless somebody went to one of the options with an arrow; so it does in an
  // option whose value was just chosen, though SimCord's page offers the same value once more.
  let chooses = false;
  let chosen = null;
  function noteChoice(suggestion) {
    chosen = [document.activeElement?.dataset.option, suggestion.dataset.value].join();
  }
  document.addEventListener("focusin", ({ target }) => {
    if (target instanceof Element && target.matches(".command-chip")) chooses = false;
  });
  document.addEventListener("input", ({ isTrusted }) => { if (isTrusted) chosen = null; });
  document.addEventListener("click", ({ target }) => {
    const suggestion = target instanceof Element && target.closest(".command-suggestion");
    if (suggestion) noteChoice(suggestion);
  }, true);
  document.addEventListener("keydown", (event) => {
    if (event.key === "ArrowDown" || event.key === "ArrowUp") chooses = true;
    if (event.key !== "Enter" || event.isComposing || !(event.target instanceof HTMLElement)) return;
    const { target } = event;
    const popup = document.querySelector(".command-popup");
    const offered = popup && !popup.hidden && popup.querySelector('[aria-selected="true"]');
    const sends = target.matches(".command-chip") ? !chooses : chosen === [target.dataset.option, target.value].join();
    if (target.closest(".command-row") && sends) {
      event.preventDefault();
      event.stopImmediatePropagation();
      document.getElementById("channel-composer").requestSubmit();
    } else if (offered) noteChoice(offered);
    else if (target.closest(".command-row")) waitsForItsTurn(event);
  }, true);

  // --- an answer to what was just sent comes into view, as in Discord

  let followed = 0;
  function expectAnswer() { followed = performance.now() + PATIENCE / 2; }
  function follow() {
    const timeline = document.getElementById("channel-timeline");
    if (performance.now() < followed) timeline.scrollTop = timeline.scrollHeight;
  }
  document.addEventListener("submit", expectAnswer, true);
  document.addEventListener("keydown", ({ key }) => { if (key === "Enter") expectAnswer(); }, true);
  for (const touched of ["wheel", "pointerdown"]) document.addEventListener(touched, () => { followed = 0; }, true);

  // --- the menu of a message: what Discord calls Apps

  let menu = null;
  function closeMenu() { menu?.remove(); menu = null; }
  document.addEventListener("contextmenu", (event) => {
    const message = event.target instanceof Element && event.target.closest("[data-message-id]");
    const entries = state && state.place !== "direct-messages"
      ? Object.entries(state.menus).flatMap(([of, names]) => names.map((name) => ({ of, name }))) : [];
    closeMenu();
    if (!message || !entries.length) return;
    event.preventDefault();
    menu = make("div", { id: "message-menu", role: "menu", "aria-label": "Apps" },
      make("div", { class: "menu-heading" }, "Apps"),
      ...entries.map(({ of, name }) => make("button", {
        type: "button", role: "menuitem",
        onclick: async () => {
          closeMenu();
          expectAnswer();
          await ask("/preview/menu", { message: message.dataset.messageId, of, name }).catch(() => {});
        },
      }, name)));
    document.body.append(menu);
    menu.style.left = `${Math.min(event.clientX, innerWidth - menu.offsetWidth - 8)}px`;
    menu.style.top = `${Math.min(event.clientY, innerHeight - menu.offsetHeight - 8)}px`;
    menu.querySelector("button").focus();
  });
  document.addEventListener("click", ({ target }) => { if (menu && !menu.contains(target)) closeMenu(); });
  document.addEventListener("keydown", ({ key }) => { if (key === "Escape") closeMenu(); });

  addEventListener("DOMContentLoaded", () => {
    expectAnswer();
    new MutationObserver(() => { if (state) showTime(); follow(); requestAnimationFrame(follow); showWanted(); })
      .observe(document.getElementById("preview-app"), { childList: true, subtree: true });
  });
  addEventListener("load", () => {
    void look();
    setInterval(() => { if (!document.hidden) void look(); }, EVERY);
  });
})();
