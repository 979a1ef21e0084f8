/* Copy buttons: the value to the clipboard, and a word about it for everybody. */
(function () {
  "use strict";

  var status = document.getElementById("copied");

  function copyPlainly(value) {
    var field = document.createElement("textarea");
    field.value = value;
    field.setAttribute("readonly", "");
    field.className = "visually-hidden";
    document.body.appendChild(field);
    field.select();
    document.execCommand("copy");
    field.remove();
  }

  function copy(value) {
    if (navigator.clipboard) {
      return navigator.clipboard.writeText(value).catch(function () { copyPlainly(value); });
    }
    copyPlainly(value);
    return Promise.resolve();
  }

  document.addEventListener("click", function (event) {
    var button = event.target.closest("button.copy");
    if (!button) { return; }
    copy(button.dataset.copy).then(function () {
      var word = button.textContent;
      button.textContent = status.dataset.text;
      status.textContent = status.dataset.text;
      button.focus();
      window.setTimeout(function () {
        button.textContent = word;
        status.textContent = "";
      }, 1500);
    });
  });
})();
