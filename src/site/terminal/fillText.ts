import { filledIn } from '#simulator/labParameters.ts'

/** Puts what the seed chose into the places that a lesson's text and commands hold for it. */
export function fillText(root: ParentNode, values: Readonly<Record<string, string>>): void {
  for (const element of root.querySelectorAll<HTMLElement>('[data-template]')) {
    const { template = '', label } = element.dataset
    const text = filledIn(template, values)
    if (label === undefined) element.textContent = text
    else {
      element.dataset['command'] = text
      element.setAttribute('aria-label', filledIn(label, values))
    }
  }
}
