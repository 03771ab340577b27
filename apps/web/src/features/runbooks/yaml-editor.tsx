import { defaultKeymap, history, historyKeymap, indentWithTab } from '@codemirror/commands';
import { yaml } from '@codemirror/lang-yaml';
import { defaultHighlightStyle, syntaxHighlighting, HighlightStyle } from '@codemirror/language';
import { lintGutter, setDiagnostics, type Diagnostic } from '@codemirror/lint';
import { EditorState } from '@codemirror/state';
import { EditorView, keymap, lineNumbers, highlightActiveLine, drawSelection } from '@codemirror/view';
import { useComputedColorScheme } from '@mantine/core';
import { tags } from '@lezer/highlight';
import { useEffect, useEffectEvent, useImperativeHandle, useRef, type Ref } from 'react';
import { styleNonce } from '../../shared/content-policy';

export interface EditorProblem {
  line: number;
  column: number;
  message: string;
  severity: 'error' | 'warning';
}
export interface YamlEditorHandle {
  /** Puts the cursor there and shows it; both from 1. */
  goTo(line: number, column: number): void;
}
interface Props {
  value: string;
  problems: EditorProblem[];
  readOnly?: boolean;
  onChange(value: string): void;
  onSave(): void;
  ref?: Ref<YamlEditorHandle>;
}

const dark = HighlightStyle.define([
  { tag: tags.propertyName, color: '#6FB0FF' },
  { tag: tags.string, color: '#5CCB8B' },
  { tag: [tags.number, tags.bool, tags.null], color: '#EFC04A' },
  { tag: tags.comment, color: '#95A0AE' },
  { tag: tags.punctuation, color: '#A9B2BF' },
]);
const look = EditorView.theme({
  '&': {
    fontSize: '13px',
    border: '1px solid var(--c-hairline)',
    borderRadius: '6px',
    background: 'var(--mantine-color-body)',
  },
  '&.cm-focused': { outline: '2px solid var(--mantine-color-anchor)', outlineOffset: '1px' },
  '.cm-scroller': {
    fontFamily: 'var(--mantine-font-family-monospace)',
    minHeight: '420px',
    maxHeight: '70vh',
  },
  '.cm-gutters': { background: 'var(--c-surface)', color: 'var(--mantine-color-dimmed)', border: 'none' },
  '.cm-content': { caretColor: 'var(--mantine-color-text)' },
  '.cm-cursor': { borderLeftColor: 'var(--mantine-color-text)' },
  '.cm-activeLine, .cm-activeLineGutter': { background: 'var(--c-hover)' },
  '.cm-tooltip': {
    background: 'var(--c-surface)',
    color: 'var(--mantine-color-text)',
    border: '1px solid var(--c-hairline)',
  },
});

function diagnosticsOf(state: EditorState, problems: EditorProblem[]): Diagnostic[] {
  return problems.map((problem) => {
    const line = state.doc.line(Math.min(Math.max(1, problem.line), state.doc.lines));
    const from = Math.min(line.to, line.from + Math.max(0, problem.column - 1));
    return { from, to: line.to, severity: problem.severity, message: problem.message };
  });
}

/** YAML with what the validator says underlined. Esc, then Tab leaves it. */
export function YamlEditor({ value, problems, readOnly = false, onChange, onSave, ref }: Props) {
  const host = useRef<HTMLDivElement>(null);
  const view = useRef<EditorView | null>(null);
  const scheme = useComputedColorScheme('light');
  const changed = useEffectEvent((text: string) => onChange(text));
  const saved = useEffectEvent(() => onSave());
  const initial = useEffectEvent(() => view.current?.state.doc.toString() ?? value);

  useEffect(() => {
    if (host.current === null) return;
    const extensions = [
      lineNumbers(),
      history(),
      drawSelection(),
      highlightActiveLine(),
      yaml(),
      lintGutter(),
      look,
      syntaxHighlighting(scheme === 'dark' ? dark : defaultHighlightStyle),
      EditorState.readOnly.of(readOnly),
      EditorView.cspNonce.of(styleNonce),
      EditorView.contentAttributes.of({ 'aria-label': 'Runbook as YAML' }),
      EditorView.updateListener.of((update) => {
        if (update.docChanged) changed(update.state.doc.toString());
      }),
      keymap.of([
        {
          key: 'Mod-s',
          run: () => {
            saved();
            return true;
          },
        },
        ...defaultKeymap,
        ...historyKeymap,
        indentWithTab,
      ]),
    ];
    const created = new EditorView({
      parent: host.current,
      state: EditorState.create({ doc: initial(), extensions }),
    });
    // A scrolling region must be reachable by keyboard.
    created.scrollDOM.tabIndex = 0;
    view.current = created;
    return () => created.destroy();
  }, [scheme, readOnly]);

  useEffect(() => {
    const current = view.current;
    if (current !== null && current.state.doc.toString() !== value) {
      current.dispatch({ changes: { from: 0, to: current.state.doc.length, insert: value } });
    }
  }, [value]);

  useEffect(() => {
    const current = view.current;
    if (current !== null)
      current.dispatch(setDiagnostics(current.state, diagnosticsOf(current.state, problems)));
  }, [problems, scheme]);

  useImperativeHandle(
    ref,
    () => ({
      goTo: (lineNumber, column) => {
        const current = view.current;
        if (current === null) return;
        const line = current.state.doc.line(Math.min(Math.max(1, lineNumber), current.state.doc.lines));
        const anchor = Math.min(line.to, line.from + Math.max(0, column - 1));
        current.dispatch({
          selection: { anchor },
          effects: EditorView.scrollIntoView(anchor, { y: 'center' }),
        });
        current.focus();
      },
    }),
    [],
  );
  return <div ref={host} />;
}
