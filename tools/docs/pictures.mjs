// `npm run pictures [-- <folder>]`: takes the pictures of the documentation from the built app.
import { runnerImport } from 'vite';
import { build } from '../setup/build.mjs';

await build();
const { module } = await runnerImport('./apps/demo/e2e/pictures.ts', {
  resolve: { conditions: ['@aiops/source', 'node', 'development|production'] },
});
await module.takePictures(process.argv[2] ?? 'docs/images');
process.exit(0);
