import { Modal, Switch, Table } from '@mantine/core';
import { setSingleKeys, useSingleKeys } from '../shared/ui/single-keys';
import type { Place } from './places';

const everywhere: [string, string][] = [
  ['g p', 'Go to the approvals'],
  ['/', 'Search in the list'],
  ['?', 'These keys'],
];
const inLists: [string, string][] = [
  ['j  k', 'Next, previous row'],
  ['G', 'Last row'],
  ['Enter  o', 'Open the row'],
  ['x', 'Select the row'],
  ['.', 'Show what is new'],
  ['f', 'All filters'],
  ['a', 'Acknowledge the alert, or those that are selected'],
  ['Esc', 'Clear the selection'],
];
const inRuns: [string, string][] = [
  ['f', 'Follow the output'],
  ['w', 'Wrap lines'],
  ['t', 'Show times'],
  ['Ctrl Enter', 'Approve, with the focus in the card'],
];

export function KeyHelp({
  opened,
  close,
  places,
}: {
  opened: boolean;
  close(): void;
  places: readonly Place[];
}) {
  const on = useSingleKeys();
  return (
    <Modal opened={opened} onClose={close} title="Keys">
      <Switch
        label="Keys of one character act"
        description="Off helps when speech input or a nervous hand types them by accident."
        checked={on}
        onChange={(event) => setSingleKeys(event.currentTarget.checked)}
        mb="md"
      />
      <Keys
        title="Everywhere"
        keys={[
          ...places.map((place): [string, string] => [place.keys, `Go to ${place.label.toLowerCase()}`]),
          ...everywhere,
        ]}
      />
      <Keys title="Lists" keys={inLists} />
      <Keys title="An execution" keys={inRuns} />
    </Modal>
  );
}

function Keys({ title, keys }: { title: string; keys: [string, string][] }) {
  return (
    <Table captionSide="top" verticalSpacing={4}>
      <Table.Caption ta="left" fw={600}>
        {title}
      </Table.Caption>
      <Table.Tbody>
        {keys.map(([typed, what]) => (
          <Table.Tr key={typed}>
            <Table.Td w={110}>
              <kbd>{typed}</kbd>
            </Table.Td>
            <Table.Td>{what}</Table.Td>
          </Table.Tr>
        ))}
      </Table.Tbody>
    </Table>
  );
}
