// What the decoder, in JavaScript, does for the kernel: what is rare, or needs more than bytes.

/** Reads the value at `at` into `row`. @returns the position behind it, or MISS. */
export declare function readValue(reader: i32, at: i32, row: i32): i32;

/** Notes that a record has no member for this reader. */
export declare function noValue(reader: i32, row: i32): void;

/** Whether a text keeps the rules of its column. */
export declare function keepsRules(column: i32, start: i32, length: i32): bool;

/** Makes room in a column's dictionary for one more text, of so many bytes. */
export declare function makeRoom(column: i32, length: i32): void;
