// Single keys: each presses a control that can be seen, found by the mark that `web/keys.py` puts on it.
const TYPING = "textarea, select, [contenteditable], input:not([type=radio], [type=checkbox], [type=button], [type=submit])";
const PRESSED_BY_ITSELF = "a[href], button, summary, input, iframe";
const SWITCH = "rempart.single-keys";

// What the key is called in the registry; nothing for a key that is not ours to take.
export function nameOf(event) {
  if (event.ctrlKey || event.altKey || event.metaKey || event.isComposing) return "";
  if (event.key === "?") return "?";
  if (event.key === " ") return event.shiftKey ? "Shift+Space" : "Space";
  const digit = /^(?:Digit|Numpad)(\d)$/.exec(event.code ?? ""); // also where digits need the shift key
  if (digit) return digit[1];
  return event.shiftKey ? "" : event.key.length === 1 ? event.key.toLowerCase() : event.key;
}

// Whether a key means something else where it was pressed: somebody types, or a dialog is open.
export function isElsewhere(event, name) {
  const target = event.target instanceof Element ? event.target : document.body;
  if (target.closest(TYPING) || document.querySelector("dialog[open]")) return true;
  return /Space|Enter/.test(name) && target.closest(PRESSED_BY_ITSELF) !== null;
}

function control(name) {
  const here = document.querySelector(".medium.current");
  if (here && name === "Space") return here.querySelector("[data-hold]");
  if (here && name === "Shift+Space") return here.querySelector(".looks summary");
  return [...document.querySelectorAll(`[data-key="${CSS.escape(name)}"]`)].find(isThere);
}

function isThere(element) {
  return !element.disabled && element.getClientRects().length > 0;
}

function press(element) {
  if (element.matches("input[type=radio]")) {
    element.checked = true;
    element.dispatchEvent(new Event("change", { bubbles: true }));
    element.scrollIntoView({ block: "nearest" });
  } else if (element.matches("summary")) {
    const details = element.parentElement;
    details.open = !details.open;
    element.scrollIntoView({ block: "nearest" });
    const first = details.open && details.matches(".gesture") && details.querySelector("select, input:not([type=hidden])");
    (first || element).focus();
  } else element.click();
}

function move(step) {
  const rows = [...document.querySelectorAll("[data-row]")].filter(isThere);
  const now = rows.findIndex((row) => row === document.activeElement || row.classList.contains("current"));
  const next = rows[now < 0 ? (step > 0 ? 0 : rows.length - 1) : Math.min(Math.max(now + step, 0), rows.length - 1)];
  if (!next) return;
  rows.forEach((row) => row.classList.toggle("current", row === next && row.matches(".medium")));
  next.focus();
  next.scrollIntoView({ block: "nearest" });
}

function pressed(event) {
  const name = nameOf(event);
  if (!name || event.defaultPrevented || localStorage.getItem(SWITCH) === "off" || isElsewhere(event, name)) return;
  if (name === "j" || name === "k") move(name === "j" ? 1 : -1);
  else {
    const found = control(name);
    if (!found) return;
    event.preventDefault();
    if (name === "Space") { if (!event.repeat) found.dispatchEvent(new Event("hold")); return; }
    if (!event.repeat) press(found);
  }
  event.preventDefault();
}

function help() {
  const dialog = document.getElementById("key-help");
  const box = document.getElementById("single-keys");
  if (!dialog || !box) return;
  box.checked = localStorage.getItem(SWITCH) !== "off";
  box.addEventListener("change", () => localStorage.setItem(SWITCH, box.checked ? "on" : "off"));
  document.querySelectorAll('[data-key="?"]').forEach((one) => one.addEventListener("click", () => dialog.showModal()));
}

// What opened over the page closes with Escape, and when somebody goes on elsewhere.
function popups() {
  const open = () => [...document.querySelectorAll(".gesture[open]")];
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    for (const one of open()) { one.open = false; one.querySelector("summary").focus(); }
  });
  document.addEventListener("pointerdown", (event) => open().forEach((one) => { if (!one.contains(event.target)) one.open = false; }));
  document.addEventListener("toggle", (event) => {
    if (event.target.open && event.target.matches?.(".gesture")) open().forEach((one) => { if (one !== event.target) one.open = false; });
  }, true);
}

export function listen() {
  document.addEventListener("keydown", pressed);
  document.addEventListener("keyup", (event) => {
    if (event.key === " ") document.querySelectorAll("[data-hold]").forEach((one) => one.dispatchEvent(new Event("unhold")));
  });
  help();
  popups();
}
