// Buttons with data-copy="#place" copy the text of that place. They are hidden where there is no script.
"use strict";
{
  document.querySelectorAll("[data-copy]").forEach((button) => {
    const words = button.querySelector("span");
    const before = words.textContent;
    words.setAttribute("aria-live", "polite");
    button.hidden = false;
    button.addEventListener("click", async () => {
      const source = document.querySelector(button.dataset.copy);
      await navigator.clipboard.writeText((source.value || source.textContent).trim());
      words.textContent = button.dataset.done;
      setTimeout(() => { words.textContent = before; }, 4000);
    });
  });
}
