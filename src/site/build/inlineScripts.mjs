// Astro integration: after the build, tells the heads of lessons which scripts the first prompt needs, and lets each
// page's content security policy permit the scripts that are written out in it: Astro permits its own alone.
import { createHash } from 'node:crypto'
import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const script = /<script>([\s\S]+?)<\/script>/g

export function inlineScripts() {
  return {
    name: 'kubehop-inline-scripts',
    hooks: {
      'astro:build:done': ({ dir }) => {
        const out = fileURLToPath(dir)
        const files = readdirSync(out, { recursive: true }).map(file => file.replaceAll('\\', '/'))
        const [worker, ...screen] = [/^worker-/, /^xterm\./, /^addon-fit\./].map(name => chunk(files, name))
        const preloads = screen.map(url => `<link rel="modulepreload" href="${url}">`).join('')
        for (const file of files.filter(file => file.endsWith('.html'))) {
          const path = join(out, file)
          const page = readFileSync(path, 'utf8')
          const isLesson = page.includes('WORKER_URL')
          const known = isLesson ? page.replaceAll('WORKER_URL', worker).replace('<link', `${preloads}<link`) : page
          writeFileSync(path, permitted(known, file))
        }
      },
    },
  }
}

/** The address of the one script of the build whose name begins so. */
function chunk(files, name) {
  const found = files.find(file => file.endsWith('.js') && file.startsWith('_astro/') && name.test(file.slice(7)))
  if (!found) throw new Error(`inlineScripts.mjs: the build has no script ${name}`)
  return `/${found}`
}

/** The page with the digests of all its inline scripts in its policy. */
function permitted(page, file) {
  const digests = [...page.matchAll(script)]
    .map(([, text]) => `'sha256-${createHash('sha256').update(text).digest('base64')}'`)
    .filter(digest => !page.includes(digest))
  const begin = "script-src 'self'"
  if (!page.includes(begin)) throw new Error(`inlineScripts.mjs: ${file} has no policy for scripts`)
  return page.replace(begin, [begin, ...digests].join(' '))
}
