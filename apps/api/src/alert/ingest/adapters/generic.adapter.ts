import { UserError } from '../../../platform/index.js';
import { MappedItem } from '../../mapping/mapped-item.js';
import { valueAt } from '../../mapping/path.js';
import type { AdapterContext, IngestAdapter, Reading } from '../adapter.js';
import { isObject, typeName } from '../read-fields.js';

/** Where the alerts stand in the message, and how errors name that place. */
interface Items {
  items: unknown[];
  prefix: (index: number) => string;
}

/**
 * Any JSON. A mapping, stored per source, says where the fields stand; what it does not say is guessed, so that
 * `{"title", "severity", "status", "labels"}` works without one.
 */
export const genericAdapter: IngestAdapter = {
  name: 'generic',
  path: 'generic/:source',
  accepted: { status: 202, body: 'count' },
  about: {
    summary: 'Takes any JSON; the source’s mapping says where the fields stand',
    example: { title: 'Disk is full', severity: 'critical', status: 'firing', labels: { host: 'db-1' } },
  },
  usesMapping: true,
  read(body, context) {
    const { items, prefix } = findItems(body, context);
    const reading: Reading = { deliveries: [], rejected: [], warnings: [] };
    items.forEach((item, index) => {
      if (!isObject(item)) {
        const field = prefix(index).replace(/\.$/, '') || 'body';
        reading.rejected.push({
          index,
          errors: [{ field, message: `Must be an object and is ${typeName(item)}` }],
        });
        return;
      }
      const mapped = new MappedItem(item, context.mapping, prefix(index));
      const delivery = mapped.toDelivery(context.source, context.now);
      if (mapped.errors.length > 0) reading.rejected.push({ index, errors: mapped.errors });
      else reading.deliveries.push(delivery);
    });
    return reading;
  },
};

function findItems(body: unknown, { mapping }: AdapterContext): Items {
  if (mapping.items !== null) {
    const path = mapping.items;
    const found = valueAt(body, path);
    if (Array.isArray(found)) return list(found, path);
    if (isObject(found)) return { items: [found], prefix: () => (path === '' ? '' : `${path}.`) };
    throw UserError.invalid(
      path || 'body',
      `The mapping of this source expects the alerts here, and it is ${typeName(found)}`,
    );
  }
  if (Array.isArray(body)) return list(body, 'alerts');
  if (isObject(body) && Array.isArray(body['alerts'])) return list(body['alerts'], 'alerts');
  return { items: [body], prefix: () => '' };
}

const list = (items: unknown[], path: string): Items => ({
  items,
  prefix: (index) => `${path || 'alerts'}.${index}.`,
});
