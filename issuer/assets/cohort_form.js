// Checks a cohort's file as soon as it is chosen, on the page where it is chosen, so that it need not be chosen again.
// Without script the button "Check the file" does the same.
"use strict";
{
  const form = document.querySelector("form[data-check]");
  const sentence = document.getElementById("sentence");
  const elements = document.getElementById("elements");
  let asked = 0;

  async function check() {
    const number = ++asked;
    sentence.textContent = sentence.dataset.busy;
    elements.textContent = "";
    try {
      const answer = await fetch(form.dataset.check, {
        method: "POST",
        body: new FormData(form),
        headers: { Accept: "application/json" },
      });
      const told = await answer.json();
      if (number !== asked) return;
      sentence.textContent = told.sentence ?? told.detail ?? "";
      elements.innerHTML = told.html ?? ""; // made by our own template, which escapes what stood in the file
    } catch {
      if (number === asked) sentence.textContent = "";
    }
  }

  form?.querySelector('input[type="file"]')?.addEventListener("change", (event) => {
    if (event.target.files.length) check();
  });
  form?.addEventListener("submit", (event) => {
    if (event.submitter?.value !== "check") return;
    event.preventDefault();
    check();
  });
}
