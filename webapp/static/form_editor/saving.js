// How the form is kept: by itself while it is written; where somebody else has saved meanwhile, the person decides.
(() => {
  "use strict";

  window.formEditor = window.formEditor || {};
  window.formEditor.saving = (editor) => {
    const { words, editable, path, at } = editor;
    const { fill, state, save, read } = window.studio;

    const kept = window.studio.saving({
      content: () => editor.fileText(),
      send: (text, revision) => save(path, text, revision),
      say: (sentence) => { at("saved").textContent = sentence; },
      remark: () => (editor.problems.length ? words.removedKept : ""),
      conflict,
    });

    function keep(revision) {
      if (editable && editor.form) kept.now(revision);
    }
    async function conflict(told) {
      const theirs = await read(path);
      const dialog = at("conflict");
      const when = new Date(told.when).toLocaleTimeString();
      at("conflict-text").textContent = fill(words.conflict, { who: told.who, when });
      at("conflict-fields").textContent = difference(theirs.text);
      at("conflict-theirs").onclick = () => {
        dialog.close();
        editor.steps.remember();
        state.revision = theirs.revision;
        kept.begin(theirs.text);
        try {
          editor.form = JSON.parse(theirs.text);
          kept.begin(editor.fileText());
        } catch { /* the form stays as it is: what they saved is none yet */ }
        editor.chosen = { field: -1, column: -1 };
        editor.begin();
      };
      at("conflict-mine").onclick = () => { dialog.close(); keep(theirs.revision); };
      at("conflict-wait").onclick = () => dialog.close();
      if (!dialog.open) dialog.showModal();
    }
    function difference(theirText) {
      let theirs;
      try { theirs = JSON.parse(theirText); } catch { return ""; }
      const byKey = (each) => new Map((Array.isArray(each.fields) ? each.fields : []).map((field) => [field.key, JSON.stringify(field)]));
      const [mine, other] = [byKey(editor.form), byKey(theirs)];
      const names = [...new Set([...mine.keys(), ...other.keys()])].filter((key) => mine.get(key) !== other.get(key));
      if (!names.length && JSON.stringify(editor.form) === JSON.stringify(theirs)) return words.conflictSame;
      return names.length ? fill(words.conflictFields, { fields: names.join(words.comma) }) : "";
    }

    // What did not reach the server last time, from the copy in this browser.
    function offerLeft() {
      const left = kept.copy.left;
      if (!editable || !left || left === editor.fileText()) return kept.copy.forget();
      at("left").hidden = false;
      at("left-take").onclick = () => {
        at("left").hidden = true;
        editor.steps.remember();
        try { editor.form = JSON.parse(left); } catch { kept.copy.forget(); }
        editor.chosen = { field: -1, column: -1 };
        editor.begin();
      };
      at("left-drop").onclick = () => {
        at("left").hidden = true;
        kept.copy.forget();
      };
    }

    Object.assign(editor, { kept, keep, offerLeft });
  };
})();
