// 入金結果通知URL: copied whole by a button. Without this script the text is selected by hand.
"use strict";

for (const button of document.querySelectorAll("[data-escott-copies]")) {
  const field = document.getElementById(button.dataset.escottCopies);
  const says = document.createElement("span");
  says.setAttribute("role", "status");
  button.after(says);
  button.hidden = false;
  button.addEventListener("click", async () => {
    field.select();
    try {
      await navigator.clipboard.writeText(field.value);
    } catch {
      document.execCommand("copy");
    }
    says.textContent = button.dataset.copied;
  });
  field.addEventListener("focus", () => field.select());
}
