/* Sends the result back by itself, once: not for somebody who came here by the back button. */
(function () {
  "use strict";

  var arrival = window.performance.getEntriesByType("navigation")[0];
  if (!arrival || arrival.type === "navigate") {
    document.getElementById("return").submit();
  }
})();
