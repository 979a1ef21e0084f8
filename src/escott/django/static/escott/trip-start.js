"use strict";

/*
 * Leaves for the gateway, once. A page that the back button brings back from the browser's
 * memory goes to the page of the order instead: the trip was begun already.
 */
(() => {
  const form = document.querySelector("form[data-escott-departure]");
  window.addEventListener("pageshow", (event) => {
    if (event.persisted) window.location.replace(form.dataset.next);
  });
  form.submit();
})();
