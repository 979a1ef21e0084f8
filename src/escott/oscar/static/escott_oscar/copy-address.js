// 入金結果通知URL: copied whole by a button. Without this script the text is selected by a click.
"use strict";

for (const button of document.querySelectorAll("[data-escott-copies]")) {
  const address = document.getElementById(button.dataset.escottCopies);
  const says = document.createElement("span");
  says.setAttribute("role", "status");
  button.after(says);
  button.hidden = false;
  button.addEventListener("click", async () => {
    try {
      await navigator.clipboard.writeText(address.textContent);
      says.textContent = button.dataset.copied;
    } catch {
      // No clipboard without https: the text is selected, to be copied by hand.
      window.getSelection().selectAllChildren(address);
    }
  });
}
