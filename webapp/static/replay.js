// Plays a case step by step: goes on to the next step until the end; every step is a page of its own.
(() => {
  "use strict";
  const bar = document.querySelector("[data-replay]");
  if (!bar) return;
  const range = bar.querySelector("input[type=range]");
  const button = bar.querySelector("[data-replay-play]");
  const PAUSE = 900;
  const playing = new URLSearchParams(location.search).has("play");
  const to = (at, play) => {
    const address = new URL(location.href);
    address.searchParams.set("at", at);
    if (play) address.searchParams.set("play", "1");
    else address.searchParams.delete("play");
    location.replace(address);
  };
  range.addEventListener("change", () => to(range.value, false));
  button.hidden = false;
  if (playing) button.textContent = button.dataset.textStop;
  button.addEventListener("click", () => (playing ? to(range.value, false) : to(range.value === range.max ? 0 : range.value, true)));
  if (playing && Number(range.value) < Number(range.max)) setTimeout(() => to(Number(range.value) + 1, true), PAUSE);
  else if (playing) to(range.max, false);
})();
