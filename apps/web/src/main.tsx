import './shared/content-policy';
import '@mantine/core/styles.css';
import '@mantine/notifications/styles.css';
import './shared/theme/app.css';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { Providers } from './app/providers';

const root = document.getElementById('root');
if (root !== null) {
  createRoot(root).render(
    <StrictMode>
      <Providers />
    </StrictMode>,
  );
}
