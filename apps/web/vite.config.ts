import react from '@vitejs/plugin-react';
import { defaultClientConditions, defineConfig } from 'vite';

const engine = process.env['AIOPS_ENGINE'] ?? 'http://127.0.0.1:8080';

export default defineConfig({
  plugins: [react()],
  resolve: { conditions: ['@aiops/source', ...defaultClientConditions] },
  // The engine puts the nonce of each answer here: apps/api/src/platform/http/web-app.ts.
  html: { cspNonce: 'AIOPS_CSP_NONCE' },
  build: { target: 'es2022', sourcemap: false, chunkSizeWarningLimit: 900 },
  server: {
    port: 5173,
    proxy: {
      '/api': engine,
      '/health': engine,
      '/socket.io': { target: engine, ws: true },
    },
  },
});
