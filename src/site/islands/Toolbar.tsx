import type { Locale } from '../strings/strings.ts'
import { labOf } from '../terminal/labClient.ts'
import { useLab, useStrings } from './useLab.ts'

const factors = [1, 10]

/** Time, undo and a fresh start. */
export default function Toolbar({ lesson, locale }: { lesson: string; locale: Locale }) {
  const words = useStrings(locale)
  const latest = useLab(lesson)
  if (!words) return <div className="toolbar" aria-busy="true" />
  const lab = labOf(lesson)
  const factor = latest.time?.factor ?? 1
  const isReady = latest.phase?.phase === 'ready'
  return (
    <div className="toolbar" role="toolbar" aria-label={words.timeSpeed}>
      <button
        type="button"
        aria-pressed={factor === 0}
        onClick={() => lab.send({ type: 'speed', factor: factor === 0 ? 1 : 0 })}
      >
        {factor === 0 ? words.resume : words.pause}
      </button>
      {factors.map(value => (
        <button
          key={value}
          type="button"
          aria-pressed={factor === value}
          onClick={() => lab.send({ type: 'speed', factor: value })}
        >
          ×{value}
        </button>
      ))}
      <button type="button" aria-busy={latest.time?.waitsForQuiet ?? false} onClick={() => lab.send({ type: 'quiet' })}>
        {latest.time?.waitsForQuiet ? words.working : words.untilQuiet}
      </button>
      <span className="clock" aria-hidden="true">
        {clockText(latest.time?.now ?? 0)}
      </span>
      <button
        type="button"
        aria-label={words.undoLabel}
        disabled={!isReady || !latest.time?.canUndo}
        onClick={() => lab.send({ type: 'undo' })}
      >
        {words.undo}
      </button>
      <button
        type="button"
        disabled={!isReady}
        onClick={() => {
          if (confirm(words.resetConfirm)) lab.send({ type: 'reset' })
        }}
      >
        {words.reset}
      </button>
      {latest.storage && !latest.storage.works && (
        <p className="notice" role="status">
          {words.storageFailed}
        </p>
      )}
    </div>
  )
}

/** Simulated time since the lab began, as m:ss. */
function clockText(now: number): string {
  const seconds = Math.floor(now / 1000)
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}`
}
