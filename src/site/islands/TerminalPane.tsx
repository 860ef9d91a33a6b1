import '@xterm/xterm/css/xterm.css'
import type { Terminal } from '@xterm/xterm'
import { useEffect, useRef, useState } from 'react'
import type { Strings } from '../strings/en.ts'
import { bridgeHangulInput } from '../terminal/hangulInput.ts'
import { labOf } from '../terminal/labClient.ts'

/** Keys that a phone's keyboard lacks. */
const keys: readonly (readonly [label: string, text: string])[] = [
  ['Tab', '\t'],
  ['Ctrl-C', '\x03'],
  ['↑', '\x1b[A'],
  ['↓', '\x1b[B'],
  ['|', '|'],
  ['-', '-'],
  ['/', '/'],
  ['$', '$'],
]

/** The screen and keyboard of the workstation. */
export function TerminalPane({ lesson, words }: { lesson: string; words: Strings }) {
  const host = useRef<HTMLDivElement>(null)
  const [isTouch, setTouch] = useState(false)

  useEffect(() => setTouch(matchMedia('(pointer: coarse)').matches), [])
  useEffect(() => {
    const element = host.current
    if (!element) return
    const stop = new AbortController()
    void openScreen(element, lesson, words.terminalLabel, stop.signal)
    return () => stop.abort()
  }, [lesson, words])

  return (
    <section className="terminal" aria-label={words.terminal}>
      <div className="screen" ref={host} />
      {isTouch && <TouchLine lesson={lesson} words={words} />}
    </section>
  )
}

/** A line to type in for touch screens, with the keys that their keyboards lack. */
function TouchLine({ lesson, words }: { lesson: string; words: Strings }) {
  const [text, setText] = useState('')
  const send = (typed: string) => labOf(lesson).send({ type: 'input', text: typed })
  return (
    <form
      className="touch-line"
      onSubmit={event => {
        event.preventDefault()
        send(`${text}\r`)
        setText('')
      }}
    >
      <input
        aria-label={words.terminalLine}
        value={text}
        onChange={event => setText(event.target.value)}
        autoCapitalize="off"
        autoComplete="off"
        autoCorrect="off"
        spellCheck={false}
        enterKeyHint="send"
      />
      <button type="submit">{words.terminalSend}</button>
      <fieldset aria-label={words.keys}>
        {keys.map(([label, typed]) => (
          <button
            key={label}
            type="button"
            onClick={() => (typed.length === 1 && typed > ' ' ? setText(text + typed) : send(typed))}
          >
            {label}
          </button>
        ))}
      </fieldset>
    </form>
  )
}

async function openScreen(host: HTMLElement, lesson: string, label: string, stop: AbortSignal): Promise<void> {
  const lab = labOf(lesson)
  const [{ Terminal: Xterm }, { FitAddon }, { Unicode11Addon }, { WebLinksAddon }] = await Promise.all([
    import('@xterm/xterm'),
    import('@xterm/addon-fit'),
    import('@xterm/addon-unicode11'),
    import('@xterm/addon-web-links'),
  ])
  if (stop.aborted) return
  const style = getComputedStyle(document.documentElement)
  const screen = new Xterm({
    allowProposedApi: true,
    cursorBlink: !matchMedia('(prefers-reduced-motion: reduce)').matches,
    fontFamily: style.getPropertyValue('--mono'),
    fontSize: 14,
    screenReaderMode: true,
    scrollback: 5000,
    theme: { background: '#10151f', foreground: '#e8ecf3', cursor: '#9cc7ff', selectionBackground: '#35507a' },
  })
  const fit = new FitAddon()
  screen.loadAddon(fit)
  screen.loadAddon(new Unicode11Addon())
  screen.loadAddon(new WebLinksAddon())
  screen.unicode.activeVersion = '11'
  screen.open(host)
  screen.textarea?.setAttribute('aria-label', label)
  if (screen.textarea) bridgeHangulInput(screen.textarea, text => lab.send({ type: 'input', text }))
  const resize = () => {
    fit.fit()
    lab.resize(screen.cols, screen.rows)
  }
  resize()
  const observer = new ResizeObserver(resize)
  observer.observe(host)
  screen.onData(text => lab.send({ type: 'input', text }))
  leaveWithEscape(screen)
  const detach = lab.attach((text, fresh) => {
    if (fresh) screen.reset()
    screen.write(text, () => {
      host.dataset['ready'] = 'true'
    })
  })
  const focus = () => screen.focus()
  document.addEventListener('kubehop:focus-terminal', focus)
  exposeText(host, screen)
  stop.addEventListener('abort', () => {
    document.removeEventListener('kubehop:focus-terminal', focus)
    observer.disconnect()
    detach()
    screen.dispose()
  })
}

/** Tab belongs to the shell: Escape and then Tab leaves the terminal, so that nobody is locked in. */
function leaveWithEscape(screen: Terminal): void {
  let isLeaving = false
  screen.attachCustomKeyEventHandler(event => {
    if (event.type !== 'keydown') return true
    const leaves = isLeaving && event.key === 'Tab'
    isLeaving = event.key === 'Escape' || (isLeaving && event.key === 'Shift')
    return !leaves
  })
}

/** The text of the screen for tests and for the report of a bug, as a property of the element. */
function exposeText(host: HTMLElement, screen: Terminal): void {
  Object.defineProperty(host, 'screenText', {
    configurable: true,
    get() {
      const { active } = screen.buffer
      let text = ''
      for (let row = 0; row < active.length; row++) {
        const line = active.getLine(row)
        if (line) text += `${line.isWrapped || row === 0 ? '' : '\n'}${line.translateToString(true)}`
      }
      return text
    },
  })
}
