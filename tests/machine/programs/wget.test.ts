import { expect, test } from 'vitest'
import type { HttpHandler } from '#simulator/machine/httpServer.ts'
import { wget } from '#simulator/machine/programs/wget.ts'
import { namedLab, webServer } from './netLab.ts'

const handler: HttpHandler = request =>
  request.target === '/none'
    ? { status: 404, body: 'none\n' }
    : request.target === '/old'
      ? { status: 301, headers: { Location: '/' } }
      : { status: 200, headers: { 'Content-Type': 'text/html' }, body: '<p>hello</p>\n' }

async function webLab() {
  const world = await namedLab()
  world.lab.start(world.two, webServer(handler))
  await world.lab.advance(5)
  return world
}

test('GNU wget reports and saves', async () => {
  const { lab, one } = await webLab()
  const run = await lab.run(one, wget, 'web')
  expect(run.stderr.replace(/\d+\.\d(M| MB)/g, 'N$1')).toBe(`--2026-03-02 09:00:00--  http://web/
Resolving web (web)... 10.0.0.2
Connecting to web (web)|10.0.0.2|:80... connected.
HTTP request sent, awaiting response... 200 OK
Length: 13 [text/html]
Saving to: ‘index.html’

     0K                                                   100% NM=0s

2026-03-02 09:00:00 (N MB/s) - ‘index.html’ saved [13/13]

`)
  expect(one.files.readText('/index.html')).toBe('<p>hello</p>\n')
  await lab.run(one, wget, '-q', 'web')
  expect(one.files.exists('/index.html.1')).toBe(true)
})

test.each([
  [['-qO-', 'web/old'], '<p>hello</p>\n'],
  [['-q', 'nope'], '? 4\n'],
  [['-nv', 'nope'], '! wget: unable to resolve host address ‘nope’\n? 4\n'],
  [
    ['web:81'],
    '! --2026-03-02 09:00:00--  http://web:81/\n! Resolving web (web)... 10.0.0.2\n! Connecting to web (web)|10.0.0.2|:81... failed: Connection refused.\n? 4\n',
  ],
  [
    ['10.0.0.2/none'],
    '! --2026-03-02 09:00:00--  http://10.0.0.2/none\n! Connecting to 10.0.0.2:80... connected.\n! HTTP request sent, awaiting response... 404 Not Found\n! 2026-03-02 09:00:00 ERROR 404: Not Found.\n! \n? 8\n',
  ],
  [
    ['-T', '1', '-t', '2', '10.0.0.9'],
    '! --2026-03-02 09:00:00--  http://10.0.0.9/\n! Connecting to 10.0.0.9:80... failed: Connection timed out.\n! Retrying.\n! \n! --2026-03-02 09:00:02--  (try: 2)  http://10.0.0.9/\n! Connecting to 10.0.0.9:80... failed: Connection timed out.\n! Giving up.\n! \n? 4\n',
  ],
])('GNU wget %j', async (words, transcript) => {
  const { lab, one } = await webLab()
  expect((await lab.run(one, wget, ...words)).transcript).toBe(transcript)
})

test.each([
  [['-qO-', '-T', '2', 'web'], '<p>hello</p>\n'],
  [
    ['-O-', 'web'],
    `<p>hello</p>\n! Connecting to web (10.0.0.2:80)\n! writing to stdout\n! -                    100% |${'*'.repeat(32)}|    13  0:00:00 ETA\n! written to stdout\n`,
  ],
  [['web/none'], '! Connecting to web (10.0.0.2:80)\n! wget: server returned error: HTTP/1.1 404 Not Found\n? 1\n'],
  [
    ['web:81'],
    "! Connecting to web (10.0.0.2:81)\n! wget: can't connect to remote host (10.0.0.2): Connection refused\n? 1\n",
  ],
  [['-q', '-T', '1', '10.0.0.9'], '! wget: download timed out\n? 1\n'],
  [['--spider', '--timeout=1', 'web'], '! Connecting to web (10.0.0.2:80)\n! remote file exists\n'],
  [['nope'], "! wget: bad address 'nope'\n? 1\n"],
])('BusyBox wget %j', async (words, transcript) => {
  const { lab, busybox } = await webLab()
  expect((await lab.run(busybox, wget, ...words)).transcript).toBe(transcript)
})
