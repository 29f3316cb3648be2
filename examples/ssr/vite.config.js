// Builds what the browser runs into one file that the server's page names.

import { defineConfig } from 'vite';

export default defineConfig({
  build: {
    rollupOptions: {
      input: 'src/client.js',
      output: { entryFileNames: 'client.js' },
    },
  },
});
