"use strict";

/*
 * What is typed into the card form: tidied while it is typed, judged when a field is left, and
 * told beside the field. Every text stands in the template.
 */
window.escottCardFields = (form, rules) => {
  const part = (name) => form.querySelector(`[data-escott="${name}"]`);
  const number = part("number");
  const consent = part("consent");

  /* ---- How each is tidied, and what is wrong with it ---- */

  const TYPED = [
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
      tidied: rules.capitals,
      kept: /[^]/,
      problemOf: rules.holderProblem,
    },
  ].filter((field) => field.input);

  const TICKED = [{ input: consent, problemOf: () => (consent.checked ? null : "empty") }].filter(
    (field) => field.input,
  );

  const FIELDS = [...TYPED, ...TICKED];

  /* What belongs to a new card counts only while a new card is chosen. */
  const isAsked = ({ input }) => {
    const saved = part("saved");
    return !(saved && saved.checked && input.closest('[data-for-card="new"]'));
  };

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

  const unmark = (field) => {
    field.input.removeAttribute("aria-invalid");
    errorOf(field).hidden = true;
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
    if (!number) return;
    const { name } = rules.brandOf(number.value);
    form.querySelectorAll("[data-brand]").forEach((icon) => {
      icon.hidden = icon.dataset.brand !== name;
    });
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

  TYPED.forEach((field) => {
    const typed = (event) => {
      if (event.isComposing) return;
      tidy(field, event);
      showBrand();
      form.dispatchEvent(new CustomEvent("escott:typed"));
      FIELDS.filter(isMarkedWrong).forEach(isWrong);
      form.dispatchEvent(new CustomEvent("escott:judged"));
    };
    field.input.addEventListener("input", typed);
    field.input.addEventListener("compositionend", typed);
    field.input.addEventListener("change", () => {
      whenPointerIsUp(() => {
        if (field.input.value) isWrong(field);
        /* A new number may be of a brand with another length of code. */
        FIELDS.filter(isJudged).forEach(isWrong);
        form.dispatchEvent(new CustomEvent("escott:judged"));
      });
    });
  });
  TICKED.forEach((field) => {
    field.input.addEventListener("change", () => {
      isWrong(field);
      form.dispatchEvent(new CustomEvent("escott:judged"));
    });
  });

  /* ---- For the form ---- */

  /* Tells every error beside its field; the first input that has one, or undefined. */
  const firstWrong = () => FIELDS.filter(isAsked).filter(isWrong).map(({ input }) => input)[0];

  const hasMarks = () => FIELDS.filter(isAsked).some(isMarkedWrong);

  const isTouched = () => TYPED.some(({ input }) => input.value);

  /* The card, digits only, for the token. */
  const card = () => ({
    ...rules.expiryOf(part("expiry").value),
    number: rules.digitsOf(number.value),
    code: part("code") ? rules.digitsOf(part("code").value) : "",
  });

  const emptyAll = (fields) => {
    fields.forEach((field) => {
      field.input.value = "";
      unmark(field);
    });
    showBrand();
  };

  /* What has no name is not posted, and is gone before the form leaves. What was chosen for
     the number stays, for it is posted. */
  const emptyCard = () => emptyAll(TYPED.filter(({ input }) => !input.name));

  const startAfresh = () => {
    emptyAll(TYPED);
    TICKED.forEach(unmark);
  };

  /* What the browser filled in before this file ran stays. */
  TYPED.forEach(({ input, tidied }) => {
    input.value = tidied(input.value);
  });
  showBrand();

  return Object.freeze({ firstWrong, hasMarks, isTouched, card, emptyCard, startAfresh });
};
