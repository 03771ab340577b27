import {
  apiKeyScopeSchema,
  roleSchema,
  type ApiKeyCreatedDto,
  type ApiKeyDto,
  type ApiKeyScope,
  type Role,
} from '@aiops/contracts';
import { Checkbox, Select, Stack, Textarea, TextInput } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { patch, post } from '../../../shared/api/client';
import { fieldError } from '../../../shared/ui/form-error';
import { SaveForm } from '../save-form';
import { expiryOf, lives, scopeWords } from './key-words';
import { ShownKey } from './shown-key';

const KEEP = 'keep';

/** Makes a key and shows it once, or changes what one may do. */
export function KeyForm({ apiKey, done }: { apiKey: ApiKeyDto | null; done(): void }) {
  const queries = useQueryClient();
  const [name, setName] = useState(apiKey?.name ?? '');
  const [description, setDescription] = useState(apiKey?.description ?? '');
  const [scopes, setScopes] = useState<ApiKeyScope[]>(apiKey?.scopes ?? ['ingest']);
  const [role, setRole] = useState<Role>(apiKey?.role ?? 'viewer');
  const [life, setLife] = useState(apiKey === null ? '365' : KEEP);
  const save = useMutation({
    mutationFn: async (body: object) => {
      if (apiKey === null) return post<ApiKeyCreatedDto>('/api-keys', body);
      await patch<ApiKeyDto>(`/api-keys/${apiKey.id}`, body);
      return null;
    },
    // Nothing keeps the key once the form is closed.
    gcTime: 0,
    onSuccess: async () => {
      await queries.invalidateQueries({ queryKey: ['api-keys'] });
      if (apiKey !== null) done();
    },
  });
  if (save.data !== undefined && save.data !== null) return <ShownKey made={save.data} done={done} />;
  const body = (): object => ({
    name,
    description,
    scopes,
    role,
    ...(life === KEEP ? {} : { expires_at: expiryOf(life, Date.now()) }),
  });
  const sendsOnly = scopes.every((scope) => scope === 'ingest');
  const lifeOptions = apiKey === null ? lives : [{ value: KEEP, label: keptExpiry(apiKey) }, ...lives];
  return (
    <SaveForm
      save={save}
      body={body}
      shown={['name', 'description', 'scopes', 'role', 'expires_at']}
      verb={apiKey === null ? 'Make key' : 'Save'}
      failed={apiKey === null ? 'Not made' : 'Not saved'}
    >
      <TextInput
        label="Name"
        required
        placeholder="Alertmanager, production"
        value={name}
        error={fieldError(save.error, 'name')}
        onChange={(event) => setName(event.currentTarget.value)}
      />
      <Textarea
        label="What it is for, and whom to ask"
        autosize
        minRows={2}
        value={description}
        error={fieldError(save.error, 'description')}
        onChange={(event) => setDescription(event.currentTarget.value)}
      />
      <Checkbox.Group
        label="It may"
        value={scopes}
        error={fieldError(save.error, 'scopes')}
        onChange={(values) => setScopes(apiKeyScopeSchema.options.filter((scope) => values.includes(scope)))}
      >
        <Stack gap="xs" mt={6}>
          {apiKeyScopeSchema.options.map((scope) => (
            <Checkbox key={scope} value={scope} label={scopeWords[scope]} />
          ))}
        </Stack>
      </Checkbox.Group>
      {!sendsOnly && (
        <Select
          label="As"
          description="It can never do more than a person with this role"
          allowDeselect={false}
          data={roleSchema.options}
          value={role}
          error={fieldError(save.error, 'role')}
          onChange={(value) => setRole(roleSchema.options.find((option) => option === value) ?? 'viewer')}
        />
      )}
      <Select
        label="It expires"
        allowDeselect={false}
        data={lifeOptions}
        value={life}
        error={fieldError(save.error, 'expires_at')}
        onChange={(value) => setLife(value ?? KEEP)}
      />
    </SaveForm>
  );
}

const keptExpiry = ({ expires_at }: ApiKeyDto): string =>
  expires_at === null ? 'As before: never' : `As before: ${new Date(expires_at).toLocaleDateString()}`;
