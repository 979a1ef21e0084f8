// 決済情報: the panel inside a dialog, and the comparison with the gateway once it is open.
// Without this script the same pages are shown one by one, and a button compares.
"use strict";

(() => {
  const HEADER = "X-Escott-Dialog";
  const RETURN_TO = "escott-return-to";

  async function ask(form, submitter) {
    const fields = new FormData(form, submitter);
    const posts = form.method === "post";
    const url = new URL(form.action);
    if (!posts) url.search = new URLSearchParams(fields).toString();
    return load(url.href, posts ? { method: "POST", body: fields } : {});
  }

  async function load(url, options) {
    const answer = await fetch(url, { cache: "no-store", headers: { [HEADER]: "1" }, ...options });
    const { redirected, url: from } = answer;
    return { html: await answer.text(), ours: answer.headers.has(HEADER), redirected, from };
  }

  async function compare(form) {
    const place = form.closest("[data-escott-comparison]");
    const pressed = form.contains(document.activeElement);
    const says = document.createElement("p");
    says.className = "ep-quiet";
    says.textContent = form.dataset.escottAsking;
    form.hidden = true;
    form.before(says);
    try {
      const { html, ours, redirected, from } = await ask(form);
      if (!ours) throw new Error("not a comparison");
      if (!place.isConnected) return;
      if (redirected) showAnew(place, html, from);
      else {
        place.innerHTML = html;
        if (pressed) place.querySelector("[data-escott-compare] button")?.focus();
      }
    } catch {
      says.textContent = form.dataset.escottFailed;
      form.hidden = false;
    }
  }

  // What the gateway has told has changed the payment: the panel as it is now.
  function showAnew(place, html, url) {
    const inDialog = place.closest("[data-escott-dialog]");
    if (inDialog) inDialog.dispatchEvent(new CustomEvent("escott-changed", { detail: html }));
    else window.location.replace(url);
  }

  function compareWithin(place) {
    for (const form of place.querySelectorAll('[data-escott-compare="now"]')) compare(form);
  }

  class PanelDialog {
    constructor(dialog) {
      this.dialog = dialog;
      this.content = dialog.querySelector("[data-escott-content]");
      this.live = dialog.querySelector("[data-escott-live]");
      this.trouble = dialog.querySelector("[data-escott-trouble]");
      this.busy = false;
      this.changed = false;
      dialog.addEventListener("submit", (event) => this.submitted(event));
      dialog.addEventListener("click", (event) => this.clicked(event));
      dialog.addEventListener("escott-changed", ({ detail }) => {
        if (this.busy) return;
        this.changed = true;
        this.show(detail);
      });
      dialog.addEventListener("cancel", (event) => {
        if (this.busy) event.preventDefault();
      });
      dialog.addEventListener("close", () => this.closed());
    }

    open(url) {
      this.url = url;
      this.changed = false;
      this.content.replaceChildren();
      this.dialog.showModal();
      this.follow(() => load(url, {}));
    }

    submitted(event) {
      const form = event.target;
      if (form.matches("[data-escott-compare]")) {
        event.preventDefault();
        compare(form);
      } else if (form.matches("[data-escott-inside]")) {
        event.preventDefault();
        const posts = form.method === "post";
        if (posts) this.live.textContent = this.dialog.dataset.escottWorking;
        this.follow(() => ask(form, event.submitter), posts);
      }
    }

    clicked(event) {
      const link = event.target.closest("a[data-escott-inside]");
      if (link && !event.ctrlKey && !event.metaKey && !event.shiftKey) {
        event.preventDefault();
        this.follow(() => load(link.href, {}));
      } else if (event.target.closest("[data-escott-close]") && !this.busy) {
        this.dialog.close();
      }
    }

    // One step at a time: a second press while the first is under way does nothing.
    async follow(go, changes = false) {
      if (this.busy) return;
      this.busy = true;
      this.content.setAttribute("aria-busy", "true");
      this.trouble.hidden = true;
      this.changed ||= changes;
      try {
        const { html, ours } = await go();
        if (ours) this.show(html);
        else this.fail(this.dialog.dataset.escottElsewhere);
      } catch {
        this.fail(this.dialog.dataset.escottUnreachable);
      } finally {
        this.busy = false;
        this.content.removeAttribute("aria-busy");
      }
    }

    show(html) {
      this.content.innerHTML = html;
      this.dialog.scrollTop = 0;
      const said = this.content.querySelector("[data-escott-say]");
      this.live.textContent = said ? said.textContent : "";
      const wanted = this.content.querySelector("[data-escott-focus]");
      (wanted ?? this.content.querySelector("#ep-title"))?.focus({ preventScroll: Boolean(said) });
      compareWithin(this.content);
      sayWeekday(this.content);
    }

    fail(text) {
      this.live.textContent = "";
      const [says, link] = this.trouble.querySelectorAll("p");
      says.textContent = text;
      link.querySelector("a").href = this.url;
      this.trouble.hidden = false;
    }

    // What was done here has changed the page behind: it is fetched anew, at the same place.
    closed() {
      this.content.replaceChildren();
      if (!this.changed) return;
      window.sessionStorage.setItem(RETURN_TO, this.url);
      window.location.reload();
    }
  }

  // The weekday of the day that a field holds, beside it.
  function sayWeekday(place) {
    for (const field of place.querySelectorAll("[data-escott-day]")) {
      const day = field.valueAsDate;
      const language = document.documentElement.lang || "ja";
      const weekday = new Intl.DateTimeFormat(language, { weekday: "long", timeZone: "UTC" });
      const says = field.parentElement.querySelector("[data-escott-weekday]");
      says.textContent = day ? weekday.format(day) : "";
    }
  }
  document.addEventListener("input", ({ target }) => {
    if (target.matches("[data-escott-day]")) sayWeekday(target.parentElement);
  });

  // The tab of the page behind that holds the panel's buttons, where there are tabs.
  function showTabOf(element) {
    const pane = element.closest('[role="tabpanel"]');
    if (pane) document.querySelector(`[data-toggle="tab"][href="#${pane.id}"]`)?.click();
  }

  // A tab comes up slowly, and what is not shown takes no focus.
  function focusOnceShown(element, looks = 120) {
    if (element.checkVisibility()) element.focus();
    else if (looks > 0) requestAnimationFrame(() => focusOnceShown(element, looks - 1));
  }

  // What Enter in a box of the confirmation presses.
  const capture = true;
  document.addEventListener(
    "submit",
    (event) => {
      if (!event.submitter?.matches("[data-escott-nothing]")) return;
      event.preventDefault();
      event.stopPropagation();
    },
    capture,
  );

  const dialog = document.querySelector("[data-escott-dialog]");
  if (dialog) {
    const panel = new PanelDialog(dialog);
    const openers = [...document.querySelectorAll("form[data-escott-open]")];
    for (const form of openers) {
      form.addEventListener("submit", (event) => {
        event.preventDefault();
        panel.open(form.action);
      });
    }
    window.addEventListener("load", () => {
      const url = window.sessionStorage.getItem(RETURN_TO);
      window.sessionStorage.removeItem(RETURN_TO);
      const opener = openers.find((form) => form.action === url);
      const named = document.getElementById(window.location.hash.slice(1));
      if (opener) {
        showTabOf(opener);
        focusOnceShown(opener.querySelector("button"));
      } else if (named?.matches("[data-escott-tab]")) {
        showTabOf(named);
      }
    });
  }
  compareWithin(document);
  sayWeekday(document);
})();
