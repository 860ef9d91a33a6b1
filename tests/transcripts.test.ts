import { readdirSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path/posix'
import { describe, expect, test } from 'vitest'
import { compareTranscripts } from '../src/cli/canonical.ts'
import { readFolder } from '../src/cli/content.ts'
import { labOfTranscript, playFresh, recordedSeed } from '../src/cli/play.ts'
import { formatTranscript, parseTranscript } from '../src/cli/transcript.ts'

const root = 'tests/transcripts'

/** How many commands of each recording are answered as on the real cluster: it may only grow. */
const reached = JSON.parse(readFileSync(`${root}/reached.json`, 'utf8')) as Record<string, number>

const recordings = readdirSync(root, { recursive: true, encoding: 'utf8' })
  .map(path => path.replaceAll('\\', '/'))
  .filter(path => path.endsWith('.txt') && !/(^|\/)files[^/]*\//.test(path))
  .sort()

describe('recordings of a real cluster', () => {
  test.each(recordings)('%s', async name => {
    const file = join(root, name)
    const recorded = parseTranscript(readFileSync(file, 'utf8'))
    const files = recorded.files ? readFolder(join(dirname(file), recorded.files)) : {}
    const { played } = await playFresh(recorded, labOfTranscript(recorded, files), recordedSeed)
    const results = compareTranscripts(recorded, played)
    const different = results.filter(result => !result.isEqual)
    const report = different.map(({ line, run, expected, actual }) => ({ line, run, expected, actual }))
    const passed = results.length - different.length
    expect(reached[name], `${name} is not listed in reached.json; it passes ${passed}`).toBeDefined()
    expect(passed, JSON.stringify(report, null, 1)).toBeGreaterThanOrEqual(reached[name]!)
    expect(passed, `${name} passes more than reached.json says: raise it`).toBe(reached[name])
  })

  test.each(recordings)('%s reads the same when it is written back', name => {
    const recorded = parseTranscript(readFileSync(join(root, name), 'utf8'))
    expect(withoutLines(parseTranscript(formatTranscript(recorded)))).toEqual(withoutLines(recorded))
  })
})

/** Empty lines at the end of an output are not written back, which moves what follows. */
function withoutLines(transcript: unknown): unknown {
  return JSON.parse(JSON.stringify(transcript, (key, value) => (key === 'line' ? undefined : value)))
}
