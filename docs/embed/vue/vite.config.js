import vue from '@vitejs/plugin-vue';
import { defineConfig } from 'vite';

// Vue would look for a component of that name.
const isCustomElement = (tag) => tag === 'denoise-image';

export default defineConfig({
  plugins: [vue({ template: { compilerOptions: { isCustomElement } } })],
});
