// 決済手数料: rows are inserted and deleted in the page, and the example is told while typing.
// What it tells comes from the server, where the rule is. Without this script the same buttons
// post the form, and the page comes back.
"use strict";

(() => {
  class FeeTable {
    constructor(root) {
      this.root = root;
      this.name = root.dataset.name;
      this.most = Number(root.dataset.mostRows);
      this.rows = root.querySelector("tbody");
      this.template = root.querySelector("template").content.firstElementChild;
      this.insertButton = root.querySelector("[data-escott-insert]");
      this.example = root.querySelector(`[name="${this.name}-example"]`);
      this.made = this.rows.children.length;
      for (const button of root.querySelectorAll("button[name]")) button.type = "button";
      root.addEventListener("click", (event) => this.clicked(event));
      root.addEventListener("input", () => this.askSoon());
      root.addEventListener("keydown", (event) => this.keyed(event));
      this.chargesFee()?.addEventListener("change", () => this.askSoon());
      this.askSoon();
    }

    // The switch above the table, which stands elsewhere in the form.
    chargesFee() {
      return this.root.closest("form").elements.namedItem("charges_fee");
    }

    clicked(event) {
      if (event.target.closest("[data-escott-insert]")) this.insert();
      else if (event.target.closest("[data-escott-example]")) this.ask();
      else {
        const button = event.target.closest("[data-escott-delete]");
        if (button) this.remove(button.closest("[data-escott-row]"));
      }
    }

    // Enter in the example asks, and does not save the page.
    keyed(event) {
      if (event.key === "Enter" && event.target === this.example && !event.isComposing) {
        event.preventDefault();
        this.ask();
      }
    }

    insert() {
      const row = this.template.cloneNode(true);
      const place = String(this.made++);
      for (const part of [row, ...row.querySelectorAll("*")]) {
        for (const attribute of ["id", "aria-labelledby", "aria-describedby"]) {
          const value = part.getAttribute(attribute);
          if (value) part.setAttribute(attribute, value.replaceAll("_new", `_${place}`));
        }
      }
      for (const button of row.querySelectorAll("button")) button.type = "button";
      this.rows.append(row);
      this.changed();
      row.querySelector("input").focus();
    }

    remove(row) {
      const next = row.nextElementSibling ?? row.previousElementSibling;
      if (next) {
        row.remove();
        next.querySelector("[data-escott-delete]").focus();
      } else {
        for (const input of row.querySelectorAll("input")) input.value = "";
        row.querySelector("input").focus();
      }
      this.changed();
    }

    changed() {
      [...this.rows.children].forEach((row, at) => {
        const number = row.querySelector("[data-escott-number]");
        number.textContent = number.dataset.text.replace("{number}", String(at + 1));
      });
      this.insertButton.disabled = this.rows.children.length >= this.most;
      this.askSoon();
    }

    askSoon() {
      clearTimeout(this.timer);
      this.timer = setTimeout(() => this.ask(), 200);
    }

    // Only the answer to the newest question is shown.
    async ask() {
      clearTimeout(this.timer);
      this.asked?.abort();
      this.asked = new AbortController();
      const { signal } = this.asked;
      const url = `${this.root.dataset.exampleUrl}?${this.question()}`;
      try {
        const answer = await fetch(url, { cache: "no-store", signal });
        if (!answer.ok) return;
        const { says, gaps } = await answer.json();
        if (!signal.aborted) this.show(says, gaps);
      } catch (error) {
        if (error.name !== "AbortError") this.show("", []);
      }
    }

    question() {
      const fields = new URLSearchParams();
      for (const input of this.root.querySelectorAll("input")) fields.append(input.name, input.value);
      if (this.chargesFee()?.checked) fields.append("charges_fee", "on");
      return fields;
    }

    show(says, gaps) {
      this.tell(this.root.querySelector("[data-escott-says]"), says);
      const list = this.root.querySelector("[data-escott-gaps]");
      if (gaps.join("\n") === [...list.children].map((item) => item.textContent).join("\n")) return;
      list.replaceChildren(
        ...gaps.map((gap) => {
          const item = document.createElement("li");
          item.textContent = gap;
          return item;
        }),
      );
    }

    // A status that says the same again is not read out again.
    tell(place, text) {
      if (place.textContent !== text) place.textContent = text;
    }
  }

  for (const root of document.querySelectorAll("[data-escott-fees]")) new FeeTable(root);
})();
