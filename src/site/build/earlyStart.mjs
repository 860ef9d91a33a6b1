// Astro integration: after the build, tells the heads of lessons which scripts the first prompt needs, so that they are
// on their way while the page is still being read.
import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

export function earlyStart() {
  return {
    name: 'kubehop-early-start',
    hooks: {
      'astro:build:done': ({ dir }) => {
        const out = fileURLToPath(dir)
        const files = readdirSync(out, { recursive: true }).map(file => file.replaceAll('\\', '/'))
        const [worker, ...screen] = [/^worker-/, /^xterm\./, /^addon-fit\./].map(name => chunk(files, name))
        const preloads = screen.map(url => `<link rel="modulepreload" href="${url}">`).join('')
        for (const file of files.filter(file => file.endsWith('.html'))) {
          const path = join(out, file)
          const page = readFileSync(path, 'utf8')
          if (page.includes('WORKER_URL'))
            writeFileSync(path, page.replaceAll('WORKER_URL', worker).replace('<link', `${preloads}<link`))
        }
      },
    },
  }
}

/** The address of the one script of the build whose name begins so. */
function chunk(files, name) {
  const found = files.find(file => file.endsWith('.js') && file.startsWith('_astro/') && name.test(file.slice(7)))
  if (!found) throw new Error(`earlyStart.mjs: the build has no script ${name}`)
  return `/${found}`
}
