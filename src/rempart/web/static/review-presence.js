// The lease counts down, lengthens while somebody works, and colleagues see who looks.
import { send } from "./review-send.js";

const EVERY_SECONDS = 40;
const SIGNS = ["keydown", "pointerdown", "scroll"];

export function presence() {
  const card = document.querySelector("[data-case]");
  if (!card) return;
  const lease = document.getElementById("lease");
  const watchers = document.getElementById("watchers");
  let end = performance.now() + Number(card.dataset.lease ?? 0) * 1000;
  let active = true;
  for (const sign of SIGNS) document.addEventListener(sign, () => { active = true; }, { passive: true });

  async function beat() {
    if (document.hidden) return;
    const fields = { active: active ? "yes" : "" };
    active = false;
    try {
      const said = await (await send(`/cases/${card.dataset.case}/heartbeat`, fields)).json();
      if (said.mine) end = performance.now() + said.seconds * 1000;
      else if (lease) end = 0;
      watchers.textContent = said.watchers.length ? watchers.dataset.words.replace("{people}", said.watchers.join(", ")) : "";
    } catch { /* the next beat tries again; the clock goes on */ }
  }

  function tick() {
    const left = Math.max(0, Math.round((end - performance.now()) / 1000));
    const time = `${Math.floor(left / 60)}:${String(left % 60).padStart(2, "0")}`;
    lease.textContent = left ? lease.dataset.left.replace("{time}", time) : lease.dataset.over;
    lease.classList.toggle("good", left > 60);
    lease.classList.toggle("warn", left <= 60);
  }

  beat();
  setInterval(beat, EVERY_SECONDS * 1000);
  if (lease) { tick(); setInterval(tick, 1000); }
}
