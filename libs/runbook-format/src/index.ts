export type * from './model/problem.js';
export type * from './model/scope.js';
export type * from './model/api.js';
export * from './model/runbook.js';
