export { startEmbeddedPostgres, type EmbeddedPostgres, type EmbeddedPostgresOptions } from './cluster.js';
export { EmbeddedPostgresError } from './errors.js';
