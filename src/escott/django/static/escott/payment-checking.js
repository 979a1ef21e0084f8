// While a payment is being checked: ask quietly for this page, and go on once it says more.
"use strict";

const LOOK_AGAIN_AFTER_MS = 5000;

async function lookAgain() {
  try {
    const answer = await fetch(window.location.href, { cache: "no-store" });
    const text = await answer.text();
    if (answer.redirected || !text.includes("data-escott-checking")) {
      window.location.replace(answer.url);
      return;
    }
  } catch {
    // The network is away; the next look may find it again.
  }
  window.setTimeout(lookAgain, LOOK_AGAIN_AFTER_MS);
}

window.setTimeout(lookAgain, LOOK_AGAIN_AFTER_MS);
