import Anser from 'anser';
import type { CSSProperties } from 'react';

/** ANSI colours with enough contrast on the log's dark ground. */
const colours: Record<string, string> = {
  'ansi-black': '#7A8594',
  'ansi-red': '#FF7A70',
  'ansi-green': '#5CCB8B',
  'ansi-yellow': '#EFC04A',
  'ansi-blue': '#6FB0FF',
  'ansi-magenta': '#D59BF6',
  'ansi-cyan': '#5CCFD6',
  'ansi-white': '#E6E9EE',
};

/** Terminal output as text nodes; never HTML. */
export function AnsiText({ text }: { text: string }) {
  if (!text.includes('\u001b')) return text;
  const parts = Anser.ansiToJson(text, { use_classes: true, remove_empty: true });
  return parts.map((part, index) => {
    const style: CSSProperties = {
      color: colours[part.fg.replace('bright-', '')],
      fontWeight: part.decorations.includes('bold') ? 600 : undefined,
    };
    return (
      <span key={index} style={style}>
        {part.content}
      </span>
    );
  });
}
