import { satteri } from '@astrojs/markdown-satteri'
import mdx from '@astrojs/mdx'
import react from '@astrojs/react'
import { defineConfig } from 'astro/config'
import { afterPrompt } from './src/site/build/afterPrompt.mjs'
import { earlyStart } from './src/site/build/earlyStart.mjs'
import { offline } from './src/site/build/offline.mjs'
import { glossaryLinks } from './src/site/markdown/glossaryLinks.ts'

export default defineConfig({
  srcDir: './src/site',
  site: 'https://kubehop.example',
  integrations: [mdx(), react(), afterPrompt(), earlyStart(), offline()],
  i18n: {
    defaultLocale: 'ko',
    locales: ['ko', 'en'],
    routing: { prefixDefaultLocale: true, redirectToDefaultLocale: false },
  },
  devToolbar: { enabled: false },
  security: {
    csp: {
      directives: [
        "default-src 'self'",
        "worker-src 'self'",
        "img-src 'self' data:",
        "object-src 'none'",
        "base-uri 'self'",
      ],
      // xterm writes its own style elements.
      styleDirective: { resources: ["'self'", "'unsafe-inline'"] },
    },
  },
  markdown: {
    processor: satteri({ mdastPlugins: [glossaryLinks()], features: { smartPunctuation: false } }),
    shikiConfig: {
      themes: { light: 'github-light-high-contrast', dark: 'github-dark-high-contrast' },
      defaultColor: 'light-dark()',
    },
  },
  vite: {
    worker: { format: 'es' },
    build: {
      rolldownOptions: {
        // Astro marks every MDX file with a directive that the bundler warns about.
        onLog(level, log, report) {
          if (log.code === 'MODULE_LEVEL_DIRECTIVE' && /use astro:/.test(log.message)) return
          report(level, log)
        },
      },
    },
  },
})
