// Astro integration: after the build, writes a service worker that knows every file, so that the course works offline.
import { createHash } from 'node:crypto'
import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

/** Files that no page needs to start: fetched and kept when first asked for. */
const onDemand = /\.woff2$/

export function offline() {
  return {
    name: 'kubehop-offline',
    hooks: {
      'astro:build:done': ({ dir }) => {
        const out = fileURLToPath(dir)
        const files = readdirSync(out, { recursive: true, withFileTypes: true })
          .filter(entry => entry.isFile())
          .map(entry => join(entry.parentPath, entry.name).slice(out.length).replaceAll('\\', '/'))
          .filter(file => !onDemand.test(file) && file !== 'worker.js')
          .sort()
        const digest = createHash('sha256')
        for (const file of files) digest.update(file).update(readFileSync(join(out, file)))
        const urls = files.map(file => `/${file.replace(/(^|\/)index\.html$/, '$1')}`)
        const source = readFileSync(new URL('./serviceWorker.js', import.meta.url), 'utf8')
          .replace("'BUILD_VERSION'", JSON.stringify(digest.digest('hex').slice(0, 12)))
          .replace("['BUILD_URLS']", JSON.stringify(urls))
        writeFileSync(join(out, 'worker.js'), source)
      },
    },
  }
}
