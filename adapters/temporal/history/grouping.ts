/** Tells where one history ends and the next begins in a file of several. */
export class HistoryGrouping {
  #group = -1
  #list = -1
  #lastId = 0
  #hasFirst = false

  /** The number of the history that an event belongs to. A list of batches goes on where the last batch ended. */
  groupOf(eventId: number, list: number): number {
    const repeats = eventId === 1 && this.#hasFirst
    const jumps = list !== this.#list && Math.abs(eventId - this.#lastId) !== 1
    if (this.#group < 0 || repeats || jumps) {
      this.#group++
      this.#hasFirst = false
    }
    this.#list = list
    this.#lastId = eventId
    if (eventId === 1) this.#hasFirst = true
    return this.#group
  }
}
