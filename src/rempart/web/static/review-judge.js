// Deciding: what would follow is asked of the desk and shown over the card; the bar for undoing counts down.
import { send } from "./review-send.js";

function confirming(form) {
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    if (!isComplete(form)) return;
    try {
      const answer = await send(form.action, new FormData(form), { accept: "text/html" });
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      ask(page.getElementById("confirm"));
    } catch {
      form.submit(); // the desk says itself what is wrong
    }
  });
}

// Whether a code is chosen; said where it is missing, and nothing is sent.
function isComplete(form) {
  const said = form.querySelector("[data-missing]");
  const chosen = Boolean(form.elements.namedItem("code").value);
  said.textContent = chosen ? "" : said.dataset.missing;
  if (!chosen) form.querySelector("input[name=code]").focus();
  return chosen;
}

function ask(content) {
  const dialog = document.createElement("dialog");
  dialog.className = "confirm";
  dialog.setAttribute("aria-labelledby", "confirm-title");
  dialog.append(document.adoptNode(content));
  dialog.addEventListener("close", () => dialog.remove());
  dialog.querySelector("[data-close]").addEventListener("click", (event) => { event.preventDefault(); dialog.close(); });
  document.body.append(dialog);
  dialog.showModal();
}

function counting(bar) {
  const words = bar.querySelector("[data-undo-words]");
  const end = performance.now() + Number(bar.dataset.undo) * 1000;
  const tick = setInterval(() => {
    const left = Math.ceil((end - performance.now()) / 1000);
    if (left <= 0) { clearInterval(tick); bar.remove(); return; }
    words.textContent = words.dataset.undoWords.replace("{seconds}", left);
  }, 250);
  words.setAttribute("aria-hidden", "true"); // said once by the bar, not every second
}

export function judging() {
  const form = document.getElementById("decide");
  if (form) confirming(form);
  document.querySelectorAll("[data-undo]").forEach(counting);
}
