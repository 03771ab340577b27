import { ingestMappingInputSchema, type IngestMappingInput } from '@aiops/contracts';

/** Where the fields of an alert stand in what one source sends. */
export type IngestMapping = IngestMappingInput;

export interface StoredMapping {
  id: string;
  source: string;
  mapping: IngestMapping;
  createdAt: Date;
  updatedAt: Date;
}

/** Says nothing, so that every field is guessed. */
export const guessingMapping: IngestMapping = ingestMappingInputSchema.parse({});
