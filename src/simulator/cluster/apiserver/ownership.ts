/** Who has written which field of an object. */
export class Ownership {}
