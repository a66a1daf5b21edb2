/** So many instances of a hand are worked on side by side. */
export const atOnce = 4;
