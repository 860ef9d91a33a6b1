import { useEffect, useState } from 'react'
import type { PacketPath, PacketStop } from '#simulator/packetPath.ts'
import type { Strings } from '../strings/en.ts'

/** The last request, stop by stop: where, what the packet looks like, what changed, which rule or route decided. */
export function PacketPane({ path, words }: { path: PacketPath | null | undefined; words: Strings }) {
  const [step, setStep] = useState(0)
  useEffect(() => setStep(0), [path?.id])
  if (!path) return <p className="waiting">{words.packetEmpty}</p>
  const last = path.stops.length - 1
  return (
    <section className="packet-pane" aria-label={words.packetTitle}>
      <p className="request">
        <code>
          {path.protocol} {path.from} → {path.to}
        </code>{' '}
        <strong className={path.verdict}>{words.packetVerdict[path.verdict]}</strong>
      </p>
      <p className="steps">
        <button type="button" disabled={step === 0} onClick={() => setStep(step - 1)}>
          {words.packetBack}
        </button>
        <span role="status">{words.packetStep(step + 1, last + 1)}</span>
        <button type="button" disabled={step >= last} onClick={() => setStep(step + 1)}>
          {words.packetForward}
        </button>
        <button type="button" onClick={() => void navigator.clipboard?.writeText(asText(path, words))}>
          {words.packetCopy}
        </button>
      </p>
      <ol>
        {path.stops.map((stop, index) => (
          <li key={`${path.id}-${index + 1}`} aria-current={index === step ? 'step' : undefined}>
            <Stop stop={stop} words={words} />
          </li>
        ))}
      </ol>
    </section>
  )
}

function Stop({ stop, words }: { stop: PacketStop; words: Strings }) {
  const isChanged = stop.after !== '' && stop.before !== stop.after
  return (
    <>
      <strong>{stop.place.name}</strong> <code>{stop.interface}</code> {words.stopKind[stop.kind]}
      <br />
      {isChanged && (
        <>
          <span className="label">{words.packetBefore}</span> <code>{stop.before}</code>
          <br />
          <span className="label">{words.packetAfter}</span>{' '}
        </>
      )}
      <code>{isChanged ? stop.after : stop.before}</code>
      {stop.by && (
        <>
          <br />
          <span className="label">{words.packetDecided}</span> <code className="by">{stop.by}</code>
        </>
      )}
    </>
  )
}

function asText(path: PacketPath, words: Strings): string {
  const stops = path.stops.map((stop, index) => {
    const facts = [stop.before, stop.after === stop.before ? '' : stop.after].filter(Boolean).join(' → ')
    return `${index + 1}. ${stop.place.name} ${stop.interface} ${words.stopKind[stop.kind]}: ${facts}${stop.by ? `\n   ${stop.by}` : ''}`
  })
  return [`${path.protocol} ${path.from} → ${path.to}: ${words.packetVerdict[path.verdict]}`, ...stops].join('\n')
}
