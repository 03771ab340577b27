import { Anchor, Badge, Group } from '@mantine/core';

/** Labels as quiet chips. */
export function LabelChips({ labels, hide = [] }: { labels: Record<string, string>; hide?: string[] }) {
  const shown = Object.entries(labels).filter(([name]) => !hide.includes(name));
  if (shown.length === 0) return null;
  return (
    <Group gap={6}>
      {shown.map(([name, value]) => (
        <Badge key={name} variant="default" tt="none" fw={400} maw="100%" title={`${name}=${value}`}>
          {name}={value}
        </Badge>
      ))}
    </Group>
  );
}

/** Text that came from a stranger: shown as text, and as a link only where it is a plain web address. */
export function SafeText({ text }: { text: string }) {
  if (!/^https?:\/\/\S+$/i.test(text))
    return <span style={{ whiteSpace: 'pre-wrap', overflowWrap: 'anywhere' }}>{text}</span>;
  return (
    <Anchor href={text} target="_blank" rel="noopener noreferrer" style={{ overflowWrap: 'anywhere' }}>
      {text}
    </Anchor>
  );
}
