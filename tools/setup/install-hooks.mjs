// Commit hooks for people who develop; quiet where there is no repository or nobody commits.
import { existsSync } from 'node:fs';

if (existsSync('.git') && process.env.CI !== 'true') {
  try {
    const { default: husky } = await import('husky');
    husky();
  } catch {
    // Without development dependencies there is nothing to hook.
  }
}
