// 決済一覧: all of the page at once, and how many are chosen.
"use strict";

for (const form of document.querySelectorAll("[data-escott-list]")) {
  const boxes = [...form.querySelectorAll('input[name="payment"]')];
  const everyLabel = form.querySelector("[data-escott-all]");
  const every = everyLabel.querySelector("input");
  const count = form.querySelector("[data-escott-count]");
  let last = null;

  const tell = () => {
    const chosen = boxes.filter((box) => box.checked).length;
    every.checked = chosen === boxes.length;
    every.indeterminate = chosen > 0 && chosen < boxes.length;
    count.textContent = chosen ? count.dataset.text.replace("{count}", String(chosen)) : "";
    for (const box of boxes) {
      box.closest("tr").classList.toggle("es-payments__chosen", box.checked);
    }
  };

  every.addEventListener("change", () => {
    for (const box of boxes) {
      box.checked = every.checked;
    }
    tell();
  });

  // With Shift, everything from the last one on.
  form.addEventListener("click", (event) => {
    const at = boxes.indexOf(event.target);
    if (at < 0) {
      return;
    }
    if (event.shiftKey && last !== null) {
      const [from, to] = [Math.min(at, last), Math.max(at, last)];
      for (const box of boxes.slice(from, to + 1)) {
        box.checked = event.target.checked;
      }
    }
    last = at;
    tell();
  });

  everyLabel.hidden = false;
  window.addEventListener("pageshow", tell);
  tell();
}
