"use strict";

/*
 * Hands the order's GA4 purchase event to whatever reads window.dataLayer, such as a tag manager.
 * The server puts the event on the page once an order, so here it is pushed whenever it stands there.
 */
(() => {
  const event = document.getElementById("escott-purchase");
  if (!event) return;
  window.dataLayer = window.dataLayer || [];
  window.dataLayer.push(JSON.parse(event.textContent));
})();
