"use strict";

/*
 * The card form of a shop's own page: has what is typed turned into a token, and posts the
 * token alone. The card inputs have no name, so no browser sends them anywhere, and they are
 * emptied before the form leaves. A saved card, and a card that is typed on the gateway's
 * page, need no token.
 *
 *   ready ──press──▶ asking ──token──▶ sending ──▶ the next page
 *     ▲                │                  │
 *     └─── stopped ◀───┘                  └─ no answer ─▶ a link to the payment's state
 *     nothing was charged
 *
 * Every text stands in the template.
 */
(() => {
  /* Longer than the shop waits for the gateway. */
  const PAYMENT_WAIT_MS = 90000;

  const cardToken = window.escottCardToken;
  const form = document.querySelector("form[data-escott-card-form]");
  const part = (name) => form.querySelector(`[data-escott="${name}"]`);
  const rules = window.escottCardRules(JSON.parse(form.dataset.leadingDigits));
  const fields = window.escottCardFields(form, rules);
  const choices = window.escottCardChoices(form, rules);

  const needsToken = () => Boolean(part("token")) && !choices.usesSaved();

  /* ---- The state, and what the shopper sees of it ---- */

  let state = "ready";
  let press = 0;
  let watchdog = 0;

  const enter = (next) => {
    const busy = next !== "ready";
    state = next;
    part("fields").disabled = busy;
    part("pay").disabled = busy;
    part("pay").setAttribute("aria-busy", String(busy));
    part("pay-text").hidden = busy;
    part("busy-text").hidden = !busy;
    part("status").textContent = busy ? part("busy-text").textContent : "";
  };

  const hideNotices = () => {
    part("stopped").hidden = true;
    part("summary").hidden = true;
  };

  const showStopped = (reason) => {
    part("stopped-text").textContent = part("stopped-text").dataset[reason];
    part("retry").hidden = reason === "unknown";
    part("state-link").hidden = reason !== "unknown";
    part("stopped").hidden = false;
  };

  const stop = (error) => {
    enter("ready");
    showStopped(error.message === "blocked" ? "blocked" : "unanswered");
    part("stopped").focus();
  };

  /* A script that never came is told before anything is typed, but only who needs it. */
  const tellIfBlocked = () => {
    cardToken.firstArrival().catch(() => {
      if (needsToken() && state === "ready" && part("stopped").hidden) showStopped("blocked");
    });
  };

  const startAfresh = () => {
    press += 1;
    window.clearTimeout(watchdog);
    if (part("token")) part("token").value = "";
    fields.startAfresh();
    choices.startAfresh();
    hideNotices();
    enter("ready");
  };

  /* ---- Paying ---- */

  const send = (token) => {
    enter("sending");
    if (part("token")) part("token").value = token;
    fields.emptyCard();
    watchdog = window.setTimeout(() => {
      showStopped("unknown");
      part("stopped").focus();
    }, PAYMENT_WAIT_MS);
    /* What is disabled is not posted. */
    part("fields").disabled = false;
    HTMLFormElement.prototype.submit.call(form);
    part("fields").disabled = true;
  };

  /* Busy until `promise` ends; its end counts only if the page hasn't started afresh. */
  const whileBusy = (promise, then) => {
    press += 1;
    const mine = press;
    hideNotices();
    enter("asking");
    promise.then(
      (value) => mine === press && then(value),
      (error) => mine === press && stop(error),
    );
  };

  const pay = (event) => {
    event.preventDefault();
    if (state !== "ready") return;
    hideNotices();
    const wrong = fields.firstWrong();
    if (wrong) {
      part("summary").hidden = false;
      wrong.focus();
    } else if (needsToken()) {
      whileBusy(cardToken.tokenOf(fields.card()), send);
    } else {
      send("");
    }
  };

  /* Before anything was typed there is nothing to pay with: only the script is fetched. */
  const retry = () => {
    if (fields.isTouched()) form.requestSubmit();
    else whileBusy(cardToken.arrival(), () => enter("ready"));
  };

  const cardChosen = () => {
    hideNotices();
    if (needsToken()) tellIfBlocked();
  };

  /* It points at marked fields: with the last of them corrected it would point at nothing. */
  const hideSummaryWhenCorrected = () => {
    if (!fields.hasMarks()) part("summary").hidden = true;
  };

  form.addEventListener("submit", pay);
  form.addEventListener("escott:judged", hideSummaryWhenCorrected);
  form.querySelectorAll("input[type=radio][name=card]").forEach((radio) => {
    radio.addEventListener("change", cardChosen);
  });
  part("retry").addEventListener("click", retry);
  window.addEventListener("pageshow", (event) => {
    if (event.persisted) startAfresh();
  });
  if (part("token")) {
    part("token").value = "";
    tellIfBlocked();
  }
  enter("ready");
})();
