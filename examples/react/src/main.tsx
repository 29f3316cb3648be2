// Starts the page.

import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { Lesson } from './lesson';
import './lesson.css';

createRoot(document.getElementById('lesson')!).render(
  <StrictMode>
    <Lesson />
  </StrictMode>,
);
