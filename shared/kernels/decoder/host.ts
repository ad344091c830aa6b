// What the decoder, in JavaScript, does for the kernel: what is rare, or needs more than bytes. Both have the
// same type: for each that is among its imports, V8 compiles code when it makes an instance.

/**
 * Reads the value at `at` into `row`; where that is MISS, the record has no such member.
 * @returns the position behind it, or MISS.
 */
export declare function readValue(reader: i32, at: i32, row: i32): i32;

/** Makes room for a new text in a column's dictionary. @returns whether it keeps the column's rules. */
export declare function prepareText(column: i32, start: i32, length: i32): i32;
