import { textOf } from '../../machine/bytes.ts'
import { collect, HttpError, HttpHeaders } from '../../machine/http.ts'
import { requestHttp } from '../../machine/httpClient.ts'
import type { Process } from '../../machine/program.ts'
import { ResolveError, resolveHost } from '../../machine/resolver.ts'
import { PatienceOver } from '../../machine/socketFailure.ts'
import { parseIpv4 } from '../../network/address.ts'
import { SocketError } from '../../network/socketError.ts'
import { missing, page, serveKestrel } from './dotnet/server.ts'
import { anyOf, type Image } from './image.ts'
import { layAlpine } from './layers/alpine.ts'

/** A page with a button that asks another server for a random number. */
export const kiamolNumbersWeb: Image = {
  repository: 'docker.io/kiamol/ch03-numbers-web',
  hasTag: anyOf('latest', 'v2'),
  size: () => 47_100_000,
  settings: () => ({
    entrypoint: ['dotnet', '/app/Numbers.Web.dll'],
    environment: {
      ASPNETCORE_URLS: 'http://+:80',
      DOTNET_RUNNING_IN_CONTAINER: 'true',
      RngApi__Url: 'http://numbers-api/sixeyed/kiamol/master/ch03/numbers/rng',
    },
    workingDirectory: '/app',
    ports: ['80/tcp'],
  }),
  build(files, tag, programs) {
    layAlpine(files, programs, '3.12.0')
    files.mkdir('/app/wwwroot/css', { parents: true })
    files.writeText('/app/Numbers.Web.dll', '')
    files.writeText('/app/wwwroot/css/site.css', tag === 'v2' ? "body { font-family: 'Comic Sans MS'; }\n" : '')
    files.install('/usr/bin/dotnet', { name: 'dotnet', summary: 'run a .NET program', run })
  },
}

function run(process: Process): Promise<number> {
  const api = process.env.get('RngApi__Url') ?? ''
  return serveKestrel(process, async ({ method, path }) => {
    if (path === '/css/site.css')
      return { status: 200, type: 'text/css', body: process.files.readText('/app/wwwroot/css/site.css') }
    if (path !== '/' && path.toLowerCase() !== '/index') return missing
    if (method === 'GET' || method === 'HEAD')
      return show(
        '    <form method="post">\n        <p>Get a random number</p>\n        <input type="submit" value="Go!"/>\n    </form>',
      )
    // Simplified: the real page takes only forms that it has handed out itself.
    const number = await ask(process, api)
    const result = number === undefined ? 'RNG service unavailable!' : `Here it is: ${number}`
    return show(`    <p>${result}</p>\n    <p>(Using API at: ${api})</p>`)
  })
}

function show(content: string) {
  return page(`<!DOCTYPE html>
<html lang="en">
<head>
    <meta charset="utf-8" />
    <title>KIAMOL - Numbers.Web</title>
    <link rel="stylesheet" href="/css/site.css" />
</head>
<body>
    <h1>KIAMOL Random Number Generator</h1>
${content}
</body>
</html>
`)
}

/** The number that the API gives; undefined when none comes. */
async function ask(process: Process, api: string): Promise<number | undefined> {
  const [, host, port = '80', target] = /^http:\/\/([^/:]+)(?::(\d+))?(\/.*)?$/.exec(api) ?? []
  if (host === undefined) return undefined
  try {
    const address = parseIpv4(host) ?? (await resolveHost(process, host, 4)).addresses[0]!
    const headers = new HttpHeaders([
      ['Host', port === '80' ? host : `${host}:${port}`],
      ['User-Agent', 'RestSharp/106.11.4.0'],
      ['Connection', 'close'],
    ])
    const { head, body, close } = await requestHttp(process, {
      address,
      port: Number(port),
      method: 'GET',
      target: target ?? '/',
      headers,
      timeout: 100_000,
    })
    const text = textOf(await collect(body))
    close()
    return head.status === 200 && /^\s*\d+\s*$/.test(text) ? Number(text) : undefined
  } catch (error) {
    if (
      error instanceof SocketError ||
      error instanceof ResolveError ||
      error instanceof PatienceOver ||
      error instanceof HttpError
    )
      return undefined
    throw error
  }
}
