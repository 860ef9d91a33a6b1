/**
 * Sends text that comes without keys: from dictation, a picker of emoji, some phones. xterm passes it over in its mode for
 * screen readers. Source: https://github.com/xtermjs/xterm.js/issues/3679
 */
export function bridgeKeylessInput(textarea: HTMLTextAreaElement, send: (text: string) => void): void {
  let isKeyDown = false
  textarea.addEventListener('keydown', () => {
    isKeyDown = true
  })
  textarea.addEventListener('keyup', () => {
    isKeyDown = false
  })
  textarea.addEventListener('blur', () => {
    isKeyDown = false
  })
  // On the parent, so that it comes before xterm's own listener on the textarea.
  textarea.parentElement?.addEventListener(
    'input',
    event => {
      const { inputType, data, isComposing } = event as InputEvent
      if (isKeyDown || isComposing || inputType !== 'insertText' || !data) return
      event.stopImmediatePropagation()
      send(data)
    },
    true,
  )
}
