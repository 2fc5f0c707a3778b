// A form keeps itself on the server while it is typed, and says so; leaving loses nothing.
import { all, csrf, later, one } from "./dom.js";

const rounds = new WeakMap(); // of a form; a property of the form itself may be the name of one of its fields

const keep = async (form, how = "keep") => {
  const body = new FormData(form);
  for (const [name, value] of [...body.entries()]) if (value instanceof File) body.delete(name);
  form.dispatchEvent(new CustomEvent("keeping", { detail: body }));
  const asked = (rounds.get(form) || 0) + 1;
  rounds.set(form, asked);
  const says = one("[data-saved]", form);
  try {
    const answer = await fetch(form.action, { method: "POST", body, headers: { "HX-Draft": how, "X-CSRFToken": csrf() } });
    if (!answer.ok || !answer.headers.get("content-type")?.includes("json")) throw new Error(answer.status);
    const said = await answer.json();
    if (asked !== rounds.get(form)) return;
    if (says && said.saved) says.textContent = `${says.dataset.word || ""} ${said.saved}`;
    const others = one("[data-others]", form);
    if (others) { others.hidden = !said.others.length; one("[data-names]", others).textContent = said.others.join("、"); }
    form.dispatchEvent(new CustomEvent("kept", { detail: said }));
  } catch { if (says && said.saved) says.textContent = says.dataset.failed || "…"; }
};

for (const form of all("form[data-autosave]")) {
  const soon = later(() => { if (!form.dataset.sent) keep(form); }, 350);
  form.addEventListener("input", () => soon());
  form.addEventListener("change", () => soon());
  form.addEventListener("keep-now", () => keep(form));
  form.addEventListener("compute", () => keep(form, "compute"));
  form.keepSoon = soon;
}
