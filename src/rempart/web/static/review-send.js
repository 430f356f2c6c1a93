// Sending to the desk from the page itself.
const KEY = document.querySelector("input[name=form_key]")?.value ?? "";

// The answer to a form's fields. Throws an Error that says in words what was wrong.
export async function send(address, fields = {}, { accept = "application/json", late = false } = {}) {
  const body = fields instanceof FormData ? fields : new URLSearchParams(fields);
  const answer = await fetch(address, {
    method: "POST", body, headers: { Accept: accept, "X-Form-Key": KEY }, keepalive: late, redirect: "error",
  });
  if (answer.ok) return answer;
  const said = await answer.json().catch(() => ({}));
  throw new Error([said.detail, said.help].filter(Boolean).join("; ") || String(answer.status));
}
