import type { Process } from '../../machine/program.ts'
import { goTime, serveUntilAsked } from './go/server.ts'
import type { Image } from './image.ts'
import { layRoot } from './layers/root.ts'

/** Answers every request with the text of its command line. */
export const httpEcho: Image = {
  repository: 'docker.io/hashicorp/http-echo',
  hasTag: tag => /^(latest|0\.2\.3|1(\.0(\.0)?)?|alpine)$/.test(tag),
  size: () => 3_300_000,
  settings: () => ({ entrypoint: ['/http-echo'], user: '65532', ports: ['5678/tcp'] }),
  build(files) {
    layRoot(files, [], '/dev /etc /proc /sys')
    files.install('/http-echo', { name: 'http-echo', summary: 'echo a text over HTTP', run })
  },
}

async function run(process: Process): Promise<number> {
  const words = process.argv.slice(1)
  const value = (name: string): string | undefined => {
    const at = words.findIndex(word => new RegExp(`^--?${name}(=|$)`).test(word))
    if (at < 0) return undefined
    return words[at]!.includes('=') ? words[at]!.slice(words[at]!.indexOf('=') + 1) : words[at + 1]
  }
  const text = value('text') ?? process.env.get('ECHO_TEXT')
  if (text === undefined) {
    await process.stderr.write('Missing -text option!\n')
    return 127
  }
  const listen = value('listen') ?? ':5678'
  const status = Number(value('status-code') ?? 200)
  await process.write(`${goTime(process)} [INFO] server is listening on ${listen}\n`)
  return serveUntilAsked(process, listen, () => ({
    status,
    headers: { 'X-App-Name': 'http-echo', 'X-App-Version': '1.0.0', 'Content-Type': 'text/plain; charset=utf-8' },
    body: `${text}\n`,
  }))
}
