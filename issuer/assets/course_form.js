// Says while one types how far the course is: the form goes to the check, and what it answers goes into the page.
// Without script the button "Check" does the same, and everything else works as it is.
"use strict";
{
  const PAUSE = 700;
  const form = document.querySelector("form[data-check]");
  const sentence = document.getElementById("sentence");
  const elements = document.getElementById("elements");
  let waiting = 0;
  let asked = 0;

  async function check() {
    const number = ++asked;
    try {
      const answer = await fetch(form.dataset.check, {
        method: "POST",
        body: new FormData(form),
        headers: { Accept: "application/json" },
      });
      if (!answer.ok || number !== asked) return;
      const told = await answer.json();
      if (sentence.textContent !== told.sentence) sentence.textContent = told.sentence;
      elements.innerHTML = told.html; // made by our own template, which escapes what people wrote
    } catch {
      // the button still checks
    }
  }

  form?.addEventListener("input", () => {
    clearTimeout(waiting);
    waiting = setTimeout(check, PAUSE);
  });
}
