// Says politely when something changed elsewhere. Without script, reloading the page says the same.
// An element with data-poll names an address that answers {"text": …, "next": … (a path here), "done": true|false}.
"use strict";
{
  const FIRST = 1500;
  const SLOWEST = 10000;

  function watch(place) {
    let pause = FIRST;
    async function ask() {
      try {
        const answer = await fetch(place.dataset.poll, { headers: { Accept: "application/json" }, cache: "no-store" });
        if (!answer.ok) throw new Error(String(answer.status));
        const state = await answer.json();
        if (state.text && place.textContent !== state.text) place.textContent = state.text;
        const meter = document.querySelector("progress");
        if (meter && typeof state.value === "number") meter.value = state.value;
        if (state.next && state.next.startsWith("/") && !state.next.startsWith("//")) return location.assign(state.next);
        if (state.done) return undefined;
        pause = Math.min(pause * 1.05, SLOWEST);
      } catch {
        pause = Math.min(pause * 2, SLOWEST);
      }
      return setTimeout(ask, document.hidden ? SLOWEST : pause);
    }
    setTimeout(ask, pause);
  }

  document.querySelectorAll("[data-poll]").forEach(watch);
}
