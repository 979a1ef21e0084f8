"use strict";

/* A button that is pressed once: the shop takes one press anyway, and the shopper sees that it has. */
(() => {
  for (const form of document.querySelectorAll("form[data-escott-once]")) {
    const button = form.querySelector("button[type=submit]");
    form.addEventListener("submit", () => {
      button.disabled = true;
    });
    window.addEventListener("pageshow", () => {
      button.disabled = false;
    });
  }
})();
