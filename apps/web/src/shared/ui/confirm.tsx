import { Text } from '@mantine/core';
import { modals } from '@mantine/modals';

/** Asks before something is lost: says what, where and what follows. The verb is on the button. */
export function confirmAction(options: {
  title: string;
  text: string;
  verb: string;
  onConfirm(): void;
}): void {
  modals.openConfirmModal({
    title: options.title,
    children: <Text size="sm">{options.text}</Text>,
    labels: { confirm: options.verb, cancel: 'Cancel' },
    confirmProps: { style: { background: 'var(--c-failed)', color: 'var(--mantine-color-body)' } },
    onConfirm: options.onConfirm,
  });
}
