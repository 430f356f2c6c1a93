// The console: everything here also works without it, through forms and links.
import { listen } from "./review-keys.js";
import { reveals } from "./review-reveal.js";
import { judging } from "./review-judge.js";
import { presence } from "./review-presence.js";

document.documentElement.classList.add("scripted");
listen();
reveals();
judging();
presence();
