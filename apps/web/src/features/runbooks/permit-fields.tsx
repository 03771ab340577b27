import type { PermitRole, UserDto } from '@aiops/contracts';
import { Fieldset, Select, Stack, TagsInput } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { list } from '../../shared/api/client';
import { useMay } from '../../shared/api/session';

export interface Permit {
  role: PermitRole | null;
  users: string[];
}

const NAMED = 'named';
const roles = [
  { value: 'responder', label: 'Responders and above' },
  { value: 'engineer', label: 'Engineers and above' },
  { value: 'admin', label: 'Administrators' },
  { value: NAMED, label: 'Nobody but the people below' },
];
const roleOf = (value: string | null): PermitRole | null =>
  value === 'responder' || value === 'engineer' || value === 'admin' ? value : null;

/** A role and those above it, and people by name. */
export function PermitFields({
  legend,
  permit,
  change,
  highRisk = false,
  error,
}: {
  legend: string;
  permit: Permit;
  change(permit: Permit): void;
  /** Responders are not offered: they cannot approve a high risk. */
  highRisk?: boolean;
  error(field: 'role' | 'users'): string | undefined;
}) {
  const names = usePeople();
  return (
    <Fieldset legend={legend}>
      <Stack gap="sm">
        <Select
          label="Role"
          allowDeselect={false}
          data={roles.filter(({ value }) => !highRisk || value !== 'responder')}
          value={permit.role ?? NAMED}
          error={error('role')}
          onChange={(value) => change({ ...permit, role: roleOf(value) })}
        />
        <TagsInput
          label={permit.role === null ? 'People' : 'And these people'}
          description="User names; Enter after each"
          placeholder={permit.users.length === 0 ? 'ann' : ''}
          data={names}
          value={permit.users}
          error={error('users')}
          onChange={(users) => change({ ...permit, users })}
        />
      </Stack>
    </Fieldset>
  );
}

/** User names to choose from, for those who may see them; others know whom they mean. */
function usePeople(): string[] {
  const isAdmin = useMay('admin');
  const { data } = useQuery({
    queryKey: ['users', 'names'],
    queryFn: ({ signal }) => list<UserDto>('/users', { page_size: 200, sort: 'username' }, signal),
    enabled: isAdmin,
  });
  return (data?.data ?? [])
    .filter(({ role, disabled }) => role !== 'viewer' && !disabled)
    .map(({ username }) => username);
}
