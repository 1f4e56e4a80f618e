// A page that waits for something asks again by itself after a while.
(() => {
  "use strict";
  const waits = document.querySelector("[data-reload]");
  if (waits) setTimeout(() => location.reload(), Number(waits.dataset.reload));
})();
