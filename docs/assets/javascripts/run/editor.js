// The editor of a block's code: CodeMirror, bundled at build. Tab is left alone, so that it leaves
// the editor. It lives in a shadow tree, where its styles need no element that a policy forbids.

import { defaultKeymap, history, historyKeymap } from "@codemirror/commands";
import { pythonLanguage } from "@codemirror/lang-python";
import {
  HighlightStyle,
  bracketMatching,
  indentOnInput,
  indentUnit,
  syntaxHighlighting,
} from "@codemirror/language";
import { EditorState, StateEffect, StateField } from "@codemirror/state";
import { Decoration, EditorView, drawSelection, keymap, lineNumbers } from "@codemirror/view";
import { tags } from "@lezer/highlight";

const look = EditorView.theme({
  "&": { fontSize: "0.72rem", color: "var(--md-code-fg-color)", background: "var(--raised)" },
  "&.cm-focused": { outline: "none" },
  "&.cm-focused::after": {
    ...{ position: "absolute", inset: "0", zIndex: "300", pointerEvents: "none", content: "''" },
    border: "0.12rem solid var(--md-accent-fg-color)",
  },
  ".cm-scroller": { fontFamily: "var(--mono)", lineHeight: "1.55" },
  ".cm-content": { padding: "0.65rem 0", caretColor: "var(--md-code-fg-color)" },
  ".cm-cursor": { borderLeftColor: "var(--md-code-fg-color)", borderLeftWidth: "2px" },
  ".cm-line": { padding: "0 0.8rem 0 0" },
  ".cm-gutters": { color: "var(--figure-muted)", background: "var(--raised)", border: "0" },
  ".cm-lineNumbers .cm-gutterElement": { minWidth: "2.1rem", padding: "0 0.7rem 0 0" },
  "&.cm-focused > .cm-scroller > .cm-selectionLayer .cm-selectionBackground, .cm-selectionBackground":
    { background: "color-mix(in srgb, var(--figure-window) 30%, transparent)" },
  ".cm-wrong": {
    background: "color-mix(in srgb, var(--figure-gradient) 14%, transparent)",
    boxShadow: "inset 0.2rem 0 var(--figure-gradient)",
  },
  "&.cm-focused .cm-matchingBracket": { background: "none", outline: "1px solid currentcolor" },
});
const colours = HighlightStyle.define([
  { tag: tags.comment, color: "var(--md-code-hl-comment-color)" },
  { tag: [tags.keyword, tags.operatorKeyword], color: "var(--md-code-hl-keyword-color)" },
  { tag: [tags.number, tags.bool, tags.null], color: "var(--md-code-hl-number-color)" },
  { tag: [tags.string, tags.special(tags.string)], color: "var(--md-code-hl-string-color)" },
]);

/** @type {import("@codemirror/state").StateEffectType<number>} the line where a run went wrong */
const wrong = StateEffect.define();
const wrongLine = StateField.define({
  create: () => Decoration.none,
  update(marks, { docChanged, effects, state }) {
    const line = effects.find((effect) => effect.is(wrong))?.value;
    if (line === undefined) return docChanged ? Decoration.none : marks;
    if (line < 1 || line > state.doc.lines) return Decoration.none;
    const look = Decoration.line({ class: "cm-wrong" });
    return Decoration.set(look.range(state.doc.line(line).from));
  },
  provide: (field) => EditorView.decorations.from(field),
});

/**
 * Open an editor in an empty element.
 *
 * @param {HTMLElement} host
 * @param {{ label: string, code: string, run: () => void, change: (code: string) => void }} given
 */
export function open(host, { label, code, run, change }) {
  const root = host.shadowRoot ?? host.attachShadow({ mode: "open" });
  const view = new EditorView({
    root,
    parent: root,
    doc: code,
    extensions: [
      keymap.of([{ key: "Mod-Enter", run: () => (run(), true) }, ...defaultKeymap, ...historyKeymap]),
      [lineNumbers(), history(), drawSelection(), bracketMatching(), indentOnInput()],
      wrongLine,
      [pythonLanguage, indentUnit.of("    "), EditorState.tabSize.of(4)],
      [look, syntaxHighlighting(colours)],
      EditorView.contentAttributes.of({ "aria-label": label, tabindex: "0" }),
      EditorView.domEventHandlers({ beforeinput: replaceSelection }),
      EditorView.updateListener.of((update) => {
        if (update.docChanged) change(update.state.doc.toString());
      }),
    ],
  });
  return {
    focus: () => view.focus(),
    destroy: () => view.destroy(),
    /** Put other code in, which can be undone. @param {string} code */
    put: (code) => view.dispatch({ changes: { from: 0, to: view.state.doc.length, insert: code } }),
    /** Mark the line where a run went wrong; none for 0. @param {number} line */
    mark: (line) => view.dispatch({ effects: wrong.of(line) }),
  };
}

/**
 * Write over a selection. Chromium would give the new text the look of the old one in a style
 * attribute, which the page's content policy forbids.
 *
 * @param {InputEvent} event
 * @param {EditorView} view
 */
function replaceSelection(event, view) {
  if (!event.cancelable || event.isComposing || !event.data || view.state.selection.main.empty) return false;
  view.dispatch(view.state.replaceSelection(event.data), { userEvent: "input.type", scrollIntoView: true });
  return true;
}
