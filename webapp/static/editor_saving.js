// Saving by itself: soon after each change, again after a failure, and never over what somebody else has saved.
(() => {
  "use strict";

  if (!window.studio) return;
  const { state, words } = window.studio;
  const PAUSE = 1500;
  const AGAIN = 8000;
  const NAME = `studio:${words.base}:${words.path}`;

  // A copy in this browser until the server has it: a crash or an empty battery loses nothing.
  const copy = {
    get left() {
      try { return localStorage.getItem(NAME) ?? ""; } catch { return ""; }
    },
    keep(text) {
      try { localStorage.setItem(NAME, text); } catch { /* no room for a copy; the page itself still holds everything */ }
    },
    forget() {
      try { localStorage.removeItem(NAME); } catch { /* nothing was kept */ }
    },
  };

  // `content()` is what would be saved, as text; `send(text, revision)` sends it; `say(sentence)` tells how it stands;
  // `conflict(told)` asks what is to be done; `remark()` is added to what is told of a success. Not `byItself`: only asked.
  window.studio.saving = ({ content, send, say, conflict, remark = () => "", byItself = true }) => {
    let saved = "";
    let timer = 0;
    let sending = null;
    let undecided = false;

    function begin(text) {
      saved = text;
      undecided = false;
      state.dirty = content() !== saved;
    }
    function changed() {
      const before = state.dirty;
      state.dirty = content() !== saved;
      clearTimeout(timer);
      if (state.dirty) copy.keep(content()); else if (before) copy.forget();
      if (undecided) return;
      say(state.dirty ? (byItself ? words.textSoon : words.textUnsaved) : "");
      if (state.dirty && byItself) timer = setTimeout(() => now(), PAUSE);
    }
    async function now(revision) {
      clearTimeout(timer);
      if (sending) await sending; // one after the other: the second is compared with what the first has made
      sending = attempt(revision).finally(() => { sending = null; });
      return sending;
    }
    async function attempt(revision = state.revision) {
      const sent = content();
      undecided = false;
      say(words.textSaving);
      try {
        await send(sent, revision);
        saved = sent;
        state.dirty = content() !== saved;
        if (state.dirty) return changed();
        copy.forget();
        say([`${words.textSaved} ${new Date().toTimeString().slice(0, 5)}`, remark()].filter(Boolean).join(" · "));
      } catch (wrong) {
        say(wrong.detail || String(wrong));
        if (wrong.who) {
          undecided = true;
          await conflict(wrong);
        } else if (byItself && !wrong.status) timer = setTimeout(() => state.dirty && now(), AGAIN);
      }
    }
    for (const back of ["online", "focus"]) window.addEventListener(back, () => { if (state.dirty && byItself && !undecided) now(); });
    return { begin, changed, now, copy };
  };
})();
