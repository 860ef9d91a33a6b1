/// <reference types="astro/client" />

declare namespace App {
  interface Locals {
    /** The lesson that is being rendered, for the components in its text. */
    lesson: { id: string; locale: 'ko' | 'en' }
  }
}

declare namespace astroHTML.JSX {
  interface IntrinsicAttributes {
    'client:prompt'?: boolean
  }
}
