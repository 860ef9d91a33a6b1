/** Longest that an island waits for a prompt, in milliseconds: a terminal that fails must not take the page with it. */
const patience = 4000

/** Hydrates an island when the terminal shows its first prompt. */
export default function afterPrompt(load) {
  let isDone = false
  const hydrate = async () => {
    if (isDone) return
    isDone = true
    const start = await load()
    await start()
  }
  if (document.documentElement.dataset.prompt) hydrate()
  else document.addEventListener('kubehop:prompt', hydrate, { once: true })
  setTimeout(hydrate, patience)
}
