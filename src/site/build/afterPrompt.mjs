// Astro integration: islands with `client:prompt` wait for the terminal's first prompt, which needs none of their code.
export function afterPrompt() {
  return {
    name: 'kubehop-after-prompt',
    hooks: {
      'astro:config:setup': ({ addClientDirective }) =>
        addClientDirective({ name: 'prompt', entrypoint: './src/site/build/afterPromptDirective.mjs' }),
    },
  }
}
