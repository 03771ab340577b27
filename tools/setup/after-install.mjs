// What npm runs after every install of the workspace (`prepare`). Never a reason for an install to fail.
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { readStamp, writeStamp } from './dependencies.mjs';
import { installHooks } from './hooks.mjs';

const root = process.cwd();
const isFirst = readStamp(root) === null;
if (isFirst) await installHooks();

// An install by hand counts like ours, unless it left something out.
const { devDependencies } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
const isWhole = Object.keys(devDependencies).every((name) => existsSync(join(root, 'node_modules', name)));
if (isWhole) writeStamp(root);
