import { readdirSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path/posix'
import { describe, expect, test } from 'vitest'
import { compareTranscripts } from '../src/cli/canonical.ts'
import { readFolder } from '../src/cli/content.ts'
import { labOfTranscript, playFresh, recordedSeed } from '../src/cli/play.ts'
import { formatTranscript, parseTranscript } from '../src/cli/transcript.ts'

const root = 'tests/transcripts'

/** Every command that is not answered as on the real cluster, and why. */
const differences = JSON.parse(readFileSync(`${root}/differences.json`, 'utf8')) as {
  readonly recording: string
  readonly command: string
  readonly reason: string
}[]

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
    const known = differences.filter(({ recording }) => recording === name)
    expect(
      different.map(({ run }) => run),
      JSON.stringify(report, null, 1),
    ).toEqual(known.map(({ command }) => command))
  })

  test.each(recordings)('%s reads the same when it is written back', name => {
    const recorded = parseTranscript(readFileSync(join(root, name), 'utf8'))
    expect(withoutLines(parseTranscript(formatTranscript(recorded)))).toEqual(withoutLines(recorded))
  })
})

test('every difference is of a recording and has a reason', () => {
  for (const { recording, reason } of differences) {
    expect(recordings).toContain(recording)
    expect(reason).toMatch(/\.$/)
  }
})

/** Empty lines at the end of an output are not written back, which moves what follows. */
function withoutLines(transcript: unknown): unknown {
  return JSON.parse(JSON.stringify(transcript, (key, value) => (key === 'line' ? undefined : value)))
}
