"use strict";

/*
 * What is chosen on the card form: the saved card or a new one, and the number of payments,
 * which depends on the brand of the card. Every text stands in the template.
 */
window.escottCardChoices = (form, rules) => {
  const part = (name) => form.querySelector(`[data-escott="${name}"]`);
  const number = part("number");
  const select = part("pay-type");
  const hint = part("pay-type-hint");

  const LUMP_SUM = "01";

  const usesSaved = () => Boolean(part("saved") && part("saved").checked);

  /* What the shopper chose, kept while the number is corrected. */
  let wanted = LUMP_SUM;

  const { taken, labels } = select ? JSON.parse(select.dataset.payTypes) : {};

  const isUndecided = () => !usesSaved() && rules.isUndecided(number.value);

  const brand = () => (usesSaved() ? select.dataset.savedBrand : rules.brandOf(number.value).name);

  const hintFor = (codes) => {
    if (isUndecided()) return "undecided";
    if (!codes.includes(wanted)) return "setBack";
    return codes.length > 1 ? "several" : "single";
  };

  /* A text that is written again is read out again. */
  const say = (text) => {
    if (hint.textContent !== text) hint.textContent = text;
  };

  const offer = () => {
    if (!select) return;
    const codes = isUndecided() ? [LUMP_SUM] : taken[brand()];
    if (codes.join() !== [...select.options].map(({ value }) => value).join()) {
      select.replaceChildren(...codes.map((code) => new Option(labels[code], code)));
    }
    select.value = codes.includes(wanted) ? wanted : LUMP_SUM;
    say(hint.dataset[hintFor(codes)]);
  };

  if (select) {
    form.addEventListener("escott:typed", offer);
    select.addEventListener("change", () => {
      wanted = select.value;
      offer();
    });
  }
  form.querySelectorAll("input[type=radio][name=card]").forEach((radio) => {
    radio.addEventListener("change", offer);
  });
  offer();

  const startAfresh = () => {
    wanted = LUMP_SUM;
    offer();
  };

  return Object.freeze({ usesSaved, startAfresh });
};
