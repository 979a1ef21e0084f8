"use strict";

/* While a payment's result is being checked: ask the shop, and go where it says when it is known. */
(() => {
  const FIRST_MS = 1500;
  const LONGEST_MS = 15000;

  const waiting = document.querySelector("[data-escott-state-url]");
  if (!waiting) return;

  const ask = async (pause) => {
    try {
      const answer = await fetch(waiting.dataset.escottStateUrl, { cache: "no-store" });
      const state = await answer.json();
      if (state.result !== "checking") {
        window.location.replace(state.url);
        return;
      }
    } catch {
      /* Offline for a moment: the next question may be answered. */
    }
    window.setTimeout(ask, pause, Math.min(pause * 1.3, LONGEST_MS));
  };

  window.setTimeout(ask, FIRST_MS, FIRST_MS);
})();
