import { useEffect, useId, useState } from 'react'
import type { LabChoices } from '#simulator/labChoices.ts'
import { linkOf, settingsOfLink } from '../playground/settingsLink.ts'
import {
  formValues,
  refusalOf,
  withAddon,
  withBackend,
  withFault,
  withNodes,
  withPlugin,
  withProxy,
} from '../playground/settingsText.ts'
import type { Locale } from '../strings/strings.ts'
import { labOf } from '../terminal/labClient.ts'
import { readSettings, writeSettings } from '../terminal/storage.ts'
import { useStrings } from './useLab.ts'
import './labSettings.css'

/** The settings of the playground's lab: a form and the lab.yaml behind it, each changing the other. */
export default function LabSettings({
  lesson,
  locale,
  choices,
  usual,
}: {
  lesson: string
  locale: Locale
  choices: LabChoices
  /** The lab.yaml that the playground begins with. */
  usual: string
}) {
  const words = useStrings(locale)
  const [text, setText] = useState(usual)
  const [notice, setNotice] = useState('')
  const textId = useId()
  useEffect(() => {
    const carried = settingsOfLink(location.hash)
    if (carried !== undefined) setText(carried)
    else void readSettings(lesson).then(kept => kept !== undefined && setText(kept))
  }, [lesson])
  if (!words) return <p role="status">…</p>
  const values = formValues(text)
  const backends = choices.plugins.find(({ name }) => name === values.plugin)?.backends ?? []
  const refusal = refusalOf(text, choices)
  const change = (changed: string) => {
    setText(changed)
    setNotice('')
  }
  const begin = async () => {
    if (!confirm(words.playgroundConfirm)) return
    await writeSettings({ lesson, text })
    labOf(lesson).send({ type: 'reset' })
    setNotice(words.playgroundBegun)
  }
  const [least, most] = choices.nodes
  return (
    <form
      className="lab-settings"
      onSubmit={event => {
        event.preventDefault()
        void begin()
      }}
    >
      <Select
        label={words.playgroundPlugin}
        value={values.plugin}
        options={choices.plugins.map(({ name }) => name)}
        onChange={plugin => change(withPlugin(text, plugin))}
      />
      {backends.length > 0 && (
        <Select
          label={words.playgroundBackend}
          value={values.backend}
          options={backends}
          onChange={backend => change(withBackend(text, backend))}
        />
      )}
      <Select
        label={words.playgroundProxy}
        value={values.proxy}
        options={choices.proxies}
        onChange={proxy => change(withProxy(text, proxy))}
      />
      <Select
        label={words.playgroundNodes}
        value={values.nodes}
        options={Array.from({ length: most - least + 1 }, (_, index) => String(least + index))}
        onChange={nodes => change(withNodes(text, Number(nodes)))}
      />
      <fieldset>
        <legend>{words.playgroundAddons}</legend>
        {choices.addons.map(addon => (
          <label key={addon}>
            <input
              type="checkbox"
              checked={values.addons.includes(addon)}
              onChange={event => change(withAddon(text, addon, event.target.checked))}
            />{' '}
            {addon}
          </label>
        ))}
      </fieldset>
      <Select
        label={words.playgroundFault}
        value=""
        options={choices.faults.map(({ name }) => name)}
        texts={words.faultNames}
        onChange={name => {
          const fault = choices.faults.find(each => each.name === name)
          if (fault) change(withFault(text, fault))
        }}
      />
      <label htmlFor={textId}>lab.yaml</label>
      <textarea
        id={textId}
        rows={10}
        spellCheck={false}
        value={text}
        aria-invalid={refusal !== undefined}
        onChange={event => change(event.target.value)}
      />
      <p role="status">{refusal ?? notice}</p>
      <div className="row">
        <button type="submit" className="control primary" disabled={refusal !== undefined}>
          {words.playgroundBegin}
        </button>
        <button
          type="button"
          className="control"
          onClick={() => {
            const url = new URL(linkOf(text), location.href).href
            void navigator.clipboard.writeText(url).then(
              () => setNotice(words.playgroundCopied),
              () => setNotice(url),
            )
          }}
        >
          {words.playgroundCopy}
        </button>
      </div>
    </form>
  )
}

function Select({
  label,
  value,
  options,
  texts,
  onChange,
}: {
  label: string
  value: string
  options: readonly string[]
  texts?: Readonly<Record<string, string>>
  onChange: (value: string) => void
}) {
  return (
    <label className="choice">
      {label}{' '}
      <select className="control" value={value} onChange={event => onChange(event.target.value)}>
        {!options.includes(value) && <option value={value}>{value === '' ? '—' : value}</option>}
        {options.map(option => (
          <option key={option} value={option}>
            {texts?.[option] ?? option}
          </option>
        ))}
      </select>
    </label>
  )
}
