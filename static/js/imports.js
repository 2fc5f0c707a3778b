// Files dropped into the box, and samples beside the chosen column.
(() => {
  "use strict";
  const box = document.querySelector("[data-drop]");
  if (box) {
    const input = box.querySelector("input[type=file]");
    const names = box.querySelector("[data-names]");
    const list = () => names.replaceChildren(...[...input.files].map((file) => Object.assign(document.createElement("li"), { textContent: file.name })));
    input.addEventListener("change", list);
    for (const kind of ["dragenter", "dragover"]) box.addEventListener(kind, (event) => { event.preventDefault(); box.classList.add("over"); });
    for (const kind of ["dragleave", "drop"]) box.addEventListener(kind, () => box.classList.remove("over"));
    box.addEventListener("drop", (event) => {
      event.preventDefault();
      if (!event.dataTransfer.files.length) return;
      input.files = event.dataTransfer.files;
      list();
      box.querySelector("button").focus();
    });
    box.addEventListener("submit", () => { box.querySelector("button").disabled = true; });
  }
  document.querySelector("[data-mapping]")?.addEventListener("change", (event) => {
    const choice = event.target;
    const cell = document.querySelector(`[data-sample-of="${choice.id}"]`);
    if (!cell) return;
    cell.textContent = choice.selectedOptions[0].dataset.sample;
    if (choice.value) choice.closest("tr").querySelector("input").value = "";
  });
})();
