import pg, { type ClientConfig } from 'pg';
import { PreparedNames } from './prepared-names.js';

/**
 * A connection on which a statement that comes again and again is prepared: PostgreSQL then parses it once, and plans it
 * once or as often as pays. Under load, planning was a fifth of what the database did. For the option `Client` of a pool.
 */
export class PreparingClient extends pg.Client {
  constructor(config?: string | ClientConfig) {
    super(config);
    const names = new PreparedNames();
    const query = this.query.bind(this);
    const prepared = (...request: unknown[]): unknown => {
      const [text, values, ...rest] = request;
      if (typeof text !== 'string' || !Array.isArray(values)) return Reflect.apply(query, this, request);
      const name = names.of(text);
      return Reflect.apply(query, this, name === null ? request : [{ name, text, values }, ...rest]);
    };
    Object.defineProperty(this, 'query', { value: prepared, configurable: true });
  }
}
