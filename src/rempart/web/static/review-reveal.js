// Seeing media: only while it is asked for. Each look is a request of its own, and says at its end how long it lasted.
import { send } from "./review-send.js";

function told(reveal, since) {
  const seconds = Math.max(1, Math.round((performance.now() - since) / 1000));
  send(`/reveals/${reveal}/close`, { seconds }, { late: true }).catch(() => {});
}

// One preview: shown while the button is held, or until it is hidden again.
function preview(form) {
  const place = form.closest(".medium").querySelector(".picture");
  const button = form.querySelector("[data-hold]");
  const toggle = form.querySelector("[data-toggle]");
  let wanted = false, look = null, held = false;

  async function show() {
    if (wanted) return;
    wanted = true;
    bringIntoView(place); // it counts as seen once it is fetched, so it has to be where it can be seen
    try {
      const { reveal, url } = await (await send(form.action)).json();
      if (!wanted) return; // let go before it came: it was not fetched, and does not count as seen
      const picture = new Image();
      picture.alt = form.dataset.alt;
      picture.src = url;
      picture.onerror = () => { place.textContent = form.dataset.failed; };
      look = { reveal, since: performance.now() };
      place.replaceChildren(picture);
      picture.onload = () => bringIntoView(place);
    } catch (error) {
      wanted = false;
      place.textContent = `${form.dataset.failed} ${error.message}`;
    }
  }

  function hide() {
    if (!wanted) return;
    wanted = false;
    place.replaceChildren();
    place.classList.remove("open");
    if (look) told(look.reveal, look.since);
    look = null;
    marked(false);
  }

  function marked(on) {
    toggle.setAttribute("aria-pressed", String(on));
    toggle.textContent = on ? toggle.dataset.on : toggle.dataset.off;
  }

  const hold = () => { held = true; show(); };
  const unhold = () => { if (toggle.getAttribute("aria-pressed") !== "true") hide(); };
  button.querySelector("[data-name]").textContent = button.dataset.words;
  button.addEventListener("hold", hold);
  button.addEventListener("unhold", unhold);
  button.addEventListener("pointerdown", (event) => {
    button.setPointerCapture(event.pointerId); // the page may scroll away from under the pointer
    hold();
  });
  for (const end of ["pointerup", "pointerleave", "pointercancel", "blur"]) button.addEventListener(end, unhold);
  button.addEventListener("keydown", (event) => {
    if (event.key !== " " && event.key !== "Enter") return;
    event.preventDefault();
    if (!event.repeat) hold();
  });
  button.addEventListener("keyup", unhold);
  toggle.addEventListener("click", () => {
    const on = toggle.getAttribute("aria-pressed") !== "true";
    if (on) { marked(true); show(); } else hide();
  });
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    if (!held) toggle.click(); // pressed by what knows no holding, such as a screen reader
    held = false;
  });
  window.addEventListener("blur", hide);
  document.addEventListener("visibilitychange", () => { if (document.hidden) hide(); });
  window.addEventListener("pagehide", hide);
}

// The place of a picture, as high as the picture will be, and all of it on the screen.
function bringIntoView(place) {
  place.classList.add("open");
  place.scrollIntoView({ block: "nearest", behavior: "instant" });
}

// One original: in a frame that may run nothing, from an origin that knows nobody.
function original(form) {
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const details = form.closest("details");
    try {
      const { reveal, url } = await (await send(form.action, new FormData(form))).json();
      details.open = false;
      view(reveal, url, form.dataset);
    } catch (error) {
      const said = form.querySelector("[role=alert]") ?? form.appendChild(document.createElement("p"));
      said.setAttribute("role", "alert");
      said.className = "problem-text";
      said.textContent = error.message;
    }
  });
}

function view(reveal, url, { frame: title, close: words }) {
  const dialog = document.createElement("dialog");
  dialog.className = "viewer";
  dialog.setAttribute("aria-label", title);
  const close = document.createElement("button");
  close.className = "primary";
  close.textContent = words;
  const frame = document.createElement("iframe");
  frame.className = "original";
  frame.title = title;
  frame.setAttribute("sandbox", "");
  frame.referrerPolicy = "no-referrer";
  let since = 0;
  frame.addEventListener("load", () => { since ||= performance.now(); });
  frame.src = url;
  const end = () => { if (since) told(reveal, since); since = 0; dialog.remove(); };
  close.addEventListener("click", () => dialog.close());
  dialog.addEventListener("close", end);
  window.addEventListener("pagehide", end, { once: true });
  dialog.append(close, frame);
  document.body.append(dialog);
  dialog.showModal();
}

export function reveals() {
  document.querySelectorAll("form[data-preview]").forEach(preview);
  document.querySelectorAll("form[data-original]").forEach(original);
}
