"use strict";

/* While a payment's result is being checked, or its deposit waited for: ask the shop, and go where
   it says once it says something else. */
(() => {
  const FIRST_MS = 1500;
  const LONGEST_MS = 15000;
  const LONGEST_FOR_A_DEPOSIT_MS = 60000;

  const waiting = document.querySelector("[data-escott-state-url]");
  if (!waiting) return;
  const shown = waiting.dataset.escottResult || "checking";
  const longest = shown === "checking" ? LONGEST_MS : LONGEST_FOR_A_DEPOSIT_MS;

  const ask = async (pause) => {
    try {
      const answer = await fetch(waiting.dataset.escottStateUrl, { cache: "no-store" });
      const state = await answer.json();
      if (state.result !== shown) {
        window.location.replace(state.url);
        return;
      }
    } catch {
      /* Offline for a moment: the next question may be answered. */
    }
    window.setTimeout(ask, pause, Math.min(pause * 1.3, longest));
  };

  window.setTimeout(ask, FIRST_MS, FIRST_MS);
})();
