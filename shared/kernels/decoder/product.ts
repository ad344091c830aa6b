/**
 * Marks with a 1 in `bad` the rows in which a total is not the product of its factors; each column has
 * 32-bit numbers or doubles. A product of two whole numbers is exact in a double
 * up to 2^53; beyond, it is not rounded to below that, and a total of at most 15 digits is.
 */
export function checkProduct(
  totals: usize,
  totalIsInt32: i32,
  ones: usize,
  oneIsInt32: i32,
  others: usize,
  otherIsInt32: i32,
  rows: i32,
  bad: usize,
): void {
  for (let row = 0; row < rows; row++) {
    const product = number(ones, oneIsInt32, row) * number(others, otherIsInt32, row);
    if (product != number(totals, totalIsInt32, row)) store<u8>(bad + row, 1);
  }
}

function number(values: usize, isInt32: i32, row: i32): f64 {
  return isInt32 ? <f64>load<i32>(values + (row << 2)) : load<f64>(values + (row << 3));
}
