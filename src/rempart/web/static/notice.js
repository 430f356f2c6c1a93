// The public forms work without this. It says early that files are too large, and prints.
for (const button of document.querySelectorAll("[data-print]")) {
  button.hidden = false;
  button.addEventListener("click", () => window.print());
}

const files = document.querySelector("input[type=file][data-most]");
files?.addEventListener("change", () => {
  const { most, each, all, problem } = files.dataset;
  const sizes = [...files.files].map((file) => file.size);
  const total = sizes.reduce((sum, size) => sum + size, 0);
  const wrong = sizes.length > Number(most) || sizes.some((size) => size > Number(each)) || total > Number(all);
  files.setCustomValidity(wrong ? problem : "");
  if (wrong) files.reportValidity();
});
document.querySelector("#problems")?.focus();
