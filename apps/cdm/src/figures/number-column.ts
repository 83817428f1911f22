type Numbers = Uint8Array | Int32Array | Float64Array | BigInt64Array | BigUint64Array;

/** Numbers of one type, with room that grows by a fifth. */
export class NumberColumn<A extends Numbers> {
  all: A;
  length = 0;

  constructor(private readonly type: new (length: number) => A) {
    this.all = new type(1_024);
  }

  /** @returns the place of the number */
  push(value: A[number]): number {
    if (this.length === this.all.length) {
      const larger = new this.type(Math.ceil(1.2 * this.length));
      larger.set(this.all as never);
      this.all = larger;
    }
    this.all[this.length] = value;
    return this.length++;
  }

  at(place: number): A[number] {
    return this.all[place]!;
  }

  set(place: number, value: A[number]): void {
    this.all[place] = value;
  }
}
