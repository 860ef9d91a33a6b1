import { useEffect, useId, useState } from 'react'
import type { Locale } from '../strings/strings.ts'
import { labOf } from '../terminal/labClient.ts'
import { FilesPane } from './FilesPane.tsx'
import { NetworkPane } from './NetworkPane.tsx'
import { PacketPane } from './PacketPane.tsx'
import { useLab, useStrings } from './useLab.ts'

const tabs = ['network', 'packet', 'files'] as const
type Tab = (typeof tabs)[number]

/** What stands above the terminal: the picture of the network, the last packet, the files. */
export default function LabViews({ lesson, locale }: { lesson: string; locale: Locale }) {
  const words = useStrings(locale)
  const latest = useLab(lesson)
  const [tab, setTab] = useState<Tab>('network')
  const id = useId()
  useTypedCommands(lesson)

  if (!words) return <div className="views" aria-busy="true" />
  const titles = { network: words.networkTab, packet: words.packetTab, files: words.filesTab }
  return (
    <div className="views" data-phase={latest.phase?.phase ?? 'loading'}>
      <div role="tablist" aria-label={words.lab} className="tabs">
        {tabs.map((name, index) => (
          <button
            key={name}
            type="button"
            role="tab"
            id={`${id}-${name}`}
            aria-selected={tab === name}
            aria-controls={`${id}-panel`}
            tabIndex={tab === name ? 0 : -1}
            onClick={() => setTab(name)}
            onKeyDown={event => {
              const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key]
              if (!step) return
              const next = tabs[(index + step + tabs.length) % tabs.length] ?? 'network'
              setTab(next)
              document.getElementById(`${id}-${next}`)?.focus()
            }}
          >
            {titles[name]}
          </button>
        ))}
      </div>
      <div role="tabpanel" id={`${id}-panel`} aria-labelledby={`${id}-${tab}`} className="panel" tabIndex={0}>
        {tab === 'network' && (
          <NetworkPane topology={latest.topology?.topology} path={latest.path?.path} words={words} />
        )}
        {tab === 'packet' && <PacketPane path={latest.path?.path} words={words} />}
        {tab === 'files' && <FilesPane lesson={lesson} files={latest.files?.files ?? []} words={words} />}
      </div>
      {latest.bug && <BugReport report={latest.bug.report} words={words} />}
    </div>
  )
}

/** A click on a command in the text types it; in a worked example it runs it too. */
function useTypedCommands(lesson: string): void {
  useEffect(() => {
    const type = (event: MouseEvent) => {
      const button = (event.target as Element | null)?.closest<HTMLElement>('button[data-command]')
      if (!button) return
      const text = button.dataset['command'] ?? ''
      labOf(lesson).send({ type: 'input', text: button.dataset['runs'] ? `${text}\r` : text })
      document.dispatchEvent(new CustomEvent('kubehop:focus-terminal'))
    }
    document.addEventListener('click', type)
    return () => document.removeEventListener('click', type)
  }, [lesson])
}

function BugReport({ report, words }: { report: string; words: NonNullable<ReturnType<typeof useStrings>> }) {
  return (
    <section className="bug" role="alert">
      <h2>{words.bugTitle}</h2>
      <p>{words.bugText}</p>
      <pre>{report}</pre>
      <button type="button" onClick={() => void navigator.clipboard?.writeText(report)}>
        {words.bugCopy}
      </button>
    </section>
  )
}
