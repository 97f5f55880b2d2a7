/** Number columns that grow as rows are added. */
export class Columns {
  constructor(count) {
    this.room = 1 << 14;
    this.columns = Array.from({ length: count }, () => new Float32Array(this.room));
  }

  /** Makes room for so many rows in all. `columns` are new ones then. */
  reserve(rows) {
    if (rows <= this.room) return;
    this.room = Math.max(rows, 2 * this.room);
    this.columns = this.columns.map((column) => {
      const larger = new Float32Array(this.room);
      larger.set(column);
      return larger;
    });
  }

  /** What was read, without the room for more. */
  table(rows) {
    return { rows, columns: this.columns.map((column) => column.subarray(0, rows)) };
  }
}
