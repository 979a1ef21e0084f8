// 一括処理: ask quietly how the batch stands, until it has ended.
"use strict";

const LOOK_AGAIN_AFTER_MS = 1500;
const batch = document.querySelector("[data-escott-batch]");

function show(standing) {
  batch.querySelector("progress").value = standing.asked;
  const says = batch.querySelector("[data-escott-says]");
  if (says.textContent !== standing.says) {
    says.textContent = standing.says;
  }
  for (const line of document.querySelectorAll("[data-escott-row]")) {
    const row = standing.rows[line.dataset.escottRow];
    if (row) {
      const cell = line.querySelector(".es-result");
      cell.className = `es-result es-result--${row.result}`;
      cell.querySelector("[data-escott-label]").textContent = row.label;
      cell.querySelector("[data-escott-told]").textContent = row.told;
    }
  }
}

function end() {
  batch.querySelector("[data-escott-ended]").hidden = false;
  for (const part of batch.querySelectorAll("[data-escott-stop], [data-escott-again]")) {
    part.hidden = true;
  }
}

async function look() {
  try {
    const answer = await fetch(batch.dataset.escottBatch, { cache: "no-store" });
    if (answer.ok && !answer.redirected) {
      const standing = await answer.json();
      show(standing);
      if (standing.ended) {
        end();
        return;
      }
    }
  } catch {
    // The network is away; the next look may find it again.
  }
  window.setTimeout(look, LOOK_AGAIN_AFTER_MS);
}

if (batch) {
  window.setTimeout(look, LOOK_AGAIN_AFTER_MS);
}
