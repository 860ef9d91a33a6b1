import '@xterm/xterm/css/xterm.css'
import type { Terminal } from '@xterm/xterm'
import { bridgeHangulInput } from './hangulInput.ts'
import { bridgeKeylessInput } from './keylessInput.ts'
import { labOf } from './labClient.ts'

/** Opens the screen and keyboard of a lesson's workstation in an element. */
export async function openScreen(host: HTMLElement, lesson: string, label: string): Promise<void> {
  const lab = labOf(lesson)
  // The addons of xterm 6 have no other form than CommonJS, which only a dynamic import resolves.
  const [{ Terminal: Xterm }, { FitAddon }] = await Promise.all([import('@xterm/xterm'), import('@xterm/addon-fit')])
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
  screen.open(host)
  screen.textarea?.setAttribute('aria-label', label)
  if (screen.textarea) {
    const send = (text: string) => lab.send({ type: 'input', text })
    bridgeHangulInput(screen.textarea, send)
    bridgeKeylessInput(screen.textarea, send)
  }
  const resize = () => {
    fit.fit()
    lab.resize(screen.cols, screen.rows)
  }
  resize()
  const observer = new ResizeObserver(resize)
  observer.observe(host)
  screen.onData(text => lab.send({ type: 'input', text }))
  leaveWithEscape(screen, text => lab.send({ type: 'input', text }))
  let isShown = false
  lab.attach((text, fresh) => {
    if (fresh) screen.reset()
    if (text === '') return
    screen.write(text, () => {
      host.dataset['ready'] = 'true'
      document.documentElement.dataset['prompt'] = 'true'
      document.dispatchEvent(new CustomEvent('kubehop:prompt'))
      if (isShown) return
      isShown = true
      lab.send({ type: 'shown' })
      void addLater(screen)
    })
  })
  document.addEventListener('kubehop:focus-terminal', () => screen.focus())
  exposeText(host, screen)
}

/** What the first prompt can do without: wide characters by a newer standard, links that can be followed. */
async function addLater(screen: Terminal): Promise<void> {
  const [{ Unicode11Addon }, { WebLinksAddon }] = await Promise.all([
    import('@xterm/addon-unicode11'),
    import('@xterm/addon-web-links'),
  ])
  screen.loadAddon(new Unicode11Addon())
  screen.loadAddon(new WebLinksAddon())
  screen.unicode.activeVersion = '11'
}

/**
 * Tab belongs to the shell: Escape and then Tab leaves the terminal, so that nobody is locked in. A shell would take the
 * next key for one with Alt, so that there Escape waits for the key after it; an editor gets it at once.
 */
function leaveWithEscape(screen: Terminal, send: (text: string) => void): void {
  let isLeaving = false
  let isHeld = false
  screen.attachCustomKeyEventHandler(event => {
    if (event.type !== 'keydown') return true
    if (event.key === 'Shift' && isLeaving) return true
    const leaves = isLeaving && event.key === 'Tab'
    if (isHeld && !leaves) send('\x1b')
    isLeaving = event.key === 'Escape'
    isHeld = isLeaving && screen.buffer.active.type === 'normal'
    return !leaves && !isHeld
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
