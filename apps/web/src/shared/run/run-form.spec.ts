import { parseRunbook } from '@aiops/runbook-format';
import { describe, expect, it } from 'vitest';
import { typedParameters } from './run-form';

const { runbook } = parseRunbook(`name: x
description: x
category: x
parameters:
  - { name: grace, type: integer, default: 5 }
  - { name: force, type: boolean, default: false }
  - { name: service, type: string, required: true }
steps:
  - { name: one, command: "true" }
`);

describe('form values as parameters', () => {
  it('take the types that the runbook declares', () => {
    expect(typedParameters(runbook, { grace: '7', force: 'true', service: 'shop' })).toEqual({
      grace: 7,
      force: true,
      service: 'shop',
    });
  });

  it('leave empty fields to the alert and the defaults', () => {
    expect(typedParameters(runbook, { grace: '', service: 'shop' })).toEqual({ service: 'shop' });
  });

  it('send a number that is none as it stands, so that the engine can name the field', () => {
    expect(typedParameters(runbook, { grace: 'soon' })).toEqual({ grace: 'soon' });
  });
});
