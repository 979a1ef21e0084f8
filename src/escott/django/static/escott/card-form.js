"use strict";

/*
 * The card form of a shop's own page: checks what is typed, has it turned into a token, and
 * posts the token alone. The card inputs have no name, so no browser sends them anywhere, and
 * they are emptied before the form leaves.
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

  const rules = window.escottCardRules;
  const cardToken = window.escottCardToken;
  const form = document.querySelector("form[data-escott-card-form]");
  const part = (name) => form.querySelector(`[data-escott="${name}"]`);
  const number = part("number");

  /* ---- The fields: how each is tidied while it is typed, and what is wrong with it ---- */

  const FIELDS = [
    {
      input: number,
      tidied: rules.spacedNumber,
      kept: /\d/,
      problemOf: rules.numberProblem,
    },
    {
      input: part("expiry"),
      tidied: rules.slashedExpiry,
      kept: /\d/,
      problemOf: (text) => rules.expiryProblem(text, form.dataset.today),
    },
    {
      input: part("code"),
      tidied: rules.digitsOf,
      kept: /\d/,
      problemOf: (text) => rules.codeProblem(text, rules.brandOf(number.value)),
    },
    {
      input: part("holder"),
      tidied: (text) => text.normalize("NFKC").toUpperCase(),
      kept: /[^]/,
      problemOf: rules.holderProblem,
    },
  ].filter((field) => field.input);

  const errorOf = (field) => document.getElementById(`${field.input.id}-error`);
  const isJudged = (field) => field.input.hasAttribute("aria-invalid");
  const isMarkedWrong = (field) => field.input.getAttribute("aria-invalid") === "true";

  /* Says beside the field what is wrong, if anything; true if something is. */
  const isWrong = (field) => {
    const problem = field.problemOf(field.input.value);
    const error = errorOf(field);
    error.textContent = problem ? error.dataset[problem] : "";
    error.hidden = !problem;
    field.input.setAttribute("aria-invalid", String(Boolean(problem)));
    return Boolean(problem);
  };

  /* The place in `text` after `count` of the characters that tidying keeps. */
  const placeAfter = (count, text, kept) => {
    let place = 0;
    for (let seen = 0; seen < count && place < text.length; place += 1) {
      if (kept.test(text[place])) seen += 1;
    }
    return place;
  };

  /* Spaces come and go while the caret stays beside the digit where it was. */
  const tidy = ({ input, tidied, kept }, event) => {
    const text = tidied(input.value);
    if (text === input.value) return;
    const before = input.value.slice(0, input.selectionStart).normalize("NFKC");
    const wasAtEnd = input.selectionStart === input.value.length;
    const count = [...before].filter((character) => kept.test(character)).length;
    let caret = wasAtEnd ? text.length : placeAfter(count, text, kept);
    /* Delete in front of a space steps over it, or it would stay there for ever. */
    if (event.inputType === "deleteContentForward" && text[caret] === " ") caret += 1;
    input.value = text;
    input.setSelectionRange(caret, caret);
  };

  const showBrand = () => {
    const { name } = rules.brandOf(number.value);
    form.querySelectorAll("[data-brand]").forEach((icon) => {
      icon.hidden = icon.dataset.brand !== name;
    });
  };

  const emptyFields = () => {
    FIELDS.forEach((field) => {
      field.input.value = "";
      field.input.removeAttribute("aria-invalid");
      errorOf(field).hidden = true;
    });
    showBrand();
  };

  /* A press of the button leaves the last field first. An error that appeared there and then
     would push the button from under the finger, and the press would be lost. */
  let pointerIsDown = false;
  const waiting = [];
  const pointerUp = () => {
    pointerIsDown = false;
    window.setTimeout(() => waiting.splice(0).forEach((act) => act()));
  };
  const whenPointerIsUp = (act) => (pointerIsDown ? waiting.push(act) : act());
  document.addEventListener("pointerdown", () => {
    pointerIsDown = true;
  });
  document.addEventListener("pointerup", pointerUp);
  document.addEventListener("pointercancel", pointerUp);

  FIELDS.forEach((field) => {
    const typed = (event) => {
      if (event.isComposing) return;
      tidy(field, event);
      showBrand();
      FIELDS.filter(isMarkedWrong).forEach(isWrong);
    };
    field.input.addEventListener("input", typed);
    field.input.addEventListener("compositionend", typed);
    field.input.addEventListener("change", () => {
      whenPointerIsUp(() => {
        if (field.input.value) isWrong(field);
        /* A new number may be of a brand with another length of code. */
        FIELDS.filter(isJudged).forEach(isWrong);
      });
    });
  });

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

  const startAfresh = () => {
    press += 1;
    window.clearTimeout(watchdog);
    part("token").value = "";
    emptyFields();
    hideNotices();
    enter("ready");
  };

  /* ---- Paying ---- */

  const send = (token) => {
    enter("sending");
    part("token").value = token;
    emptyFields();
    watchdog = window.setTimeout(() => {
      showStopped("unknown");
      part("stopped").focus();
    }, PAYMENT_WAIT_MS);
    HTMLFormElement.prototype.submit.call(form);
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
    const wrong = FIELDS.filter(isWrong);
    if (wrong.length) {
      part("summary").hidden = false;
      wrong[0].input.focus();
      return;
    }
    const code = part("code") ? rules.digitsOf(part("code").value) : "";
    const card = { ...rules.expiryOf(part("expiry").value), number: rules.digitsOf(number.value), code };
    whileBusy(cardToken.tokenOf(card), send);
  };

  /* Before anything was typed there is nothing to pay with: only the script is fetched. */
  const retry = () => {
    if (FIELDS.some((field) => field.input.value)) form.requestSubmit();
    else whileBusy(cardToken.arrival(), () => enter("ready"));
  };

  form.noValidate = true;
  form.addEventListener("submit", pay);
  part("retry").addEventListener("click", retry);
  window.addEventListener("pageshow", (event) => {
    if (event.persisted) startAfresh();
  });
  /* What the browser filled in before this file ran stays. */
  FIELDS.forEach(({ input, tidied }) => {
    input.value = tidied(input.value);
  });
  showBrand();
  part("token").value = "";
  enter("ready");
  cardToken.firstArrival().catch(() => {
    if (state === "ready" && part("stopped").hidden) showStopped("blocked");
  });
})();
