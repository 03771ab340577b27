// `npm run sbom`: the software bill of materials of what runs in production, as CycloneDX JSON, in `dist/sbom.cdx.json`.
import { spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';

const isForDevelopment = ({ properties = [] }) =>
  properties.some(({ name, value }) => name === 'cdx:npm:package:development' && value === 'true');

/** The bill without what only development needs. `npm sbom --omit=dev` leaves out peers such as @nestjs/core too. */
function inProduction(bill) {
  const components = bill.components.filter((component) => !isForDevelopment(component));
  const kept = new Set([bill.metadata.component, ...components].map((component) => component['bom-ref']));
  const dependencies = bill.dependencies
    .filter(({ ref }) => kept.has(ref))
    .map(({ ref, dependsOn = [] }) => ({ ref, dependsOn: dependsOn.filter((other) => kept.has(other)) }));
  return { ...bill, components, dependencies };
}

const { stdout, stderr, status } = spawnSync('npm', ['sbom', '--sbom-format=cyclonedx'], {
  encoding: 'utf8',
  maxBuffer: 2 ** 28,
});
if (status !== 0) {
  process.stderr.write(stderr);
  process.exit(1);
}
const bill = inProduction(JSON.parse(stdout));
// npm takes the folder for the name of the product.
bill.metadata.component.name = JSON.parse(readFileSync('package.json', 'utf8')).name;
mkdirSync('dist', { recursive: true });
writeFileSync('dist/sbom.cdx.json', `${JSON.stringify(bill, null, 2)}\n`);
process.stdout.write(`${bill.components.length} components, written to dist/sbom.cdx.json\n`);
